import { accepted, type FieldError, fieldTexts, type Parsed, rejected, typedValues, versionOf } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { parseTypedDate } from '../lib/typed-dates.ts'
import { dueDateProblem } from './rules.ts'

/** The lines ticked on a form about part of a loan. */
export function lineIdsOf(body: unknown): number[] {
  return [...new Set(fieldTexts(body, 'line').filter((text) => /^[1-9]\d{0,14}$/.test(text)))].map(Number)
}

const noLines: FieldError = { field: 'line', text: 'Choose at least one item' }

export interface LinesForm {
  lineIds: number[]
  version: number
}

/** Which lines, and the version of the loan they were ticked on. */
export function parseLines(body: unknown): Parsed<LinesForm> {
  const lineIds = lineIdsOf(body)
  return lineIds.length === 0 ? rejected([noLines], {}) : accepted({ lineIds, version: versionOf(body) })
}

export function parseExtension(body: unknown, today: string): Parsed<LinesForm & { dueOn: string }> {
  const values = typedValues(body, dateFieldNames('due'))
  const lineIds = lineIdsOf(body)
  const errors: FieldError[] = lineIds.length === 0 ? [noLines] : []
  const parts = { day: values['due-day'], month: values['due-month'], year: values['due-year'] }
  const read = parseTypedDate(parts, 'New review date')
  if (read.error) {
    const part = read.error.parts[0] ?? 'day'
    errors.push({ field: part === 'day' ? 'due' : `due-${part}`, text: read.error.text })
  } else {
    const problem = dueDateProblem(read.value, today)
    if (problem) errors.push({ field: 'due', text: problem })
  }
  if (errors.length > 0 || read.error) return rejected(errors, values)
  return accepted({ lineIds, dueOn: read.value, version: versionOf(body) }, values)
}

/** The day it came back may be left out: then it is now. */
export function parseReturn(body: unknown, today: string): Parsed<LinesForm & { returnedOn: string | null }> {
  const values = typedValues(body, dateFieldNames('returned'))
  const lineIds = lineIdsOf(body)
  const errors: FieldError[] = lineIds.length === 0 ? [noLines] : []
  const returned = readOptionalDate(values, 'returned', 'Day it came back')
  if (returned.error) errors.push(returned.error)
  else if (returned.date !== null && returned.date > today) {
    errors.push({ field: 'returned', text: 'Day it came back must be today or in the past' })
  }
  if (errors.length > 0) return rejected(errors, values)
  return accepted({ lineIds, returnedOn: returned.date, version: versionOf(body) }, values)
}
