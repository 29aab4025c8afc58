import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Reach } from '../service-users/reach-queries.ts'
import type { ItemFilter } from './filter-rules.ts'
import { itemsWithHolder } from './queries.ts'
import type { ItemState } from './rules.ts'

/** The items that fit the filter, for whoever takes columns and order from here. */
export function filteredItems(db: Database, actor: Reach, filter: ItemFilter, today: string) {
  const query = itemsWithHolder(db, actor)
  const conditions = [...conditionsOf(actor, filter), ...stateOf(actor, filter, today)]
  return conditions.reduce((narrowed, condition) => narrowed.where(condition), query)
}

/**
 * What the filter asks of an item besides its state. One statement for each shape of filter: a condition that is not asked
 * for is not in the SQL at all. The statement names `items`, and the ward's `placement` of each.
 */
export function conditionsOf(actor: Reach, filter: ItemFilter): RawBuilder<SqlBool>[] {
  const { category, modelId, wardId, search } = filter
  return [
    ...(category ? [sql<SqlBool>`items.category = ${category}`] : []),
    ...(modelId ? [sql<SqlBool>`items.model_id = ${modelId}`] : []),
    ...(wardId ? [sql<SqlBool>`coalesce(placement.placed_with_ward_id, items.kept_at_ward_id) = ${wardId}`] : []),
    ...(search ? [matches(search, actor)] : []),
  ]
}

/** The models are looked for first, so that both halves have an index of items to go by. */
function matches(search: string, { organisationId }: Reach): RawBuilder<SqlBool> {
  const pattern = `%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  return sql`(items.search_text like ${pattern} or items.model_id = any(array(
    select id from models where organisation_id = ${organisationId} and lower(maker || ' ' || name) like ${pattern}
  )))`
}

/**
 * What the filter asks of an item's state. What left the stock is gone, even from the bench: its turnaround or repair may
 * have no end.
 */
export function stateOf(actor: Reach, { state }: ItemFilter, today: string): RawBuilder<SqlBool>[] {
  if (!state) return []
  return [
    state === 'gone' ? sql<SqlBool>`items.left_at is not null` : sql<SqlBool>`items.left_at is null`,
    ...(state === 'overdue' ? [isDueBefore(today, actor)] : []),
    stateConditions[state](today),
  ]
}

/** Few items are overdue and many are not: these are found through the index of what is out, not looked for one by one. */
function isDueBefore(today: string, { organisationId }: Reach) {
  return sql<SqlBool>`items.id = any(array(
    select item_id from loan_lines
    where organisation_id = ${organisationId} and taken_at is not null and ended_at is null and due_on < ${today}
  ))`
}

/**
 * The same states as `itemState` in rules.ts, asked of PostgreSQL, for an item that is still ours or, where it is gone,
 * is not; a test holds the two against each other. What nobody has is asked of the column of the join, or PostgreSQL would
 * take the two joins for a search of every item. The kinds stand in the SQL, since each has another plan.
 */
const stateConditions: Record<ItemState, (today: string) => RawBuilder<SqlBool>> = {
  gone: () => sql`true`,
  overdue: (today) => sql`(hold.kind = 'loan' and line.due_on < ${today}
    or hold.item_id is null and placement.due_on < ${today})`,
  'on-loan': (today) => sql`(hold.kind = 'loan' and line.due_on >= ${today})`,
  'in-use': () => sql`hold.kind = 'booking'`,
  turnaround: () => sql`hold.kind = 'turnaround'`,
  repair: () => sql`hold.kind = 'repair'`,
  'on-ward': (today) => sql`(hold.item_id is null and placement.due_on >= ${today})`,
  available: () => sql`(hold.item_id is null and placement.item_id is null)`,
}
