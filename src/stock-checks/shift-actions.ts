import type { Change } from '../database/change.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { startStockCheck } from './actions.ts'
import { findOpenCheck, lockStockCheck } from './queries.ts'

export interface Shift {
  wardId: number
  /** The count that was on the page; null: none had begun. */
  checkId: number | null
  counted: number[]
  /** What was ticked when the page was shown: what a colleague counted since stays counted. */
  before: number[]
}

/**
 * Writes down what was counted at the end of a shift, beginning the count where none is under way. What was ticked and is not
 * any more is taken back. Gives the check that it is counted in. Refuses (RuleBroken) when somebody finished it meanwhile.
 */
export async function countShift(change: Change, { wardId, checkId, counted, before }: Shift): Promise<number> {
  const { trx, by } = change
  if (by.role === 'ward-staff' && !by.wardIds.includes(wardId)) throw new NotFound()
  const open = await findOpenCheck(trx, by, wardId)
  if (checkId !== null && open?.id !== checkId) {
    throw new RuleBroken('Somebody finished this count meanwhile. Begin another one if you want to count again.')
  }
  const id = open?.id ?? (await startStockCheck(change, wardId))
  const check = await lockStockCheck(trx, by, id, 'shared')
  if (!check || check.finished_at !== null) throw new RuleBroken('Somebody finished this count meanwhile.')
  const items = await tick(change, id, counted)
  const undone = await untick(
    change,
    id,
    before.filter((itemId) => !counted.includes(itemId)),
  )
  change.audit({ verb: 'stock-check:counted', subject: ['stock-check', id], details: { counted: items, undone } })
  return id
}

async function tick(change: Change, checkId: number, itemIds: number[]): Promise<number> {
  const { trx, by } = change
  const { numUpdatedRows } = await trx
    .updateTable('stock_check_items')
    .set({ scanned_at: change.now(), scanned_by: by.staffId })
    .where('stock_check_id', '=', checkId)
    .where((eb) => eb('item_id', '=', eb.fn.any(eb.val(itemIds))))
    .where('scanned_at', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

async function untick({ trx }: Change, checkId: number, itemIds: number[]): Promise<number> {
  const { numUpdatedRows } = await trx
    .updateTable('stock_check_items')
    .set({ scanned_at: null, scanned_by: null })
    .where('stock_check_id', '=', checkId)
    .where((eb) => eb('item_id', '=', eb.fn.any(eb.val(itemIds))))
    .where('scanned_at', 'is not', null)
    .where('is_expected', '=', true)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
