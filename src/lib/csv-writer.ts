import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify/sync'
import { neutralise } from './csv-cells.ts'

export type Cell = string | number | null

/**
 * CRLF as RFC 4180 has it, and quotes around every cell with anything in it that some program takes for the end of a cell
 * or a row, so that no guess goes wrong.
 */
const FORMAT = { record_delimiter: '\r\n', quoted_match: /[\r\n,;\t]/ }

/** Without it Excel takes UTF-8 for Windows-1252. */
const BYTE_ORDER_MARK = '\ufeff'

/** A table as CSV text that opens in Excel and that `openCsv` reads back as it was. No cell can run as a formula. */
export function writeCsv(headings: readonly string[], rows: Iterable<readonly Cell[]>): string {
  return BYTE_ORDER_MARK + writeRows([headings, ...rows])
}

/**
 * The same as a stream, for tables too long to hold, which come some rows at a time: a stream that handles each row by
 * itself makes five times the garbage. An error in `batches` is an error of the stream, and who closes the stream ends them.
 */
export function streamCsv(headings: readonly string[], batches: AsyncIterable<readonly (readonly Cell[])[]>): Readable {
  return Readable.from(piecesOf(headings, batches), { objectMode: false })
}

async function* piecesOf(
  headings: readonly string[],
  batches: AsyncIterable<readonly (readonly Cell[])[]>,
): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + writeRows([headings])
  for await (const rows of batches) if (rows.length > 0) yield writeRows(rows)
}

function writeRows(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    rows.map((row) => row.map(writeCell)),
    FORMAT,
  )
}

/** A number is written as it is: a negative one should stay a number, and none can run. */
function writeCell(cell: Cell): string {
  return typeof cell === 'string' ? neutralise(cell) : String(cell ?? '')
}
