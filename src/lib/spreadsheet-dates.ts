import { dateOf, isDate, WEEKDAYS, weekdayOf } from './calendar.ts'
import { formatDate } from './date-formats.ts'
import { londonDate, parseInstant } from './london-time.ts'
import { accept, type Reading, refuse } from './reading.ts'
import { EARLIEST_YEAR, LATEST_YEAR, monthOf } from './typed-dates.ts'

export type SpreadsheetDateReason =
  | 'missing'
  | 'two-digit-year'
  | 'month-first'
  | 'not-a-real-date'
  | 'excel-serial'
  | 'wrong-weekday'
  | 'year-out-of-range'
  | 'not-a-date'

export type SpreadsheetDate = Reading<string, SpreadsheetDateReason>

type Parts = { day?: string; month?: string; year?: string; weekday?: string }

const EXAMPLE = 'Write it like 3/8/2026 or 2026-08-03'
const TIME = /(?:,? |T)(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?(?: ?[ap]m)?$/i
const WITH_ZONE =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?) ?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)$/i

/** The ways a date is written that leave no doubt which number is what, once day comes first where both are numbers. */
const SHAPES = [
  // 2026-08-03, 2026/8/3
  /^(?<year>[0-9]{4})(?<mark>[-/.])(?<month>[0-9]{1,2})\k<mark>(?<day>[0-9]{1,2})$/,
  // 3/8/2026, 03-08-2026, 3.8.2026
  /^(?<day>[0-9]{1,2})(?<mark>[-/. ])(?<month>[0-9]{1,2})\k<mark>(?<year>[0-9]{4}|[0-9]{2})$/,
  // 3 Aug 2026, 3rd August 2026, 3-Aug-2026, Mon 3 Aug 2026
  /^(?:(?<weekday>[a-z]{3,9})\.?,? )?(?<day>[0-9]{1,2})(?:st|nd|rd|th)?[-/. ](?<month>[a-z]{3,9})\.?,?[-/. ](?<year>[0-9]{4}|[0-9]{2})$/i,
  // August 3, 2026
  /^(?:(?<weekday>[a-z]{3,9})\.?,? )?(?<month>[a-z]{3,9})\.? (?<day>[0-9]{1,2})(?:st|nd|rd|th)?,? (?<year>[0-9]{4}|[0-9]{2})$/i,
]

/**
 * Reads a date as spreadsheets in Britain and the programs people export from write it. A time after the date is left
 * off; an instant with a zone gives its date in London. What could be read in two ways, or was damaged on the way, is
 * refused with a reason of its own and what to do: a two-digit year, the month first, Excel's count of days.
 */
export function parseSpreadsheetDate(text: string): SpreadsheetDate {
  const given = text.trim().replace(/\s+/g, ' ')
  if (given === '') return refuse('missing', 'Enter a date')
  if (given.length > 60) return refuse('not-a-date', `This is not a date. ${EXAMPLE}`)
  if (/^[0-9]{5}(?:[.,][0-9]+)?$/.test(given)) return refuseSerial(given)
  if (WITH_ZONE.test(given)) return readInstant(given)
  const day = given.replace(TIME, '')
  for (const shape of SHAPES) {
    const parts = shape.exec(day)?.groups
    if (parts) return readParts(parts, day)
  }
  return refuse('not-a-date', `${given} is not a date. ${EXAMPLE}`)
}

function readParts(parts: Parts, given: string): SpreadsheetDate {
  const { day = '', month = '', year = '', weekday } = parts
  const monthNumber = /^[0-9]+$/.test(month) ? Number(month) : monthOf(month)
  if (monthNumber === undefined) return refuse('not-a-date', `${given} is not a date. ${EXAMPLE}`)
  if (year.length === 2) {
    return refuse('two-digit-year', `${given} has a year with 2 numbers. Write all 4, like 3/8/2026`)
  }
  const date = dateOf(Number(year), monthNumber, Number(day))
  if (date === undefined) return refuseUnreal(given, Number(year), monthNumber, Number(day))
  if (weekday !== undefined) {
    const name = WEEKDAYS[weekdayOf(date)] ?? ''
    if (!WEEKDAYS.some((known) => startsLike(known, weekday)))
      return refuse('not-a-date', `${given} is not a date. ${EXAMPLE}`)
    if (!startsLike(name, weekday)) return refuse('wrong-weekday', `${formatDate(date)} is a ${name}. Check the date`)
  }
  return inRange(date)
}

function readInstant(given: string): SpreadsheetDate {
  const [, date = '', time = '', offset = ''] = WITH_ZONE.exec(given) ?? []
  const instant = `${date} ${time}${offset.toUpperCase()}`
  if (!isDate(date) || !isInstant(instant)) return refuse('not-a-real-date', `${given} is not a real date. Check it`)
  return inRange(londonDate(instant))
}

function isInstant(text: string): boolean {
  try {
    parseInstant(text)
    return true
  } catch {
    return false
  }
}

function refuseUnreal(given: string, year: number, month: number, day: number): SpreadsheetDate {
  if (month > 12 && dateOf(year, day, month) !== undefined) {
    return refuse('month-first', `${given} has the month first. Write the day first: ${month}/${day}/${year}`)
  }
  return refuse('not-a-real-date', `${given} is not a real date. Check the day and the month`)
}

/** Read as a day count it would be a date, but which one depends on where the file was made: a Mac's Excel counted from 1904. */
function refuseSerial(given: string): SpreadsheetDate {
  return refuse(
    'excel-serial',
    `${given} is how Excel counts days, not a date. Change the format of the column to Date, then save the file again`,
  )
}

function inRange(date: string): SpreadsheetDate {
  const year = Number(date.slice(0, 4))
  if (year >= EARLIEST_YEAR && year <= LATEST_YEAR) return accept(date)
  return refuse('year-out-of-range', `${formatDate(date)} must have a year from ${EARLIEST_YEAR} to ${LATEST_YEAR}`)
}

function startsLike(name: string, typed: string): boolean {
  return name.toLowerCase().startsWith(typed.toLowerCase())
}
