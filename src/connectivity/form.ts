import { accepted, type FieldError, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import { isWhat, MOST_MEGABITS, MOST_PLACE, type NoteForm } from './rules.ts'

/** Reads how the connection was. Without a day it was today. */
export function parseNote(body: unknown, today: string): Parsed<NoteForm> {
  const values = typedValues(body, ['what', 'megabits', 'place', ...dateFieldNames('happened')])
  const errors: FieldError[] = []
  const what = values.what ?? ''
  if (!isWhat(what)) errors.push({ field: 'what', text: 'Choose what happened' })
  const happened = readOptionalDate(values, 'happened', 'Day it happened')
  if (happened.error) errors.push(happened.error)
  else if (happened.date !== null && happened.date > today) {
    errors.push({ field: 'happened', text: 'Day it happened must be today or in the past' })
  }
  const megabits = readMegabits(values.megabits ?? '', errors)
  if (what === 'works' && (values.megabits ?? '') === '') errors.push({ field: 'megabits', text: 'Enter the speed' })
  const place = cleanLine(values.place ?? '')
  if (isLongerThan(place, MOST_PLACE)) {
    errors.push({ field: 'place', text: `Where must be ${MOST_PLACE} characters or less` })
  }
  if (errors.length > 0 || !isWhat(what)) return rejected(errors, values)
  return accepted({ what, happenedOn: happened.date ?? today, megabits, place }, values)
}

function readMegabits(text: string, errors: FieldError[]): number | null {
  if (text === '') return null
  const megabits = /^\d{1,5}(\.\d)?$/.test(text) ? Number(text) : Number.NaN
  if (megabits <= MOST_MEGABITS) return megabits
  errors.push({ field: 'megabits', text: 'Speed must be a number of megabits a second, like 12 or 2.5' })
  return null
}
