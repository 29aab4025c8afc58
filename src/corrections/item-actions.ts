import type { Change } from '../database/change.ts'
import { canBeLent } from '../items/rules.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { staysWhereItIs } from '../loans/rules.ts'
import { beginCorrection, type Correction, chosenLines, recordCorrection } from './correction-actions.ts'
import { forgetBench } from './return-actions.ts'
import { type LineFacts, whyBenchStays, whyLinked } from './rules.ts'

export interface ItemCorrection extends Correction {
  lineId: number
  /** What was lent in truth. */
  itemId: number
}

/**
 * Puts the item that was lent in truth in the place of the one that was written down, from the beginning. The one written
 * down never went: it is what it was before the loan. If the line has ended by a return, it is the true item that is made
 * ready. Gives both tags.
 *
 * Refuses (NotFound) an item of another organisation; (RuleBroken) the same item, one that is only ever booked or is no
 * longer ours, a line that was given, has a report to it, or was part of a swap or a transfer, and a return of which something has
 * come: steps that were ticked, repair. Refused by PostgreSQL (Taken): somebody had the true item in that time, or is to
 * have it; for a ward's line, the ward lent on or used the item written down.
 */
export async function correctItem(change: Change, asked: ItemCorrection): Promise<{ wrong: string; right: string }> {
  const { loan, lines } = await beginCorrection(change, asked, [asked.itemId])
  const [line] = chosenLines(lines, [asked.lineId])
  const item = await findItem(change, asked.itemId)
  if (!line) throw new NotFound()
  const problem = problemOf(line, item, loan.id)
  if (problem) throw new RuleBroken(problem)

  const about = [line, { item_id: item.id, tag: item.tag }]
  await recordCorrection(change, { loan, reason: asked.reason, lines: about }, 'item')
  const { trx, by } = change
  if (line.ended_as === 'returned') await forgetBench(change, [line])
  await trx.updateTable('loan_lines').set({ item_id: item.id }).where('id', '=', line.id).execute()
  if (line.ended_as === 'returned') {
    const bench = { organisation_id: by.organisationId, item_id: item.id, kind: 'turnaround', taken_at: line.ended_at }
    await trx.insertInto('item_holds').values(bench).execute()
  }
  return { wrong: line.tag, right: item.tag }
}

type TrueItem = Awaited<ReturnType<typeof findItem>>

function findItem({ trx, by }: Change, itemId: number) {
  return trx
    .selectFrom('items')
    .select(['id', 'tag', 'category', 'left_as'])
    .where('id', '=', itemId)
    .where('organisation_id', '=', by.organisationId)
    .executeTakeFirstOrThrow(() => new NotFound())
}

function problemOf(line: LineFacts, item: TrueItem, loanId: number): string | null {
  if (item.id === line.item_id) return `${item.tag} is what is written down already.`
  if (!canBeLent(item.category)) return staysWhereItIs(item.tag)
  if (item.left_as !== null) return `${item.tag} is no longer ours.`
  if (line.ended_as === 'given') {
    return `${line.tag} was given to keep. Undo the gift first, then correct the item and give the right one.`
  }
  if (line.incident_id !== null) {
    return `Incident ${line.incident_id} is about ${line.tag} in this loan, so it stays written down.`
  }
  return whyLinked(line, loanId, 'either') ?? (line.ended_as === 'returned' ? whyBenchStays(line) : null)
}
