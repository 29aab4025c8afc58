import { daysBetween, MONTHS, utcStart, WEEKDAYS, weekdayOf } from './calendar.ts'
import { remember } from './memo.ts'

/**
 * Dates and times in the words of the NHS digital service manual ("Numbers, measurements, dates and time"):
 * "Monday 3 August 2026", "2:30pm", "9am", "midday", "midnight". Names come from tables: a list of 50 rows prints some
 * 150 dates, and Intl once a cell costs most of the page. What is found for a day is kept, since a list repeats its days.
 */

/** More days than the pages of a busy hour show; about 2 MB when all are full. */
const DAYS_KEPT = 5_000

/** 3 August 2026 */
export const formatDate = remember(DAYS_KEPT, (date: string) => {
  const { day, month, year } = partsOf(date)
  return `${day} ${month} ${year}`
})

/** Monday 3 August 2026 */
export const formatLongDate = remember(DAYS_KEPT, (date: string) => `${WEEKDAYS[weekdayOf(date)]} ${formatDate(date)}`)

/** 3 Aug 2026, for tables. */
export const formatShortDate = remember(DAYS_KEPT, (date: string) => {
  const { day, month, year } = partsOf(date)
  return `${day} ${month.slice(0, 3)} ${year}`
})

/** Mon 3 Aug, for the head of a timetable, where the year is known. */
export const formatShortDay = remember(DAYS_KEPT, (date: string) => {
  const { day, month } = partsOf(date)
  return `${WEEKDAYS[weekdayOf(date)]?.slice(0, 3)} ${day} ${month.slice(0, 3)}`
})

/** Hours and minutes on a clock of 24 hours, as people say them: 2:30pm, 9am, midday, midnight. */
export function formatClock(hour: number, minute: number): string {
  if (minute === 0 && hour === 0) return 'midnight'
  if (minute === 0 && hour === 12) return 'midday'
  const minutes = minute === 0 ? '' : `:${String(minute).padStart(2, '0')}`
  return `${hour % 12 || 12}${minutes}${hour < 12 ? 'am' : 'pm'}`
}

/** How far off a date is: "today", "tomorrow", "in 3 days", "yesterday", "3 days ago". */
export function formatRelativeDate(date: string, today: string): string {
  const days = daysBetween(today, date)
  if (days === 0) return 'today'
  if (days === 1) return 'tomorrow'
  if (days === -1) return 'yesterday'
  return days > 0 ? `in ${days} days` : `${-days} days ago`
}

/** How something due stands: "today", "tomorrow", "in 3 days", "1 day late", "3 days late". */
export function formatDue(date: string, today: string): string {
  const late = daysBetween(date, today)
  if (late <= 0) return formatRelativeDate(date, today)
  return late === 1 ? '1 day late' : `${late} days late`
}

function partsOf(date: string): { day: number; month: string; year: string } {
  utcStart(date)
  return {
    day: Number(date.slice(8)),
    month: MONTHS[Number(date.slice(5, 7)) - 1] ?? '',
    year: date.slice(0, 4),
  }
}
