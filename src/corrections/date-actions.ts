import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { addWeeks, formatDate, londonDate, londonToday, parseInstant } from '../lib/dates.ts'
import { RuleBroken } from '../lib/refusals.ts'
import { nextWorkingDay } from '../lib/working-days.ts'
import { beginCorrection, type Correction, chosenLines, recordCorrection } from './correction-actions.ts'
import { listLastEnds } from './queries.ts'
import { type DateKind, hasDate, type LineFacts, momentOn, whyLinked } from './rules.ts'

export interface DateCorrection extends Correction {
  kind: DateKind
  lineIds: number[]
  /** The day as it truly was. A review date on a day off moves to the next working day. */
  day: string
}

/**
 * Corrects the day some lines of a loan were lent, came back, or are reviewed; gives the day that is written down now.
 *
 * Refuses (RuleBroken) a line that has no such date; a day that is written down already for all of them; for a loan or a
 * return a day after today; a beginning after the line's end or review; a return before the item was lent, after the
 * first step of making it ready, or that came with a report of damage; a review before the day it was lent, or more than
 * ten years on; and the moment of a swap or a transfer, which two lines share. Refused by PostgreSQL (Taken): a time in which somebody else had the item, or is to have it.
 */
export async function correctDate(change: Change, asked: DateCorrection): Promise<string> {
  const { loan, lines } = await beginCorrection(change, asked)
  const chosen = chosenLines(lines, asked.lineIds)
  const dateless = chosen.find((line) => !hasDate(asked.kind, line))
  if (dateless) throw new RuleBroken(`${dateless.tag} ${withoutDate[asked.kind]}`)
  const day = asked.kind === 'review' ? nextWorkingDay(asked.day) : asked.day
  const wrong = chosen.filter((line) => dateOf(asked.kind, line) !== day)
  if (wrong.length === 0) throw new RuleBroken(`${formatDate(day)} is what is written down already.`)
  const today = londonToday(change.now())
  const problem = wrong.map((line) => linkProblem(asked, line) ?? problemOf(asked.kind, line, day, today)).find(Boolean)
  if (problem) throw new RuleBroken(problem)
  await recordCorrection(change, { loan, reason: asked.reason, lines: wrong }, asked.kind)
  if (asked.kind === 'lent') await moveBeginnings(change, loan.id, wrong, day)
  else if (asked.kind === 'returned') await moveReturns(change, wrong, day)
  else await moveReviews(change, wrong, day)
  return day
}

const withoutDate: Record<DateKind, string> = {
  lent: 'was not handed over yet.',
  returned: 'did not come back.',
  review: 'has no review any more.',
}

/** The day that is written down; null for a line that has none. */
function dateOf(kind: DateKind, line: LineFacts): string | null {
  if (kind === 'review') return line.due_on
  const at = kind === 'lent' ? line.taken_at : line.ended_at
  return at === null ? null : londonDate(at)
}

function linkProblem({ kind, loanId }: DateCorrection, line: LineFacts): string | null {
  return kind === 'review' ? null : whyLinked(line, loanId, kind === 'lent' ? 'beginning' : 'end')
}

function problemOf(kind: DateKind, line: LineFacts, day: string, today: string): string | null {
  if (kind === 'review') return reviewProblem(line, day, today)
  if (day > today) return 'The day must be today or in the past.'
  return kind === 'lent' ? beginningProblem(line, day) : returnProblem(line, day)
}

function reviewProblem({ tag, from_at }: LineFacts, day: string, today: string): string | null {
  if (day < londonDate(from_at)) return `${tag} was lent on ${formatDate(londonDate(from_at))}, after that day.`
  return day > addWeeks(today, 520) ? 'The review date must be within 10 years.' : null
}

function beginningProblem(line: LineFacts, day: string): string | null {
  const { tag, due_on, ended_at } = line
  if (isGiftAtOnce(line)) return null
  if (ended_at !== null && day > londonDate(ended_at)) {
    return `${tag} was no longer with them after ${formatDate(londonDate(ended_at))}.`
  }
  if (due_on !== null && day > due_on) {
    return `The review of ${tag} is on ${formatDate(due_on)}, before that day. Correct the review date first.`
  }
  return null
}

function returnProblem(line: LineFacts, day: string): string | null {
  const { tag, taken_at, incident_id, bench_id, first_step_at, bench_ended_at } = line
  if (incident_id !== null) {
    return `${tag} came back with the report of incident ${incident_id}, and has the day of that report.`
  }
  if (bench_id === null) return `${tag} came back before this service kept how items are made ready.`
  if (taken_at !== null && day < londonDate(taken_at)) {
    return `${tag} was lent on ${formatDate(londonDate(taken_at))}, after that day.`
  }
  const next = first_step_at ?? bench_ended_at
  if (next !== null && day > londonDate(next)) {
    return `${tag} was on the bench on ${formatDate(londonDate(next))}, so it came back on that day or before.`
  }
  return null
}

function isGiftAtOnce({ ended_as, due_on }: LineFacts): boolean {
  return ended_as === 'given' && due_on === null
}

/** One moment for all lines, and the loan begins with the first of its lines. */
async function moveBeginnings(change: Change, loanId: number, lines: LineFacts[], day: string): Promise<void> {
  const { trx } = change
  const lineIds = lines.map((line) => line.id)
  const lastEnds = await listLastEnds(trx, lineIds)
  const gifts = lines.filter(isGiftAtOnce)
  const at = momentOn(
    day,
    latest([...lastEnds.values()]),
    earliest([change.now(), ...lines.filter((line) => !isGiftAtOnce(line)).map((line) => line.ended_at)]),
  )
  await trx
    .updateTable('loan_lines')
    .set((eb) => ({
      from_at: at,
      taken_at: at,
      ended_at: eb.case().when('due_on', 'is', null).then(at.toISOString()).else(eb.ref('ended_at')).end(),
    }))
    .where('id', 'in', lineIds)
    .execute()
  if (gifts.length > 0) {
    await trx
      .updateTable('items')
      .set({ left_at: at, version: sql`version + 1` })
      .where(
        'id',
        'in',
        gifts.map((line) => line.item_id),
      )
      .where('left_as', '=', 'given')
      .execute()
  }
  await beginLoanWithItsLines(change, loanId)
}

/** A loan was made when the first of its lines began. */
export async function beginLoanWithItsLines({ trx }: Change, loanId: number): Promise<void> {
  const first = sql<string>`(select min(taken_at) from loan_lines where loan_id = ${loanId})`
  await trx
    .updateTable('loans')
    .set({ lent_at: first })
    .where('id', '=', loanId)
    .where('lent_at', 'is distinct from', first)
    .where(first, 'is not', null)
    .execute()
}

/** Each turnaround begins with its return. Whichever is in the other's way goes first. */
async function moveReturns(change: Change, lines: LineFacts[], day: string): Promise<void> {
  for (const line of lines) {
    const at = momentOn(day, line.taken_at, earliest([change.now(), line.first_step_at, line.bench_ended_at]))
    const isLater = line.ended_at !== null && at > parseInstant(line.ended_at)
    if (isLater) await moveBench(change, line, at)
    await change.trx.updateTable('loan_lines').set({ ended_at: at }).where('id', '=', line.id).execute()
    if (!isLater) await moveBench(change, line, at)
  }
}

async function moveBench({ trx }: Change, { bench_id }: LineFacts, at: Date): Promise<void> {
  await trx.updateTable('item_holds').set({ taken_at: at }).where('id', '=', bench_id).execute()
}

async function moveReviews({ trx }: Change, lines: LineFacts[], day: string): Promise<void> {
  await trx
    .updateTable('loan_lines')
    .set({ due_on: day })
    .where(
      'id',
      'in',
      lines.map((line) => line.id),
    )
    .execute()
}

function earliest(instants: (Date | string | null)[]): Date {
  return new Date(Math.min(...timesOf(instants)))
}

function latest(instants: string[]): Date | null {
  return instants.length === 0 ? null : new Date(Math.max(...timesOf(instants)))
}

function timesOf(instants: (Date | string | null)[]): number[] {
  return instants.flatMap((at) => (at === null ? [] : (typeof at === 'string' ? parseInstant(at) : at).getTime()))
}
