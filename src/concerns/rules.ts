import { addDays, londonDate, londonMidnightAfter } from '../lib/dates.ts'
import { nextWorkingDay } from '../lib/working-days.ts'

/** How somebody was told. */
export const ways = {
  'in-person': 'In person',
  phone: 'By phone',
  email: 'By email',
  record: 'In the clinical record or another system',
  other: 'In another way',
} as const
export type Way = keyof typeof ways

/** Who was told, how and when. */
export interface Telling {
  who: string
  how: Way
  toldAt: Date
  note: string
}

/**
 * Until when somebody writes down what came of a concern: the end of the next working day, since within one working day a
 * social worker decides what to do about what they were told (Working Together to Safeguard Children 2023, chapter 3,
 * "Response to a referral"). Where nobody was told yet, the end of the same day.
 */
export function followUpDue(raisedAt: Date, isTold: boolean): Date {
  const today = londonDate(raisedAt)
  return londonMidnightAfter(isTold ? nextWorkingDay(addDays(today, 1)) : today)
}

export type ConcernState = 'closed' | 'followed-up' | 'overdue' | 'open'

export interface ConcernFacts {
  closed_at: string | null
  due_at: string
  is_followed_up: boolean
}

/** Where a concern stands; the first that fits. */
export function concernState({ closed_at, due_at, is_followed_up }: ConcernFacts, now: Date): ConcernState {
  if (closed_at !== null) return 'closed'
  if (is_followed_up) return 'followed-up'
  return Date.parse(due_at) <= now.getTime() ? 'overdue' : 'open'
}

export const concernStates = {
  closed: { text: 'Closed', colour: 'grey' },
  'followed-up': { text: 'Followed up', colour: 'green' },
  overdue: { text: 'Overdue', colour: 'red' },
  open: { text: 'To follow up', colour: 'blue' },
} as const satisfies Record<ConcernState, { text: string; colour: string }>
