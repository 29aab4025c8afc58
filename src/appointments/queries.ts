import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { type PageAsked, pageOf, placeAsked, placeCursor, rowsToRead } from '../lib/keyset.ts'
import { platformOf } from '../platforms/queries.ts'
import type { KnownPlatform } from '../platforms/rules.ts'
import { contactFactsOf } from '../safe-contact/facts-queries.ts'
import type { ContactFacts } from '../safe-contact/kinds-rules.ts'
import { isPersonInReach, isPersonOfTheirs, type Reach } from '../service-users/reach-queries.ts'

/**
 * Whether whoever asks may make appointments for somebody, whose row of `service_users` goes by this name, and see them: a
 * champion for people in reach, a care team for its own.
 */
export function isPersonToMeet(by: Reach, person: string): RawBuilder<SqlBool> {
  return by.role === 'care-team' ? isPersonOfTheirs(by, person) : isPersonInReach(by, `${person}.id`)
}

export interface PersonToMeet {
  id: number
  name: string
  state: string
  interpreter: string | null
  language: string
  /** How they said they would most like to meet; null when nobody asked them. */
  likes_way: string | null
}

const likesWay = sql<string | null>`(
  select chosen[1] from conversation_answers
  where service_user_id = person.id and question = 'way' and kind = 'answered'
  order by said_on desc, id desc limit 1
)`

/** Somebody for whom an appointment is made. A record that became part of another answers as that other. */
export async function findPersonToMeet(db: Database, actor: Actor, id: number): Promise<PersonToMeet | undefined> {
  const { rows } = await sql<PersonToMeet>`
    select person.id, details.name, person.state, person.interpreter, details.language, ${likesWay} as likes_way
    from service_users person
    join service_user_details details on details.service_user_id = person.id
    where person.id = survivor_of(${id}) and person.organisation_id = ${actor.organisationId}
      and ${isPersonToMeet(actor, 'person')}
  `.execute(db)
  return rows[0]
}

/** The same, held until this transaction ends. */
export async function lockPersonToMeet(trx: InTransaction, actor: Actor, id: number) {
  const { rows } = await sql<{ id: number; state: string }>`
    select person.id, person.state from service_users person
    where person.id = survivor_of(${id}) and person.organisation_id = ${actor.organisationId}
      and ${isPersonToMeet(actor, 'person')}
    for no key update of person
  `.execute(trx)
  return rows[0]
}

/** When the appointment of this row was asked for: the last referral before it was made, or the day it was made. */
export const askedOn = sql<string>`coalesce((
  select max(referral.referred_on) from referrals referral
  where referral.service_user_id = appointment.service_user_id and referral.ended_as is null
    and referral.referred_on <= (appointment.made_at at time zone 'Europe/London')::date
), (appointment.made_at at time zone 'Europe/London')::date)`

const columns = sql`appointment.id, appointment.service_user_id, appointment.is_first, appointment.purpose,
  appointment.way, appointment.starts_at, appointment.ends_at, appointment.extra_minutes, appointment.team_id,
  appointment.interpreter, appointment.back_up, appointment.made_at, appointment.cancelled_at,
  appointment.cancelled_by, appointment.outcome, appointment.outcome_at, appointment.met_by, appointment.disruption,
  appointment.version, appointment.platform_id,
  to_json(appointment.supporter_ids) as supporter_ids`

const detailColumns = sql`details.clinician, details.join_link, details.number_shown, details.back_up_number,
  details.call_back_number, details.place, details.in_person_needs, details.adaptations, details.others,
  details.persons_words, details.outcome_note`

export interface AppointmentRecord {
  id: number
  service_user_id: number
  is_first: boolean
  purpose: string
  way: string
  starts_at: string
  ends_at: string
  extra_minutes: number
  team_id: number | null
  interpreter: string | null
  back_up: string | null
  made_at: string
  cancelled_at: string | null
  cancelled_by: string | null
  outcome: string | null
  outcome_at: string | null
  met_by: string | null
  disruption: string | null
  version: number
  platform_id: number | null
  supporter_ids: number[]
  clinician: string
  join_link: string
  number_shown: string
  back_up_number: string
  call_back_number: string
  place: string
  in_person_needs: string
  adaptations: string
  others: string
  persons_words: string
  outcome_note: string
}

export interface AppointmentDetail extends AppointmentRecord {
  service_user: string
  state: string
  language: string
  parent_contact: string | null
  contact_instruction: string
  contact: ContactFacts
  team: string | null
  platform: (KnownPlatform & { guidance: string; settings: string }) | null
  asked_on: string
  made_by: string
  outcome_by: string | null
  ways: { way: string; since: string; staff_member: string }[]
}

/** One appointment of somebody in reach, with everything that is known about it. */
export async function findAppointment(db: Database, actor: Actor, id: number): Promise<AppointmentDetail | undefined> {
  const { rows } = await detailsOf(actor, sql`appointment.id = ${id}`).execute(db)
  return rows[0]
}

/** More letters than these are printed and folded in two goes. */
const MOST_LETTERS = 30

/**
 * Appointments that are to come of people in reach who said that letters are fine, and whom nobody told since something changed: the
 * soonest first. Whether a letter may go there just now is for `mayContact`.
 */
export async function listAppointmentsToPost(db: Database, actor: Actor, now: Date): Promise<AppointmentDetail[]> {
  const isToPost = sql`appointment.starts_at > ${now} and appointment.cancelled_at is null and appointment.outcome is null
    and person.state not in ('died', 'admitted')
    and not exists (select from appointment_letters where appointment_id = appointment.id and not is_overtaken)
    and (
      select answer from contact_answers
      where service_user_id = person.id and supporter_id is null and channel = 'post' order by contact_answers.id desc limit 1
    ) = 'allowed'`
  const question = detailsOf(actor, isToPost)
  const { rows } =
    await sql<AppointmentDetail>`${question} order by appointment.starts_at, appointment.id limit ${MOST_LETTERS}`.execute(
      db,
    )
  return rows
}

function detailsOf(actor: Actor, which: RawBuilder<unknown>): RawBuilder<AppointmentDetail> {
  return sql<AppointmentDetail>`
    select ${columns}, ${detailColumns}, who.name as service_user, who.language, who.contact_instruction, person.state,
           person.parent_contact, team.name as team, maker.name as made_by, teller.name as outcome_by,
           ${platformOf('appointment.platform_id')} as platform, ${askedOn} as asked_on,
           (select ${contactFactsOf('person.id')} from service_user_details details
            where details.service_user_id = person.id) as contact,
           (select json_agg(json_build_object('way', chosen.way, 'since', chosen.since, 'staff_member', staff.name)
                            order by chosen.id)
            from appointment_ways chosen join staff on staff.id = chosen.chosen_by
            where chosen.appointment_id = appointment.id) as ways
    from appointments appointment
    join appointment_details details on details.appointment_id = appointment.id
    join service_users person on person.id = appointment.service_user_id
    join service_user_details who on who.service_user_id = person.id
    join staff maker on maker.id = appointment.made_by
    left join staff teller on teller.id = appointment.outcome_by
    left join wards team on team.id = appointment.team_id
    where ${which} and appointment.organisation_id = ${actor.organisationId} and ${isPersonToMeet(actor, 'person')}`
}

/** The appointment as it stands, held against other changes until this transaction ends. */
export async function lockAppointment(trx: InTransaction, actor: Actor, id: number) {
  const { rows } = await sql<AppointmentRecord>`
    select ${columns}, ${detailColumns}
    from appointments appointment
    join appointment_details details on details.appointment_id = appointment.id
    join service_users person on person.id = appointment.service_user_id
    where appointment.id = ${id} and appointment.organisation_id = ${actor.organisationId}
      and ${isPersonToMeet(actor, 'person')}
    for no key update of appointment
  `.execute(trx)
  return rows[0]
}

export type AppointmentFilter = 'to-come' | 'waiting' | 'over'

export interface AppointmentRow {
  id: number
  service_user_id: number
  service_user: string
  is_first: boolean
  purpose: string
  way: string
  starts_at: string
  ends_at: string
  clinician: string
  team: string | null
  cancelled_at: string | null
  cancelled_by: string | null
  outcome: string | null
  asked_on: string
}

/** Which appointments are meant, as the indexes have them. What is under way is still to come: somebody may be waiting. */
function isMeant(filter: AppointmentFilter, now: Date): RawBuilder<SqlBool> {
  if (filter === 'over') return sql<SqlBool>`(appointment.cancelled_at is not null or appointment.outcome is not null)`
  const isOpen = sql`appointment.cancelled_at is null and appointment.outcome is null`
  return filter === 'to-come'
    ? sql<SqlBool>`${isOpen} and appointment.ends_at > ${now}`
    : sql<SqlBool>`${isOpen} and appointment.ends_at <= ${now}`
}

/** One page of the appointments of people in reach: what comes first at the top; of what is over, the newest. */
export async function listAppointments(
  db: Database,
  actor: Actor,
  { filter, now, asked }: { filter: AppointmentFilter; now: Date; asked: PageAsked },
) {
  const isBackwards = asked.before !== undefined
  const isDescending = (filter === 'over') !== isBackwards
  const order = isDescending ? sql`desc` : sql`asc`
  const place = placeAsked(asked)
  const from = place
    ? sql`and (appointment.starts_at, appointment.id) ${isDescending ? sql`<` : sql`>`}
          (${place.at}::timestamptz, ${place.id}::bigint)`
    : sql``
  const { rows } = await sql<AppointmentRow>`
    select appointment.id, appointment.service_user_id, who.name as service_user, appointment.is_first,
           appointment.purpose, appointment.way, appointment.starts_at, appointment.ends_at, details.clinician,
           team.name as team, appointment.cancelled_at, appointment.cancelled_by, appointment.outcome, ${askedOn} as asked_on
    from appointments appointment
    join appointment_details details on details.appointment_id = appointment.id
    join service_users person on person.id = appointment.service_user_id
    join service_user_details who on who.service_user_id = person.id
    left join wards team on team.id = appointment.team_id
    where appointment.organisation_id = ${actor.organisationId} and ${isMeant(filter, now)}
      and ${isPersonToMeet(actor, 'person')} ${from}
    order by appointment.starts_at ${order}, appointment.id ${order}
    limit ${rowsToRead(asked)}
  `.execute(db)
  return pageOf(rows, asked, ({ starts_at, id }) => placeCursor(starts_at, id))
}

/** The newest appointments of one person, those to come among them; whether they are in reach was asked before. */
export async function listAppointmentsOf(db: Database, actor: Actor, serviceUserId: number, most: number) {
  const { rows } = await sql<Omit<AppointmentRow, 'service_user'>>`
    select appointment.id, appointment.service_user_id, appointment.is_first, appointment.purpose, appointment.way,
           appointment.starts_at, appointment.ends_at, details.clinician, team.name as team,
           appointment.cancelled_at, appointment.cancelled_by, appointment.outcome, ${askedOn} as asked_on
    from appointments appointment
    join appointment_details details on details.appointment_id = appointment.id
    left join wards team on team.id = appointment.team_id
    where appointment.service_user_id = ${serviceUserId} and appointment.organisation_id = ${actor.organisationId}
    order by appointment.starts_at desc, appointment.id desc
    limit ${most}
  `.execute(db)
  return rows
}
