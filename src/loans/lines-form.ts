import { formatDate, londonDate } from '../lib/dates.ts'
import {
  accepted,
  type FieldError,
  fieldText,
  fieldTexts,
  type Parsed,
  rejected,
  typedValues,
  versionOf,
} from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { parseTypedDate } from '../lib/typed-dates.ts'
import { nextWorkingDay } from '../lib/working-days.ts'
import { dueDateProblem } from './rules.ts'

/** The lines ticked on a form about part of a loan. */
export function lineIdsOf(body: unknown): number[] {
  return [...new Set(fieldTexts(body, 'line').filter((text) => /^[1-9]\d{0,14}$/.test(text)))].map(Number)
}

const noLines: FieldError = { field: 'line', text: 'Choose at least one item' }

export interface LinesForm {
  lineIds: number[]
  version: number
}

/** Which lines, and the version of the loan they were ticked on. */
export function parseLines(body: unknown): Parsed<LinesForm> {
  const lineIds = lineIdsOf(body)
  return lineIds.length === 0 ? rejected([noLines], {}) : accepted({ lineIds, version: versionOf(body) })
}

/** What a form about part of a loan needs to know of a line. */
export interface LineDates {
  id: number
  tag: string
  due_on: string | null
  taken_at: string | null
}

/** Reads for how long the ticked lines are kept: until a day that is later for each of them than its review now. */
export function parseExtension(
  body: unknown,
  lines: LineDates[],
  today: string,
): Parsed<LinesForm & { dueOn: string }> {
  const values = typedValues(body, dateFieldNames('due'))
  const lineIds = lineIdsOf(body)
  const errors: FieldError[] = lineIds.length === 0 ? [noLines] : []
  const parts = { day: values['due-day'], month: values['due-month'], year: values['due-year'] }
  const read = parseTypedDate(parts, 'New review date')
  if (read.error) {
    const part = read.error.parts[0] ?? 'day'
    return rejected([...errors, { field: part === 'day' ? 'due' : `due-${part}`, text: read.error.text }], values)
  }
  const problem = dueDateProblem(read.value, today) ?? notLater(read.value, ticked(lines, lineIds))
  if (problem) errors.push({ field: 'due', text: problem })
  if (errors.length > 0) return rejected(errors, values)
  return accepted({ lineIds, dueOn: read.value, version: versionOf(body) }, values)
}

function notLater(dueOn: string, lines: LineDates[]): string | null {
  const last = latest(lines, (line) => line.due_on)
  if (!last || nextWorkingDay(dueOn) > last.day) return null
  return `New review date must be after ${formatDate(last.day)}: ${last.tag} is theirs until then already`
}

/** Reads what came back and when. The day may be left out: then it is now. It is never before the item was lent. */
/** Whether a day is typed; without one it is today. */
export function isReturnDated(body: unknown): boolean {
  return dateFieldNames('returned').some((name) => fieldText(body, name) !== '')
}

export function parseReturn(
  body: unknown,
  lines: LineDates[],
  today: string,
): Parsed<LinesForm & { returnedOn: string | null }> {
  const values = typedValues(body, dateFieldNames('returned'))
  const lineIds = lineIdsOf(body)
  const errors: FieldError[] = lineIds.length === 0 ? [noLines] : []
  const returned = readOptionalDate(values, 'returned', 'Day it came back')
  const problem = returned.date && notThen(returned.date, ticked(lines, lineIds), today)
  if (returned.error) errors.push(returned.error)
  if (problem) errors.push({ field: 'returned', text: problem })
  if (errors.length > 0) return rejected(errors, values)
  return accepted({ lineIds, returnedOn: returned.date, version: versionOf(body) }, values)
}

function notThen(day: string, lines: LineDates[], today: string): string | null {
  if (day > today) return 'Day it came back must be today or in the past'
  const last = latest(lines, (line) => line.taken_at && londonDate(line.taken_at))
  if (!last || day >= last.day) return null
  return `Day it came back must be ${formatDate(last.day)} or later: ${last.tag} was lent that day`
}

function ticked(lines: LineDates[], lineIds: number[]): LineDates[] {
  return lines.filter((line) => lineIds.includes(line.id))
}

/** The line with the latest of a day, and that day. */
function latest(lines: LineDates[], dayOf: (line: LineDates) => string | null) {
  const dated = lines.flatMap((line) => {
    const day = dayOf(line)
    return day ? [{ tag: line.tag, day }] : []
  })
  return dated.sort((a, b) => (a.day < b.day ? 1 : -1))[0]
}
