import { addDays } from '../lib/dates.ts'
import { accepted, type FieldError, fieldTexts, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import {
  MOST_WORDS,
  type PermitForm,
  permitLengths,
  type Restrictable,
  type RestrictionForm,
  restrictable,
} from './rules.ts'

const DAYS_AHEAD = 365

/** Reads what a care plan keeps from somebody. */
export function parseRestriction(body: unknown, today: string): Parsed<RestrictionForm> {
  const errors: FieldError[] = []
  const categories = fieldTexts(body, 'kind').filter((one): one is Restrictable =>
    (restrictable as readonly string[]).includes(one),
  )
  const values = { ...typedValues(body, ['words', ...dateFieldNames('review')]), kind: categories.join(' ') }
  if (categories.length === 0) errors.push({ field: 'kind', text: 'Choose what is kept from them' })
  const words = readWords(values, 'words', 'Say what staff have to know', errors)
  const reviewOn = readReview(values, 'review', today, errors)
  if (errors.length > 0) return rejected(errors, values)
  return accepted({ categories: [...new Set(categories)], words, reviewOn }, values)
}

/** Reads by when it is looked at again. */
export function parseReview(body: unknown, today: string): Parsed<string> {
  const errors: FieldError[] = []
  const values = typedValues(body, dateFieldNames('next'))
  const reviewOn = readReview(values, 'next', today, errors)
  return errors.length > 0 ? rejected(errors, values) : accepted(reviewOn, values)
}

/** Reads why it ends. */
export function parseEnding(body: unknown): Parsed<string> {
  const errors: FieldError[] = []
  const values = typedValues(body, ['because'])
  const because = readWords(values, 'because', 'Say what has changed in the care plan', errors)
  return errors.length > 0 ? rejected(errors, values) : accepted(because, values)
}

/** Reads what the nurse in charge signs. The PIN is never kept with what was typed. */
export function parsePermit(body: unknown): Parsed<PermitForm> {
  const { pin = '', ...values } = typedValues(body, ['tag', 'why', 'signer', 'length', 'pin'])
  const errors: FieldError[] = []
  const tag = cleanLine(values.tag)
  if (tag === '') errors.push({ field: 'tag', text: 'Enter or scan the tag of the item' })
  const because = readWords(values, 'why', 'Say why they may have it', errors)
  const length = permitLengths.find(({ value }) => value === values.length)
  if (!length) errors.push({ field: 'length', text: 'Choose for how long' })
  const signerId = /^[1-9]\d{0,14}$/.test(values.signer ?? '') ? Number(values.signer) : null
  if (signerId === null) errors.push({ field: 'signer', text: 'Choose who signs' })
  if (!/^\d{4,8}$/.test(pin)) errors.push({ field: 'pin', text: 'Enter the PIN of whoever signs' })
  if (errors.length > 0 || signerId === null || !length) return rejected(errors, values)
  return accepted({ tag, because, signerId, pin, length }, values)
}

function readWords(values: Typed, field: string, missing: string, errors: FieldError[]): string {
  const text = cleanLine(values[field])
  if (text === '') errors.push({ field, text: missing })
  if (isLongerThan(text, MOST_WORDS)) errors.push({ field, text: `Must be ${MOST_WORDS} characters or fewer` })
  return text
}

/** A day after today and within a year: what is never looked at again keeps things from somebody for good. */
function readReview(values: Typed, field: string, today: string, errors: FieldError[]): string {
  const { date, error } = readOptionalDate(values, field, 'The day it is looked at again')
  if (error) errors.push(error)
  else if (date === null) errors.push({ field, text: 'Enter the day it is looked at again' })
  else if (date <= today) errors.push({ field, text: 'The day it is looked at again must be after today' })
  else if (date > addDays(today, DAYS_AHEAD)) {
    errors.push({ field, text: 'The day it is looked at again must be within a year' })
  }
  return date ?? ''
}
