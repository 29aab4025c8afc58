import { type CaseloadCount, countKey, EVERYBODY, setKey, tooMany } from '../caseload-counts/rules.ts'
import { type CountValues, readGroup } from './count-cells-rules.ts'
import type { CountField } from './count-fields-rules.ts'
import { problemOf, type Row, type RowProblem } from './rows-rules.ts'

export interface PlannedCount extends CaseloadCount {
  line: number
  /** What we have for it; null: nothing. */
  was: number | null
}

/** Everything a file of caseload counts would do. It is done only if `problems` is empty. */
export interface CountPlan {
  kind: 'counts'
  created: PlannedCount[]
  updated: PlannedCount[]
  unchanged: { line: number; tag: string }[]
  problems: RowProblem[]
  rowsWithProblems: number
}

type CountRow = Row<CountValues>

/** Works out what a file of counts would do, against the counts that are here for its days. */
export class CountPlanner {
  /** Every number as it would stand afterwards. */
  readonly #after: Map<string, CaseloadCount>
  readonly #known: ReadonlyMap<string, CaseloadCount>
  readonly #read = new Map<string, { row: CountRow; count: CaseloadCount }>()
  readonly #problems: RowProblem[] = []
  #linesWithProblems = new Set<number>()

  constructor(known: readonly CaseloadCount[]) {
    this.#known = new Map(known.map((count) => [countKey(count), count]))
    this.#after = new Map(this.#known)
  }

  add(row: CountRow): void {
    for (const problem of row.problems) this.#note(problem)
    for (const [field, text] of row.unread) this.#note(problemOf(row, field, text))
    const count = this.#countOf(row)
    if (!count) return
    const key = countKey(count)
    const before = this.#read.get(key)
    if (before) {
      this.#note(problemOf(row, 'people', `Line ${before.row.line} has this number too. Leave one`))
      return
    }
    this.#read.set(key, { row, count })
    this.#after.set(key, count)
  }

  #countOf(row: CountRow): CaseloadCount | undefined {
    const { countedOn, place, breakdown, people } = row.values
    for (const [field, text] of Object.entries(needed) as [CountField, string][]) {
      if (row.values[field] === undefined && !row.unread.has(field)) this.#note(problemOf(row, field, text))
    }
    const group = breakdown && this.#groupOf(row, breakdown)
    if (row.problems.length > 0 || row.unread.size > 0) return undefined
    if (countedOn === undefined || breakdown === undefined || group === undefined || people === undefined)
      return undefined
    return { countedOn, wardId: place ?? null, breakdown: breakdown.id, group, people }
  }

  #groupOf(row: CountRow, breakdown: CountValues['breakdown']): string | undefined {
    const said = row.values.group ?? (breakdown.id === EVERYBODY ? EVERYBODY : undefined)
    if (said === undefined) {
      if (!row.unread.has('group')) this.#note(problemOf(row, 'group', `Write which group of ${breakdown.name} it is`))
      return undefined
    }
    const group = readGroup(said, breakdown)
    if (!group.error) return group.value
    this.#note(problemOf(row, 'group', group.error.text))
    return undefined
  }

  #note(problem: RowProblem): void {
    this.#problems.push(problem)
    this.#linesWithProblems.add(problem.line)
  }

  finish(): CountPlan {
    this.#checkSums()
    const planned = [...this.#read].map(([key, { row, count }]): PlannedCount => {
      return { ...count, line: row.line, was: this.#known.get(key)?.people ?? null }
    })
    return {
      kind: 'counts',
      created: planned.filter(({ was }) => was === null),
      updated: planned.filter(({ was, people }) => was !== null && was !== people),
      unchanged: planned.filter(({ was, people }) => was === people).map(({ line }) => ({ line, tag: `Line ${line}` })),
      problems: this.#problems,
      rowsWithProblems: this.#linesWithProblems.size,
    }
  }

  /** Said at the last row of the file that has a part in it. */
  #checkSums(): void {
    const rows = Map.groupBy(this.#read.values(), ({ count }) => setKey(count))
    const sets = Map.groupBy(this.#after.values(), setKey)
    for (const [key, said] of rows) {
      for (const { breakdown, sum, everybody } of tooMany(sets.get(key) ?? [])) {
        const last = said.findLast(({ count }) => [breakdown.id, EVERYBODY].includes(count.breakdown))
        const text = `The groups of ${breakdown.name} come to ${sum}, more than the ${everybody} of Everybody. Check both`
        if (last) this.#note(problemOf(last.row, 'people', text))
      }
    }
  }
}

const needed: Partial<Record<CountField, string>> = {
  countedOn: 'Enter the day on which they were counted',
  breakdown: 'Enter the breakdown, or Everybody',
  people: 'Enter how many people',
}
