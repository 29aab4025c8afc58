import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import { filteredItems } from '../items/filter-queries.ts'
import type { ItemFilter } from '../items/filter-rules.ts'
import { isInReach } from '../items/reach-queries.ts'
import type { Actor } from '../lib/actor.ts'
import { readScannedCode } from '../lib/scanned-code.ts'

/** What a label says of an item. */
export interface LabelItem {
  tag: string
  maker: string
  model: string
}

/** Items to print labels for. Both ends are tags that need not exist; '' is no end. */
export interface LabelChoice {
  filter: ItemFilter
  from: string
  to: string
}

/** Items that fit the filter, by tag. What is no longer ours needs no label, unless it was asked for. */
function chosenItems(db: Database, actor: Actor, { filter, from, to }: LabelChoice, today: string) {
  let query = filteredItems(db, actor, filter, today)
  if (filter.state === undefined) query = query.where('items.left_at', 'is', null)
  if (from !== '') query = query.where('items.tag_key', '>=', sql<string>`lower(${from})`)
  if (to !== '') query = query.where('items.tag_key', '<=', sql<string>`lower(${to})`)
  return query
}

/** The first of them, as many as asked for. */
export function listItemsToLabel(
  db: Database,
  actor: Actor,
  choice: LabelChoice,
  today: string,
  limit: number,
): Promise<LabelItem[]> {
  return chosenItems(db, actor, choice, today)
    .select(['items.tag', 'models.maker', 'models.name as model'])
    .orderBy('items.tag_key')
    .limit(limit)
    .execute()
}

/** How many there are, counted no further than the limit. */
export async function countItemsToLabel(
  db: Database,
  actor: Actor,
  choice: LabelChoice,
  today: string,
  limit: number,
): Promise<number> {
  const { count } = await db
    .selectFrom(chosenItems(db, actor, choice, today).select('items.id').limit(limit).as('chosen'))
    .select(sql<number>`count(*)::int`.as('count'))
    .executeTakeFirstOrThrow()
  return count
}

export interface Part {
  from: string
  to: string
  count: number
}

/** All of them in parts of a size, by tag, and how many there are in all. Reads every one: only for when there are too many. */
export async function listParts(
  db: Database,
  actor: Actor,
  choice: LabelChoice,
  today: string,
  size: number,
): Promise<{ total: number; parts: Part[] }> {
  const chosen = chosenItems(db, actor, choice, today).select((eb) => [
    'items.tag',
    'items.tag_key',
    sql<number>`(row_number() over (order by items.tag_key) - 1) / ${eb.val(size)}::int`.as('part'),
  ])
  const parts = await db
    .selectFrom(chosen.as('chosen'))
    .select([
      sql<string>`(array_agg(tag order by tag_key))[1]`.as('from'),
      sql<string>`(array_agg(tag order by tag_key desc))[1]`.as('to'),
      sql<number>`count(*)::int`.as('count'),
    ])
    .groupBy('part')
    .orderBy('part')
    .execute()
  return { total: parts.reduce((sum, { count }) => sum + count, 0), parts }
}

export interface CodeMeant {
  code: string
  /** None when nothing has this tag or number, several when several share a serial number. */
  items: LabelItem[]
}

/**
 * What each scanned or typed code means, in the order they came. A device that has no label yet is scanned by the number
 * its maker gave it, so a code is a tag, or else a serial number, an IMEI or a SIM number.
 */
export async function findItemsToLabel(db: Database, actor: Actor, codes: string[]): Promise<CodeMeant[]> {
  const read = codes.map(readScannedCode)
  const ours = sql`
    select id, tag, tag_key, model_id, kept_at_ward_id from items where organisation_id = ${actor.organisationId}`
  const { rows } = await sql<LabelItem & { place: number; is_tag: boolean }>`
    select wanted.place::int as place, items.tag, models.maker, models.name as model,
           items.tag_key = lower(wanted.text) as is_tag
    from unnest(${read.map(({ text }) => text)}::text[], ${read.map(({ digits }) => digits)}::text[])
      with ordinality wanted (text, digits, place)
    cross join lateral (
      ${ours} and tag_key = lower(wanted.text)
      union ${ours} and lower(serial) = lower(wanted.text)
      union ${ours} and imei = wanted.digits
      union ${ours} and iccid = wanted.digits
    ) items
    join models on models.id = items.model_id
    where ${isInReach(actor)}
    order by place, items.tag_key
  `.execute(db)
  const byPlace = Map.groupBy(rows, ({ place }) => place)
  return codes.map((code, at) => {
    const found = byPlace.get(at + 1) ?? []
    const tagged = found.filter(({ is_tag }) => is_tag)
    return { code, items: tagged.length > 0 ? tagged : found }
  })
}

/** The name of the model that a filter asks for, when it is one of ours. */
export function findModelName(db: Database, actor: Actor, modelId: number) {
  return db
    .selectFrom('models')
    .select(['maker', 'name'])
    .where('id', '=', modelId)
    .where('organisation_id', '=', actor.organisationId)
    .executeTakeFirst()
}
