import type { Database } from '../../src/database/connection.ts'
import { exampleNow, insertOne } from './example.ts'
import { availableItem, type Item, type ItemOverrides } from './items.ts'

const HOUR = 60 * 60 * 1000

/** Handed out ten minutes ago for a booking of an hour; of the pool of a ward, where one is named. */
export async function itemInUse(
  db: Database,
  overrides: { item?: Item; ward?: { id: number }; now?: Date } = {},
): Promise<Item> {
  const { now = exampleNow, ward } = overrides
  const item = overrides.item ?? (await availableItem(db))
  const takenAt = new Date(now.getTime() - HOUR / 6)
  const until = new Date(takenAt.getTime() + HOUR)
  await insertOne(db, 'item_holds', {
    organisation_id: item.organisation_id,
    item_id: item.id,
    kind: 'booking',
    ward_id: ward?.id ?? null,
    plan: `[${takenAt.toISOString()},${until.toISOString()})`,
    taken_at: takenAt,
  })
  return item
}

/** Went to repair a week ago. */
export async function itemInRepair(db: Database, overrides: ItemOverrides & { now?: Date } = {}): Promise<Item> {
  const { now = exampleNow, ...columns } = overrides
  const item = await availableItem(db, columns)
  const { organisation_id, id: item_id } = item
  const taken_at = new Date(now.getTime() - 7 * 24 * HOUR)
  await insertOne(db, 'item_holds', { organisation_id, item_id, kind: 'repair', taken_at })
  return item
}
