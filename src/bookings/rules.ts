import { addDays, formatTime, londonDate, londonMidnight, parseInstant } from '../lib/dates.ts'
import type { TagColour } from '../lib/view-model.ts'

export const MINUTE = 60_000
/** A timetable goes in steps of a quarter of an hour, and a booking begins and ends on one. */
export const STEP_MINUTES = 15
/** Longer than that is a loan: it is reviewed, and made ready for whoever comes next. */
export const MOST_HOURS = 12
/** Nobody knows who is on a ward after that. */
export const MOST_WEEKS_AHEAD = 12
/** What follows each use, so that the next person gets it clean. */
export const CLEANING_MINUTES = 15
/** How long before its time something may be handed out that somebody booked. */
export const EARLY_MINUTES = 30

/** Minutes that one tap chooses, and those that stand there to begin with. */
export const lengths = [15, 30, 45, 60, 120] as const
export const USUAL_MINUTES = 30

/** Whom a booking is for: somebody by name, somebody by initials alone, or the ward. */
export type Whom = { serviceUserId: number } | { initials: string } | 'ward'

/** How long after its time began something waits for whoever booked it. */
export const COLLECT_MINUTES = 30

export const purposes = {
  'not-said': 'Not said',
  family: 'Talking with family or friends',
  appointment: 'An appointment',
  leisure: 'Leisure or learning',
  'ward-work': 'Ward work',
  tribunal: 'A tribunal',
  'care-review': 'A care review',
  'family-emergency': 'A family emergency',
} as const

export type Purpose = keyof typeof purposes

export function isPurpose(text: string): text is Purpose {
  return Object.hasOwn(purposes, text)
}

export function purposeName(code: string): string {
  return isPurpose(code) ? purposes[code] : code
}

/** What is kept for them even when nobody comes for it: missing it cannot be made good. */
export const protectedPurposes: ReadonlySet<string> = new Set(['tribunal', 'care-review', 'family-emergency'])

export function isProtected(purpose: string): boolean {
  return protectedPurposes.has(purpose)
}

/** A time from one instant until just before another. */
export interface Span {
  from: Date
  until: Date
}

export function overlaps(one: Span, other: Span): boolean {
  return one.from < other.until && other.from < one.until
}

/** What is written down of one thing that a booking takes. */
export interface HoldFacts {
  starts_at: string
  /** With the minutes in which it is cleaned. */
  ends_at: string
  taken_at: string | null
  ended_at: string | null
  cancelled_at: string | null
}

export const bookingStates = {
  late: { text: 'Not back yet', colour: 'red' },
  out: { text: 'Handed out', colour: 'blue' },
  waiting: { text: 'Not collected yet', colour: 'yellow' },
  booked: { text: 'Booked', colour: 'white' },
  back: { text: 'Back', colour: 'grey' },
  'not-collected': { text: 'Not collected: released', colour: 'grey' },
  cancelled: { text: 'Cancelled', colour: 'grey' },
} as const satisfies Record<string, { text: string; colour: TagColour }>

export type BookingState = keyof typeof bookingStates

export const isOut = (hold: HoldFacts) => hold.taken_at !== null && hold.ended_at === null
export const isToCome = (hold: HoldFacts) => hold.taken_at === null && hold.cancelled_at === null

/** Where a booking stands. Derived from its holds in this order; docs/states.md has the table. */
export function bookingState(
  booking: { cleaning_minutes: number; cancelled_as: string | null },
  holds: HoldFacts[],
  now: Date,
): BookingState {
  const { from, until } = useOf(booking, holds)
  if (holds.some(isOut)) return now > until ? 'late' : 'out'
  if (holds.some(isToCome)) return now >= from ? 'waiting' : 'booked'
  if (holds.some(({ ended_at }) => ended_at !== null)) return 'back'
  return booking.cancelled_as === 'not-collected' ? 'not-collected' : 'cancelled'
}

/** From when until when it is used: the plans of its holds, without the minutes for cleaning. */
export function useOf({ cleaning_minutes }: { cleaning_minutes: number }, holds: HoldFacts[]): Span {
  const from = Math.min(...holds.map((hold) => parseInstant(hold.starts_at).getTime()))
  const end = Math.max(...holds.map((hold) => parseInstant(hold.ends_at).getTime()))
  return { from: new Date(from), until: new Date(Math.max(from, end - cleaning_minutes * MINUTE)) }
}

/** "2pm to 2:30pm". */
export function timesInWords({ from, until }: Span): string {
  return `${formatTime(from)} to ${formatTime(until)}`
}

export function addMinutes(at: Date, minutes: number): Date {
  return new Date(at.getTime() + minutes * MINUTE)
}

/** The beginning of the quarter of an hour that is under way. Quarters are the same everywhere. */
export function stepBefore(at: Date): Date {
  const step = STEP_MINUTES * MINUTE
  return new Date(Math.floor(at.getTime() / step) * step)
}

export function stepAfter(at: Date): Date {
  const step = STEP_MINUTES * MINUTE
  return new Date(Math.ceil(at.getTime() / step) * step)
}

/** The day as it passes in London: 23 or 25 hours where the clocks change. */
export function dayOf(date: string): Span {
  return { from: londonMidnight(date), until: londonMidnight(addDays(date, 1)) }
}

/** The day in London in which a moment is. */
export function dayOfInstant(at: Date): Span {
  return dayOf(londonDate(at))
}

/** Why something cannot be booked for this time, or null. The quarter of an hour that is under way is not yet past. */
export function timeProblem({ from, until }: Span, now: Date): string | null {
  if (from < stepBefore(now)) return 'This time has gone by. Choose a later one'
  if (until <= from) return 'The end must be after the start'
  if (until > addMinutes(from, MOST_HOURS * 60)) {
    return `A booking can take ${MOST_HOURS} hours at most. For longer, ask a digital champion to lend it`
  }
  // the same time of day in that week is within them
  if (from > addMinutes(now, (MOST_WEEKS_AHEAD * 7 + 1) * 24 * 60)) {
    return `Choose a day in the next ${MOST_WEEKS_AHEAD} weeks`
  }
  return null
}

export function bookingUrl({ id }: { id: number }): string {
  return `/bookings/${id}`
}

export function timetableUrl(code: string, date?: string, part?: string): string {
  const query = new URLSearchParams({ ...(date && { on: date }), ...(part && { part }) }).toString()
  return `/wards/${code}/timetable${query === '' ? '' : `?${query}`}`
}

/** Whom a booking is for, as far as whoever looks may know. */
export interface ForWhom {
  /** Whether they work with that ward's people at all. */
  may_see: boolean
  service_user_id: number | null
  service_user: string | null
  initials: string | null
}

export function forWhom({ may_see, service_user_id, service_user, initials }: ForWhom): string {
  if (!may_see) return 'Booked'
  if (service_user_id !== null) return service_user ?? 'Somebody who is no longer on this ward'
  return initials ? initials : 'The ward'
}
