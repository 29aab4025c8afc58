import { remember } from './memo.ts'

/**
 * Arithmetic on days as the database gives them: text like '2026-08-03', with no time and no time zone, so that no
 * change of the clocks can move one. Everything here refuses text that is no real date with a RangeError: what people
 * type is read by typed-dates.ts and spreadsheet-dates.ts first.
 */

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

/** From Sunday, so that the first has number 0, as in Date. */
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const

const DAY = 86_400_000
const SHAPE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/

/** True for a date that was or will be, like '2024-02-29', in the years 1000 to 9999. */
export function isDate(text: string): boolean {
  return startOfDay(text) !== undefined
}

/** The date with this year, month (from 1) and day, or undefined where there is none, as for 30 February. */
export function dateOf(year: number, month: number, day: number): string | undefined {
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
  return isDate(date) ? date : undefined
}

export function addDays(date: string, days: number): string {
  return dayAt(utcStart(date) + days * DAY)
}

export function addWeeks(date: string, weeks: number): string {
  return addDays(date, weeks * 7)
}

/** How many days `to` is after `from`: 1 from one day to the next, negative when it is before. */
export function daysBetween(from: string, to: string): number {
  return (utcStart(to) - utcStart(from)) / DAY
}

/** The number of the day in the week, 0 for Sunday to 6 for Saturday. */
export function weekdayOf(date: string): number {
  return weekdayAt(utcStart(date))
}

/** More days than the pages of a busy hour speak of. */
const DAYS_KEPT = 10_000

/**
 * Milliseconds since 1970 at 00:00 UTC of this date: the number that stands for a day in sums. A list asks it twice for every
 * row, of the same few days.
 */
export const utcStart = remember(DAYS_KEPT, (date: string): number => {
  const start = startOfDay(date)
  if (start === undefined) throw new RangeError('Not a date like 2026-08-03')
  return start
})

/** As dateAt, of the start of a day: a forecast goes through a year of days, and so does the next. */
const dayAt = remember(DAYS_KEPT, dateAt)

/** The UTC date at this many milliseconds since 1970. */
export function dateAt(milliseconds: number): string {
  const at = new Date(milliseconds)
  const year = at.getUTCFullYear()
  if (!(year >= 1000 && year <= 9999)) throw new RangeError('A date outside the years 1000 to 9999')
  return `${year}-${pad(at.getUTCMonth() + 1, 2)}-${pad(at.getUTCDate(), 2)}`
}

function startOfDay(text: string): number | undefined {
  const [matched, year, month, day] = SHAPE.exec(text) ?? []
  if (!matched || Number(year) < 1000) return undefined
  const start = Date.UTC(Number(year), Number(month) - 1, Number(day))
  // Date rolls 30 February over into March, so a real date is one that comes back as it went in.
  return dateAt(start) === text ? start : undefined
}

/** 1 January 1970, day 0, was a Thursday. */
function weekdayAt(start: number): number {
  return (((start / DAY + 4) % 7) + 7) % 7
}

function pad(number: number, width: number): string {
  return String(number).padStart(width, '0')
}
