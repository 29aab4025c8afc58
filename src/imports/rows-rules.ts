import type { CsvRow } from '../lib/csv.ts'
import { type ItemValues, isEmptyCell, readCell, type Vocabulary } from './cells-rules.ts'
import { type Field, fields } from './fields-rules.ts'

/** One thing wrong with one row: where, what stands there, and what to do. */
export interface RowProblem {
  line: number
  column: string
  value: string
  text: string
}

/** A row of the file, read: what its cells say, and what is wrong with those that could not be read. */
export interface Row {
  line: number
  values: Partial<ItemValues>
  problems: RowProblem[]
  /** Fields whose cell could not be read: there is no use in asking for them again. */
  unread: Set<Field>
  /** The heading a field stands under and what its cell holds, for messages. */
  cellOf(field: Field): { column: string; value: string }
}

/** A problem as one line of a terminal, whatever stands in the cell. */
export function problemInWords({ line, column, value, text }: RowProblem): string {
  const where = column === '' ? '' : `, ${column}`
  return `Line ${line}${where}${value === '' ? '' : `, ${JSON.stringify(value)}`}: ${text}`
}

const nothingUnread: Set<Field> = new Set()

/** Makes a reader of the rows of one file. */
export function rowReader(
  headings: readonly string[],
  columns: ReadonlyMap<string, Field>,
  vocabulary: Vocabulary,
): (row: CsvRow) => Row {
  const places = headings.flatMap((heading, at) => {
    const field = columns.get(heading)
    return field === undefined ? [] : [{ field, heading, at }]
  })
  const byField = new Map(places.map((place) => [place.field, place]))

  return ({ line, cells, error }) => {
    const cellOf = (field: Field) => {
      const place = byField.get(field)
      return { column: place?.heading ?? fields[field].label, value: place ? (cells[place.at] ?? '').trim() : '' }
    }
    const row: Row = { line, values: {}, problems: [], unread: nothingUnread, cellOf }
    if (error) row.problems.push({ line, column: '', value: '', text: error.text })
    for (const { field, at } of places) {
      const cell = cells[at] ?? ''
      if (!isEmptyCell(cell, field)) readInto(row, field, cell, vocabulary)
    }
    return row
  }
}

function readInto<F extends Field>(row: Row, field: F, cell: string, vocabulary: Vocabulary): void {
  const read = readCell(field, cell, vocabulary)
  if (read.error) {
    row.problems.push({ line: row.line, ...row.cellOf(field), text: read.error.text })
    row.unread = new Set([...row.unread, field])
  } else if (read.value !== '') {
    row.values[field] = read.value as ItemValues[F]
  }
}
