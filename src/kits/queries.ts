import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import { isInReach, isKitInReach } from '../items/reach-queries.ts'
import type { Actor, Scope } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import type { KitCounts } from './rules.ts'

export interface KitFilter {
  isReady?: boolean
}

export interface KitRow extends KitCounts {
  id: number
  tag: string
  tag_key: string
  name: string
}

/** What somebody has of an item now, and the ward it is placed with: each one row or none, by an index of what is out. */
const outNow = sql`
  left join item_holds hold on hold.item_id = items.id and hold.taken_at is not null and hold.ended_at is null
  left join loan_lines placement on placement.item_id = items.id and placement.placed_with_ward_id is not null
    and placement.taken_at is not null and placement.ended_at is null`

/** The same for counting: a placement is asked for only where nobody has the item. */
const takenOrPlaced = sql`
  left join item_holds hold on hold.item_id = items.id and hold.taken_at is not null and hold.ended_at is null
  left join lateral (
    select id from loan_lines
    where hold.id is null and item_id = items.id and placed_with_ward_id is not null and taken_at is not null
      and ended_at is null
    offset 0
  ) placement on true`

const counts = sql`
  select count(*) as item_count,
         count(*) filter (where items.left_at is not null) as gone_count,
         count(*) filter (where items.left_at is null and hold.id is null and placement.id is null) as free_count,
         count(*) filter (
           where hold.kind in ('loan', 'booking') or (hold.id is null and placement.id is not null)
         ) as out_count
  from items ${takenOrPlaced}
  where items.kit_id = kits.id`

/** One page of the kits that this person may see, by tag. */
export async function listKits(db: Database, actor: Actor, filter: KitFilter, asked: PageAsked) {
  const conditions = [sql<SqlBool>`kits.organisation_id = ${actor.organisationId}`, isKitInReach(actor)]
  if (filter.isReady) conditions.push(sql`counts.item_count > 0 and counts.free_count = counts.item_count`)
  if (asked.before !== undefined) conditions.push(sql`kits.tag_key < ${asked.before}`)
  else if (asked.after !== undefined) conditions.push(sql`kits.tag_key > ${asked.after}`)
  const { rows } = await sql<KitRow>`
    select kits.id, kits.tag, kits.tag_key, kits.name, counts.*
    from kits cross join lateral (${counts}) counts
    where ${and(conditions)}
    order by kits.tag_key ${asked.before === undefined ? sql`asc` : sql`desc`}
    limit ${rowsToRead(asked)}
  `.execute(db)
  return pageOf(rows, asked, (row) => row.tag_key)
}

function and(conditions: RawBuilder<SqlBool>[]) {
  return sql.join(conditions, sql` and `)
}

export interface KitDetail extends KitRow {
  notes: string
  version: number
}

/** One kit and how it stands. Another organisation's, or out of reach: none. */
export async function findKit(db: Database, actor: Actor, id: number): Promise<KitDetail | undefined> {
  const { rows } = await sql<KitDetail>`
    select kits.id, kits.tag, kits.tag_key, kits.name, kits.notes, kits.version, counts.*
    from kits cross join lateral (${counts}) counts
    where kits.id = ${id} and kits.organisation_id = ${actor.organisationId} and ${isKitInReach(actor)}
  `.execute(db)
  return rows[0]
}

export interface KitItemRow {
  id: number
  tag: string
  category: string
  maker: string
  model: string
  left_as: string | null
  hold_kind: string | null
  due_on: string | null
  placed_with: string | null
  kept_at: string | null
}

/** What is in a kit, as far as this person may see it. */
export async function listKitItems(db: Database, actor: Actor, kitId: number): Promise<KitItemRow[]> {
  const { rows } = await sql<KitItemRow>`
    select items.id, items.tag, items.category, models.maker, models.name as model, items.left_as,
           hold.kind as hold_kind, coalesce(line.due_on, placement.due_on) as due_on,
           placed.name as placed_with, kept.name as kept_at
    from items
    join models on models.id = items.model_id
    join item_categories on item_categories.code = items.category
    ${outNow}
    left join loan_lines line on line.id = hold.loan_line_id
    left join wards placed on placed.id = placement.placed_with_ward_id
    left join wards kept on kept.id = items.kept_at_ward_id
    where items.kit_id = ${kitId} and items.organisation_id = ${actor.organisationId} and ${isInReach(actor)}
    order by item_categories.sort_order, items.tag_key
  `.execute(db)
  return rows
}

/** What has the tag that was refused: an item or another kit. */
export async function findTagHolder(db: Database, scope: Scope, tag: string, exceptKitId: number | null) {
  const { rows } = await sql<{ tag: string; kit_id: number | null }>`
    select tag, null::bigint as kit_id from items
    where organisation_id = ${scope.organisationId} and tag_key = lower(trim(${tag}))
    union all
    select tag, id from kits
    where organisation_id = ${scope.organisationId} and tag_key = lower(trim(${tag}))
      and id is distinct from ${exceptKitId}::bigint
  `.execute(db)
  return rows[0]
}

/** The kit as it stands, held against other changes until this transaction ends. */
export function lockKit(trx: InTransaction, scope: Scope, id: number) {
  return trx
    .selectFrom('kits')
    .select(['id', 'tag', 'name', 'notes', 'version'])
    .where('id', '=', id)
    .where('organisation_id', '=', scope.organisationId)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** The item and the kit it is in, held until this transaction ends: nobody else can put it into a kit meanwhile. */
export function lockItemWithKit(trx: InTransaction, scope: Scope, itemId: number) {
  return trx
    .selectFrom('items')
    .leftJoin('kits', 'kits.id', 'items.kit_id')
    .select(['items.id', 'items.tag', 'items.left_as', 'items.kit_id', 'kits.tag as kit_tag', 'kits.name as kit'])
    .where('items.id', '=', itemId)
    .where('items.organisation_id', '=', scope.organisationId)
    .forNoKeyUpdate('items')
    .executeTakeFirst()
}
