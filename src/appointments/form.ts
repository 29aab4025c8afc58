import { londonDate, londonInstant } from '../lib/dates.ts'
import { accepted, type FieldError, fieldTexts, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, cleanPhone, cleanText, isLongerThan } from '../lib/text.ts'
import { readJoinLink } from './join-link-rules.ts'
import {
  type AppointmentDetails,
  type AppointmentOrder,
  type AppointmentOutcome,
  extraMinutes,
  isRemote,
  lengths,
  minutesAfter,
  takesPlatform,
  timeProblem,
} from './rules.ts'
import {
  backUpNames,
  type Canceller,
  cancellerNames,
  disruptionNames,
  interpreterNames,
  isOneOf,
  outcomeNames,
  purposeNames,
  type Way,
  wayNames,
} from './words-rules.ts'

const idPattern = /^[1-9]\d{0,14}$/

const orderFields = [
  'first',
  'purpose',
  'way',
  ...dateFieldNames('on'),
  'at',
  'length',
  'clinician',
  'team',
  'interpreter',
  'anyway',
]

/**
 * Reads when, how and with whom somebody meets. Why they chose this way is asked of nobody. `booked`: when it is to be so far,
 * which may be over by now.
 */
export function parseOrder(body: unknown, now: Date, booked?: string): Parsed<AppointmentOrder> {
  const values = typedValues(body, orderFields)
  const errors: FieldError[] = []
  const { first = '', way = '', purpose = '', interpreter = '' } = values
  if (first !== 'yes' && first !== 'no') {
    errors.push({ field: 'first', text: 'Choose whether it is their first appointment' })
  }
  if (!isOneOf(wayNames, way)) errors.push({ field: 'way', text: 'Choose how they want to meet' })
  if (!isOneOf(purposeNames, purpose)) errors.push({ field: 'purpose', text: 'Choose what it is for' })
  const startsAt = readStart(values, { now, booked }, errors)
  const minutes = lengths.find((one) => String(one) === values.length)
  if (minutes === undefined) errors.push({ field: 'length', text: 'Choose how long it takes' })
  else if (startsAt) {
    readEnd(startsAt, minutes + extraMinutes({ isFirst: first === 'yes', way }), errors)
  }
  const clinician = readLine(values, 'clinician', 'Who they meet', errors)
  const teamId = idPattern.test(values.team ?? '') ? Number(values.team) : null
  if (errors.length > 0 || !isOneOf(wayNames, way) || !isOneOf(purposeNames, purpose) || !startsAt || !minutes) {
    return rejected(errors, values)
  }
  const chosen = { isFirst: first === 'yes', purpose, way, startsAt, minutes, teamId, clinician }
  return accepted({ ...chosen, interpreter: isOneOf(interpreterNames, interpreter) ? interpreter : null }, values)
}

function readStart(
  values: Typed,
  { now, booked }: { now: Date; booked: string | undefined },
  errors: FieldError[],
): Date | undefined {
  const { date, error } = readOptionalDate(values, 'on', 'Day')
  if (error) errors.push(error)
  else if (date === null) errors.push({ field: 'on', text: 'Enter the day' })
  if (values.at === '') errors.push({ field: 'at', text: 'Enter the time' })
  if (date === null || !values.at) return undefined
  // an hour that the clocks leave out, or show twice, is an error here and no guess
  const read = londonInstant(date, values.at)
  if (read.error) errors.push({ field: 'at', text: read.error.text })
  const isAsBefore = booked !== undefined && read.value?.getTime() === Date.parse(booked)
  const problem = read.value && !isAsBefore ? timeProblem(read.value, now) : null
  if (problem) errors.push({ field: 'on', text: problem })
  return problem ? undefined : read.value
}

/** An appointment over midnight is a slip: nobody meets then, and the list of the next day would not show it. */
function readEnd(startsAt: Date, minutes: number, errors: FieldError[]): void {
  const isOverMidnight = londonDate(minutesAfter(startsAt, minutes - 1)) !== londonDate(startsAt)
  if (isOverMidnight) errors.push({ field: 'at', text: 'The appointment must end before midnight' })
}

function readLine(values: Typed, field: string, name: string, errors: FieldError[], most = 200): string {
  const line = cleanLine(values[field])
  if (isLongerThan(line, most)) errors.push({ field, text: `${name} must be ${most} characters or less` })
  return line
}

function readText(values: Typed, field: string, name: string, errors: FieldError[], most = 1_000): string {
  const text = cleanText(values[field])
  if (isLongerThan(text, most)) {
    errors.push({ field, text: `${name} must be ${most.toLocaleString('en-GB')} characters or less` })
  }
  return text
}

const remoteFields = ['join-link', 'number-shown', 'back-up', 'back-up-number', 'call-back-number']
const inPersonFields = ['place', 'in-person-needs']

/**
 * Reads how one gets in, or what makes it work in person: what this way of meeting asks, and nothing else, so that what was
 * agreed for another way is kept. Everything may be left for later.
 */
export function parseDetails(body: unknown, way: string): Parsed<Partial<AppointmentDetails>> {
  const asked = isRemote(way) ? remoteFields : inPersonFields
  const asks = [...asked, ...(takesPlatform(way) ? ['platform'] : []), 'adaptations', 'others']
  const chosen = fieldTexts(body, 'supporters').filter((id) => idPattern.test(id))
  const values = { ...typedValues(body, asks), supporters: chosen.join(' ') }
  const errors: FieldError[] = []
  const ofWay = isRemote(way)
    ? { ...readRemote(values, errors), ...readPlatform(values) }
    : readInPerson(values, errors)
  const adaptations = readText(values, 'adaptations', 'What makes it easier', errors)
  const others = readText(values, 'others', 'Who else is there', errors, 500)
  return errors.length > 0
    ? rejected(errors, values)
    : accepted({ ...ofWay, adaptations, others, supporter_ids: [...new Set(chosen.map(Number))] }, values)
}

function readPlatform({ platform }: Typed): Partial<AppointmentDetails> {
  if (platform === undefined) return {}
  return { platform_id: idPattern.test(platform) ? Number(platform) : null }
}

function readRemote(values: Typed, errors: FieldError[]): Partial<AppointmentDetails> {
  const backUp = values['back-up'] ?? ''
  return {
    join_link: readLink(values, errors),
    number_shown: readLine(values, 'number-shown', 'The number that will show', errors, 100),
    back_up: isOneOf(backUpNames, backUp) ? backUp : null,
    back_up_number: readPhone(values, 'back-up-number', errors),
    call_back_number: readPhone(values, 'call-back-number', errors),
  }
}

function readInPerson(values: Typed, errors: FieldError[]): Partial<AppointmentDetails> {
  return {
    place: readText(values, 'place', 'Where they meet', errors, 500),
    in_person_needs: readText(values, 'in-person-needs', 'What makes it work', errors),
  }
}

function readLink(values: Typed, errors: FieldError[]): string {
  if (!values['join-link']) return ''
  const link = readJoinLink(values['join-link'])
  if (link.error) errors.push({ field: 'join-link', text: link.error.text })
  return link.value ?? ''
}

function readPhone(values: Typed, field: string, errors: FieldError[]): string {
  if (!values[field]) return ''
  const phone = cleanPhone(values[field])
  if (phone.error) errors.push({ field, text: phone.error.text })
  return phone.value?.typed ?? ''
}

/** Reads the other way in which they are to meet. */
export function parseWay(body: unknown): Parsed<Way> {
  const values = typedValues(body, ['way'])
  const { way = '' } = values
  if (isOneOf(wayNames, way)) return accepted(way, values)
  return rejected([{ field: 'way', text: 'Choose how they want to meet' }], values)
}

/** Reads who cancelled it. */
export function parseCancellation(body: unknown): Parsed<Canceller> {
  const values = typedValues(body, ['by'])
  const { by = '' } = values
  if (isOneOf(cancellerNames, by)) return accepted(by, values)
  return rejected([{ field: 'by', text: 'Choose who cancels it' }], values)
}

/** Reads how it went. The way they met in fact, and what went wrong, are asked of those who met. */
export function parseOutcome(body: unknown): Parsed<AppointmentOutcome> {
  const values = typedValues(body, ['outcome', 'met-by', 'disruption', 'persons-words', 'outcome-note'])
  const errors: FieldError[] = []
  const { outcome = '', 'met-by': metBy = '', disruption = '' } = values
  if (!isOneOf(outcomeNames, outcome)) errors.push({ field: 'outcome', text: 'Choose how it went' })
  const hasMet = outcome === 'attended'
  if (hasMet && !isOneOf(wayNames, metBy)) errors.push({ field: 'met-by', text: 'Choose how they met in the end' })
  if (hasMet && !isOneOf(disruptionNames, disruption)) {
    errors.push({ field: 'disruption', text: 'Choose what went wrong, or “Nothing”' })
  }
  const persons_words = readText(values, 'persons-words', 'What they said about it', errors)
  const outcome_note = readText(values, 'outcome-note', 'What else is to be known', errors)
  if (errors.length > 0 || !isOneOf(outcomeNames, outcome)) return rejected(errors, values)
  const met = {
    met_by: hasMet && isOneOf(wayNames, metBy) ? metBy : null,
    disruption: hasMet && isOneOf(disruptionNames, disruption) ? disruption : null,
  }
  return accepted({ outcome, ...met, persons_words, outcome_note }, values)
}
