import { sql } from 'kysely'
import type { Author, Change } from '../database/change.ts'
import type { InTransaction } from '../database/connection.ts'
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
 * Ends lines of locked items in any way but a gift, each at its own moment. What became of the items is the caller's to
 * write, and why the caller's to audit. Who has one of these loans open in a form hears of it by its version.
 */
export async function endLinesAt(
  { trx }: Change,
  ends: { lineId: number; at: Date }[],
  endedAs: 'returned' | 'lost' | 'stolen' | 'damaged',
): Promise<void> {
  if (ends.length === 0) return
  const { rows } = await sql<{ loan_id: number }>`
    update loan_lines set ended_at = ending.at, ended_as = ${endedAs}
    from unnest(${ends.map(({ lineId }) => lineId)}::bigint[], ${ends.map(({ at }) => at)}::timestamptz[])
      as ending (line_id, at)
    where loan_lines.id = ending.line_id
    returning loan_lines.loan_id
  `.execute(trx)
  const loanIds = [...new Set(rows.map((row) => row.loan_id))]
  await trx
    .updateTable('loans')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where((eb) => eb('id', '=', eb.fn.any(eb.val(loanIds))))
    .execute()
}

/** Ends lines at one moment; see {@link endLinesAt}. */
export function endLinesAs(
  change: Change,
  lineIds: number[],
  endedAs: 'returned' | 'lost' | 'stolen' | 'damaged',
  at: Date,
): Promise<void> {
  return endLinesAt(
    change,
    lineIds.map((lineId) => ({ lineId, at })),
    endedAs,
  )
}

/** Puts items that came back on the bench, each from the moment it was back. */
export async function beginTurnarounds({ trx, by }: Change, returns: { itemId: number; at: Date }[]): Promise<void> {
  await sql`
    insert into item_holds (organisation_id, item_id, kind, taken_at)
    select ${by.organisationId}, came_back.item_id, 'turnaround', came_back.at
    from unnest(${returns.map(({ itemId }) => itemId)}::bigint[], ${returns.map(({ at }) => at)}::timestamptz[])
      as came_back (item_id, at)
  `.execute(trx)
}

/**
 * When each of these items was last in use and is no more. A ward lends on and makes ready what is in its pool. A return
 * that never was is no use.
 */
export async function readLastUses(trx: InTransaction, itemIds: number[]): Promise<Map<number, string>> {
  const { rows } = await sql<{ item_id: number; last_used_at: string }>`
    select item_id, max(ended_at) as last_used_at from item_holds
    where item_id = any(${itemIds}::bigint[]) and ended_at is not null and ended_as <> 'not-returned'
    group by item_id
  `.execute(trx)
  return new Map(rows.map((row) => [row.item_id, row.last_used_at]))
}

/** The items leave the stock as given. PostgreSQL refuses it while somebody has one, or is promised one. */
export async function giveAway({ trx }: Change<Author>, itemIds: number[], at: Date): Promise<void> {
  await trx
    .updateTable('items')
    .set({ left_at: at, left_as: 'given', version: sql`version + 1` })
    .where((eb) => eb('id', '=', eb.fn.any(eb.val(itemIds))))
    .execute()
}
