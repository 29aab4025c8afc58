import { addDays, londonMidnight, londonToday } from '../lib/dates.ts'
import { accepted, type FieldError, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { parseIccid } from '../lib/iccid.ts'
import { parsePounds } from '../lib/money.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import { parseMegabytes } from './megabytes-rules.ts'
import { type Because, becauseWords, type Kind, kinds, type Period, periods } from './words-rules.ts'

export interface AllowanceOrder extends Eligibility, When, ForWhom {
  kind: Kind
  provider: string
  network: string
  megabytes: number | null
  period: Period
  funder: string
  costPence: number | null
  simNumber: string | null
}

export interface When {
  startsOn: string
  endsOn: string | null
}

export interface ForWhom {
  wardId: number | null
  staffId: number | null
}

/** What a funder asks for, as it was answered; null: not asked. It decides nothing. */
export interface Eligibility {
  isAdult: boolean | null
  hasLowIncome: boolean | null
  lacksAccess: boolean | null
}

export const eligibilityNames = ['adult', 'low-income', 'little-access'] as const

const textNames = ['provider', 'network', 'funder'] as const
const MOST_OF_A_LINE = 100

/** Reads what is given. `isHeld`: who gets it is settled; else a ward or a member of staff is chosen in the form. */
export function parseAllowance(body: unknown, today: string, isHeld: boolean): Parsed<AllowanceOrder> {
  const names = [
    'kind',
    'amount',
    'amount-unit',
    'unlimited',
    'period',
    'cost',
    'sim-number',
    'ward',
    'staff',
    ...eligibilityNames,
  ]
  const dates = [...dateFieldNames('starts-on'), ...dateFieldNames('ends-on')]
  const values = typedValues(body, [...names, ...textNames, ...dates])
  const errors: FieldError[] = []
  const kind = kinds.find(({ value }) => value === values.kind)?.value
  if (!kind) errors.push({ field: 'kind', text: 'Choose what is given' })
  const [provider, network, funder] = textNames.map((field) => readLine(values, field, errors)) as [
    string,
    string,
    string,
  ]
  if (provider === '') errors.push({ field: 'provider', text: 'Enter the provider' })
  const megabytes = values.unlimited === 'yes' ? null : readAmount(values, 'amount', 1, errors)
  const period = periods.find(({ value }) => value === values.period)?.value
  if (!period) errors.push({ field: 'period', text: 'Choose how often it is given' })
  const { startsOn, endsOn } = readDays(values, today, errors)
  const simNumber = readSim(values, errors, true)
  const costPence = readCost(values, errors)
  const whom = readForWhom(values, isHeld, errors)
  if (errors.length > 0 || !kind || !period || megabytes === undefined) return rejected(errors, values)
  const order = { kind, provider, network, funder, megabytes, period, startsOn, endsOn, simNumber, costPence }
  return accepted({ ...order, ...whom, ...readEligibility(values) }, values)
}

export function readForWhom(values: Typed, isHeld: boolean, errors: FieldError[]): ForWhom {
  const wardId = idOf(values.ward)
  const staffId = idOf(values.staff)
  if (!isHeld && (wardId === null) === (staffId === null)) {
    errors.push({ field: 'ward', text: 'Choose a ward or a member of staff, and not both' })
  }
  return isHeld ? { wardId: null, staffId: null } : { wardId, staffId }
}

export function readEligibility(values: Typed): Eligibility {
  const said = (name: string) => (values[name] === 'yes' ? true : values[name] === 'no' ? false : null)
  return { isAdult: said('adult'), hasLowIncome: said('low-income'), lacksAccess: said('little-access') }
}

function readLine(values: Typed, field: string, errors: FieldError[]): string {
  const text = cleanLine(values[field])
  if (isLongerThan(text, MOST_OF_A_LINE)) errors.push({ field, text: 'This must be 100 characters or less' })
  return text
}

function readAmount(values: Typed, field: string, least: 0 | 1, errors: FieldError[]): number | undefined {
  const read = parseMegabytes(values[field] ?? '', values[`${field}-unit`] ?? '', least)
  if (!read.error) return read.value
  errors.push({ field: read.error.reason === 'no-unit' ? `${field}-unit` : field, text: read.error.text })
  return undefined
}

export function readDays(values: Typed, today: string, errors: FieldError[]): When {
  const start = readOptionalDate(values, 'starts-on', 'The first day')
  const end = readOptionalDate(values, 'ends-on', 'The last day')
  for (const { error } of [start, end]) if (error) errors.push(error)
  const startsOn = start.date ?? today
  if (!start.error && !end.error && end.date !== null && end.date < startsOn) {
    errors.push({ field: 'ends-on', text: 'The last day must not be before the first' })
  }
  if (startsOn > addDays(today, 731))
    errors.push({ field: 'starts-on', text: 'The first day must be within two years' })
  return { startsOn, endsOn: end.date }
}

function readSim(values: Typed, errors: FieldError[], isOptional: boolean): string | null {
  const typed = values['sim-number'] ?? ''
  if (typed === '' && isOptional) return null
  const read = parseIccid(typed)
  if (!read.error) return read.value
  errors.push({ field: 'sim-number', text: read.error.text })
  return null
}

function readCost(values: Typed, errors: FieldError[]): number | null {
  if (values.cost === '') return null
  const read = parsePounds(values.cost ?? '', 'Cost')
  if (!read.error) return read.value
  errors.push({ field: 'cost', text: read.error.text })
  return null
}

export function idOf(text = ''): number | null {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null
}

export interface ReadingTyped {
  left: number
  readAt: Date
}

/** Reads what is left. Of today it counts as read now; of an earlier day, at noon. */
export function parseReading(body: unknown, now: Date): Parsed<ReadingTyped> {
  const values = typedValues(body, ['left', 'left-unit', ...dateFieldNames('read-on')])
  const errors: FieldError[] = []
  const left = readAmount(values, 'left', 0, errors)
  const { date, error } = readOptionalDate(values, 'read-on', 'The day')
  if (error) errors.push(error)
  const today = londonToday(now)
  const day = date ?? today
  if (day > today) errors.push({ field: 'read-on', text: 'The day must be today or in the past' })
  if (errors.length > 0 || left === undefined) return rejected(errors, values)
  return accepted({ left, readAt: day === today ? now : noonOf(day) }, values)
}

export function parseTopUp(body: unknown): Parsed<number> {
  const values = typedValues(body, ['added', 'added-unit'])
  const errors: FieldError[] = []
  const added = readAmount(values, 'added', 1, errors)
  return added === undefined ? rejected(errors, values) : accepted(added, values)
}

/** The number of the SIM that is used from now on. */
export function parseNewSim(body: unknown): Parsed<string> {
  const values = typedValues(body, ['sim-number'])
  const errors: FieldError[] = []
  const number = readSim(values, errors, false)
  return number === null ? rejected(errors, values) : accepted(number, values)
}

/** Why it is suspended. */
export function parseSuspension(body: unknown): Parsed<Because> {
  const values = typedValues(body, ['why'])
  const { why = '' } = values
  if (!Object.hasOwn(becauseWords, why)) return rejected([{ field: 'why', text: 'Choose why it is suspended' }], values)
  return accepted(why as Because, values)
}

/** A new last day, which must be to come. */
export function parseEnd(body: unknown, today: string): Parsed<string> {
  const values = typedValues(body, dateFieldNames('ends-on'))
  const { date, error } = readOptionalDate(values, 'ends-on', 'The last day')
  if (error) return rejected([error], values)
  if (date === null) return rejected([{ field: 'ends-on', text: 'Enter the last day' }], values)
  if (date < today) return rejected([{ field: 'ends-on', text: 'The last day must be today or in the future' }], values)
  return accepted(date, values)
}

function noonOf(day: string): Date {
  return new Date(londonMidnight(day).getTime() + 12 * 3_600_000)
}
