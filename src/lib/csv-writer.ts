import { pipeline, Readable, type Transform } from 'node:stream'
import { stringify } from 'csv-stringify'
import { stringify as stringifyNow } from 'csv-stringify/sync'
import { neutralise } from './csv-cells.ts'

export type Cell = string | number | null

/**
 * CRLF as RFC 4180 has it; a byte order mark, without which Excel takes UTF-8 for Windows-1252; and quotes around every
 * cell with anything in it that some program takes for the end of a cell or a row, so that no guess goes wrong.
 */
const FORMAT = { record_delimiter: '\r\n', bom: true, quoted_match: /[\r\n,;\t]/ }

/** A table as CSV text that opens in Excel and that `readCsv` reads back as it was. No cell can run as a formula. */
export function writeCsv(headings: readonly string[], rows: Iterable<readonly Cell[]>): string {
  return stringifyNow([...withHeadings(headings, rows)], FORMAT)
}

/** The same as a stream, for tables too long to hold. An error in `rows` is an error of the stream. */
export function streamCsv(
  headings: readonly string[],
  rows: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>,
): Transform {
  const output = stringify(FORMAT)
  // Whoever reads the stream hears of an error; there is nothing more to do about it here.
  pipeline(Readable.from(withHeadingsAsync(headings, rows)), output, () => {})
  return output
}

function* withHeadings(headings: readonly string[], rows: Iterable<readonly Cell[]>): Generator<string[]> {
  yield headings.map(writeCell)
  for (const row of rows) yield row.map(writeCell)
}

async function* withHeadingsAsync(
  headings: readonly string[],
  rows: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>,
): AsyncGenerator<string[]> {
  yield headings.map(writeCell)
  for await (const row of rows) yield row.map(writeCell)
}

/** A number is written as it is: a negative one should stay a number, and none can run. */
function writeCell(cell: Cell): string {
  return typeof cell === 'string' ? neutralise(cell) : String(cell ?? '')
}
