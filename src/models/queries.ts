import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import { isInReach } from '../items/reach-queries.ts'
import type { Actor, Scope } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'

const columns = [
  'models.id',
  'models.category',
  'models.maker',
  'models.name',
  'models.operating_system',
  'models.support_ends_on',
  'models.connector',
  'models.cable_length_cm',
  'models.is_suitable_for_video',
  'models.version',
] as const

/** How a list of models is sorted: as the categories are, then as people read the name. */
const sortKey = sql`item_categories.sort_order, lower(models.maker), lower(models.name), models.id`

export interface ModelFilter {
  category?: string
  /** Part of the maker and name. */
  search?: string
}

/**
 * One page of the organisation's models by category, maker and name, each with how many items there are of it: all of
 * them, or counted until there are more than `most`, since a page need not read every item there is.
 */
export async function listModels(
  db: Database,
  actor: Actor,
  filter: ModelFilter,
  asked: PageAsked & { most?: number },
) {
  let query = db
    .selectFrom('models')
    .innerJoin('item_categories', 'item_categories.code', 'models.category')
    .select(columns)
    .select((eb) => itemCount(eb.ref('models.id'), actor, asked.most).as('item_count'))
    .where('models.organisation_id', '=', actor.organisationId)
    .limit(rowsToRead(asked))
  if (filter.category) query = query.where('models.category', '=', filter.category)
  if (filter.search) {
    const pattern = `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`
    query = query.where(sql<boolean>`models.maker || ' ' || models.name ilike ${pattern}`)
  }
  if (asked.before !== undefined) {
    query = query
      .where(sql<boolean>`(${sortKey}) < (${sortKeyOf(actor, asked.before)})`)
      .orderBy(sql`item_categories.sort_order desc, lower(models.maker) desc, lower(models.name) desc, models.id desc`)
  } else {
    if (asked.after !== undefined) query = query.where(sql<boolean>`(${sortKey}) > (${sortKeyOf(actor, asked.after)})`)
    query = query.orderBy(sortKey)
  }
  return pageOf(await query.execute(), asked, (row) => String(row.id))
}

/** The sort key of the model that a cursor names. A cursor that names none of this organisation's leads to an empty page. */
function sortKeyOf(actor: Scope, cursor: string) {
  const id = /^[1-9]\d{0,14}$/.test(cursor) ? Number(cursor) : 0
  return sql`select at_cursor.sort_order, lower(cursor_model.maker), lower(cursor_model.name), cursor_model.id
    from models cursor_model join item_categories at_cursor on at_cursor.code = cursor_model.category
    where cursor_model.id = ${id} and cursor_model.organisation_id = ${actor.organisationId}`
}

function itemCount(modelId: unknown, actor: Actor, most?: number) {
  const limit = most === undefined ? sql`` : sql`limit ${most + 1}`
  return sql<number>`(
    select count(*) from (
      select from items where items.model_id = ${modelId} and ${isInReach(actor)} ${limit}
    ) counted
  )`
}

/** One model, with how many items there are of it, counted until there are more than `most`. Another organisation's: none. */
export function findModel(db: Database, actor: Actor, id: number, most: number) {
  return db
    .selectFrom('models')
    .select(columns)
    .select((eb) => itemCount(eb.ref('models.id'), actor, most).as('item_count'))
    .where('models.id', '=', id)
    .where('models.organisation_id', '=', actor.organisationId)
    .executeTakeFirst()
}

export type ModelRow = NonNullable<Awaited<ReturnType<typeof findModel>>>

/** The model as it stands, held against other changes until this transaction ends. */
export function lockModel(trx: InTransaction, scope: Scope, id: number) {
  return trx
    .selectFrom('models')
    .select(columns)
    .where('models.id', '=', id)
    .where('models.organisation_id', '=', scope.organisationId)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** The model that has this name in its category already, whatever its capitals. */
export function findModelByName(
  db: Database,
  scope: Scope,
  { category, maker, name }: { category: string; maker: string; name: string },
) {
  return db
    .selectFrom('models')
    .select(['models.id', 'models.maker', 'models.name'])
    .where('models.organisation_id', '=', scope.organisationId)
    .where('models.category', '=', category)
    .where(sql<boolean>`lower(models.maker) = lower(${maker}) and lower(models.name) = lower(${name})`)
    .executeTakeFirst()
}
