import { accepted, type FieldError, fieldText, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { parseNhsNumber } from '../lib/nhs-number.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import type { OpeningOrder, PersonMeant } from './rules.ts'

const MOST_CHARACTERS = 200
const LONGEST_REASON = 1_000
const SHORTEST_REASON = 10

/** Reads who is meant: the day they were born and, beside that, the NHS number or the whole name. */
export function parsePersonMeant(body: unknown): Parsed<PersonMeant> {
  const values = typedValues(body, ['nhs-number', 'name', ...dateFieldNames('date-of-birth')])
  const errors: FieldError[] = []
  const birth = readOptionalDate(values, 'date-of-birth', 'Date of birth')
  if (birth.error) errors.push(birth.error)
  else if (birth.date === null) errors.push({ field: 'date-of-birth', text: 'Enter their date of birth' })
  const typedNumber = values['nhs-number'] ?? ''
  const number = typedNumber === '' ? null : parseNhsNumber(typedNumber)
  if (number?.error) errors.push({ field: 'nhs-number', text: number.error.text })
  const name = cleanLine(values.name)
  if (number === null) errors.push(...nameErrors(name))
  if (errors.length > 0 || birth.date === null) return rejected(errors, values)
  return accepted({ dateOfBirth: birth.date, nhsNumber: number?.value ?? null, name }, values)
}

/** One word is half of a town: a first and a last name are asked for. */
function nameErrors(name: string): FieldError[] {
  if (name === '') return [{ field: 'nhs-number', text: 'Enter their NHS number, or their full name below' }]
  if (isLongerThan(name, MOST_CHARACTERS)) return [{ field: 'name', text: 'Full name must be 200 characters or less' }]
  const words = name.split(/[\s-]+/).filter((word) => /\p{L}/u.test(word))
  return words.length < 2 ? [{ field: 'name', text: 'Enter their first and last name' }] : []
}

/** Reads whose record is opened and why. */
export function parseOpening(body: unknown): Parsed<OpeningOrder> {
  const values = typedValues(body, ['person', 'reason'])
  const personId = /^[1-9]\d{0,14}$/.test(values.person ?? '') ? Number(values.person) : null
  const errors: FieldError[] = []
  if (personId === null) errors.push({ field: 'person', text: 'Choose whose record you need' })
  const problem = reasonProblem(values.reason ?? '')
  if (problem) errors.push({ field: 'reason', text: problem })
  if (errors.length > 0 || personId === null) return rejected(errors, values)
  return accepted({ personId, reason: values.reason ?? '' }, values)
}

function reasonProblem(reason: string): string | undefined {
  if (reason === '') return 'Say why you need to open this record'
  if (isLongerThan(reason, LONGEST_REASON)) return 'The reason must be 1,000 characters or less'
  return reason.length < SHORTEST_REASON || !/\p{L}{2}/u.test(reason)
    ? 'Say it in a sentence, so that somebody else can follow it'
    : undefined
}

/** What information governance writes down when they have looked at an opening; it may be left empty. */
export function parseSeen(body: unknown): Parsed<string> {
  const note = fieldText(body, 'note')
  if (!isLongerThan(note, LONGEST_REASON)) return accepted(note, { note })
  return rejected([{ field: 'note', text: 'The note must be 1,000 characters or less' }], { note })
}

export function parseOpeningMinutes(body: unknown): Parsed<{ minutes: number; shown: number }> {
  const values = typedValues(body, ['minutes', 'shown'])
  const minutes = /^\d{1,4}$/.test(values.minutes ?? '') ? Number(values.minutes) : 0
  if (minutes < 5 || minutes > 480) {
    return rejected([{ field: 'minutes', text: 'Enter a number of minutes from 5 to 480' }], values)
  }
  return accepted({ minutes, shown: Number(values.shown) || 0 }, values)
}
