import type { NewReading, SimRead } from '../data-allowances/reading-rules.ts'
import { formatShortInstant, londonDate, londonInstant, londonToday } from '../lib/dates.ts'
import { megabytesOf } from './data-cells-rules.ts'
import type { ReadingValues } from './reading-cells-rules.ts'
import type { ReadingField } from './reading-fields-rules.ts'
import { problemOf, type Row, type RowProblem } from './rows-rules.ts'

export interface PlannedReading extends NewReading {
  line: number
  simNumber: string
}

/** Everything a provider's file of readings would do. It is done only if `problems` is empty. */
export interface ReadingPlan {
  kind: 'data-readings'
  readings: PlannedReading[]
  unchanged: { line: number; tag: string }[]
  problems: RowProblem[]
  rowsWithProblems: number
  /** How many rows say each unit. */
  units: { mb: number; gb: number }
}

type ReadingRow = Row<ReadingValues>
const NOON = '12:00'

/** Works out what a file of readings would do, against the SIMs that are with somebody and what was read of them last. */
export class ReadingPlanner {
  readonly #sims: ReadonlyMap<string, SimRead[]>
  readonly #now: Date
  readonly #today: string
  readonly #lines = new Map<string, number>()
  readonly #readings: PlannedReading[] = []
  readonly #unchanged: { line: number; tag: string }[] = []
  readonly #problems: RowProblem[] = []
  readonly #linesWithProblems = new Set<number>()
  readonly #units = { mb: 0, gb: 0 }

  constructor(sims: readonly SimRead[], now: Date) {
    this.#sims = Map.groupBy(sims, ({ sim_number }) => sim_number)
    this.#now = now
    this.#today = londonToday(now)
  }

  add(row: ReadingRow) {
    for (const problem of row.problems) this.#note(problem)
    for (const [field, text] of row.unread) this.#note(problemOf(row, field, text))
    for (const [field, text] of needed) {
      if (row.values[field] === undefined && !row.unread.has(field)) this.#say(row, field, text)
    }
    const left = this.#leftOf(row)
    const { simNumber, readAt } = row.values
    if (this.#linesWithProblems.has(row.line) || simNumber === undefined || readAt === undefined) return
    const before = this.#lines.get(simNumber)
    if (before !== undefined) return this.#say(row, 'simNumber', `Line ${before} has this SIM too. Leave the newest`)
    this.#lines.set(simNumber, row.line)
    if (left !== undefined) this.#plan(row, { simNumber, left, readAt })
  }

  #plan(row: ReadingRow, { simNumber, left, readAt: { day, at } }: Wanted) {
    if (day > this.#today || (at !== null && at > this.#now)) {
      return this.#say(row, 'readAt', 'This is to come. Write when it was read')
    }
    const theirs = this.#sims.get(simNumber) ?? []
    const sim = theirs.find(({ starts_on, ends_on }) => starts_on <= day && (ends_on === null || day <= ends_on))
    if (!sim) return this.#say(row, 'simNumber', whyNobody(theirs))
    if (sim.megabytes === null) return this.#say(row, 'left', 'This SIM has no limit: there is nothing to read')
    const instant = at ?? (day === this.#today ? this.#now : noonOf(day))
    const { read_at, left: was } = sim
    if (read_at !== null) {
      const last = new Date(read_at)
      const isSameTime =
        at === null ? londonDate(last) === day && sim.source === 'imported' : last.getTime() === at.getTime()
      if (isSameTime && was === left) return this.#unchanged.push({ line: row.line, tag: simNumber })
      if (last >= instant) {
        return this.#say(
          row,
          'readAt',
          `This is older than the last reading, of ${formatShortInstant(last)}. Take it out`,
        )
      }
    }
    this.#readings.push({
      ...{ line: row.line, simNumber, allowanceId: sim.id, serviceUserId: sim.service_user_id, left },
      readAt: day === this.#today && at === null ? null : instant.toISOString(),
    })
  }

  #leftOf(row: ReadingRow): number | undefined {
    const { left, unit } = row.values
    if (left === undefined || row.unread.has('unit')) return undefined
    const said = left.unit ?? unit
    if (said !== undefined) this.#units[said] += 1
    const read = megabytesOf(left, unit, 0)
    if (!read.error) return read.value
    this.#say(row, 'left', read.error.text)
    return undefined
  }

  #say(row: ReadingRow, field: ReadingField, text: string): void {
    this.#note(problemOf(row, field, text))
  }

  #note(problem: RowProblem): void {
    this.#problems.push(problem)
    this.#linesWithProblems.add(problem.line)
  }

  finish(): ReadingPlan {
    return {
      kind: 'data-readings',
      readings: this.#readings,
      unchanged: this.#unchanged,
      problems: this.#problems,
      rowsWithProblems: this.#linesWithProblems.size,
      units: this.#units,
    }
  }
}

interface Wanted {
  simNumber: string
  left: number
  readAt: ReadingValues['readAt']
}

const needed: readonly [ReadingField, string][] = [
  ['simNumber', 'Enter the SIM number'],
  ['left', 'Enter how much is left, such as 1.5 GB'],
  ['readAt', 'Enter the day on which it was read'],
]

function whyNobody(theirs: readonly SimRead[]): string {
  return theirs.length === 0
    ? 'Nobody has data from us on this SIM. Take the row out, or check the number'
    : 'The data on this SIM had not begun on that day, or was over. Check the day'
}

function noonOf(day: string): Date {
  return londonInstant(day, NOON).value ?? new Date(`${day}T12:00:00Z`)
}
