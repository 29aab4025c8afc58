import { londonInstant, londonToday } from '../lib/dates.ts'
import {
  accepted,
  type FieldError,
  fieldTexts,
  type Parsed,
  rejected,
  type Typed,
  typedValues,
  versionOf,
} from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import { type AgreementWay, isAgreementWay } from '../loans/rules.ts'
import type { Visit } from './rules.ts'
import { readVisit, visitFields } from './visit-rules.ts'

export interface PutOffForm extends Visit {
  version: number
}

/** Reads on which other day it is handed over. */
export function parsePutOff(body: unknown, today: string): Parsed<PutOffForm> {
  const values = typedValues(body, visitFields)
  const errors: FieldError[] = []
  const visit = readVisit(values, today, errors)
  return visit ? accepted({ ...visit, version: versionOf(body) }, values) : rejected(errors, values)
}

export interface HandOverForm {
  lineIds: number[]
  /** When it was handed over, where that was before now. */
  at: Date | null
  agreement: { way: AgreementWay; witness: string | null } | null
  version: number
}

const handOverFields = [...dateFieldNames('taken'), 'taken-time', 'agreement', 'witness']

/** Reads what was handed over, when, and how they accepted the agreement, where that is not known yet. */
export function parseHandOver(
  body: unknown,
  { lineIds, asksAgreement, now }: { lineIds: number[]; asksAgreement: boolean; now: Date },
): Parsed<HandOverForm> {
  const values = typedValues(body, handOverFields)
  const errors: FieldError[] = []
  if (lineIds.length === 0) errors.push({ field: 'line', text: 'Choose at least one item' })
  const at = readTaken(values, now, errors)
  const agreement = asksAgreement ? readAgreement(values, errors) : null
  if (errors.length > 0) return rejected(errors, values)
  return accepted({ lineIds, at, agreement, version: versionOf(body) }, values)
}

function readTaken(values: Typed, now: Date, errors: FieldError[]): Date | null {
  const read = readOptionalDate(values, 'taken', 'Day it was handed over')
  const time = cleanLine(values['taken-time'])
  if (read.error) {
    errors.push(read.error)
    return null
  }
  if (read.date === null && time === '') return null
  if (time === '') {
    errors.push({ field: 'taken-time', text: 'Enter the time too, or leave the day empty if it was just now' })
    return null
  }
  const instant = londonInstant(read.date ?? londonToday(now), time)
  if (instant.error) errors.push({ field: 'taken-time', text: instant.error.text })
  else if (instant.value > now) errors.push({ field: 'taken', text: 'It cannot have been handed over in the future' })
  return instant.value ?? null
}

function readAgreement(values: Typed, errors: FieldError[]): HandOverForm['agreement'] {
  const way = values.agreement ?? ''
  if (!isAgreementWay(way)) {
    errors.push({ field: 'agreement', text: 'Choose how they accepted the agreement' })
    return null
  }
  const witness = way === 'spoken' ? cleanLine(values.witness) : null
  if (witness === '') errors.push({ field: 'witness', text: 'Enter the name of the witness' })
  if (witness !== null && isLongerThan(witness, 200)) {
    errors.push({ field: 'witness', text: 'Name of the witness must be 200 characters or less' })
  }
  return { way, witness }
}

/** The lines ticked on the form. */
export function lineIdsIn(body: unknown): number[] {
  const ids = fieldTexts(body, 'line').filter((text) => /^[1-9]\d{0,14}$/.test(text))
  return [...new Set(ids)].map(Number)
}
