import { IANAZone } from 'luxon'
import { addDays, dateAt, utcStart } from './calendar.ts'
import { formatClock, formatDate, formatLongDate, formatShortDate } from './date-formats.ts'
import { remember } from './memo.ts'
import { accept, type Reading, refuse } from './reading.ts'

/**
 * Between instants and the clock on the wall in England. The service runs in England only, so London is the one time
 * zone there is. Instants come from the database as text, `2026-08-03 13:30:00+00` in a session set to UTC, or are Dates.
 */
export type Instant = string | Date

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** More hours than the lists of a busy hour show; about 3 MB when all are full. */
const HOURS_KEPT = 10_000
const london = IANAZone.create('Europe/London')

/** London changes its clocks on the hour of UTC, so what holds at the start of an hour of UTC holds through it. */
const minutesAheadInHour = remember(HOURS_KEPT, (hour: number) => london.offset(hour * HOUR))

/** What the clocks show in an hour of UTC. Minutes are the same everywhere: London has been whole hours off since 1847. */
const clockInHour = remember(HOURS_KEPT, (hour: number) => {
  const shown = hour * HOUR + minutesAheadInHour(hour) * MINUTE
  return { date: dateAt(shown), hour: modulo(Math.floor(shown / HOUR), 24) }
})

/** The same, by the hour as the database writes it, '2026-08-03 13' or, in JSON, '2026-08-03T13'. */
const clockInStoredHour = remember(HOURS_KEPT, (text: string) => clockInHour(millisecondsOf(`${text}:00:00+00`) / HOUR))

/** The date in London at this instant: what "today" means to everybody who uses the service. */
export function londonToday(now: Date): string {
  return londonDate(now)
}

export function londonDate(instant: Instant): string {
  return londonClock(instant).date
}

/** The date, hour and minute that the clocks in London show at this instant. */
export function londonClock(instant: Instant): { date: string; hour: number; minute: number } {
  if (typeof instant === 'string' && STORED_IN_UTC.test(instant)) {
    // Four times as fast as going through a Date, for the thousands of cells of a long list.
    const { date, hour } = clockInStoredHour(instant.slice(0, 13))
    return { date, hour, minute: Number(instant.slice(14, 16)) }
  }
  const at = millisecondsOf(instant)
  return { ...clockInHour(Math.floor(at / HOUR)), minute: modulo(Math.floor(at / MINUTE), 60) }
}

/** The instant a day begins in London. Midnight is there once on every day: the clocks change at 1am and 2am. */
export function londonMidnight(date: string): Date {
  const [start] = instantsShowing(utcStart(date))
  if (start === undefined) throw new RangeError(`No midnight in London on ${date}`)
  return new Date(start)
}

/** The instant a day ends in London. Something due on a date is late from here on. */
export function londonMidnightAfter(date: string): Date {
  return londonMidnight(addDays(date, 1))
}

export type LondonTimeReason = 'not-a-time' | 'no-such-time' | 'happens-twice'

/**
 * The instant at which London's clocks show this time, like '14:30', on this date. In spring an hour is left out and in
 * autumn one comes twice; nobody can know which was meant, so both are refused, in words to show beside the field.
 */
export function londonInstant(date: string, time: string): Reading<Date, LondonTimeReason> {
  const [, hour, minute] = /^([01]?[0-9]|2[0-3]):([0-5][0-9])$/.exec(time.trim()) ?? []
  if (hour === undefined) return refuse('not-a-time', 'Time must be like 09:30 or 14:30')
  const [first, second] = instantsShowing(utcStart(date) + Number(hour) * HOUR + Number(minute) * MINUTE)
  const clock = formatClock(Number(hour), Number(minute))
  const choose = 'Choose a time before 1am or from 2am'
  if (first === undefined) {
    return refuse('no-such-time', `${clock} is left out on ${formatDate(date)}: the clocks go forward. ${choose}`)
  }
  if (second !== undefined) {
    return refuse('happens-twice', `${clock} comes twice on ${formatDate(date)}: the clocks go back. ${choose}`)
  }
  return accept(new Date(first))
}

/** Monday 3 August 2026 at 2:30pm */
export function formatInstant(instant: Instant): string {
  const { date, hour, minute } = londonClock(instant)
  return `${formatLongDate(date)} at ${formatClock(hour, minute)}`
}

/** 3 Aug 2026 at 2:30pm, for tables. */
export function formatShortInstant(instant: Instant): string {
  const { date, hour, minute } = londonClock(instant)
  return `${formatShortDate(date)} at ${formatClock(hour, minute)}`
}

/** 2:30pm */
export function formatTime(instant: Instant): string {
  const { hour, minute } = londonClock(instant)
  return formatClock(hour, minute)
}

/** The Date for an instant as the database writes it. */
export function parseInstant(text: string): Date {
  return new Date(millisecondsOf(text))
}

/** As PostgreSQL writes it, alone or in JSON. */
const STORED_IN_UTC = /^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?\+00(?::00)?$/
const STORED =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)(Z|[+-][0-9]{2}(?::?[0-9]{2})?)$/

function millisecondsOf(instant: Instant): number {
  const at = typeof instant === 'string' ? millisecondsIn(instant) : instant.getTime()
  if (Number.isNaN(at)) throw new RangeError('Not an instant like 2026-08-03 13:30:00+00')
  return at
}

function millisecondsIn(text: string): number {
  const [, date, time, offset] = STORED.exec(text) ?? []
  if (date === undefined || time === undefined || offset === undefined) return Number.NaN
  // PostgreSQL leaves out the minutes of a whole-hour offset, which ISO 8601 as JavaScript reads it does not allow.
  return Date.parse(`${date}T${time}${offset.length === 3 ? `${offset}:00` : offset}`)
}

function minutesAhead(milliseconds: number): number {
  return minutesAheadInHour(Math.floor(milliseconds / HOUR))
}

/**
 * The instants at which London shows a wall-clock time, given as if it were UTC: one, or none or two where the clocks
 * change. London has been at UTC, one hour ahead or, in wartime summers, two; an offset counts if it holds at what it gives.
 */
function instantsShowing(wallClock: number): number[] {
  return [120, 60, 0]
    .map((ahead) => ({ ahead, at: wallClock - ahead * MINUTE }))
    .filter(({ ahead, at }) => minutesAhead(at) === ahead)
    .map(({ at }) => at)
}

function modulo(number: number, by: number): number {
  return ((number % by) + by) % by
}
