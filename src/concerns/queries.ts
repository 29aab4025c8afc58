import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import { asList } from '../database/lists.ts'
import type { Actor } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import { isPersonToTellOf, type Reach } from '../service-users/reach-queries.ts'
import type { Way } from './rules.ts'

export type Reader = Reach & Pick<Actor, 'isLeadChampion'>

/**
 * Whether whoever asks may read the words of the concern at hand. They are few: information governance, lead champions, and
 * a champion who raised it. Ward staff and care teams see of theirs that they raised it, and no words.
 */
function isReadable({ role, staffId, isLeadChampion }: Reader): RawBuilder<SqlBool> {
  if (role === 'information-governance' || isLeadChampion) return sql<SqlBool>`true`
  if (role === 'champion') return sql<SqlBool>`concern.raised_by = ${staffId}`
  return sql<SqlBool>`false`
}

/** Whether it stands in their list at all. */
function isListed(actor: Actor): RawBuilder<SqlBool> {
  if (actor.role === 'information-governance' || actor.isLeadChampion) return sql<SqlBool>`true`
  return sql<SqlBool>`concern.raised_by = ${actor.staffId}`
}

const isFollowedUp = sql<boolean>`exists (
  select from concern_tellings telling where telling.concern_id = concern.id and telling.is_follow_up
)`

export interface ConcernRow {
  id: number
  service_user_id: number
  /** null: whoever asks does not see this person otherwise. */
  service_user: string | null
  raised_at: string
  raised_by: number
  staff_member: string
  due_at: string
  closed_at: string | null
  is_followed_up: boolean
}

const rowColumns = (actor: Reader) => sql`
  concern.id, concern.service_user_id, case when ${isPersonToTellOf(actor, 'person')} then details.name end as service_user,
  concern.raised_at, concern.raised_by, staff.name as staff_member, concern.due_at, concern.closed_at,
  ${isFollowedUp} as is_followed_up`

const withNames = sql`
  join service_users person on person.id = concern.service_user_id
  join service_user_details details on details.service_user_id = concern.service_user_id
  join staff on staff.id = concern.raised_by`

/** One page of concerns: the open ones by when they are due, or the closed ones, the newest first. A cursor is an id. */
export async function listConcerns(db: Database, actor: Actor, isClosed: boolean, asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const isUpwards = isClosed === (asked.before !== undefined)
  const order = isUpwards ? sql`asc` : sql`desc`
  const place = isClosed ? sql`concern.id` : sql`concern.due_at, concern.id`
  const from =
    cursor === undefined
      ? sql``
      : sql`and (${place}) ${isUpwards ? sql`>` : sql`<`} (
          select ${place} from concerns concern
          where concern.id = ${Number(cursor)} and concern.organisation_id = ${actor.organisationId}
        )`
  const { rows } = await sql<ConcernRow>`
    select ${rowColumns(actor)} from concerns concern ${withNames}
    where concern.organisation_id = ${actor.organisationId}
      and concern.closed_at is ${isClosed ? sql`not null` : sql`null`} and ${isListed(actor)} ${from}
    order by ${isClosed ? sql`concern.id ${order}` : sql`concern.due_at ${order}, concern.id ${order}`}
    limit ${rowsToRead(asked)}
  `.execute(db)
  return pageOf(rows, asked, ({ id }) => String(id))
}

/** Those whom whoever asks reads that nobody has followed up; `overdueAt`: only what was due by then. The oldest first. */
export function concernsToFollowUp(actor: Reader, { overdueAt, limit }: { overdueAt?: Date; limit: number }) {
  return sql<ConcernRow>`
    select ${rowColumns(actor)} from concerns concern ${withNames}
    where concern.organisation_id = ${actor.organisationId} and concern.closed_at is null and not ${isFollowedUp}
      and ${isReadable(actor)} ${overdueAt === undefined ? sql`` : sql`and concern.due_at <= ${overdueAt}`}
    order by concern.due_at, concern.id
    limit ${limit}`
}

export async function listOverdueConcerns(db: Database, actor: Actor, overdueAt: Date, limit: number) {
  return (await concernsToFollowUp(actor, { overdueAt, limit }).execute(db)).rows
}

export interface TellingRow {
  id: number
  is_follow_up: boolean
  who: string
  how: Way
  told_at: string
  note: string
  written_at: string
  staff_member: string
}

export interface ConcernDetail extends ConcernRow {
  name: string
  what: string
  closed_words: string
  closer: string | null
  tellings: TellingRow[]
}

/** One concern with its words, for those who may read them. */
export async function findConcern(db: Database, actor: Actor, id: number): Promise<ConcernDetail | undefined> {
  const { rows } = await sql<ConcernDetail>`
    select ${rowColumns(actor)}, details.name, concern.what, concern.closed_words, closer.name as closer,
           ${asList<TellingRow>(sql`
             select telling.id, telling.is_follow_up, telling.who, telling.how, telling.told_at, telling.note,
                    telling.written_at, writer.name as staff_member
             from concern_tellings telling join staff writer on writer.id = telling.written_by
             where telling.concern_id = concern.id order by telling.id`)} as tellings
    from concerns concern ${withNames}
    left join staff closer on closer.id = concern.closed_by
    where concern.id = ${id} and concern.organisation_id = ${actor.organisationId} and ${isReadable(actor)}
  `.execute(db)
  return rows[0]
}

/** The concern as it stands, held until this transaction ends. */
export async function lockConcern(trx: InTransaction, actor: Actor, id: number) {
  await sql`select from concerns where id = ${id} and organisation_id = ${actor.organisationId} for no key update`.execute(
    trx,
  )
  return findConcern(trx, actor, id)
}
