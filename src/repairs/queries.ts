import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import type { RepairDetails } from './rules.ts'

export interface Repair extends RepairDetails {
  id: number
  version: number
  item_id: number
  tag: string
  maker: string
  model: string
  /** When it went, when it came back, and how its stay there ended. */
  taken_at: string
  ended_at: string | null
  ended_as: string | null
  sent_by: string
}

/** A repair is named by its hold. `offset 0` has PostgreSQL look up hold and item of the few repairs, not read them all. */
const repairs = (scope: Scope) => sql`
  select hold.id, repairs.version, repairs.reason, repairs.place, repairs.cost_pence, repairs.expected_back_on,
         items.id as item_id, items.tag, models.maker, models.name as model, hold.taken_at, hold.ended_at, hold.ended_as,
         staff.name as sent_by
  from repairs
  cross join lateral (
    select id, item_id, taken_at, ended_at, ended_as from item_holds where id = repairs.hold_id offset 0
  ) hold
  cross join lateral (select id, tag, model_id from items where id = hold.item_id offset 0) items
  join models on models.id = items.model_id
  join staff on staff.id = repairs.sent_by
  where repairs.organisation_id = ${scope.organisationId}`

/** What stands last: nobody said when it is expected back. */
const never = sql`'9999-12-31'::date`

/** One page of what is in repair: late first, then by the day it is expected back. A cursor is a repair's id. */
export async function listOpenRepairs(db: Database, scope: Scope, asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const isBackwards = asked.before !== undefined
  const place = sql`coalesce(repairs.expected_back_on, ${never}), repairs.hold_id`
  const from =
    cursor === undefined
      ? sql``
      : sql`and (${place}) ${isBackwards ? sql`<` : sql`>`} (
          select coalesce(expected_back_on, ${never}), hold_id from repairs
          where hold_id = ${idOf(cursor)} and organisation_id = ${scope.organisationId})`
  const order = isBackwards ? sql`coalesce(repairs.expected_back_on, ${never}) desc, repairs.hold_id desc` : place
  const { rows } = await sql<Repair>`
    ${repairs(scope)} and repairs.is_under_way ${from}
    order by ${order}
    limit ${rowsToRead(asked)}
  `.execute(db)
  return pageOf(rows, asked, (row) => String(row.id))
}

/** One page of the repairs that are over, the one that began last first. */
export async function listPastRepairs(db: Database, scope: Scope, asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const isBackwards = asked.before !== undefined
  const from = cursor === undefined ? sql`` : sql`and repairs.hold_id ${isBackwards ? sql`>` : sql`<`} ${idOf(cursor)}`
  const { rows } = await sql<Repair>`
    ${repairs(scope)} and hold.ended_at is not null ${from}
    order by repairs.hold_id ${isBackwards ? sql`` : sql`desc`}
    limit ${rowsToRead(asked)}
  `.execute(db)
  return pageOf(rows, asked, (row) => String(row.id))
}

/** A repair, over or not. Another organisation's: none. */
export async function findRepair(db: Database, scope: Scope, id: number) {
  const { rows } = await sql<Repair>`${repairs(scope)} and repairs.hold_id = ${id}`.execute(db)
  return rows[0]
}

/** What is expected back from repair by a day, and is not. */
export interface DueRepairRow {
  id: number
  tag: string
  place: string
  expected_back_on: string
}

/** The rows of that, for whoever reads it together with other things that wait. */
export function dueRepairs({ organisationId }: Scope, until: string, limit: number) {
  return sql<DueRepairRow>`
    select hold.id, items.tag, repairs.place, repairs.expected_back_on
    from repairs
    cross join lateral (select id, item_id from item_holds where id = repairs.hold_id offset 0) hold
    cross join lateral (select tag from items where id = hold.item_id and left_at is null offset 0) items
    where repairs.organisation_id = ${organisationId} and repairs.is_under_way
      and coalesce(repairs.expected_back_on, ${never}) <= ${until}
    order by coalesce(repairs.expected_back_on, ${never}), repairs.hold_id
    limit ${limit}`
}

/** What is expected back by that day, the longest expected first. */
export async function listDueRepairs(db: Database, scope: Scope, until: string, limit: number) {
  return (await dueRepairs(scope, until, limit).execute(db)).rows
}

export interface ItemOnHand {
  id: number
  tag: string
  maker: string
  model: string
  left_as: string | null
  left_at: string | null
  kit_id: number | null
  hold_id: number | null
  hold_kind: string | null
  /** The ward in whose pool it is. */
  placed_with: string | null
  /** Where it is kept when it is on the shelf. */
  kept_at: string | null
}

/** An item with where it is now. Another organisation's: none. */
export async function findItemOnHand(db: Database, scope: Scope, itemId: number) {
  const { rows } = await sql<ItemOnHand>`
    select items.id, items.tag, models.maker, models.name as model, items.left_as, items.left_at, items.kit_id,
           hold.id as hold_id, hold.kind as hold_kind, placed.name as placed_with, kept.name as kept_at
    from items
    join models on models.id = items.model_id
    left join item_holds hold on hold.item_id = items.id and hold.taken_at is not null and hold.ended_at is null
    left join loan_lines placement on placement.item_id = items.id and placement.placed_with_ward_id is not null
      and placement.taken_at is not null and placement.ended_at is null
    left join wards placed on placed.id = placement.placed_with_ward_id
    left join wards kept on kept.id = items.kept_at_ward_id
    where items.id = ${itemId} and items.organisation_id = ${scope.organisationId}
  `.execute(db)
  return rows[0]
}

/** The same, held against everybody else who wants to change who has it: the item's row first, and then what is so. */
export async function lockItemOnHand(trx: InTransaction, scope: Scope, itemId: number) {
  await sql`select from items where id = ${itemId} and organisation_id = ${scope.organisationId} for no key update`.execute(
    trx,
  )
  return findItemOnHand(trx, scope, itemId)
}

function idOf(cursor: string): number {
  return /^[1-9]\d{0,14}$/.test(cursor) ? Number(cursor) : 0
}
