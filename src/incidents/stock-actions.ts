import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { endLinesAs } from '../loans/ending-actions.ts'
import type { HeldItem } from '../loans/held-queries.ts'

/**
 * What is lost, stolen or broken for good is with nobody any more and in no ward's pool, and leaves the stock. What was
 * planned for it stays planned, at risk, until somebody has found something else.
 */
export async function takeOutOfStock(
  change: Change,
  items: HeldItem[],
  as: 'lost' | 'stolen' | 'damaged',
  at: Date,
): Promise<void> {
  const lineIds = items.flatMap((item) => [item.line_id, item.pool_line_id]).filter((id) => id !== null)
  await endLinesAs(change, lineIds, as, at)
  await endUse(change, items, as, at)
  await change.trx
    .updateTable('items')
    .set({ left_at: at, left_as: as, version: sql`version + 1` })
    .where('id', 'in', idsOf(items))
    .execute()
}

/**
 * What is damaged and can be put right is back with us: whoever had it has brought it back, and it waits on the bench. It
 * stays in its ward's pool, since that is where it goes afterwards.
 */
export async function takeToBench(change: Change, items: HeldItem[], at: Date): Promise<void> {
  const lineIds = items.flatMap((item) => (item.line_id === null || item.is_placement ? [] : [item.line_id]))
  await endLinesAs(change, lineIds, 'returned', at)
  await endUse(change, items, 'damaged', at, ['booking'])
  const benched = items.filter(({ hold_kind }) => hold_kind !== 'turnaround' && hold_kind !== 'repair')
  await beginTurnaround(change, idsOf(benched), at)
}

/**
 * Found again: back in the stock and on the bench. What was ticked on the bench before it went is taken back, because
 * nobody knows whose hands it has been in since.
 */
export async function bringBack(change: Change, itemIds: number[], at: Date): Promise<void> {
  await change.trx
    .updateTable('items')
    .set({ left_at: null, left_as: null, version: sql`version + 1` })
    .where('id', 'in', itemIds)
    .execute()
  const held = await change.trx
    .selectFrom('item_holds')
    .select(['id', 'item_id', 'kind'])
    .where('item_id', 'in', itemIds)
    .where('taken_at', 'is not', null)
    .where('ended_at', 'is', null)
    .execute()
  const turnaroundIds = held.filter(({ kind }) => kind === 'turnaround').map(({ id }) => id)
  if (turnaroundIds.length > 0) {
    await change.trx.deleteFrom('turnaround_steps').where('hold_id', 'in', turnaroundIds).execute()
  }
  const heldIds = held.map((hold) => hold.item_id)
  await beginTurnaround(
    change,
    itemIds.filter((id) => !heldIds.includes(id)),
    at,
  )
}

/** Nobody uses it any more: a slot on a ward ends here, and what is lost from the repairer's is not in repair. */
async function endUse(
  { trx }: Change,
  items: HeldItem[],
  endedAs: string,
  at: Date,
  kinds = ['booking', 'repair'],
): Promise<void> {
  await trx
    .updateTable('item_holds')
    .set({ ended_at: at, ended_as: endedAs })
    .where('item_id', 'in', idsOf(items))
    .where('kind', 'in', kinds)
    .where('taken_at', 'is not', null)
    .where('ended_at', 'is', null)
    .execute()
}

async function beginTurnaround({ trx, by }: Change, itemIds: number[], at: Date): Promise<void> {
  if (itemIds.length === 0) return
  const rows = itemIds.map((id) => ({
    organisation_id: by.organisationId,
    item_id: id,
    kind: 'turnaround',
    taken_at: at,
  }))
  await trx.insertInto('item_holds').values(rows).execute()
}

function idsOf(items: HeldItem[]): number[] {
  return items.map(({ id }) => id)
}
