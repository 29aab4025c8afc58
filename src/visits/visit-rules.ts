import { addWeeks, londonInstant } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import { parseTypedDate } from '../lib/typed-dates.ts'
import { MOST_PLACE_CHARACTERS, type Visit } from './rules.ts'

const MOST_WEEKS_AHEAD = 26

/** The fields of a visit: the day in three boxes, a time, a place. */
export const visitFields = [...dateFieldNames('visit'), 'visit-time', 'visit-place']

/** Reads when and where something is handed over: today or later, and not in a time to come that nobody plans for. */
export function readVisit(values: Typed, today: string, errors: FieldError[]): Visit | undefined {
  const found: FieldError[] = []
  const read = readOptionalDate(values, 'visit', 'Day of the visit')
  if (read.error) found.push(read.error)
  else if (read.date === null) found.push({ field: 'visit', text: 'Enter the day of the visit' })
  else if (read.date < today) found.push({ field: 'visit', text: 'Day of the visit must be today or in the future' })
  else if (read.date > addWeeks(today, MOST_WEEKS_AHEAD)) {
    found.push({ field: 'visit', text: 'Day of the visit must be within half a year' })
  }
  const time = cleanLine(values['visit-time'])
  const instant = time === '' ? undefined : londonInstant(read.date ?? today, time)
  if (instant?.error) found.push({ field: 'visit-time', text: instant.error.text })
  const place = cleanLine(values['visit-place'])
  if (isLongerThan(place, MOST_PLACE_CHARACTERS)) {
    found.push({ field: 'visit-place', text: `Place must be ${MOST_PLACE_CHARACTERS} characters or less` })
  }
  errors.push(...found)
  if (found.length > 0 || read.date === null) return undefined
  return { day: read.date, time: time === '' ? null : time.padStart(5, '0'), place }
}

/** The day a packing list is for: today, unless the address names a real one that is near enough. */
export function visitDay(text: string, today: string): string {
  const [year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)?.slice(1) ?? []
  return parseTypedDate({ year, month, day }).value ?? today
}
