import { type RawBuilder, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Actor, Scope } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import type { OpeningFilter, PersonMeant } from './rules.ts'

/** What it takes to tell one person from another, and no more. */
export interface FoundPerson {
  id: number
  name: string
  date_of_birth: string
  /** The last three digits; null where there is no number. */
  number_ends: string | null
}

const foundColumns = sql`
  details.service_user_id as id, details.name, details.date_of_birth, right(details.nhs_number, 3) as number_ends`

/**
 * The people who are meant: born on that very day and, beside that, with that NHS number or with all the words of that name.
 * Nobody is found by a part of a word, so that going through the alphabet finds nobody.
 */
export async function findPeopleMeant(
  db: Database,
  { organisationId }: Scope,
  { dateOfBirth, nhsNumber, name }: PersonMeant,
  limit: number,
): Promise<FoundPerson[]> {
  const isMeant =
    nhsNumber !== null
      ? sql`details.nhs_number = ${nhsNumber}`
      : sql`string_to_array(details.name_key, ' ') @> string_to_array(name_key(${name}), ' ')`
  const { rows } = await sql<FoundPerson>`
    select ${foundColumns} from service_user_details details
    where details.organisation_id = ${organisationId} and not details.is_merged
      and details.date_of_birth = ${dateOfBirth} and ${isMeant}
    order by details.name_key, details.service_user_id
    limit ${limit}
  `.execute(db)
  return rows
}

/** The same for people who were found before, by their ids. */
export async function listFound(db: Database, { organisationId }: Scope, ids: number[]): Promise<FoundPerson[]> {
  const { rows } = await sql<FoundPerson>`
    select ${foundColumns} from service_user_details details
    where details.organisation_id = ${organisationId} and details.service_user_id = any(${ids}::bigint[])
    order by details.name_key, details.service_user_id
  `.execute(db)
  return rows
}

export interface OwnOpening {
  id: number
  service_user_id: number
  name: string
  ends_at: string
}

/** What this person has open now, the first to end first. */
export async function listOwnOpenings(db: Database, actor: Actor, now: Date): Promise<OwnOpening[]> {
  const { rows } = await sql<OwnOpening>`
    select opening.id, opening.service_user_id, details.name, opening.ends_at
    from record_openings opening
    join service_user_details details on details.service_user_id = opening.service_user_id
    where opening.staff_id = ${actor.staffId} and opening.ends_at > ${now} and opening.closed_at is null
    order by opening.ends_at, opening.id
  `.execute(db)
  return rows
}

/** How long a record stays open in this organisation, in minutes. */
export async function readOpeningMinutes(db: Database, { organisationId }: Scope): Promise<number> {
  const row = await db
    .selectFrom('organisations')
    .select('opening_minutes')
    .where('id', '=', organisationId)
    .executeTakeFirstOrThrow()
  return row.opening_minutes
}

/** Those who are told: everybody in information governance who can sign in, but for whoever opened it. */
export function listGovernance(db: Database, { organisationId }: Scope, exceptId: number) {
  return db
    .selectFrom('staff')
    .select(['id', 'name', 'email'])
    .where('organisation_id', '=', organisationId)
    .where('role', '=', 'information-governance')
    .where('disabled_at', 'is', null)
    .where('password_hash', 'is not', null)
    .where('id', '<>', exceptId)
    .orderBy('id')
    .execute()
}

export interface OpeningRow {
  id: number
  staff_id: number
  staff_member: string
  role: Actor['role']
  service_user_id: number
  opened_at: string
  ends_at: string
  closed_at: string | null
  seen_at: string | null
  seer: string | null
  /** null: removed since. */
  reason: string | null
  note: string | null
}

const openings = (scope: Scope) => sql`
  select opening.id, opening.staff_id, staff.name as staff_member, staff.role, opening.service_user_id,
         opening.opened_at, opening.ends_at, opening.closed_at, opening.seen_at, seer.name as seer, words.reason,
         words.note
  from record_openings opening
  join staff on staff.id = opening.staff_id
  left join staff seer on seer.id = opening.seen_by
  left join record_opening_words words on words.opening_id = opening.id
  where opening.organisation_id = ${scope.organisationId}`

/** One page of openings: those that nobody looked at yet, the oldest first; or those that were, the newest first. */
export async function listOpenings(db: Database, scope: Scope, filter: OpeningFilter, asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const isUpwards = (filter === 'unseen') === (asked.before === undefined)
  const from: RawBuilder<unknown> =
    cursor === undefined ? sql`` : sql`and opening.id ${isUpwards ? sql`>` : sql`<`} ${Number(cursor)}`
  const { rows } = await sql<OpeningRow>`
    ${openings(scope)} and opening.seen_at is ${filter === 'unseen' ? sql`null` : sql`not null`} ${from}
    order by opening.id ${isUpwards ? sql`asc` : sql`desc`}
    limit ${rowsToRead(asked)}
  `.execute(db)
  return pageOf(rows, asked, (row) => String(row.id))
}

export async function findOpening(db: Database, scope: Scope, id: number): Promise<OpeningRow | undefined> {
  const { rows } = await sql<OpeningRow>`${openings(scope)} and opening.id = ${id}`.execute(db)
  return rows[0]
}

export function lockOpening(trx: InTransaction, { organisationId }: Scope, id: number) {
  return trx
    .selectFrom('record_openings')
    .selectAll()
    .where('id', '=', id)
    .where('organisation_id', '=', organisationId)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** What somebody did and looked at about a person while the record was open to them, in order. */
export async function listDoneMeanwhile(db: Database, scope: Scope, opening: OpeningRow, limit: number) {
  const { rows } = await sql<DoneMeanwhile>`
    select at, verb, subject_type, subject_id, service_user_id, ${opening.staff_member}::text as staff_member
    from audit_events
    where service_user_id = ${opening.service_user_id} and organisation_id = ${scope.organisationId}
      and staff_id = ${opening.staff_id} and at >= ${opening.opened_at} and at <= ${opening.closed_at ?? opening.ends_at}
    order by id
    limit ${limit}
  `.execute(db)
  return rows
}

export interface DoneMeanwhile {
  at: string
  verb: string
  subject_type: string | null
  subject_id: number | null
  service_user_id: number | null
  staff_member: string
}
