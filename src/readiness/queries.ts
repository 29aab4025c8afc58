import { type RawBuilder, sql } from 'kysely'
import { isPersonToMeet } from '../appointments/queries.ts'
import { dataOf } from '../data-allowances/forecast-queries.ts'
import { builtOnce } from '../database/built-once.ts'
import type { Database } from '../database/connection.ts'
import { asList, asLists } from '../database/lists.ts'
import type { Actor } from '../lib/actor.ts'
import { type Reach, reachOf } from '../service-users/reach-queries.ts'
import type { ChainFacts } from './chain-rules.ts'
import type { ReadinessFacts } from './facts-rules.ts'

/** The questions of the conversation that say something about readiness. */
export const questionsAsked = [
  'way',
  'device',
  'connection',
  'affordability',
  'confidence',
  'private-place',
  'interpreter',
  'in-person',
  'charging',
  'skill-charge',
  'skill-wifi',
  'skill-link',
  'skill-join',
  'skill-sound',
  'skill-accounts',
  'skill-settings',
  'skill-safe',
] as const

// Each list below is in an order of its own: the same facts are told alike, however PostgreSQL comes by them.

const questions = sql.lit(`{${questionsAsked.join(',')}}`)

/** The newest answers that can count, as in src/conversations/answer-queries.ts, to what readiness asks about. */
const said = sql`(
  select coalesce(json_agg(answer order by id), '[]') from (
    select distinct on (question, (is_concern or clears))
           id, conversation_id, question, chosen, said_on, is_concern, clears
    from conversation_answers
    where service_user_id = person.id and kind = 'answered' and question = any(${questions}::text[])
    order by question, (is_concern or clears), said_on desc, id desc
  ) answer
)`

const preferences = sql`(
  select coalesce(json_agg(json_build_object(
    'purpose', newest.purpose, 'ways', newest.ways, 'review_on', newest.review_on, 'at', newest.at,
    'approvals', array(
      select platform.approval from meeting_preference_platforms known
      join platforms platform on platform.id = known.platform_id where known.preference_id = newest.id
      order by platform.id
    )
  ) order by newest.purpose), '[]')
  from (
    select distinct on (purpose) id, purpose, ways, review_on, at from meeting_preferences
    where service_user_id = person.id order by purpose, id desc
  ) newest
)`

/** What they have for good counts as what is lent to them. */
const things = sql`(
  select coalesce(json_agg(json_build_object(
    'category', items.category, 'support_ends_on', models.support_ends_on, 'from_at', line.from_at,
    'is_in_hand', line.taken_at is not null
  ) order by line.id), '[]')
  from loans
  join loan_lines line on line.loan_id = loans.id and line.cancelled_at is null
    and (line.ended_at is null or line.ended_as = 'given')
  join items on items.id = line.item_id
  join models on models.id = items.model_id
  where loans.service_user_id = person.id
    and items.category = any('{tablet,smartphone,laptop,hotspot,sim,charger}'::text[])
)`

const booked = sql`array(
  select items.category from bookings
  join item_holds hold on hold.booking_id = bookings.id and hold.cancelled_at is null
    and hold.plan @> tstzrange(appointment.starts_at, appointment.ends_at)
  join items on items.id = hold.item_id
  where bookings.service_user_id = person.id
  order by hold.id
)`

/**
 * Their trial-run calls and training sessions, read once for the three columns that are told from them; what somebody who supports
 * them learned is not theirs.
 */
const calls = sql`
  select json_agg(json_build_object('starts_at', entry.starts_at, 'ends_at', entry.ends_at, 'outcome', trial.outcome)
           order by entry.starts_at, entry.id) filter (where trial.diary_entry_id is not null) as trials,
         array_agg((entry.starts_at at time zone 'Europe/London')::date order by entry.starts_at)
           filter (where session.came) as trained,
         array_agg((entry.starts_at at time zone 'Europe/London')::date order by entry.starts_at)
           filter (where session.diary_entry_id is not null and session.came is null) as planned
  from diary_entries entry
  left join trial_calls trial on trial.diary_entry_id = entry.id
  left join training_sessions session on session.diary_entry_id = entry.id and session.supporter_id is null
  where entry.service_user_id = person.id and entry.cancelled_at is null
    and entry.kind = any('{trial-run-call,training-session}'::text[])`

const metBy = sql`array(
  select distinct before.met_by from appointments before
  where before.service_user_id = person.id and before.outcome = 'attended' and before.starts_at < appointment.starts_at
  order by before.met_by
)`

/** The columns of {@link ReadinessFacts}, of rows named as in {@link appointmentsWithFacts}. */
const factColumns = (now: Date) => sql`
  appointment.id, appointment.service_user_id, appointment.version, appointment.way, appointment.purpose,
  appointment.is_first, appointment.starts_at, appointment.ends_at, appointment.interpreter, appointment.back_up,
  organisation.trial_call_days, organisation.interpreter_days,
  details.join_link <> '' as has_link, details.number_shown <> '' as has_number_shown,
  details.back_up_number <> '' as has_back_up_number, details.call_back_number <> '' as has_call_back,
  exists (select from appointment_letters where appointment_id = appointment.id and not is_overtaken) as is_told,
  details.place <> '' as has_place, details.in_person_needs <> '' as has_in_person_needs,
  (appointment.cancelled_at is not null or appointment.outcome is not null) as is_over,
  details.adaptations <> '' as has_adaptations,
  (select approval from platforms where platforms.id = appointment.platform_id) as platform_approval, person.interpreter as persons_interpreter, person.needs_asked,
  (cardinality(person.needs) > 0 or who.needs_words <> '') as has_needs, who.needs_met <> '' as has_needs_met,
  who.call_back_number <> '' as records_call_back, who.phone <> '' as records_phone,
  who.address <> '' as records_address, ${said} as said, ${preferences} as preferences, ${things} as things,
  ${dataOf('person.id', 'person.organisation_id', now)} as data, ${booked} as booked,
  coalesce(calls.trials, '[]') as trials, coalesce(calls.trained, '{}') as trained,
  coalesce(calls.planned, '{}') as training_planned, ${metBy} as met_by`

/** Appointments of people in reach, with what readiness is told from and who it is. */
function appointmentsWithFacts(actor: Reach, now: Date, which: RawBuilder<unknown>) {
  return sql`
    select ${factColumns(now)}, who.name as service_user
    from appointments appointment
    join organisations organisation on organisation.id = appointment.organisation_id
    join appointment_details details on details.appointment_id = appointment.id
    join service_users person on person.id = appointment.service_user_id
    join service_user_details who on who.service_user_id = person.id
    cross join lateral (${calls}) calls
    where appointment.organisation_id = ${actor.organisationId} and person.state <> 'died'
      and ${isPersonToMeet(actor, 'person')} and ${which}`
}

export type ReadinessRow = ReadinessFacts & { service_user: string; is_over: boolean }

/** As JSON, so that a day and an instant come the same way whichever column they stood in. */
const listOf = (question: RawBuilder<unknown>) =>
  sql<{ list: ReadinessRow[] }>`select ${asList<ReadinessRow>(question)} as list`

const readFactsOnce = builtOnce<Reach & { ids: readonly number[]; now: Date }, { list: ReadinessRow[] }>(
  ['role', 'caseloadOnly'],
  (_db, asked) => listOf(appointmentsWithFacts(asked, asked.now, sql`appointment.id = any(${asked.ids}::bigint[])`)),
)

/** What is known for each of these appointments, in one question however many they are. */
export async function readinessFacts(
  db: Database,
  actor: Actor,
  ids: readonly number[],
  now: Date,
): Promise<Map<number, ReadinessRow>> {
  if (ids.length === 0) return new Map()
  const [read] = await readFactsOnce(db, { ...reachOf(actor), ids, now })
  return new Map((read?.list ?? []).map((row) => [row.id, row]))
}

const isToCome = (now: Date) => sql`
  appointment.cancelled_at is null and appointment.outcome is null and appointment.starts_at > ${now}`

/** One that is over, and of which nobody has written down how it went. */
export interface WaitingRow {
  id: number
  service_user: string
  way: string
  ends_at: string
}

export interface DueAppointments {
  /** Those that begin soon, with what is known for each. */
  soon: ReadinessRow[]
  /** What comes after them: others that are not ready, or more than the so many that were looked at; null where these are all. */
  moreComes: 'not-ready' | number | null
  waiting: WaitingRow[]
  /** Trial-run calls of which nobody wrote down how they went, or that come after their appointment. */
  trials: DueTrialRow[]
}

export interface DueTrialRow {
  id: number
  service_user: string
  starts_at: string
  ends_at: string
  appointment_at: string | null
}

export interface SoonAsked {
  now: Date
  until: Date
  /** The first so many of them are read; it stands in the statement, since it decides how it is planned. */
  first: number
}

function soonest(actor: Reach, { now, until, first }: SoonAsked): RawBuilder<unknown> {
  const which = sql`${isToCome(now)} and appointment.starts_at < ${until}
    order by appointment.starts_at, appointment.id limit ${sql.lit(first)}`
  return appointmentsWithFacts(actor, now, which)
}

/** Appointments of people in reach that begin until then, the soonest first, with what is known for each. */
export async function readSoonest(db: Database, actor: Actor, asked: SoonAsked): Promise<ReadinessRow[]> {
  const { rows } = await listOf(soonest(actor, asked)).execute(db)
  return rows[0]?.list ?? []
}

type DueAsked = SoonAsked & { rows: number }
type DueRead = Omit<DueAppointments, 'moreComes'>

/** Those that are over and wait for their outcome, the first of them. What ended has begun: by that the index finds them. */
const waitingOf = (asked: Reach & DueAsked) => sql`
  select appointment.id, who.name as service_user, appointment.way, appointment.ends_at
  from appointments appointment
  join service_users person on person.id = appointment.service_user_id
  join service_user_details who on who.service_user_id = person.id
  where appointment.organisation_id = ${asked.organisationId} and appointment.cancelled_at is null
    and appointment.outcome is null and appointment.starts_at < ${asked.now} and appointment.ends_at <= ${asked.now}
    and ${isPersonToMeet(asked, 'person')}
  order by appointment.starts_at, appointment.id
  limit ${sql.lit(asked.rows)}`

/** Trial-run calls that wait for their result, or that come after their appointment. */
const trialsOf = (asked: Reach & DueAsked) => sql`
  select entry.id, who.name as service_user, entry.starts_at, entry.ends_at, appointment.starts_at as appointment_at
  from diary_entries entry
  join trial_calls trial on trial.diary_entry_id = entry.id and trial.outcome is null
  join service_users person on person.id = entry.service_user_id
  join service_user_details who on who.service_user_id = person.id
  left join appointments appointment on appointment.id = entry.appointment_id and appointment.cancelled_at is null
  where entry.organisation_id = ${asked.organisationId} and entry.cancelled_at is null
    and entry.kind = 'trial-run-call' and (entry.ends_at <= ${asked.now} or entry.ends_at > appointment.starts_at)
    and ${isPersonToMeet(asked, 'person')}
  order by entry.starts_at, entry.id
  limit ${sql.lit(asked.rows)}`

const readDueOnce = builtOnce<Reach & DueAsked, DueRead>(['role', 'caseloadOnly', 'rows', 'first'], (_db, asked) =>
  asLists<DueRead>({ soon: soonest(asked, asked), waiting: waitingOf(asked), trials: trialsOf(asked) }),
)

/**
 * For the worklist, in one question: the soonest appointments of people in reach that begin until then, and the first of those that
 * wait for their outcome. Which of them is not ready nobody knows before it is worked out.
 */
export async function readDueAppointments(db: Database, actor: Actor, asked: DueAsked): Promise<DueRead> {
  const [read] = await readDueOnce(db, { ...reachOf(actor), ...asked })
  return read ?? { soon: [], waiting: [], trials: [] }
}

/** Where somebody is on the way to an appointment that works, and what is to come. */
export interface PersonsWay {
  coming: ReadinessRow[]
  chain: ChainFacts[]
}

const firstLent = (categories: string) => sql`(
  select min(line.taken_at) from loans
  join loan_lines line on line.loan_id = loans.id and line.cancelled_at is null
  join items on items.id = line.item_id and items.category = any(${sql.lit(categories)}::text[])
  where loans.service_user_id = person.id
)`

/** The steps of the chain, of the person at hand. */
const chainColumns = sql`
  (select min(referred_on) from referrals where service_user_id = person.id and ended_as is null) as referred_on,
  (select min(held_on) from conversations where service_user_id = person.id) as talked_on,
  ${firstLent('{tablet,smartphone,laptop}')} as lent_at, ${firstLent('{sim,hotspot}')} as data_at,
  (select min(entry.starts_at) from diary_entries entry join training_sessions session on session.diary_entry_id = entry.id
   where entry.service_user_id = person.id and session.came and session.supporter_id is null) as trained_at,
  (select min(entry.starts_at) from diary_entries entry join trial_calls trial on trial.diary_entry_id = entry.id
   where entry.service_user_id = person.id and trial.outcome in ('passed', 'passed-with-help')) as tried_at,
  (select min(starts_at) from appointments
   where service_user_id = person.id and outcome = 'attended') as attended_at`

/**
 * The next appointments of the person whose id stands in this column, the soonest first, and how far they have come, as one column
 * of whatever is read about them.
 */
export function personsWayOf(
  actor: Reach,
  column: string,
  { now, most }: { now: Date; most: number },
): RawBuilder<PersonsWay> {
  const which = sql`${isToCome(now)} and appointment.service_user_id = whose.id
    order by appointment.starts_at limit ${most}`
  const chain = sql`
    select ${chainColumns} from service_users person
    where person.id = whose.id and ${isPersonToMeet(actor, 'person')}`
  // by a name of its own: within, a column of the same name would be another one
  return sql<PersonsWay>`(
    select json_build_object('coming', ${asList(appointmentsWithFacts(actor, now, which))}, 'chain', ${asList(chain)})
    from (select ${sql.ref(column)} as id) whose
  )`
}
