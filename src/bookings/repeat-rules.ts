import { addDays, londonClock, londonInstant } from '../lib/dates.ts'
import type { Span } from './rules.ts'

/** A booking may be repeated each week for so many weeks more. */
export const MOST_REPEATS = 12

/** One of the weeks: the same time on the clock on the wall, or why there is none. */
export type Repeat = { week: number; date: string } & ({ span: Span; problem?: undefined } | { problem: string })

/**
 * The same weekday and the same times on the clock, one week after another. A time that the clocks leave out, or that comes
 * twice, is no time.
 */
export function repeatsOf({ from, until }: Span, weeks: number): Repeat[] {
  const start = londonClock(from)
  const end = londonClock(until)
  return Array.from({ length: weeks }, (_, at) => {
    const week = at + 1
    const date = addDays(start.date, week * 7)
    const first = londonInstant(date, clockOf(start))
    const last = londonInstant(addDays(end.date, week * 7), clockOf(end))
    if (first.error) return { week, date, problem: first.error.text }
    if (last.error) return { week, date, problem: last.error.text }
    return { week, date, span: { from: first.value, until: last.value } }
  })
}

function clockOf({ hour, minute }: { hour: number; minute: number }): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

/** A week in which it cannot be booked, and why. */
export interface Clash {
  week: number
  date: string
  why: string
}
