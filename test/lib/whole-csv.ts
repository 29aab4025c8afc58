import { type CsvLimits, type CsvRow, openCsv } from '../../src/lib/csv.ts'

/** A small file with all its rows at hand. */
export async function readCsv(source: Buffer | AsyncIterable<Buffer>, limits: CsvLimits) {
  const read = await openCsv(source, limits)
  if (read.error) return { error: read.error }
  const { headings, delimiter, encoding, eachRow } = read.value
  const rows: CsvRow[] = []
  await eachRow((row) => rows.push(row))
  return { value: { headings, rows, delimiter, encoding } }
}
