import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Actor } from '../lib/actor.ts'

type Reach = Pick<Actor, 'role' | 'wardIds'>

/**
 * Whether this person may see the row of `items` at hand. Ward staff see what is placed with their wards and, of what is
 * placed nowhere, what is kept there; the other roles that see items see all of their organisation. The placement is
 * looked up in the index of open ones, so it costs the same however long the item's history is.
 */
export function isInReach(actor: Reach): RawBuilder<SqlBool> {
  if (actor.role !== 'ward-staff') return sql<SqlBool>`true`
  return sql<SqlBool>`coalesce(
    (select placed_with_ward_id from loan_lines
     where item_id = items.id and placed_with_ward_id is not null and taken_at is not null and ended_at is null),
    items.kept_at_ward_id
  ) = any(${actor.wardIds})`
}

/** Whether this person may see the row of `kits` at hand: ward staff do when anything of the kit is in their reach. */
export function isKitInReach(actor: Reach): RawBuilder<SqlBool> {
  if (actor.role !== 'ward-staff') return sql<SqlBool>`true`
  return sql<SqlBool>`exists (select from items where items.kit_id = kits.id and ${isInReach(actor)})`
}
