import { addDays, formatTime, isDate, londonDate, londonInstant, parseInstant } from '../lib/dates.ts'
import {
  accepted,
  type FieldError,
  fieldText,
  fieldTexts,
  type Parsed,
  rejected,
  type Typed,
  typedValues,
  versionOf,
} from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import {
  addMinutes,
  isPurpose,
  lengths,
  type Purpose,
  type Span,
  STEP_MINUTES,
  timeProblem,
  USUAL_MINUTES,
  type Whom,
} from './rules.ts'

export interface BookingForm {
  itemIds: number[]
  /** null: handed out now. */
  from: Date | null
  until: Date
  whom: Whom
  purpose: Purpose
}

const MOST_INITIALS = 10

const fields = ['on', 'from', 'length', 'until', 'for', 'person', 'initials', 'purpose', 'now']

/** Reads a booking of one thing: when, how long, whom for and what for. */
export function parseBooking(body: unknown, now: Date): Parsed<BookingForm> {
  const values = typedValues(body, fields)
  const errors: FieldError[] = []
  const itemIds = idsIn(fieldTexts(body, 'item'))
  const when = readWhen(values, now, errors)
  const whom = readWhom(values, errors)
  const purpose = values.purpose === '' ? 'not-said' : (values.purpose ?? '')
  if (!isPurpose(purpose)) errors.push({ field: 'purpose', text: 'Choose what it is for' })
  if (errors.length > 0 || !isPurpose(purpose) || !when || !whom) return rejected(errors, values)
  return accepted({ itemIds, ...when, whom, purpose }, values)
}

export function readWhen(
  values: Typed,
  now: Date,
  errors: FieldError[],
): Pick<BookingForm, 'from' | 'until'> | undefined {
  const isNow = values.now === 'yes'
  const start = isNow ? now : readStart(values.on ?? '', values.from ?? '', errors)
  const until = start && readEnd(values, start, errors)
  if (!start || !until) return undefined
  const problem = timeProblem({ from: start, until }, now)
  if (problem) errors.push({ field: isNow ? 'length' : 'from', text: problem })
  return { from: isNow ? null : start, until }
}

function readStart(on: string, from: string, errors: FieldError[]): Date | undefined {
  if (!isDate(on)) {
    errors.push({ field: 'from', text: 'Choose a day in the timetable' })
    return undefined
  }
  return readStep(on, from, 'from', errors)
}

/** A time on a quarter of an hour. An hour that does not exist, or comes twice, is an error at its field. */
function readStep(on: string, time: string, field: string, errors: FieldError[]): Date | undefined {
  const read = londonInstant(on, time)
  if (read.error) errors.push({ field, text: read.error.text })
  else if (read.value.getTime() % (STEP_MINUTES * 60_000) !== 0) {
    errors.push({ field, text: 'Time must be on a quarter of an hour, like 14:15' })
  } else return read.value
  return undefined
}

function readEnd(values: Typed, start: Date, errors: FieldError[]): Date | undefined {
  const { length = '', until = '' } = values
  const minutes = lengths.find((choice) => String(choice) === length)
  // what is handed out now ends on a quarter of an hour, like everything else
  if (minutes !== undefined) return addMinutes(values.now === 'yes' ? roundedStep(start) : start, minutes)
  if (length !== 'other') {
    errors.push({ field: 'length', text: 'Choose how long' })
    return undefined
  }
  return readUntil(values.on ?? '', until, start, errors)
}

const roundedStep = (at: Date) => new Date(Math.ceil(at.getTime() / (STEP_MINUTES * 60_000)) * STEP_MINUTES * 60_000)

/** An end in the small hours of the next day is meant where it would else be before the start, unless that would be long. */
function readUntil(on: string, until: string, start: Date, errors: FieldError[]): Date | undefined {
  const sameDay = readStep(on, until, 'until', errors)
  if (!sameDay || sameDay > start) return sameDay
  const nextDay = londonInstant(addDays(on, 1), until).value
  if (nextDay && timeProblem({ from: start, until: nextDay }, start) === null) return nextDay
  const like = formatTime(addMinutes(start, USUAL_MINUTES))
  errors.push({ field: 'until', text: `The end must be after the start, like ${like}` })
  return undefined
}

export function readWhom(values: Typed, errors: FieldError[]): Whom | undefined {
  if (values.for === 'person') {
    const [id] = idsIn([values.person ?? ''])
    if (id === undefined) errors.push({ field: 'person', text: 'Choose whom it is for' })
    return id === undefined ? undefined : { serviceUserId: id }
  }
  if (values.for === 'initials') {
    const initials = cleanLine(values.initials)
    if (initials === '') errors.push({ field: 'initials', text: 'Enter their initials' })
    else if (isLongerThan(initials, MOST_INITIALS)) {
      errors.push({ field: 'initials', text: `Initials must be ${MOST_INITIALS} characters or less` })
    } else return { initials }
    return undefined
  }
  return 'ward'
}

/** What was chosen in place of what is taken: things, and from when. */
export function parseInstead(body: unknown): { itemIds: number[]; from: Date } | undefined {
  const [ids = '', at = ''] = fieldText(body, 'instead').split('@')
  const itemIds = idsIn(ids.split(','))
  if (itemIds.length === 0 || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:00\.000Z$/.test(at)) return undefined
  return { itemIds, from: parseInstant(at) }
}

export const movedFields = [...dateFieldNames('on'), 'from', 'length', 'until']

/** Reads to which other time a booking is moved. */
export function parseMove(body: unknown, now: Date): Parsed<Span & { version: number }> {
  const values = typedValues(body, movedFields)
  const errors: FieldError[] = []
  const day = readOptionalDate(values, 'on', 'Day')
  if (day.error) errors.push(day.error)
  else if (day.date === null) errors.push({ field: 'on', text: 'Enter the day' })
  const when = day.date === null ? undefined : readWhen({ ...values, on: day.date, now: '' }, now, errors)
  if (errors.length > 0 || !when?.from) return rejected(errors, values)
  return accepted({ from: when.from, until: when.until, version: versionOf(body) }, values)
}

/** Reads until when they keep what they have. `on` is the day on which it ends as planned. */
export function parseExtension(body: unknown, on: string, now: Date): Parsed<{ until: Date; version: number }> {
  const values = typedValues(body, ['end'])
  const errors: FieldError[] = []
  const sameDay = readStep(on, values.end ?? '', 'end', errors)
  const until = sameDay && sameDay <= now ? (londonInstant(addDays(on, 1), values.end ?? '').value ?? sameDay) : sameDay
  const problem = until && timeProblem({ from: now, until }, now)
  if (problem)
    errors.push({ field: 'end', text: sameDay && sameDay <= now ? 'The new end must be after now' : problem })
  if (errors.length > 0 || !until) return rejected(errors, values)
  return accepted({ until, version: versionOf(body) }, values)
}

/**
 * Reads when something was handed out or came back that stood on paper: the last time the clocks showed it, today or
 * yesterday. Null where nothing was typed: it is now.
 */
export function parseAt(body: unknown, now: Date): Parsed<{ at: Date | null }> {
  const values = typedValues(body, ['at'])
  const typed = values.at ?? ''
  if (typed === '') return accepted({ at: null }, values)
  const today = londonDate(now)
  const read = londonInstant(today, typed)
  const at = read.value && read.value > now ? londonInstant(addDays(today, -1), typed) : read
  if (at.error) return rejected([{ field: 'at', text: at.error.text }], values)
  return accepted({ at: at.value }, values)
}

/** The things that were ticked as back. */
export function holdIdsIn(body: unknown): number[] {
  return idsIn(fieldTexts(body, 'hold'))
}

function idsIn(texts: string[]): number[] {
  return [...new Set(texts.filter((text) => /^[1-9]\d{0,14}$/.test(text)))].map(Number)
}
