import { dateOf, MONTHS } from './calendar.ts'
import { accept, type ReadingError } from './reading.ts'

export type DatePart = 'day' | 'month' | 'year'
export type TypedDateReason =
  | 'missing'
  | 'incomplete'
  | 'year-needs-4-numbers'
  | 'not-a-real-date'
  | 'year-out-of-range'

/** `parts` are the fields to mark as wrong. The error summary links to the first of them. */
export type TypedDateError = ReadingError<TypedDateReason> & { parts: DatePart[] }
export type TypedDate = { value: string; error?: undefined } | { value?: undefined; error: TypedDateError }

/** Nobody alive was born before the first, and no loan, licence or support date reaches the second. */
export const EARLIEST_YEAR = 1900
export const LATEST_YEAR = 2199

const PARTS: readonly DatePart[] = ['day', 'month', 'year']

/**
 * Reads the three fields of the NHS date input. A month may be a number or a name, as the NHS service manual asks
 * ("Date input"); the errors are in its words. `name` begins the sentence: "Due date must include a month". Anything
 * but text, such as the list that a repeated parameter becomes, counts as left empty.
 */
export function parseTypedDate(typed: Partial<Record<DatePart, unknown>>, name = 'Date'): TypedDate {
  const day = textOf(typed.day)
  const month = textOf(typed.month)
  const year = textOf(typed.year)
  const missing = PARTS.filter((part) => textOf(typed[part]) === '')
  if (missing.length === 3) return wrong('missing', `Enter the ${lowerFirst(name)}`, [...PARTS])
  if (missing.length > 0) return wrong('incomplete', `${name} must include a ${missing.join(' and ')}`, missing)
  if (/^[0-9]+$/.test(year) && year.length !== 4) {
    return wrong('year-needs-4-numbers', 'Year must include 4 numbers', ['year'])
  }

  const impossible = PARTS.filter((part) => !{ day: isDay(day), month: monthOf(month), year: isYear(year) }[part])
  const date = dateOf(Number(year), monthOf(month) ?? 0, Number(day))
  if (impossible.length > 0 || date === undefined) {
    return wrong('not-a-real-date', `${name} must be a real date`, impossible.length > 0 ? impossible : [...PARTS])
  }
  if (Number(year) < EARLIEST_YEAR || Number(year) > LATEST_YEAR) {
    return wrong('year-out-of-range', `${name} must have a year from ${EARLIEST_YEAR} to ${LATEST_YEAR}`, ['year'])
  }
  return accept(date)
}

/** The number of a month from its number, name or the first 3 or more letters of its name. */
export function monthOf(text: string): number | undefined {
  if (/^(?:0?[1-9]|1[0-2])$/.test(text)) return Number(text)
  if (text.length < 3) return undefined
  const at = MONTHS.findIndex((month) => month.toLowerCase().startsWith(text.toLowerCase()))
  return at < 0 ? undefined : at + 1
}

function isDay(text: string): boolean {
  return /^(?:0?[1-9]|[12][0-9]|3[01])$/.test(text)
}

function isYear(text: string): boolean {
  return /^[0-9]{4}$/.test(text)
}

function textOf(part: unknown): string {
  return typeof part === 'string' ? part.trim() : ''
}

/** "Due date" within a sentence, but "NHS start date" as it is. */
function lowerFirst(name: string): string {
  return /^\p{Lu}\p{Ll}/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name
}

function wrong(reason: TypedDateReason, text: string, parts: DatePart[]): TypedDate {
  return { error: { reason, text, parts } }
}
