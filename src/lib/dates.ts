/**
 * Everything about dates and times in one import, so that no caller needs to know which file a word lives in. Days are
 * text like '2026-08-03'; the time zone is London; what day it is now is always an argument.
 */
export { addDays, addWeeks, daysBetween, isDate, weekdayOf } from './calendar.ts'
export {
  formatClock,
  formatDate,
  formatDue,
  formatLongDate,
  formatRelativeDate,
  formatShortDate,
  formatShortDay,
} from './date-formats.ts'
export {
  formatInstant,
  formatShortInstant,
  formatTime,
  type Instant,
  londonClock,
  londonDate,
  londonInstant,
  londonMidnight,
  londonMidnightAfter,
  londonToday,
  parseInstant,
} from './london-time.ts'
export { parseSpreadsheetDate } from './spreadsheet-dates.ts'
export { type DatePart, parseTypedDate, type TypedDateError } from './typed-dates.ts'
