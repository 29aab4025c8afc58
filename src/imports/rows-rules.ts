import type { CsvRow } from '../lib/csv.ts'
import { remember } from '../lib/memo.ts'
import type { Reading } from '../lib/reading.ts'
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

/**
 * Fields whose cells say the same in row after row: read once for each thing they say. It halves what a file of 10,000
 * rows leaves for the garbage collector.
 */
const repeating: readonly Field[] = [
  'category',
  'maker',
  'model',
  'operatingSystem',
  'supportEndsOn',
  'connector',
  'cableLength',
  'keptAt',
  'boughtOn',
  'cost',
  'orderNumber',
  'quantity',
]
const CELLS_KEPT = 1_000

/** Makes a reader of the rows of one file. */
export function rowReader(
  headings: readonly string[],
  columns: ReadonlyMap<string, Field>,
  vocabulary: Vocabulary,
): (row: CsvRow) => Row {
  const places = headings.flatMap((heading, at) => {
    const field = columns.get(heading)
    if (field === undefined) return []
    const readAny = (cell: string) => readCell(field, cell, vocabulary)
    return [{ field, heading, at, read: repeating.includes(field) ? remember(CELLS_KEPT, readAny) : readAny }]
  })
  const byField = new Map(places.map((place) => [place.field, place]))

  return ({ line, cells, error }) => {
    const cellOf = (field: Field) => {
      const place = byField.get(field)
      return { column: place?.heading ?? fields[field].label, value: place ? (cells[place.at] ?? '').trim() : '' }
    }
    const row: Row = { line, values: {}, problems: [], unread: nothingUnread, cellOf }
    if (error) row.problems.push({ line, column: '', value: '', text: error.text })
    for (const { field, at, read } of places) {
      const cell = cells[at] ?? ''
      if (!isEmptyCell(cell, field)) put(row, field, read(cell))
    }
    return row
  }
}

/** What rows name that has to be looked up before any of them can be planned. */
export class Mentions {
  readonly tags: string[] = []
  readonly imeis: string[] = []
  readonly iccids: string[] = []
  readonly #makers = new Map<string, MakerOfModel>()

  add({ values }: Pick<Row, 'values'>): void {
    const { tag, imei, iccid, maker, model } = values
    if (tag !== undefined) this.tags.push(tag)
    if (imei !== undefined) this.imeis.push(imei)
    if (iccid !== undefined) this.iccids.push(iccid)
    if (maker !== undefined && model !== undefined) this.#makers.set(`${maker}\n${model}`, { maker, model })
  }

  /** Each maker of each model once. */
  get makers(): MakerOfModel[] {
    return [...this.#makers.values()]
  }
}

export type MakerOfModel = { maker: string; model: string }

/** The columns it takes to know what rows mention. */
export const mentionedFields: readonly Field[] = ['tag', 'imei', 'iccid', 'maker', 'model']

function put<F extends Field>(row: Row, field: F, read: Reading<ItemValues[Field]>): void {
  if (read.error) {
    row.problems.push({ line: row.line, ...row.cellOf(field), text: read.error.text })
    row.unread = new Set([...row.unread, field])
  } else if (read.value !== '') {
    row.values[field] = read.value as ItemValues[F]
  }
}
