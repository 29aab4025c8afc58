import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { londonDate } from '../lib/dates.ts'
import { RuleBroken } from '../lib/refusals.ts'
import { nextWorkingDay } from '../lib/working-days.ts'
import { beginCorrection, type Correction, chosenLines, recordCorrection } from './correction-actions.ts'
import { type LineFacts, needsReviewDate, whyNotUndone } from './rules.ts'

export interface ReturnUndone extends Correction {
  lineIds: number[]
  /** The review date of what was given from the first moment, and so never had one; null where there is no such line. */
  dueOn: string | null
}

/**
 * Says that what was logged as returned, or as given to keep, never was: the lines are open again as if they had never
 * ended, the turnaround that a return began has never begun, and what was given is ours. Gives the tags.
 *
 * Refuses (RuleBroken) a line that did not end so; a return that was part of a swap or a transfer, that came with a report, or of which something has come:
 * steps that were ticked, the item made ready, sent to repair, gone; a gift that has gone somewhere else since; and a
 * gift without a review date that is after the day it began. Refused by PostgreSQL (Taken): somebody else is to have the
 * item, or has it.
 */
export async function undoReturn(change: Change, asked: ReturnUndone): Promise<string[]> {
  const { loan, lines } = await beginCorrection(change, asked)
  const chosen = chosenLines(lines, asked.lineIds)
  const problem = chosen.map((line) => whyNotUndone(line, loan.id) ?? reviewProblem(line, asked.dueOn)).find(Boolean)
  if (problem) throw new RuleBroken(problem)

  await recordCorrection(change, { loan, reason: asked.reason, lines: chosen }, 'return')
  await forgetBench(
    change,
    chosen.filter((line) => line.ended_as === 'returned'),
  )
  await takeIntoStock(
    change,
    chosen.filter((line) => line.ended_as === 'given'),
  )
  const dueOn = asked.dueOn === null ? null : nextWorkingDay(asked.dueOn)
  await change.trx
    .updateTable('loan_lines')
    .set((eb) => ({
      ended_at: null,
      ended_as: null,
      due_on: eb.fn.coalesce('due_on', sql<string | null>`${dueOn}::date`),
    }))
    .where('id', 'in', idsOf(chosen))
    .execute()
  return chosen.map((line) => line.tag)
}

function reviewProblem(line: LineFacts, dueOn: string | null): string | null {
  if (!needsReviewDate(line)) return null
  if (dueOn === null) return `${line.tag} was given from the first day. Say when its loan is reviewed.`
  return dueOn >= londonDate(line.from_at) ? null : `The review of ${line.tag} must be after it was lent.`
}

/** The turnaround of a return that never was: it ends where it begins, and was in nobody's way. */
export async function forgetBench({ trx }: Change, lines: LineFacts[]): Promise<void> {
  const benchIds = lines.flatMap((line) => line.bench_id ?? [])
  if (benchIds.length === 0) return
  await trx
    .updateTable('item_holds')
    .set((eb) => ({ ended_at: eb.ref('taken_at'), ended_as: 'not-returned' }))
    .where('id', 'in', benchIds)
    .execute()
}

async function takeIntoStock({ trx }: Change, lines: LineFacts[]): Promise<void> {
  if (lines.length === 0) return
  await trx
    .updateTable('items')
    .set({ left_at: null, left_as: null, version: sql`version + 1` })
    .where(
      'id',
      'in',
      lines.map((line) => line.item_id),
    )
    .execute()
}

function idsOf(lines: LineFacts[]): number[] {
  return lines.map((line) => line.id)
}
