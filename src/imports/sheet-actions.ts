import type { InTransaction } from '../database/connection.ts'
import { type CsvProblem, type CsvRow, openCsv } from '../lib/csv.ts'
import { type Column, guessColumns } from './headings-rules.ts'
import { type FileKind, mostBytes } from './kinds-rules.ts'

/** How a sheet is kept: as the CSV file that was sent, or as rows taken out of a workbook, each with its number in front. */
export type SheetFormat = 'csv' | 'sheet'

/** A spreadsheet that could be read: its headings, what stands in each column, and its rows as often as they are asked for. */
export interface Sheet {
  headings: string[]
  rowCount: number
  columns: Column[]
  eachRow(take: (row: CsvRow) => void): Promise<void>
}

export type SheetReading = { value: Sheet; error?: undefined } | { value?: undefined; error: CsvProblem }

export type Progress = (done: number) => void

/** How a sheet is to be planned. */
export interface PlanOptions {
  now: Date
  /** Hold what must not change until the transaction ends, as far as writing the plan does not hold it itself. */
  lockIn?: InTransaction
  onProgress?: Progress
}

/** The numbers in front of rows, which a workbook's sheet is kept with, are not counted against anybody. */
const BYTES_OF_NUMBERS = 1_000_000

export async function readSheet(bytes: Buffer, kind: FileKind, format: SheetFormat = 'csv'): Promise<SheetReading> {
  const isNumbered = format === 'sheet'
  const samples = new ColumnSamples()
  const read = await openCsv(
    bytes,
    { maxRows: kind.mostRows, maxBytes: isNumbered ? mostBytes + BYTES_OF_NUMBERS : mostBytes, isNumbered },
    (row) => samples.look(row),
  )
  if (read.error) return { error: read.error }
  const { headings, rowCount, eachRow } = read.value
  return { value: { headings, rowCount, columns: samples.under(headings), eachRow } }
}

export function guessMapping(sheet: Sheet, { headings }: FileKind): Map<string, string> {
  return guessColumns(sheet.columns, headings)
}

const SAMPLES = 3
const ROWS_LOOKED_AT = 2_000

/** A few different values of each column, from the first rows that have any. */
class ColumnSamples {
  readonly #samples: Set<string>[] = []
  #rows = 0

  look({ cells }: CsvRow): void {
    const isEarly = this.#rows < ROWS_LOOKED_AT
    this.#rows += 1
    for (let at = 0; at < cells.length; at += 1) {
      const samples = this.#samples[at] ?? new Set()
      this.#samples[at] = samples
      if (samples.size === SAMPLES || (!isEarly && samples.size > 0)) continue
      const cell = cells[at]?.trim()
      if (cell) samples.add(cell)
    }
  }

  under(headings: readonly string[]): Column[] {
    return headings.map((heading, at) => ({ heading, samples: [...(this.#samples[at] ?? [])] }))
  }
}
