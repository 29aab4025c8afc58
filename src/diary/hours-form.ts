import { addDays, daysBetween, formatDate } from '../lib/dates.ts'
import { accepted, type FieldError, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import {
  type ExceptionKind,
  exceptionNames,
  fromField,
  minuteFrom,
  type NewException,
  untilField,
  type WeekdayHours,
  weekdayNames,
} from './hours-rules.ts'

const MOST_DAYS_OF_LEAVE = 366
const MOST_DAYS_AHEAD = 731

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const

/** Reads what somebody works on each day of the week; both times empty is a day they do not work. */
export function parseHours(body: unknown): Parsed<WeekdayHours[]> {
  const values = typedValues(
    body,
    weekdays.flatMap((weekday) => [fromField(weekday), untilField(weekday)]),
  )
  const errors: FieldError[] = []
  const hours = weekdays.flatMap((weekday) => {
    const names = { from: fromField(weekday), until: untilField(weekday) }
    if ((values[names.from] ?? '') === '' && (values[names.until] ?? '') === '') return []
    const range = readRange(values, names, errors, weekdayNames[weekday - 1] ?? '')
    return range ? [{ weekday, ...range }] : []
  })
  return errors.length > 0 ? rejected(errors, values) : accepted(hours, values)
}

function readRange(values: Typed, names: { from: string; until: string }, errors: FieldError[], day: string) {
  const [from, until] = [minuteFrom(values[names.from] ?? ''), minuteFrom(values[names.until] ?? '')]
  const on = day === '' ? '' : ` on ${day}`
  if (from === null) errors.push({ field: names.from, text: `Enter when it begins${on}, like 09:00` })
  if (until === null) errors.push({ field: names.until, text: `Enter when it ends${on}, like 17:00` })
  if (from === null || until === null) return null
  if (until > from) return { from, until }
  errors.push({ field: names.until, text: `It must end after it begins${on}` })
  return null
}

const exceptionFields = ['kind', ...dateFieldNames('first'), ...dateFieldNames('last'), 'from', 'until', 'anyway']

/** Reads what is otherwise than every week: whole days of leave, or some hours of one day. */
export function parseException(body: unknown, today: string): Parsed<NewException> {
  const values = typedValues(body, exceptionFields)
  const errors: FieldError[] = []
  const kind = Object.hasOwn(exceptionNames, values.kind ?? '') ? (values.kind as ExceptionKind) : null
  if (kind === null) errors.push({ field: 'kind', text: 'Choose what it is' })
  const firstOn = readDay(values, 'first', 'First day', errors)
  const lastOn = kind === 'leave' ? readLastDay(values, firstOn, errors) : firstOn
  if (firstOn !== null && (lastOn ?? firstOn) < today) errors.push({ field: 'first', text: 'This is over already' })
  if (firstOn !== null && firstOn > addDays(today, MOST_DAYS_AHEAD)) {
    errors.push({ field: 'first', text: 'The first day must be within two years' })
  }
  const range =
    kind === 'leave' || kind === null
      ? { from: null, until: null }
      : readRange(values, { from: 'from', until: 'until' }, errors, '')
  if (errors.length > 0 || kind === null || firstOn === null || lastOn === null || !range)
    return rejected(errors, values)
  return accepted({ kind, firstOn, lastOn, ...range }, values)
}

function readDay(values: Typed, id: string, name: string, errors: FieldError[]): string | null {
  const { date, error } = readOptionalDate(values, id, name)
  if (error) errors.push(error)
  else if (date === null) errors.push({ field: id, text: `Enter the ${name.toLowerCase()}` })
  return date
}

function readLastDay(values: Typed, firstOn: string | null, errors: FieldError[]): string | null {
  const { date, error } = readOptionalDate(values, 'last', 'Last day')
  if (error) errors.push(error)
  const lastOn = date ?? firstOn
  if (firstOn === null || lastOn === null || error) return lastOn
  if (lastOn < firstOn) errors.push({ field: 'last', text: `The last day must be ${formatDate(firstOn)} or later` })
  else if (daysBetween(firstOn, lastOn) > MOST_DAYS_OF_LEAVE) {
    errors.push({ field: 'last', text: 'Enter a year of leave at most' })
  }
  return lastOn
}
