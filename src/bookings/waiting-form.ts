import { canBeBooked, isCategory } from '../items/rules.ts'
import { addDays, isDate, londonInstant, londonMidnight } from '../lib/dates.ts'
import {
  accepted,
  type FieldError,
  fieldText,
  fieldTexts,
  type Parsed,
  rejected,
  type Typed,
  typedValues,
} from '../lib/fields.ts'
import { dateFieldNames, dateFieldValues, readOptionalDate } from '../lib/form-fields.ts'
import { isConnector } from '../models/rules.ts'
import { readWhen, readWhom } from './form.ts'
import { addMinutes, isPurpose, stepBefore } from './rules.ts'
import type { Wanted, Wish } from './waiting-rules.ts'

const fields = ['thing', 'item', 'category', 'connector', 'from', 'by', 'length', 'until', 'for', 'person', 'initials']

/**
 * Reads who waits, for what and between which times. It comes from a form of its own, where the thing is `thing`; or from
 * that of a booking that could not be had, as it was typed there, where it is an `item` or a `category`.
 */
export function parseWait(body: unknown, now: Date): Parsed<Wish> & { also: string[] } {
  const typed = typedValues(body, [...fields, 'purpose', 'on', 'now', ...dateFieldNames('on')])
  const values = asTypedHere(typed, now)
  const also = fieldTexts(body, 'also').filter(isBookable)
  const errors: FieldError[] = []
  const wanted = readWanted(values, also, errors)
  const times = readTimes(values, now, errors)
  const whom = readWhom(values, errors)
  const purpose = values.purpose === '' ? 'not-said' : (values.purpose ?? '')
  if (!isPurpose(purpose)) errors.push({ field: 'purpose', text: 'Choose what it is for' })
  if (errors.length > 0 || !isPurpose(purpose) || !wanted || !times || !whom)
    return { ...rejected(errors, values), also }
  return { ...accepted({ wanted, ...times, whom, purpose }, values), also }
}

/** The fields of the other forms under the names they have here. */
function asTypedHere({ on = '', now: isNow, ...typed }: Typed, now: Date): Typed {
  const thing = typed.thing || (typed.item ? `item-${typed.item}` : (typed.category ?? ''))
  const day = isDate(on) ? dateFieldValues('on', on) : {}
  const from = isNow === 'yes' ? clockOf(stepBefore(now)) : typed.from
  return { ...typed, ...day, thing, from: from ?? '' }
}

const clockOf = (at: Date) =>
  at.toLocaleTimeString('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit' })

const isBookable = (code: string) => isCategory(code) && canBeBooked(code)

function readWanted({ thing = '', connector = '' }: Typed, also: string[], errors: FieldError[]): Wanted | undefined {
  const itemId = /^item-([1-9]\d{0,14})$/.exec(thing)?.[1]
  if (itemId !== undefined) return { itemId: Number(itemId) }
  if (!isBookable(thing)) errors.push({ field: 'thing', text: 'Choose what they wait for' })
  else if (connector !== '' && !isConnector(connector)) {
    errors.push({ field: 'connector', text: 'Choose a connector from the list' })
  } else return { categories: [...new Set([thing, ...also])], connector: connector === '' ? null : connector }
  return undefined
}

/** How long, and between which times of the day; any time until midnight where nothing else is said. */
function readTimes(
  values: Typed,
  now: Date,
  errors: FieldError[],
): Pick<Wish, 'minutes' | 'earliest' | 'latest'> | undefined {
  const day = readOptionalDate(values, 'on', 'Day')
  if (day.error) errors.push(day.error)
  else if (day.date === null) errors.push({ field: 'on', text: 'Enter the day' })
  if (day.date === null) return undefined
  const when = readWhen({ ...values, on: day.date, now: '' }, now, errors)
  if (!when?.from) return undefined
  const minutes = (when.until.getTime() - when.from.getTime()) / 60_000
  const midnight = londonMidnight(addDays(day.date, 1))
  // what begins before midnight may end after it
  const end = new Date(Math.max(midnight.getTime(), when.until.getTime()))
  const latest = values.by ? londonInstant(day.date, values.by) : { value: end }
  if (latest.error) errors.push({ field: 'by', text: latest.error.text })
  else if (latest.value < addMinutes(when.from, minutes)) {
    errors.push({ field: 'by', text: 'That is too soon for how long they need it. Choose a later time' })
  } else return { minutes, earliest: when.from, latest: latest.value }
  return undefined
}

/** The time that was offered, as the button sends it. */
export function parseOfferedTime(body: unknown): Date | undefined {
  const text = fieldText(body, 'from')
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:00\.000Z$/.test(text) ? new Date(text) : undefined
  return time && !Number.isNaN(time.getTime()) ? time : undefined
}
