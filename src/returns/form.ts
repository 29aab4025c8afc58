import { accepted, type FieldError, fieldText, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { MOST_CODES, type ReturnOrder, returnDayProblem } from './rules.ts'

const LONGEST_CODE = 200

/** Reads what was scanned, one code a line, and the day. A scanner may end a code with a tab as well as with Enter. */
export function parseReturns(body: unknown, today: string): Parsed<ReturnOrder> {
  const values = typedValues(body, ['codes', ...dateFieldNames('returned')])
  const codes = codesIn(fieldText(body, 'codes'))
  const errors: FieldError[] = codesErrors(codes)
  const day = readOptionalDate(values, 'returned', 'Day they came back')
  const problem = day.date && returnDayProblem(day.date, today)
  if (day.error) errors.push(day.error)
  if (problem) errors.push({ field: 'returned', text: problem })
  return errors.length > 0 ? rejected(errors, values) : accepted({ codes, returnedOn: day.date }, values)
}

function codesIn(text: string): string[] {
  return text
    .split(/[\r\n\t]+/)
    .map((line) => line.trim().slice(0, LONGEST_CODE))
    .filter((line) => line !== '')
}

function codesErrors(codes: string[]): FieldError[] {
  if (codes.length === 0) return [{ field: 'codes', text: 'Scan or type at least one item' }]
  if (codes.length <= MOST_CODES) return []
  const text = `There are ${codes.length} codes. Take back ${MOST_CODES} at most, and the rest after that`
  return [{ field: 'codes', text }]
}
