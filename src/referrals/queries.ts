import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import { asList } from '../database/lists.ts'
import type { Actor } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import { isPersonInReach, isReferralOfTheirs, peopleInReach, type Reach } from '../service-users/reach-queries.ts'
import type { Ask, Barrier, Ending, Source } from './rules.ts'

/** Whether whoever asks sees the referral at hand: a champion those of people in reach, everybody else those they made. */
function isInReach(by: Reach): RawBuilder<SqlBool> {
  if (by.role === 'champion') return isPersonInReach(by, 'referral.service_user_id')
  if (by.role === 'care-team' || by.role === 'ward-staff') return isReferralOfTheirs(by, 'referral')
  return sql<SqlBool>`false`
}

export interface AskRow {
  ask: Ask
  is_met: boolean
  /** Somebody said so; null where a loan met it, or nothing. */
  met_at: string | null
}

const askRows = sql`
  select ask.ask, ask.met_at, is_ask_met(ask.referral_id, ask.ask, ask.met_at) as is_met
  from referral_asks ask where ask.referral_id = referral.id order by ask.ask`

export interface ReferralRow {
  id: number
  service_user_id: number
  service_user: string
  source: Source
  team: string | null
  referrer: string
  staff_member: string
  referred_on: string
  first_appointment_on: string | null
  ended_as: Ending | null
  asks: AskRow[]
}

const rowColumns = sql`
  referral.id, referral.service_user_id, details.name as service_user, referral.source, team.name as team,
  coalesce(words.referrer, '') as referrer, staff.name as staff_member, referral.referred_on,
  referral.first_appointment_on, referral.ended_as, ${asList<AskRow>(askRows)} as asks`

const withNames = sql`
  join service_user_details details on details.service_user_id = referral.service_user_id
  join staff on staff.id = referral.made_by
  left join wards team on team.id = referral.team_id
  left join referral_words words on words.referral_id = referral.id`

export type ReferralFilter = 'open' | 'near' | 'met' | Ending

const appointment = sql`coalesce(referral.first_appointment_on, 'infinity'::date)`
const inWaiting = sql`${appointment}, referral.referred_on, referral.id`

/**
 * One page of referrals. Those that wait by their first appointment and then by the day they were made, those that are over
 * the newest first. A cursor is an id, and its place in the list is looked up here.
 */
export async function listReferrals(
  db: Database,
  actor: Actor,
  { filter, nearUntil, asked }: { filter: ReferralFilter; nearUntil: string; asked: PageAsked },
) {
  const cursor = asked.before ?? asked.after
  const isBackwards = asked.before !== undefined
  const isOpen = filter === 'open' || filter === 'near'
  const which = isOpen
    ? sql`referral.is_open ${filter === 'near' ? sql`and ${appointment} <= ${nearUntil}` : sql``}`
    : sql`not referral.is_open and coalesce(referral.ended_as, 'met') = ${filter}`
  const isUpwards = isOpen !== isBackwards
  const order = isUpwards ? sql`asc` : sql`desc`
  const place = isOpen ? inWaiting : sql`referral.id`
  const from =
    cursor === undefined
      ? sql``
      : sql`and (${place}) ${isUpwards ? sql`>` : sql`<`} (
          select ${place} from referrals referral
          where referral.id = ${Number(cursor)} and referral.organisation_id = ${actor.organisationId}
        )`
  const orders = isOpen
    ? sql`${appointment} ${order}, referral.referred_on ${order}, referral.id ${order}`
    : sql`referral.id ${order}`
  const { rows } = await sql<ReferralRow>`
    select ${rowColumns} from referrals referral ${withNames}
    where referral.organisation_id = ${actor.organisationId} and ${which} and ${isInReach(actor)} ${from}
    order by ${orders}
    limit ${rowsToRead(asked)}
  `.execute(db)
  return pageOf(rows, asked, ({ id }) => String(id))
}

export interface ReferralDetail extends ReferralRow {
  record_id: number
  date_of_birth: string | null
  nhs_number: string | null
  state: string
  is_person_in_reach: boolean
  champion: string | null
  barriers: Barrier[]
  barrier_words: string
  contact_words: string
  contact_said: string[]
  nhs_number_given: string | null
  made_at: string
  made_by: number
  ended_at: string | null
  ended_why: string | null
  ended_words: string
  ender: string | null
  version: number
  loans: { id: number; lent_at: string; is_planned: boolean }[]
}

/** One referral with all that is known of it; of anybody else's people: none. */
export async function findReferral(db: Database, actor: Actor, id: number): Promise<ReferralDetail | undefined> {
  const { rows } = await sql<ReferralDetail>`
    select ${rowColumns}, details.date_of_birth, details.nhs_number, person.state,
           ${isPersonInReach(actor, 'referral.service_user_id')} as is_person_in_reach,
           (select champion.name from caseload_entries entry join staff champion on champion.id = entry.staff_id
            where entry.service_user_id = referral.service_user_id and entry.ended_at is null) as champion,
           referral.barriers, coalesce(words.barrier_words, '') as barrier_words,
           coalesce(words.contact_words, '') as contact_words, referral.contact_said,
           words.nhs_number_given, referral.made_at, referral.made_by, referral.ended_at, referral.ended_why,
           coalesce(words.ended_words, '') as ended_words, ender.name as ender, referral.version,
           ${asList(sql`
             select loans.id, loans.lent_at, not exists (
               select from loan_lines where loan_id = loans.id and taken_at is not null
             ) as is_planned
             from loans where loans.referral_id = referral.id order by loans.id`)} as loans
    from referrals referral ${withNames}
    join service_users person on person.id = referral.service_user_id
    left join staff ender on ender.id = referral.ended_by
    where referral.id = ${id} and referral.organisation_id = ${actor.organisationId} and ${isInReach(actor)}
  `.execute(db)
  return rows[0]
}

/** The referral as it stands, held until this transaction ends. */
export async function lockReferral(trx: InTransaction, actor: Actor, id: number) {
  await sql`select from referrals where id = ${id} and organisation_id = ${actor.organisationId} for no key update`.execute(
    trx,
  )
  return findReferral(trx, actor, id)
}

export interface WaitingReferralRow {
  id: number
  service_user: string
  asks: Ask[]
  referred_on: string
  first_appointment_on: string | null
}

/** The referrals that wait for somebody in reach, in the order of the waiting list. */
export function waitingReferrals(asked: Reach, limit: number) {
  return sql<WaitingReferralRow>`
    select referral.id, person.name as service_user, referral.referred_on, referral.first_appointment_on, (
      select json_agg(ask.ask order by ask.ask) from referral_asks ask
      where ask.referral_id = referral.id and not is_ask_met(ask.referral_id, ask.ask, ask.met_at)
    ) as asks
    from referrals referral
    join ${peopleInReach(asked)} person on person.service_user_id = referral.service_user_id
    where referral.organisation_id = ${asked.organisationId} and referral.is_open
      and ${isPersonInReach(asked, 'referral.service_user_id')}
    order by ${appointment}, referral.referred_on, referral.id
    limit ${limit}`
}

export interface SuitableKit {
  id: number
  tag: string
  name: string
  categories: string[]
}

/**
 * Kits that are ready as a whole until a day and have something of what is wanted: those that have the most of it and a
 * charger first, and of these those that have the least beside it.
 */
export async function listSuitableKits(
  db: Database,
  { organisationId }: Actor,
  { categories, from, until, limit }: { categories: string[]; from: Date; until: Date; limit: number },
): Promise<SuitableKit[]> {
  if (categories.length === 0) return []
  const { rows } = await sql<SuitableKit>`
    select kits.id, kits.tag, kits.name, held.categories
    from kits
    cross join lateral (
      select array_agg(distinct items.category order by items.category) as categories,
             count(*) filter (where items.category = any(${categories}::text[])) as wanted,
             bool_or(items.category = 'charger') as has_charger,
             bool_and(coalesce(models.support_ends_on >= ${until}::date, true)) as is_supported,
             bool_and(
               items.left_at is null
               and not exists (
                 select from item_holds
                 where item_id = items.id and cancelled_at is null and ended_at is null
                   and (taken_at is not null or upper(plan) > ${from} and lower(plan) < ${until})
               )
               and not exists (
                 select from loan_lines
                 where item_id = items.id and placed_with_ward_id is not null and taken_at is not null and ended_at is null
               )
             ) as is_ready
      from items join models on models.id = items.model_id
      where items.kit_id = kits.id
    ) held
    where kits.organisation_id = ${organisationId} and held.is_ready and held.is_supported and held.wanted > 0
    order by cardinality(array(select unnest(held.categories) intersect select unnest(${categories}::text[]))) desc,
             held.has_charger desc, cardinality(held.categories), kits.tag_key
    limit ${limit}
  `.execute(db)
  return rows
}
