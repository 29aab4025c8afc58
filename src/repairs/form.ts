import { accepted, type FieldError, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { parsePounds } from '../lib/money.ts'
import { cleanLine, cleanText, isLongerThan } from '../lib/text.ts'
import type { RepairDetails } from './rules.ts'

const mostReasonCharacters = 1_000
const mostPlaceCharacters = 200

const fields = ['reason', 'place', 'cost', ...dateFieldNames('expected-back')]

/** Reads the form of a repair. `earliest` is the first day it may be expected back, where there is one. */
export function parseRepair(body: unknown, earliest: string | null): Parsed<RepairDetails> {
  const values = typedValues(body, fields)
  const reason = cleanText(values.reason)
  const place = cleanLine(values.place)
  const cost = values.cost === '' ? null : parsePounds(values.cost ?? '', 'Cost')
  const expected = readOptionalDate(values, 'expected-back', 'Day it is expected back')
  const errors: FieldError[] = []
  if (reason === '') errors.push({ field: 'reason', text: 'Say what is wrong with it' })
  if (isLongerThan(reason, mostReasonCharacters)) {
    errors.push({ field: 'reason', text: 'What is wrong must be 1,000 characters or less' })
  }
  if (place === '') errors.push({ field: 'place', text: 'Enter where it goes' })
  if (isLongerThan(place, mostPlaceCharacters)) {
    errors.push({ field: 'place', text: `Place must be ${mostPlaceCharacters} characters or less` })
  }
  if (expected.error) errors.push(expected.error)
  if (expected.date !== null && earliest !== null && expected.date < earliest) {
    errors.push({ field: 'expected-back', text: 'Day it is expected back must be today or in the future' })
  }
  if (cost?.error) errors.push({ field: 'cost', text: cost.error.text })
  if (errors.length > 0) return rejected(errors, values)
  const cost_pence = cost?.value ?? null
  return accepted({ reason, place, cost_pence, expected_back_on: expected.date }, values)
}

/** The item that an address or a form is about; null when it is none. */
export function itemAsked(text: string): number | null {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null
}
