import { addDays } from '../lib/dates.ts'
import { RuleBroken } from '../lib/refusals.ts'
import { laterDueOn } from '../loans/rules.ts'

/** More than fits in one sitting; what is left comes after it. */
export const MOST_LINES = 500

/** Which open lines, by their review date. */
export const reviewFilters = {
  overdue: 'Overdue',
  week: 'To review in the next 7 days',
  due: 'To review in the next 4 weeks',
  open: 'Everything on loan',
} as const

export type ReviewFilter = keyof typeof reviewFilters

export function isReviewFilter(text: string): text is ReviewFilter {
  return Object.hasOwn(reviewFilters, text)
}

/** The review dates that a filter takes in. What is overdue is not in the others: it is talked about first. */
export function reviewDays(filter: ReviewFilter, today: string): { from: string | null; until: string | null } {
  if (filter === 'open') return { from: null, until: null }
  if (filter === 'overdue') return { from: null, until: addDays(today, -1) }
  return { from: today, until: addDays(today, filter === 'week' ? 7 : 28) }
}

/** A line as somebody saw it: it is extended from this review date or not at all. */
export interface SeenLine {
  id: number
  dueOn: string
}

export interface ExtensionOrder {
  lines: SeenLine[]
  /** The new review date of all of them; null: each loan is kept as long again as a new one. */
  dueOn: string | null
}

/** The new review date of each line. What is lent together stays together: as long again is reckoned by the loan. */
export function laterDueDates(
  lines: { line_id: number; loan_id: number; category: string; due_on: string }[],
  weeks: Map<string, number>,
  today: string,
): Map<number, string> {
  const byLoan = Map.groupBy(lines, (line) => line.loan_id)
  const dates = new Map([...byLoan].map(([loanId, ofLoan]) => [loanId, laterDueOn(ofLoan, weeks, today)]))
  return new Map(lines.map((line) => [line.line_id, dates.get(line.loan_id) ?? '']))
}

/** Why one line cannot be extended like this. */
export interface LineInTheWay {
  lineId: number
  text: string
}

/** Some lines cannot be extended, so none was: each says why. */
export class LinesInTheWay extends RuleBroken {
  readonly lines: LineInTheWay[]
  constructor(lines: LineInTheWay[]) {
    super('Some of these cannot be extended.')
    this.lines = lines
  }
}
