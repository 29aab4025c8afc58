import { londonInstant } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { readOptionalDate } from '../lib/form-fields.ts'

/** Reads when something of the diary is and how long it takes, from the fields `on`, `at` and `length`. Adds what is wrong. */
export function readTypedTime(
  values: Typed,
  lengths: readonly number[],
  errors: FieldError[],
): { startsAt: Date; minutes: number } | undefined {
  const { date, error } = readOptionalDate(values, 'on', 'Day')
  if (error) errors.push(error)
  else if (date === null) errors.push({ field: 'on', text: 'Enter the day' })
  // an hour that the clocks leave out, or show twice, is an error here and no guess
  const at = values.at ? londonInstant(date ?? '2026-01-05', values.at) : undefined
  if (!at) errors.push({ field: 'at', text: 'Enter the time' })
  else if (at.error) errors.push({ field: 'at', text: at.error.text })
  const minutes = lengths.find((one) => String(one) === values.length)
  if (minutes === undefined) errors.push({ field: 'length', text: 'Choose how long it takes' })
  return date !== null && at?.value && minutes !== undefined ? { startsAt: at.value, minutes } : undefined
}
