import type { CsvRow } from '../lib/csv.ts'
import { remember } from '../lib/memo.ts'
import type { Reading } from '../lib/reading.ts'
import type { FieldTable } from './fields-rules.ts'
import type { Vocabulary } from './words-rules.ts'

/** One thing wrong with one row: where, what stands there, and what to do. */
export interface RowProblem {
  line: number
  column: string
  value: string
  text: string
}

/** How the cells of one kind of spreadsheet are read. Cells come without the spaces around them. */
export interface CellReader<Values> {
  fields: FieldTable<keyof Values & string>
  /** Fields whose cells often say the same. */
  repeating: readonly (keyof Values)[]
  /** True for a cell that says nothing. It then changes nothing either. */
  isEmpty(cell: string, field: keyof Values): boolean
  read<F extends keyof Values>(field: F, cell: string, vocabulary: Vocabulary): Reading<Values[F]>
}

/**
 * A row of the file, read: what its cells say, and what is wrong with those that could not be read. What is not among
 * the values was not said: its cell is empty or its column is left out.
 */
export interface Row<Values> {
  line: number
  values: Partial<Values>
  /** Of the row as a whole. */
  problems: RowProblem[]
  /** Fields whose cell could not be read, and why: there is no use in asking for them again. */
  unread: ReadonlyMap<keyof Values, string>
  /** The heading a field stands under and what its cell holds. */
  cellOf(field: keyof Values): { column: string; value: string }
}

/** A problem as one line of a terminal, whatever stands in the cell. */
export function problemInWords({ line, column, value, text }: RowProblem): string {
  const where = column === '' ? '' : `, ${column}`
  return `Line ${line}${where}${value === '' ? '' : `, ${JSON.stringify(value)}`}: ${text}`
}

/** What is wrong with one cell of a row. */
export function problemOf<Values>(row: Row<Values>, field: keyof Values, text: string): RowProblem {
  return { line: row.line, ...row.cellOf(field), text }
}

const CELLS_KEPT = 1_000
const nothingUnread: ReadonlyMap<keyof never, string> = new Map()

/** Makes a reader of the rows of one file. */
export function rowReader<Values>(
  cells: CellReader<Values>,
  headings: readonly string[],
  columns: ReadonlyMap<string, string>,
  vocabulary: Vocabulary,
): (row: CsvRow) => Row<Values> {
  type F = keyof Values & string
  const places = headings.flatMap((heading, at) => {
    const field = columns.get(heading)
    if (field === undefined || !Object.hasOwn(cells.fields, field)) return []
    const name = field as F
    const readAny = (cell: string) => cells.read(name, cell, vocabulary)
    return [
      { field: name, heading, at, read: cells.repeating.includes(name) ? remember(CELLS_KEPT, readAny) : readAny },
    ]
  })
  const byField = new Map(places.map((place) => [place.field, place]))

  return ({ line, cells: given, error }) => {
    const cellOf = (field: keyof Values) => {
      const place = byField.get(field as F)
      const column = place?.heading ?? cells.fields[field as F].label
      return { column, value: place ? (given[place.at] ?? '').trim() : '' }
    }
    const values: Partial<Values> = {}
    let unread: Map<keyof Values, string> | undefined
    for (const { field, at, read } of places) {
      const cell = (given[at] ?? '').trim()
      if (cells.isEmpty(cell, field)) continue
      const reading = read(cell)
      if (reading.error) {
        unread ??= new Map<keyof Values, string>()
        unread.set(field, reading.error.text)
      } else if (reading.value !== '') values[field] = reading.value as Values[F]
    }
    const problems = error ? [{ line, column: '', value: '', text: error.text }] : []
    return { line, values, problems, unread: unread ?? (nothingUnread as ReadonlyMap<keyof Values, string>), cellOf }
  }
}
