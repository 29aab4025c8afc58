import { sql } from 'kysely'
import type { Author, Change } from '../database/change.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { type HeldItem, listHeldItems } from './held-queries.ts'

/**
 * Locks items together with the loans they are in, and gives who has each: loans before items, both in the order of their
 * ids, so that whoever takes back, extends or reports the same things queues and never waits in a ring. Refuses another
 * organisation's item and one out of reach (NotFound), and one that was lent meanwhile (Stale).
 */
export async function lockWithLoans({ trx, by }: Change, itemIds: number[]): Promise<HeldItem[]> {
  const loanIds = loansOf(await listHeldItems(trx, by, itemIds))
  await trx
    .selectFrom('loans')
    .select('id')
    .where((eb) => eb('id', '=', eb.fn.any(eb.val(loanIds))))
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  await trx
    .selectFrom('items')
    .select('id')
    .where((eb) => eb('id', '=', eb.fn.any(eb.val(itemIds))))
    .where('organisation_id', '=', by.organisationId)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  const items = await listHeldItems(trx, by, itemIds)
  if (items.length !== new Set(itemIds).size || items.length === 0) throw new NotFound()
  const lentMeanwhile = items.find((item) => loansOf([item]).some((id) => !loanIds.includes(id)))
  if (lentMeanwhile) throw new Stale(`Someone lent ${lentMeanwhile.tag} a moment ago.`)
  return items
}

function loansOf(items: HeldItem[]): number[] {
  return [...new Set(items.flatMap((item) => [item.loan_id, item.pool_loan_id]))].filter((id) => id !== null)
}

/**
 * Ends lines of locked items in any way but a gift. What became of the items is the caller's to write, and why the
 * caller's to audit. Who has one of these loans open in a form hears of it by its version.
 */
export async function endLinesAs(
  { trx }: Change,
  lineIds: number[],
  endedAs: 'returned' | 'lost' | 'stolen' | 'damaged',
  at: Date,
): Promise<void> {
  if (lineIds.length === 0) return
  const ended = await trx
    .updateTable('loan_lines')
    .set({ ended_at: at, ended_as: endedAs })
    .where('id', 'in', lineIds)
    .returning('loan_id')
    .execute()
  await trx
    .updateTable('loans')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where(
      'id',
      'in',
      ended.map((line) => line.loan_id),
    )
    .execute()
}

/** The items leave the stock as given. PostgreSQL refuses it while somebody has one, or is promised one. */
export async function giveAway({ trx }: Change<Author>, itemIds: number[], at: Date): Promise<void> {
  await trx
    .updateTable('items')
    .set({ left_at: at, left_as: 'given', version: sql`version + 1` })
    .where('id', 'in', itemIds)
    .execute()
}
