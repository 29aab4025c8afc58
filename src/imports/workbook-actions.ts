import { type Reading, refuse } from '../lib/reading.ts'
import { looksLikeWorkbook, type SheetOfWorkbook, Workbook } from '../lib/xlsx-reader.ts'
import { type FileKind, mostBytes } from './kinds-rules.ts'
import { readSheet, type SheetFormat } from './sheet-actions.ts'

/** A file that could be read, as it is kept until it is brought in. */
export interface FileToKeep {
  bytes: Buffer
  /** `workbook`: one with several sheets, of which none is chosen yet. */
  format: SheetFormat | 'workbook'
  /** The sheet's name, where it is taken out of a workbook. */
  sheet: string | null
}

/** What is kept of a file that was sent: a CSV file, the only sheet of a workbook, or the workbook. Or why nothing is. */
export async function keepFile(bytes: Buffer, kind: FileKind): Promise<Reading<FileToKeep>> {
  if (!looksLikeWorkbook(bytes)) {
    const { error } = await readSheet(bytes, kind)
    return error ? { error } : { value: { bytes, format: 'csv', sheet: null } }
  }
  const book = await openWorkbook(bytes, kind)
  if (book.error) return { error: book.error }
  const [only, ...others] = book.value.sheets
  if (only === undefined) return refuse('empty', 'The workbook is empty')
  if (others.length > 0) return { value: { bytes, format: 'workbook', sheet: null } }
  return await takeSheet(book.value, only.name, kind)
}

/** The sheets of a workbook that is kept. */
export async function sheetsOf(bytes: Buffer, kind: FileKind): Promise<Reading<readonly SheetOfWorkbook[]>> {
  const book = await openWorkbook(bytes, kind)
  return book.error ? { error: book.error } : { value: book.value.sheets }
}

/** One sheet of a workbook, to be kept in its place. */
export async function keepSheet(bytes: Buffer, name: string, kind: FileKind): Promise<Reading<FileToKeep>> {
  const book = await openWorkbook(bytes, kind)
  return book.error ? { error: book.error } : await takeSheet(book.value, name, kind)
}

/** One row more than a file may have tells that it has too many, and one is its headings. */
function openWorkbook(bytes: Buffer, { mostRows }: FileKind): Promise<Reading<Workbook>> {
  return Workbook.open(bytes, mostRows + 1)
}

/**
 * Writes the rows of a sheet as CSV, each with its number in front: it is read many times until it is in, and unpacking it
 * each time would take ten times as long.
 */
async function takeSheet(book: Workbook, name: string, kind: FileKind): Promise<Reading<FileToKeep>> {
  const found = book.sheets.find((sheet) => sheet.name === name)
  if (found && found.rows > kind.mostRows + 1) return tooManyRows(kind)
  const rows = new RowsAsCsv()
  const { error } = await book.read(name, (line, cells) => rows.add(line, cells))
  if (error) return { error }
  if (rows.problem) return { error: rows.problem }
  const bytes = rows.toBuffer()
  const read = await readSheet(bytes, kind, 'sheet')
  return read.error ? { error: read.error } : { value: { bytes, format: 'sheet', sheet: name } }
}

function tooManyRows({ mostRows }: FileKind) {
  const most = mostRows.toLocaleString('en-GB')
  return refuse(
    'too-many-rows',
    `The sheet has more than ${most} rows, counting blank ones. Delete the empty ones, or split it`,
  )
}

const PIECE = 64 * 1024
/** As in a CSV file; see `openCsv`. */
const MOST_IN_A_ROW = 100_000

class RowsAsCsv {
  problem: { reason: string; text: string } | undefined
  readonly #pieces: Buffer[] = []
  #headings: { line: number; cells: string[] } | undefined
  #text = ''
  #width = 0
  #bytes = 0

  add(line: number, cells: string[]): void {
    if (this.problem || cells.every((cell) => cell.trim() === '')) return
    this.#width = Math.max(this.#width, cells.length)
    if (this.#headings === undefined) {
      this.#headings = { line, cells }
      return
    }
    const row = asCsv(line, cells)
    if (row.length > MOST_IN_A_ROW) {
      this.problem = { reason: 'row-too-long', text: `Row ${line} of the sheet holds too much. Shorten its cells` }
    }
    this.#text += row
    if (this.#text.length > PIECE) this.#flush()
  }

  /** A column that has no heading still has a place, so that nothing in it goes by unseen. */
  toBuffer(): Buffer {
    this.#flush()
    const { line, cells } = this.#headings ?? { line: 1, cells: [] }
    const headings = Array.from({ length: this.#width }, (_, at) => cells[at] ?? '')
    return Buffer.concat([Buffer.from(asCsv(line, headings)), ...this.#pieces])
  }

  #flush(): void {
    const piece = Buffer.from(this.#text)
    this.#text = ''
    this.#bytes += piece.length
    if (this.#bytes > mostBytes) {
      this.problem = { reason: 'too-large', text: 'The sheet holds more than 10 MB of text. Split it into parts' }
      return
    }
    this.#pieces.push(piece)
  }
}

function asCsv(line: number, cells: readonly string[]): string {
  return `${line},${cells.map((cell) => `"${cell.replaceAll('"', '""').replaceAll('\0', '')}"`).join(',')}\n`
}

/** A row of a file that is kept: one line whatever stands in it, with its number in front where that is how it is kept. */
export function rowAsCsv(line: number | null, cells: readonly string[]): string {
  const row = asCsv(
    line ?? 0,
    cells.map((cell) => cell.replaceAll(/[\r\n]+/g, ' ')),
  )
  return line === null ? row.slice(2) : row
}
