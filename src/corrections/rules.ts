import type { Instant } from '../lib/dates.ts'
import { londonDate, londonInstant, londonMidnightAfter } from '../lib/dates.ts'

/** What can be wrong about a loan. The table loan_corrections knows the same words. */
export type CorrectionKind = 'borrower' | 'lent' | 'review' | 'returned' | 'item' | 'return'

/** A line as a correction sees it, with what has become of its item since. */
export interface LineFacts {
  id: number
  item_id: number
  tag: string
  category: string
  left_as: string | null
  left_at: string | null
  maker: string
  model: string
  from_at: string
  due_on: string | null
  taken_at: string | null
  ended_at: string | null
  ended_as: string | null
  placed_with_ward_id: number | null
  unsupported_reason: string | null
  /** What was last reported of it while it was in this loan. */
  incident_id: number | null
  /** The turnaround that its return began: whether it is over, how, and the first step that was done in it. */
  bench_id: number | null
  bench_ended_at: string | null
  bench_ended_as: string | null
  first_step_at: string | null
  /** The loan it goes on from, and the one that goes on from it: by a swap the same loan, by a transfer another. */
  came_from_loan_id: number | null
  went_to_loan_id: number | null
}

/**
 * Why the beginning of a line cannot be moved by itself, or its end: the moment is also that of the line it goes on from,
 * or that goes on from it. Null when it stands alone.
 */
export function whyLinked(line: LineFacts, loanId: number, which: 'beginning' | 'end' | 'either'): string | null {
  const { tag, came_from_loan_id, went_to_loan_id } = line
  const [before, after] = [which === 'end' ? null : came_from_loan_id, which === 'beginning' ? null : went_to_loan_id]
  if (before === null && after === null) return null
  if (before === loanId || after === loanId)
    return `${tag} was part of a swap in this loan, so this cannot be corrected by itself.`
  return before === null
    ? `${tag} went straight on to loan ${after}, so this cannot be corrected by itself.`
    : `${tag} came straight from loan ${before}, so this cannot be corrected by itself.`
}

export type DateKind = Extract<CorrectionKind, 'lent' | 'returned' | 'review'>

/** Which lines have such a date, so that it can be wrong. A return that came with a report has the report's day. */
export function hasDate(kind: DateKind, line: LineFacts): boolean {
  if (kind === 'lent') return line.taken_at !== null
  if (kind === 'returned') return line.ended_as === 'returned'
  return line.ended_as === null && line.due_on !== null
}

/** What came back or was given: what may have been a mistake, and is undone here. */
export function canBeUndone(line: LineFacts): boolean {
  return line.ended_as === 'returned' || line.ended_as === 'given'
}

/** Given from the first moment, and so with no review date that it could have again. */
export function needsReviewDate(line: LineFacts): boolean {
  return line.ended_as === 'given' && line.due_on === null
}

/** Why a return or a gift can no longer be undone, in words for whoever asks; null when it can. */
export function whyNotUndone(line: LineFacts, loanId: number): string | null {
  const { tag } = line
  const linked = whyLinked(line, loanId, 'end')
  if (linked) return linked
  if (line.ended_as === 'given') {
    const isStillGiven = line.left_as === 'given' && line.left_at === line.ended_at
    return isStillGiven
      ? null
      : `${tag} has gone somewhere else since it was given. It cannot be put back into this loan.`
  }
  if (line.ended_as === 'lost' || line.ended_as === 'stolen') {
    return `${tag} was reported ${line.ended_as}. If it is not, mark it as found in incident ${line.incident_id}.`
  }
  if (line.ended_as !== 'returned') return `${tag} did not come back, so there is no return to undo.`
  return line.incident_id !== null
    ? `${tag} came back with the report of incident ${line.incident_id}. Its return belongs to that and stays.`
    : whyBenchStays(line)
}

/** Why the turnaround of a return cannot be said never to have begun: something has come of it. */
export function whyBenchStays(line: LineFacts): string | null {
  const { tag } = line
  if (line.bench_id === null) return `${tag} came back before this service kept how items are made ready.`
  if (line.bench_ended_as === 'to-repair') return `${tag} went to repair after it came back.`
  if (line.bench_ended_as === 'retired' || line.left_as !== null) return `${tag} came back and is no longer ours.`
  if (line.bench_ended_at !== null) return `${tag} came back and has been made ready for the next person since.`
  if (line.first_step_at !== null) {
    return `${tag} came back, and some steps of making it ready are ticked. If that was a mistake too, take those steps back first.`
  }
  return null
}

/**
 * The moment that stands for a day gone by: noon in London, but never before or after what is known of that same day.
 * Where the bounds leave nothing of the day, what comes out is refused by whoever writes it.
 */
export function momentOn(day: string, notBefore: Instant | null, notAfter: Instant): Date {
  const noon = londonInstant(day, '12:00').value
  if (noon === undefined) throw new RangeError('Noon is there every day')
  const earliest = notBefore !== null && londonDate(notBefore) === day ? timeOf(notBefore) : -Infinity
  const latest = londonDate(notAfter) === day ? timeOf(notAfter) : Infinity
  return new Date(Math.max(Math.min(noon.getTime(), latest), earliest))
}

function timeOf(instant: Instant): number {
  return new Date(instant).getTime()
}

export const MOST_REASON = 500

/** From when until when a line claims its item: in hands, and as planned. */
export function claimOf(line: LineFacts) {
  const planned = line.due_on === null ? null : londonMidnightAfter(line.due_on)
  return {
    itemId: line.item_id,
    from: line.taken_at ?? line.from_at,
    until: line.ended_at,
    plannedUntil: line.ended_at ?? planned,
  }
}
