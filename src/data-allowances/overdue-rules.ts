import { addDays, formatDate, londonDate, parseInstant } from '../lib/dates.ts'
import type { Contact } from './contacts-rules.ts'

/** What it depends on whether data may be suspended because its item is overdue. */
export interface OverdueFacts {
  /** Days overdue after which somebody is asked; null: the organisation has not turned it on. */
  suspend_after_days: number | null
  /** When the item that it was given with is due; null where it is with none that is out. */
  due_on: string | null
  warned_at: string | null
  contacts: readonly Contact[]
}

/** So long before it is suspended they are warned. */
export const DAYS_OF_WARNING = 7

/**
 * What is to be done about data whose item is overdue: warn them, wait a week, or decide. Nothing where the organisation has not
 * turned it on, and `booked` while a call is to come: then it is left alone.
 */
export function overdueStep(facts: OverdueFacts, now: Date): 'warn' | 'wait' | 'decide' | 'booked' | null {
  const { suspend_after_days: days, due_on, warned_at, contacts } = facts
  if (days === null || due_on === null || addDays(due_on, days) > londonDate(now)) return null
  if (contacts.some(({ ends_at }) => parseInstant(ends_at) > now)) return 'booked'
  // a warning from before it was due, or before a loan was extended, is none
  if (warned_at === null || londonDate(warned_at) <= due_on) return 'warn'
  const since = now.getTime() - parseInstant(warned_at).getTime()
  return since < DAYS_OF_WARNING * 86_400_000 ? 'wait' : 'decide'
}

/** Why data is not suspended for being overdue; null where it may be. */
export function whyNotSuspend(facts: OverdueFacts, now: Date): string | null {
  const step = overdueStep(facts, now)
  if (step === 'decide') return null
  if (step === null) return 'It is not suspended for being overdue: see what your organisation decided.'
  if (step === 'booked') return 'A call is booked. It is not suspended before that is over.'
  if (step === 'warn') return 'Warn them first, and give them 7 days.'
  const day = addDays(londonDate(facts.warned_at ?? ''), DAYS_OF_WARNING)
  return `They were warned. It may be suspended from ${formatDate(day)}.`
}
