import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { belongsTo, whereNow } from './queries.ts'

/** Something of a ward, as it stands in the count that is under way or is about to begin. */
export interface CountItem {
  id: number
  tag: string
  category: string
  category_name: string
  maker: string
  model: string
  /** Whether it should be here: on the list of the count, or with nobody where none has begun. */
  is_expected: boolean
  is_counted: boolean
  /** Who has it, where somebody has: it is not looked for. */
  hold_kind: string | null
}

/** More than any ward has. */
const MOST = 500

/** Everything of a ward that is counted at the end of a shift. A bay or a room is part of the place. */
export async function listCountItems(
  db: Database,
  { organisationId }: Actor,
  wardId: number,
  checkId: number | null,
): Promise<CountItem[]> {
  const { rows } = await sql<CountItem>`
    select items.id, items.tag, items.category, item_categories.name as category_name, models.maker, models.name as model,
           hold.kind as hold_kind, listed.scanned_at is not null as is_counted,
           case when ${checkId}::bigint is null then hold.id is null else listed.item_id is not null and hold.id is null end
             as is_expected
    from items
    join models on models.id = items.model_id
    join item_categories on item_categories.code = items.category
    ${whereNow}
    left join stock_check_items listed
      on listed.stock_check_id = ${checkId}::bigint and listed.item_id = items.id and listed.is_expected
    where items.organisation_id = ${organisationId} and ${belongsTo(sql`${wardId}::bigint`)}
      and items.category not in ('locker-bay', 'private-room')
    order by item_categories.sort_order, items.tag_key
    limit ${MOST}
  `.execute(db)
  return rows
}
