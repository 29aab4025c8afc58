import { accepted, type FieldError, fieldText, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { isLongerThan } from '../lib/text.ts'
import { type PeriodKind, type Periods, periodKinds } from './rules.ts'

const LONGEST_REASON = 1_000
const SHORTEST_REASON = 10

/** Reads the years of every kind, and those that were shown, so that nobody saves over somebody else's change. */
export function parsePeriods(body: unknown): Parsed<{ periods: Periods; shown: string }> {
  const names = periodKinds.map(({ kind }) => kind)
  const values = typedValues(body, [...names, 'shown'])
  const errors: FieldError[] = periodKinds.flatMap(({ kind, label }) =>
    isYears(values[kind]) ? [] : [{ field: kind, text: `${label}: enter a number of years from 1 to 100` }],
  )
  if (errors.length > 0) return rejected(errors, values)
  const periods = Object.fromEntries(names.map((kind) => [kind, Number(values[kind])])) as Record<PeriodKind, number>
  return accepted({ periods, shown: values.shown ?? '' }, values)
}

function isYears(text = ''): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 100
}

/** Reads why a record is held, or held no longer. */
export function parseReason(body: unknown, missing: string): Parsed<string> {
  const reason = fieldText(body, 'reason')
  const refuse = (text: string) => rejected([{ field: 'reason', text }], { reason })
  if (reason === '') return refuse(missing)
  if (isLongerThan(reason, LONGEST_REASON)) return refuse('The reason must be 1,000 characters or less')
  if (reason.length < SHORTEST_REASON || !/\p{L}{2}/u.test(reason))
    return refuse('Say it in a sentence, so that somebody else can follow it')
  return accepted(reason, { reason })
}
