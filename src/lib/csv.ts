import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { CsvError, type Info, parse } from 'csv-parse'
import { stripNeutraliser } from './csv-cells.ts'
import { type ReadingError, refuse } from './reading.ts'
import { type Encoding, readTextFile, type TextFileReason } from './text-file.ts'

export { neutralise, stripNeutraliser } from './csv-cells.ts'
export { streamCsv, writeCsv } from './csv-writer.ts'

export type Delimiter = ',' | ';' | '\t'

/** A row of the table. `line` is where it begins in the file, from 1, as an editor shows it. */
export type CsvRow = { line: number; cells: string[]; error?: ReadingError<'too-many-cells'> }

/** A file that was read from beginning to end once, and can be again. Headings are all different and none is blank. */
export interface CsvFile {
  headings: string[]
  rowCount: number
  delimiter: Delimiter
  encoding: Encoding
  /**
   * Gives every row from the beginning, each with as many cells as there are headings. Reading a file again is cheap, and
   * nothing of it has to be held meanwhile but its bytes: 10,000 rows as objects are twenty times as much.
   */
  eachRow(take: (row: CsvRow) => void): Promise<void>
}

export type CsvReason =
  | TextFileReason
  | 'only-headings'
  | 'too-many-rows'
  | 'too-many-columns'
  | 'row-too-long'
  | 'broken-quotes'

/** Why the whole file is refused, and the line it is about where there is one. */
export type CsvProblem = ReadingError<CsvReason> & { line?: number }
export type CsvReading = { value: CsvFile; error?: undefined } | { value?: undefined; error: CsvProblem }

export interface CsvLimits {
  maxRows: number
  maxBytes: number
  /** Each row begins with its line in the file that it was taken from, which is no cell of it. */
  isNumbered?: boolean
}

const DELIMITERS: readonly Delimiter[] = [',', ';', '\t']
const MOST_COLUMNS = 300
const MOST_BYTES_IN_A_ROW = 200_000
/** A spreadsheet may save a million rows that were only ever coloured in. Past this many we stop looking for the end. */
const MOST_BLANK_ROWS = 100_000
const PIECE = 64 * 1024

/**
 * Reads a CSV file as people and programs write them: any line end, also mixed; commas, semicolons or tabs, whichever
 * the line of headings has most of; UTF-8, UTF-16 or Windows-1252; with or without a byte order mark. Blank rows are left
 * out, short rows filled up with empty cells, and a row with more cells than headings carries an error. Cells are as in
 * the file, except that the `'` our own exports put before a formula is off again. It stops at the first thing that
 * refuses the whole file, and other requests get their turn between pieces of 64 KB. `look` sees each row on the way.
 */
export async function openCsv(
  source: Buffer | AsyncIterable<Buffer>,
  { maxRows, maxBytes, isNumbered = false }: CsvLimits,
  look: (row: CsvRow) => void = () => {},
): Promise<CsvReading> {
  const file = await readTextFile(source, maxBytes)
  if (file.error) return { error: file.error }
  const { bytes, encoding } = file.value
  const delimiter = guessDelimiter(bytes)

  let headings: string[] | undefined
  let rowCount = 0
  const problem = await readTable(bytes, delimiter, isNumbered, {
    headings(cells) {
      headings = nameHeadings(cells)
      return cells.length > MOST_COLUMNS ? tooManyColumns() : undefined
    },
    row(cells, line) {
      if (rowCount === maxRows) return tooManyRows(maxRows)
      rowCount += 1
      look(fitRow(cells, headings?.length ?? 0, line))
      return undefined
    },
    blank: (count) => (count > MOST_BLANK_ROWS ? tooManyRows(maxRows) : undefined),
  })
  if (problem) return { error: problem }
  if (headings === undefined) return refuse('empty', 'The file is empty')
  if (rowCount === 0) return refuse('only-headings', 'The file has headings but no rows under them')

  const width = headings.length
  const eachRow = async (take: (row: CsvRow) => void) => {
    await readTable(bytes, delimiter, isNumbered, {
      row(cells, line) {
        take(fitRow(cells, width, line))
        return undefined
      },
    })
  }
  return { value: { headings, rowCount, delimiter, encoding, eachRow } }
}

interface TableListener {
  headings?(cells: string[]): CsvProblem | undefined
  row(cells: string[], line: number): CsvProblem | undefined
  blank?(count: number): CsvProblem | undefined
}

/** The first record that says anything is the headings, the others are the rows. */
async function readTable(
  bytes: Buffer,
  delimiter: Delimiter,
  isNumbered: boolean,
  on: TableListener,
): Promise<CsvProblem | undefined> {
  let hasHeadings = false
  let blankRows = 0
  return await readRecords(bytes, delimiter, (record, lineOfRecord) => {
    const line = isNumbered ? Number(record.shift()) : lineOfRecord
    if (record.every(isBlank)) {
      blankRows += 1
      return on.blank?.(blankRows)
    }
    const cells = record.map(stripNeutraliser)
    if (hasHeadings) return on.row(cells, line)
    hasHeadings = true
    return on.headings?.(cells)
  })
}

/**
 * Trims headings, calls a blank one by its place, "Column 4", and numbers one that came before, "Notes (2)". A name made
 * up here gives way to one that stands in the file.
 */
export function nameHeadings(cells: readonly string[]): string[] {
  const trimmed = cells.map((cell) => cell.trim())
  const inFile = new Set(trimmed)
  const taken = new Set<string>()
  return trimmed.map((heading, at) => {
    const name = heading || `Column ${at + 1}`
    let free = name
    const isMadeUp = () => free !== heading
    for (let count = 2; taken.has(free) || (isMadeUp() && inFile.has(free)); count++) free = `${name} (${count})`
    taken.add(free)
    return free
  })
}

/** Whichever delimiter stands most often, outside quotes, in the first line that says anything. A comma if none does. */
function guessDelimiter(bytes: Buffer): Delimiter {
  const counts: Record<Delimiter, number> = { ',': 0, ';': 0, '\t': 0 }
  let inQuotes = false
  let saysAnything = false
  for (const character of bytes.toString('latin1', 0, PIECE)) {
    if (character === '"') inQuotes = !inQuotes
    if (inQuotes) continue
    if (character === '\n' || character === '\r') {
      if (saysAnything) break
    } else if (character === ',' || character === ';' || character === '\t') counts[character] += 1
    else if (character !== ' ') saysAnything = true
  }
  return DELIMITERS.reduce((best, delimiter) => (counts[delimiter] > counts[best] ? delimiter : best))
}

/**
 * Gives every record to `take`, with the line it begins on, until `take` answers with a problem. The records are taken
 * in the parser's callback, not from its stream, because a stream that breaks loses those it still holds, and with them
 * the count of lines. (The parser's own count takes a CRLF inside quotes for two lines.)
 */
async function readRecords(
  bytes: Buffer,
  delimiter: Delimiter,
  take: (record: string[], line: number) => CsvProblem | undefined,
): Promise<CsvProblem | undefined> {
  let linesTaken = 0
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    on_record: (record: string[], { empty_lines }) => {
      const problem = take(record, 1 + linesTaken + empty_lines)
      if (problem) throw new Stopped(problem)
      linesTaken += 1 + lineEndsIn(record)
      return undefined
    },
  })
  parser.resume()
  try {
    await pipeline(Readable.from(pieces(bytes, parser.info)), parser)
  } catch (error) {
    if (error instanceof Stopped) return error.problem
    const line = 1 + linesTaken + parser.info.empty_lines
    if (error instanceof RowTooLong) return rowTooLong(line)
    if (error instanceof CsvError) return brokenQuotes(line)
    throw error
  }
  return undefined
}

class Stopped extends Error {
  readonly problem: CsvProblem

  constructor(problem: CsvProblem) {
    super(problem.text)
    this.problem = problem
  }
}

/**
 * Cuts the file up, and stops when piece after piece goes in and no row comes out. (The parser's own limit counts what is
 * in the cells: ten million commas are nothing to it, and take 600 MB.)
 */
async function* pieces(bytes: Buffer, progress: Info): AsyncGenerator<Buffer> {
  let rowsBefore = 0
  let lastRowAt = 0
  for (let at = 0; at < bytes.length; at += PIECE) {
    const rows = progress.records + progress.empty_lines
    if (rows > rowsBefore) lastRowAt = at
    else if (at - lastRowAt > MOST_BYTES_IN_A_ROW) throw new RowTooLong()
    rowsBefore = rows
    yield bytes.subarray(at, at + PIECE)
    await nextTurn()
  }
}

class RowTooLong extends Error {}

function fitRow(cells: string[], width: number, line: number): CsvRow {
  const row: CsvRow = { line, cells: cells.slice(0, width) }
  while (row.cells.length < width) row.cells.push('')
  if (!cells.slice(width).every(isBlank)) {
    row.error = {
      reason: 'too-many-cells',
      text:
        `This row has ${cells.length} cells, but there are ${width} headings. ` +
        'A cell with a comma or semicolon in it needs quotation marks around it',
    }
  }
  return row
}

function rowTooLong(line: number): CsvProblem {
  const text = `The row that begins on line ${line} is too long. A quotation mark may be missing at the end of a cell`
  return { reason: 'row-too-long', text, line }
}

function brokenQuotes(line: number): CsvProblem {
  const text =
    `The quotation marks in the row that begins on line ${line} do not match. A cell with quotation marks in it needs ` +
    'quotation marks around it, and those inside it written twice'
  return { reason: 'broken-quotes', text, line }
}

function tooManyRows(maxRows: number): CsvProblem {
  const text = `The file has more than ${maxRows.toLocaleString('en-GB')} rows, counting blank ones. Split it into parts`
  return { reason: 'too-many-rows', text }
}

function tooManyColumns(): CsvProblem {
  return {
    reason: 'too-many-columns',
    text: `The file has more than ${MOST_COLUMNS} columns. Take out those you do not need`,
  }
}

function lineEndsIn(record: readonly string[]): number {
  return record.reduce((count, cell) => count + (/[\r\n]/.test(cell) ? (cell.match(/\r\n|\r|\n/g) ?? []).length : 0), 0)
}

function isBlank(cell: string): boolean {
  return cell.trim() === ''
}
