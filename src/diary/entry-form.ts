import { londonInstant } from '../lib/dates.ts'
import { accepted, type FieldError, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import {
  callLengths,
  type EntryKind,
  type EntryTime,
  type EntryWay,
  entryWayNames,
  takesTravel,
  travelChoices,
} from './entry-rules.ts'

const timeFields = ['champion', ...dateFieldNames('on'), 'at', 'length', 'travel', 'anyway']
const MOST_DAYS_AHEAD = 731

export type PlannedTime = EntryTime & { championId: number }

/** A trial-run call is made for an appointment, and training has more to it than its time: each has its own page. */
export type PlannedEntry = PlannedTime & { kind: Extract<EntryKind, 'visit' | 'other'>; way: EntryWay; note: string }

/** Reads when and whose an entry is from now on. `way`: how they meet, since nobody travels to a call. */
export function parseMove(body: unknown, way: string, now: Date): Parsed<PlannedTime> {
  const values = typedValues(body, timeFields)
  const errors: FieldError[] = []
  const time = readTime(values, way, now, errors)
  return time ? accepted(time, values) : rejected(errors, values)
}

/** Reads a new entry of a diary: with somebody, or about nobody. */
export function parseEntry(body: unknown, now: Date): Parsed<PlannedEntry> {
  const values = typedValues(body, [...timeFields, 'kind', 'way', 'note'])
  const errors: FieldError[] = []
  const { kind = '', way = '' } = values
  const isKind = kind === 'visit' || kind === 'other'
  if (!isKind) errors.push({ field: 'kind', text: 'Choose what it is' })
  const isWay = Object.hasOwn(entryWayNames, way)
  if (!isWay) errors.push({ field: 'way', text: 'Choose how you meet' })
  const time = readTime(values, way, now, errors)
  const note = cleanLine(values.note)
  if (isLongerThan(note, 500)) errors.push({ field: 'note', text: 'The note must be 500 characters or less' })
  if (errors.length > 0 || !time) return rejected(errors, values)
  return accepted({ ...time, kind: kind as PlannedEntry['kind'], way: way as EntryWay, note }, values)
}

function readTime(values: Typed, way: string, now: Date, errors: FieldError[]): PlannedTime | null {
  const before = errors.length
  const championId = /^[1-9]\d{0,14}$/.test(values.champion ?? '') ? Number(values.champion) : 0
  if (championId === 0) errors.push({ field: 'champion', text: 'Choose whose diary it is in' })
  const startsAt = readStart(values, now, errors)
  const minutes = callLengths.find((one) => String(one) === values.length)
  if (minutes === undefined) errors.push({ field: 'length', text: 'Choose how long it takes' })
  const travel = travelChoices.find((one) => String(one) === (values.travel || '0'))
  if (travel === undefined) errors.push({ field: 'travel', text: 'Choose how long the way there takes' })
  else if (travel > 0 && !takesTravel(way))
    errors.push({ field: 'travel', text: 'Nobody travels to a call. Choose none' })
  if (errors.length > before || !startsAt || minutes === undefined || travel === undefined) return null
  return { championId, startsAt, endsAt: new Date(startsAt.getTime() + minutes * 60_000), travelMinutes: travel }
}

function readStart(values: Typed, now: Date, errors: FieldError[]): Date | null {
  const { date, error } = readOptionalDate(values, 'on', 'Day')
  if (error) errors.push(error)
  else if (date === null) errors.push({ field: 'on', text: 'Enter the day' })
  if (!values.at) errors.push({ field: 'at', text: 'Enter the time' })
  if (date === null || !values.at) return null
  // an hour that the clocks leave out, or show twice, is an error here and no guess
  const read = londonInstant(date, values.at)
  if (read.error) errors.push({ field: 'at', text: read.error.text })
  if (!read.value) return null
  const days = (read.value.getTime() - now.getTime()) / 86_400_000
  if (days <= 0) errors.push({ field: 'on', text: 'It must be in the future' })
  if (days > MOST_DAYS_AHEAD) errors.push({ field: 'on', text: 'It must be within two years' })
  return read.value
}
