import { canBeBooked, isCategory } from '../items/rules.ts'
import { accepted, type FieldError, fieldTexts, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { isConnector } from '../models/rules.ts'
import { type BookingForm, readWhen, readWhom } from './form.ts'
import { isPurpose } from './rules.ts'
import type { Wants } from './wanting-rules.ts'

export interface WantingForm extends Omit<BookingForm, 'itemIds' | 'from'> {
  wants: Wants
  from: Date
}

const fields = ['category', 'connector', 'from', 'length', 'until', 'for', 'person', 'initials', 'purpose']

/** Reads what somebody wants, when, whom for and what for. `also` are the kinds that were ticked to go with it. */
export function parseWanting(body: unknown, now: Date): Parsed<WantingForm> & { also: string[] } {
  const values = typedValues(body, [...fields, ...dateFieldNames('on')])
  const also = fieldTexts(body, 'also').filter(isBookable)
  const errors: FieldError[] = []
  const wants = readWants(values, also, errors)
  const when = readMoment(values, now, errors)
  const whom = readWhom(values, errors)
  const purpose = values.purpose === '' ? 'not-said' : (values.purpose ?? '')
  if (!isPurpose(purpose)) errors.push({ field: 'purpose', text: 'Choose what it is for' })
  if (errors.length > 0 || !isPurpose(purpose) || !when?.from || !whom || !wants) {
    return { ...rejected(errors, values), also }
  }
  return { ...accepted({ wants, from: when.from, until: when.until, whom, purpose }, values), also }
}

const isBookable = (code: string) => isCategory(code) && canBeBooked(code)

function readWants({ category = '', connector = '' }: Typed, also: string[], errors: FieldError[]): Wants | undefined {
  if (!isBookable(category)) {
    errors.push({ field: 'category', text: 'Choose what you want' })
    return undefined
  }
  if (connector !== '' && !isConnector(connector)) {
    errors.push({ field: 'connector', text: 'Choose a connector from the list' })
    return undefined
  }
  return { categories: [...new Set([category, ...also])], connector: connector === '' ? null : connector }
}

function readMoment(values: Typed, now: Date, errors: FieldError[]) {
  const day = readOptionalDate(values, 'on', 'Day')
  if (day.error) errors.push(day.error)
  else if (day.date === null) errors.push({ field: 'on', text: 'Enter the day' })
  return day.date === null ? undefined : readWhen({ ...values, on: day.date }, now, errors)
}
