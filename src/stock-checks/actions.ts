import type { Change } from '../database/change.ts'
import { findWard } from '../items/edit-queries.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { expectItems, lockStockCheck } from './queries.ts'

/** It is so already: a second click, or a colleague was quicker. Nothing is written. */
export class AlreadySo extends Error {}

/**
 * Begins to check the stock of a place, with a list of what should be there now. That the place has no other check under
 * way is for PostgreSQL to say (`one_open_stock_check_a_place`). Gives the id of the check.
 */
export async function startStockCheck(change: Change, wardId: number): Promise<number> {
  const { trx, by } = change
  if (!(await findWard(trx, by, wardId))) throw new NotFound()
  if (by.role === 'ward-staff' && !by.wardIds.includes(wardId)) throw new NotFound()
  const { id } = await trx
    .insertInto('stock_checks')
    .values({
      organisation_id: by.organisationId,
      ward_id: wardId,
      started_at: change.now(),
      started_by: by.staffId,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const expected = await expectItems(trx, by, id, wardId)
  change.audit({ verb: 'stock-check:started', subject: ['stock-check', id], details: { wardId, expected } })
  return id
}

/**
 * Writes that an item of ours was scanned, wherever it should be. Whoever scanned it first stays who did: AlreadySo for
 * the second.
 */
export async function scanItem(change: Change, checkId: number, itemId: number): Promise<void> {
  await shareOpenCheck(change, checkId)
  const item = await change.trx
    .selectFrom('items')
    .select(['id', 'tag'])
    .where('id', '=', itemId)
    .where('organisation_id', '=', change.by.organisationId)
    .executeTakeFirst()
  if (!item) throw new NotFound()
  const scan = { scanned_at: change.now(), scanned_by: change.by.staffId }
  const { numInsertedOrUpdatedRows } = await change.trx
    .insertInto('stock_check_items')
    .values({
      organisation_id: change.by.organisationId,
      stock_check_id: checkId,
      item_id: itemId,
      is_expected: false,
      ...scan,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['stock_check_id', 'item_id'])
        .doUpdateSet(scan)
        .where('stock_check_items.scanned_at', 'is', null),
    )
    .executeTakeFirstOrThrow()
  if (Number(numInsertedOrUpdatedRows) === 0) throw new AlreadySo()
  auditScan(change, 'stock-check:scanned', checkId, item.tag)
}

/** Keeps what was scanned and is none of ours, as it was typed. AlreadySo where it is kept already. */
export async function noteUnknownCode(change: Change, checkId: number, code: string): Promise<void> {
  await shareOpenCheck(change, checkId)
  const { numInsertedOrUpdatedRows } = await change.trx
    .insertInto('stock_check_unknown_codes')
    .values({
      organisation_id: change.by.organisationId,
      stock_check_id: checkId,
      code,
      scanned_at: change.now(),
      scanned_by: change.by.staffId,
    })
    .onConflict((conflict) => conflict.constraint('unknown_code_once_a_check').doNothing())
    .executeTakeFirstOrThrow()
  if (Number(numInsertedOrUpdatedRows) === 0) throw new AlreadySo()
  auditScan(change, 'stock-check:scanned', checkId, code)
}

/** Takes the scan of an item back. Gives its tag. AlreadySo where somebody else has. */
export async function undoScan(change: Change, checkId: number, itemId: number): Promise<string> {
  await shareOpenCheck(change, checkId)
  const { trx } = change
  const scanned = await trx
    .selectFrom('stock_check_items as listed')
    .innerJoin('items', 'items.id', 'listed.item_id')
    .select(['listed.is_expected', 'listed.scanned_at', 'items.tag'])
    .where('listed.stock_check_id', '=', checkId)
    .where('listed.item_id', '=', itemId)
    .forNoKeyUpdate('listed')
    .executeTakeFirst()
  if (!scanned || scanned.scanned_at === null) throw new AlreadySo()
  const row = { stock_check_id: checkId, item_id: itemId }
  if (scanned.is_expected) {
    const nobody = { scanned_at: null, scanned_by: null }
    await trx
      .updateTable('stock_check_items')
      .set(nobody)
      .where((eb) => eb.and(row))
      .execute()
  } else {
    await trx
      .deleteFrom('stock_check_items')
      .where((eb) => eb.and(row))
      .execute()
  }
  auditScan(change, 'stock-check:scan-undone', checkId, scanned.tag)
  return scanned.tag
}

/** Takes back what was scanned and is none of ours. Gives it as it was typed. */
export async function undoUnknownCode(change: Change, checkId: number, codeId: number): Promise<string> {
  await shareOpenCheck(change, checkId)
  const gone = await change.trx
    .deleteFrom('stock_check_unknown_codes')
    .where('id', '=', codeId)
    .where('stock_check_id', '=', checkId)
    .returning('code')
    .executeTakeFirst()
  if (!gone) throw new AlreadySo()
  auditScan(change, 'stock-check:scan-undone', checkId, gone.code)
  return gone.code
}

type ScanVerb = 'stock-check:scanned' | 'stock-check:scan-undone'

function auditScan(change: Change, verb: ScanVerb, checkId: number, what: string): void {
  change.audit({ verb, subject: ['stock-check', checkId], details: { items: [what] } })
}

/** Many scan at once, and nobody ends the check meanwhile. */
async function shareOpenCheck({ trx, by }: Change, checkId: number): Promise<void> {
  const check = await lockStockCheck(trx, by, checkId, 'shared')
  if (!check) throw new NotFound()
  if (check.finished_at !== null) throw new RuleBroken('This check is finished. What you scanned was not added.')
}
