import { londonInstant } from '../lib/dates.ts'
import { accepted, type FieldError, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, cleanText, isLongerThan } from '../lib/text.ts'
import { type Telling, type Way, ways } from './rules.ts'

const MOST_WORDS = 4_000
const MOST_IN_A_LINE = 200

export interface ConcernForm {
  what: string
  /** null: nobody was told yet. */
  telling: Telling | null
}

const tellingFields = ['who', 'how', ...dateFieldNames('told'), 'told-time', 'note']

/** Reads what somebody is worried about, and who was told. */
export function parseConcern(body: unknown, now: Date): Parsed<ConcernForm> {
  const values = typedValues(body, ['what', 'is-told', ...tellingFields])
  const errors: FieldError[] = []
  const what = readText(values, 'what', errors)
  if (what === '') errors.push({ field: 'what', text: 'Say what you saw or heard' })
  const isTold = values['is-told'] === 'yes'
  if (!isTold && values['is-told'] !== 'no') errors.push({ field: 'is-told', text: 'Say whether you told somebody' })
  const telling = isTold ? readTelling(values, now, errors) : null
  if (errors.length > 0) return rejected(errors, values)
  return accepted({ what, telling }, values)
}

/** Reads who was told since, and what they said or did. */
export function parseFollowUp(body: unknown, now: Date): Parsed<Telling> {
  const values = typedValues(body, tellingFields)
  const errors: FieldError[] = []
  const telling = readTelling(values, now, errors)
  if (telling.note === '') errors.push({ field: 'note', text: 'Say what came of it' })
  return errors.length > 0 ? rejected(errors, values) : accepted(telling, values)
}

/** Reads what was done, when a concern is closed. */
export function parseClosing(body: unknown): Parsed<string> {
  const values = typedValues(body, ['done'])
  const errors: FieldError[] = []
  const done = readText(values, 'done', errors)
  if (done === '') errors.push({ field: 'done', text: 'Say what was done' })
  return errors.length > 0 ? rejected(errors, values) : accepted(done, values)
}

function readText(values: Typed, field: string, errors: FieldError[]): string {
  const text = cleanText(values[field])
  if (isLongerThan(text, MOST_WORDS)) errors.push({ field, text: 'What you write must be 4,000 characters or less' })
  return text
}

function readTelling(values: Typed, now: Date, errors: FieldError[]): Telling {
  const who = cleanLine(values.who)
  if (who === '') errors.push({ field: 'who', text: 'Enter who was told' })
  else if (isLongerThan(who, MOST_IN_A_LINE)) {
    errors.push({ field: 'who', text: 'Who was told must be 200 characters or less' })
  }
  const how = values.how ?? ''
  if (!Object.hasOwn(ways, how)) errors.push({ field: 'how', text: 'Choose how they were told' })
  const toldAt = readToldAt(values, now, errors)
  const note = readText(values, 'note', errors)
  return { who, how: how as Way, toldAt, note }
}

function readToldAt(values: Typed, now: Date, errors: FieldError[]): Date {
  const { date, error } = readOptionalDate(values, 'told', 'The day they were told')
  if (error) errors.push(error)
  else if (date === null) errors.push({ field: 'told', text: 'Enter the day they were told' })
  const time = cleanLine(values['told-time'])
  if (time === '') errors.push({ field: 'told-time', text: 'Enter the time, like 14:30' })
  if (date === null || time === '') return now
  const instant = londonInstant(date, time)
  if (instant.error) errors.push({ field: 'told-time', text: instant.error.text })
  else if (instant.value > now) errors.push({ field: 'told', text: 'When they were told must be in the past' })
  return instant.value ?? now
}
