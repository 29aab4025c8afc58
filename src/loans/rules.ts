import { addWeeks } from '../lib/dates.ts'
import { RuleBroken } from '../lib/refusals.ts'
import type { TagColour } from '../lib/view-model.ts'
import { nextWorkingDay } from '../lib/working-days.ts'

/** What a loan line is. Derived, in this order; docs/states.md has the whole table. */
export const lineStates = {
  mistaken: { text: 'Written down by mistake', colour: 'grey' },
  cancelled: { text: 'Cancelled', colour: 'grey' },
  returned: { text: 'Returned', colour: 'grey' },
  lost: { text: 'Lost', colour: 'orange' },
  stolen: { text: 'Stolen', colour: 'orange' },
  damaged: { text: 'Damaged beyond use', colour: 'orange' },
  given: { text: 'Given to keep', colour: 'aqua-green' },
  planned: { text: 'Planned', colour: 'white' },
  overdue: { text: 'Overdue', colour: 'red' },
  out: { text: 'On loan', colour: 'blue' },
} as const satisfies Record<string, { text: string; colour: TagColour }>

export type LineState = keyof typeof lineStates

export interface LineFacts {
  due_on: string | null
  taken_at: string | null
  ended_as: string | null
  cancelled_at: string | null
  /** The line of another loan that tells what was in truth. */
  moved_to_line_id: number | null
}

export function lineState(line: LineFacts, today: string): LineState {
  if (line.moved_to_line_id !== null) return 'mistaken'
  if (line.cancelled_at !== null) return 'cancelled'
  if (line.ended_as !== null) return line.ended_as as LineState
  if (line.taken_at === null) return 'planned'
  return line.due_on !== null && line.due_on < today ? 'overdue' : 'out'
}

/** Open: somebody has it, or is to have it. */
export function isOpen(line: Pick<LineFacts, 'ended_as' | 'cancelled_at'>): boolean {
  return line.ended_as === null && line.cancelled_at === null
}

export const loanStates = {
  closed: { text: 'Closed', colour: 'grey' },
  overdue: { text: 'Overdue', colour: 'red' },
  'partly-returned': { text: 'Partly returned', colour: 'yellow' },
  open: { text: 'Open', colour: 'blue' },
} as const satisfies Record<string, { text: string; colour: TagColour }>

export type LoanState = keyof typeof loanStates

/** A loan is closed when it has no open line, and by nothing else. */
export function loanState(
  loan: { lines: number; open_lines: number; next_due_on: string | null },
  today: string,
): LoanState {
  if (loan.open_lines === 0) return 'closed'
  if (loan.next_due_on !== null && loan.next_due_on < today) return 'overdue'
  return loan.open_lines < loan.lines ? 'partly-returned' : 'open'
}

/** What dies without a charger (evidence 1.1: a device is lent with its charger). */
const needCharger = new Set(['tablet', 'smartphone', 'laptop', 'hotspot'])

export function needsCharger(items: { category: string }[]): boolean {
  return (
    items.some(({ category }) => needCharger.has(category)) && !items.some(({ category }) => category === 'charger')
  )
}

/** Devices whose operating system gets no more security updates, or will not by the day the loan is reviewed. */
export function unsupportedBy<T extends { support_ends_on: string | null }>(items: T[], dueOn: string): T[] {
  return items.filter((item) => item.support_ends_on !== null && item.support_ends_on <= dueOn)
}

/** What is only ever booked, when somebody wants to lend it. */
export function staysWhereItIs(tag: string): string {
  return `${tag} stays where it is. It can be booked but not lent.`
}

export const wardGiftRefused = 'What is lent to a ward stays ours. It cannot be given away.'

/** More than a van full. A form this long is read in full or refused, and never cut. */
export const MOST_ITEMS = 40

export const DEFAULT_WEEKS = 12

/**
 * The review date a loan starts out with: the longest of its categories' lengths, on a working day. A charger follows
 * its device, so the longest is right.
 */
export function defaultDueOn(categories: string[], weeks: Map<string, number>, from: string): string {
  const lengths = categories.map((category) => weeks.get(category) ?? DEFAULT_WEEKS)
  return nextWorkingDay(addWeeks(from, lengths.length === 0 ? DEFAULT_WEEKS : Math.max(...lengths)))
}

/**
 * The review date an extension starts out with: as long again as a new loan, counted from the last review of these
 * lines, or from today where that has gone by.
 */
export function laterDueOn(
  lines: { category: string; due_on: string | null }[],
  weeks: Map<string, number>,
  today: string,
): string {
  const from = lines.reduce((last, { due_on }) => (due_on !== null && due_on > last ? due_on : last), today)
  return defaultDueOn(
    lines.map((line) => line.category),
    weeks,
    from,
  )
}

const LONGEST_WEEKS = 520

/** Why a day cannot be a review date, or null. A weekend or bank holiday is no reason: it moves to the next working day. */
export function dueDateProblem(dueOn: string, today: string): string | null {
  if (dueOn <= today) return 'The review date must be after today'
  if (dueOn > addWeeks(today, LONGEST_WEEKS)) return 'The review date must be within 10 years'
  return null
}

/** The review date for a day asked for: itself, or the next working day. Refuses (RuleBroken) a day that is none. */
export function workingDueDate(asked: string, today: string): string {
  const problem = dueDateProblem(asked, today)
  if (problem) throw new RuleBroken(problem)
  return nextWorkingDay(asked)
}

/** The review date that goes on from a line that ends: the same, or today where that has gone by. */
export function dueFromNow(dueOn: string | null, today: string): string {
  return dueOn !== null && dueOn > today ? dueOn : today
}

const MOST_TAGS = 4

/** The first tags of a loan, for a list: a loan may have 40. */
export function tagsInWords(tags: string[], count: number = tags.length): string {
  const shown = tags.slice(0, MOST_TAGS)
  const more = count - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}

export const agreementWays = {
  paper: 'On paper',
  screen: 'On screen',
  spoken: 'Spoken, with a witness',
} as const

export type AgreementWay = keyof typeof agreementWays

export function isAgreementWay(text: string): text is AgreementWay {
  return Object.hasOwn(agreementWays, text)
}
