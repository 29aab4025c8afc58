import { describe, expect, it } from '@jest/globals'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { neutralise, streamCsv, stripNeutraliser, writeCsv } from '../../src/lib/csv.ts'
import { readCsv } from './whole-csv.ts'

const LIMITS = { maxRows: 1_000, maxBytes: 5_000_000 }

/** Strings that trip up readers and writers: quotes, delimiters, line ends, formulas, marks, any character at all. */
const cell = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(...'",;\t\r\n\'=+-@ aé£“\ufeff😀＝'), maxLength: 12 }),
    fc.constantFrom("'=1+1", "''-5", '=cmd|calc', '+447700900123', '@x', '\t=1', '\r', '"', '', ' ', 'sep=;'),
  )
  .map((text) => text.replaceAll('\0', ''))

const heading = cell.map((text) => text.trim()).filter((text) => text !== '')

/** A table such as we write: different headings, and something in every row, since blank rows are not read. */
const table = fc.integer({ min: 1, max: 5 }).chain((width) =>
  fc.record({
    headings: fc.uniqueArray(heading, { minLength: width, maxLength: width }),
    rows: fc.array(
      fc
        .array(cell, { minLength: width, maxLength: width })
        .filter((cells) => cells.some((text) => text.trim() !== '')),
      { minLength: 1, maxLength: 6 },
    ),
  }),
)

async function readBack(file: string) {
  const { value, error } = await readCsv(Buffer.from(file), LIMITS)
  if (error) throw new Error(error.text)
  return { headings: value.headings, rows: value.rows.map(({ cells, error: wrong }) => wrong ?? cells) }
}

async function collect(stream: AsyncIterable<Buffer | string>) {
  const pieces: string[] = []
  for await (const piece of stream) pieces.push(String(piece))
  return pieces.join('')
}

describe('a CSV file that we write', () => {
  it('has a mark for Excel, CRLF, and quotes where a cell needs them', () => {
    const file = writeCsv(
      ['Tag', 'Note; or not'],
      [
        ['T1', 'a "b", c'],
        [2, null],
      ],
    )
    expect(file).toBe('\ufeffTag,"Note; or not"\r\nT1,"a ""b"", c"\r\n2,\r\n')
  })

  it('has no cell that can run as a formula, and leaves numbers as they are', () => {
    const file = writeCsv(
      ['=Tag', 'Cost'],
      [
        ['=1+1', -5],
        ['@x', 1.5],
        ['\tx', 0],
      ],
    )
    expect(file).toBe("\ufeff'=Tag,Cost\r\n'=1+1,-5\r\n'@x,1.5\r\n\"'\tx\",0\r\n")
  })

  it('reads back as the same data, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(table, async ({ headings, rows }) => {
        expect(await readBack(writeCsv(headings, rows))).toEqual({ headings, rows })
      }),
      { numRuns: 500 },
    )
  })

  it('reads back as the same data with any delimiter and line end that another program chose', async () => {
    const delimiters = fc.constantFrom(',', ';', '\t')
    const lineEnds = fc.constantFrom('\r\n', '\n', '\r')
    await fc.assert(
      fc.asyncProperty(table, delimiters, lineEnds, fc.boolean(), async ({ headings, rows }, delimiter, end, bom) => {
        const cells = [headings, ...rows].map((row) => row.map(neutralise))
        const file = stringify(cells, { delimiter, record_delimiter: end, quoted: true, bom })
        expect(await readBack(file)).toEqual({ headings, rows })
      }),
      { numRuns: 500 },
    )
  })

  it('is the same as a stream, from rows that arrive one by one', async () => {
    await fc.assert(
      fc.asyncProperty(table, async ({ headings, rows }) => {
        async function* arriving() {
          yield rows.slice(0, 2)
          yield []
          if (rows.length > 2) yield rows.slice(2)
        }
        expect(await collect(streamCsv(headings, arriving()))).toBe(writeCsv(headings, rows))
      }),
      { numRuns: 50 },
    )
  })

  it('has headings when there are no rows', async () => {
    async function* nothing() {}
    expect(writeCsv(['Tag', 'Name'], [])).toBe('\ufeffTag,Name\r\n')
    expect(await collect(streamCsv(['Tag', 'Name'], nothing()))).toBe('\ufeffTag,Name\r\n')
  })

  it('breaks off when its rows do, so that half a file is not taken for a whole one', async () => {
    async function* breaking() {
      yield [['T1']]
      throw new Error('The database went away')
    }
    await expect(collect(streamCsv(['Tag'], breaking()))).rejects.toThrow('The database went away')
  })
})

describe('the mark before a formula', () => {
  it('goes before every cell that a spreadsheet would run, and before no other', () => {
    for (const text of ['=1', '+1', '-1', '@x', '\tx', '\rx', '\nx', '＝1', '＋1', '－1', '＠x', "'=1"]) {
      expect(neutralise(text)).toBe(`'${text}`)
    }
    for (const text of ['', '1', "'", "'x", "it's", 'a=b', ' =1']) expect(neutralise(text)).toBe(text)
  })

  it('comes off again as it went on, and NUL, which nothing can hold, stays off', () => {
    fc.assert(
      fc.property(cell, (text) => {
        expect(stripNeutraliser(neutralise(text))).toBe(text)
        expect(neutralise(text)).not.toMatch(/^[=+\-@\t\r\n]/)
      }),
    )
    expect(neutralise('\0=1')).toBe("'=1")
  })
})
