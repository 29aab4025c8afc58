import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readSheet } from 'read-excel-file/node'
import { stripNeutraliser } from '../../src/lib/csv.ts'
import { looksLikeWorkbook, Workbook } from '../../src/lib/xlsx-reader.ts'
import { streamXlsx, type WorkbookColumn } from '../../src/lib/xlsx-writer.ts'
import { makeWorkbook, textRows, type WorkbookMade } from './workbooks.ts'

const MOST_ROWS = 50_001

async function open(bytes: Buffer, mostRows = MOST_ROWS) {
  const { value, error } = await Workbook.open(bytes, mostRows)
  if (error) throw new Error(error.reason)
  return value
}

/** The rows of a sheet, by the number Excel shows in front of each. */
async function rowsOf(bytes: Buffer, sheet?: string): Promise<Record<number, string[]>> {
  const book = await open(bytes)
  const rows: Record<number, string[]> = {}
  const { error } = await book.read(sheet ?? book.sheets[0]?.name ?? '', (line, cells) => {
    rows[line] = cells
  })
  if (error) throw new Error(error.reason)
  return rows
}

async function readMade(made: WorkbookMade) {
  return await rowsOf(await makeWorkbook(made))
}

/** Why a workbook is refused, when it is opened or when its first sheet is read. */
async function reasonOf(bytes: Buffer): Promise<string | undefined> {
  const { value, error } = await Workbook.open(bytes, MOST_ROWS)
  if (error) return error.reason
  const read = await value.read(value.sheets[0]?.name ?? '', () => {})
  return read.error?.reason
}

async function write(columns: readonly WorkbookColumn[], rows: readonly (string | number | null)[][]): Promise<Buffer> {
  async function* batches() {
    yield rows.slice(0, 3)
    if (rows.length > 3) yield rows.slice(3)
  }
  const pieces: Buffer[] = []
  for await (const piece of streamXlsx('Items', columns, batches())) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

const column = (heading: string, kind: WorkbookColumn['kind'] = 'text') => ({ heading, kind, width: 12 })

/** Any text that the database can hold, and what trips up readers and writers most. */
const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(...'<>&"\'=+-@_x0D\r\n\t é😀＝'), maxLength: 12 }),
    fc.constantFrom('_x000D_', '_x005F_', ']]>', '&amp;', '&#65;', "'=1+1", ' both ends ', '\u0001', '\ufffe'),
  )
  .map((one) => one.replaceAll('\0', ''))
  .filter((one) => one.isWellFormed())

describe('a workbook that we write', () => {
  it('is read back as it was, whatever its texts hold', async () => {
    const rows = fc.array(fc.array(text, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 7 })
    await fc.assert(
      fc.asyncProperty(rows, async (written) => {
        const read = await rowsOf(await write([column('One'), column('Two')], written))
        const back = written.map((_, at) => (read[at + 2] ?? []).map(stripNeutraliser))
        expect(back.map((cells) => [cells[0] ?? '', cells[1] ?? ''])).toEqual(written)
      }),
      { numRuns: 100 },
    )
  })

  it('says the same to a library that knows nothing of us', async () => {
    const columns = [column('Text'), column('Number', 'number'), column('Pounds', 'pounds'), column('Day', 'date')]
    const bytes = await write(columns, [
      ['x & <y>', 12, 349.99, '2026-08-03'],
      ['=1+1', -5, 0, '2024-02-29'],
      [null, null, null, null],
      ['last', 0, 1_000_000.5, '1900-03-01'],
    ])
    expect(await readSheet(bytes)).toEqual([
      ['Text', 'Number', 'Pounds', 'Day'],
      ['x & <y>', 12, 349.99, new Date('2026-08-03')],
      ["'=1+1", -5, 0, new Date('2024-02-29')],
      [null, null, null, null],
      ['last', 0, 1_000_000.5, new Date('1900-03-01')],
    ])
    expect(Object.values(await rowsOf(bytes)).slice(1)).toEqual([
      ['x & <y>', '12', '349.99', '2026-08-03'],
      ["'=1+1", '-5', '0', '2024-02-29'],
      ['last', '0', '1000000.5', '1900-03-01'],
    ])
  })

  it('breaks off when its rows do, so that half a file is not taken for a whole one', async () => {
    async function* breaking() {
      yield [['T1']]
      throw new Error('The database went away')
    }
    const taken = async () => {
      for await (const _ of streamXlsx('Items', [column('Tag')], breaking()));
    }
    await expect(taken()).rejects.toThrow('The database went away')
  })
})

describe('a workbook that Excel wrote', () => {
  const formats = ['General', 'd mmm yyyy', '00000', '"TAB-"0000', '0', 'h:mm']
  const number = (value: string, style = 0) => `<row r="1"><c r="A1" s="${style}"><v>${value}</v></c></row>`
  const shown = async (value: string, style = 0) =>
    (await readMade({ sheets: { S: number(value, style) }, formats }))[1]?.[0]

  it('shows numbers as people see them', async () => {
    expect(await shown('45872', 1)).toBe('2025-08-03')
    expect(await shown('45872.5', 1)).toBe('2025-08-03 12:00:00')
    expect(await shown('60', 1)).toBe('1900-02-29')
    expect(await shown('0.5', 5)).toBe('12:00:00')
    expect(await shown('42', 2)).toBe('00042')
    expect(await shown('7', 3)).toBe('TAB-0007')
    expect(await shown('349.98999999999995')).toBe('349.99')
    expect(await shown('-0.5')).toBe('-0.5')
  })

  it('has an IMEI in full, however it was written down, and a longer number as the number that it no longer is', async () => {
    expect(await shown('490154203237518')).toBe('490154203237518')
    expect(await shown('4.90154203237518E+14', 4)).toBe('490154203237518')
    expect(await shown('8944990000000000011')).toBe('8.94499E+18')
  })

  it('counts days from 1904 where it says so', async () => {
    const made = { sheets: { S: number('44410', 1) }, formats, countsFrom1904: true }
    expect((await readMade(made))[1]).toEqual(['2025-08-03'])
  })

  it('has what a formula came to, and says where it came to nothing', async () => {
    const row =
      '<row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3" t="str"><f>A1</f><v>x</v></c><c r="C3" t="e"><f>NA()</f><v>#N/A</v></c><c r="D3"><f>B1</f></c><c r="E3" t="b"><v>1</v></c></row>'
    expect(await readMade({ sheets: { S: row } })).toEqual({ 3: ['2', 'x', '#N/A', '#GETTING_DATA', 'TRUE'] })
  })

  it('has texts that cells share, in pieces, and not how they are read aloud', async () => {
    const sharedStrings = [
      '<t>plain</t>',
      '<r><t>two </t></r><r><t xml:space="preserve">parts</t></r>',
      '<t>東京</t><rPh><t>トウキョウ</t></rPh>',
    ]
    const cells = [0, 1, 2].map((at) => `<c t="s"><v>${at}</v></c>`).join('')
    expect(await readMade({ sheets: { S: `<row>${cells}</row>` }, sharedStrings })).toEqual({
      1: ['plain', 'two parts', '東京'],
    })
  })

  it('has the value of merged cells in the first of them, and keeps every other in its column and row', async () => {
    const rows =
      '<row r="2"><c r="A2" t="inlineStr"><is><t>Store</t></is></c><c r="B2"/></row><row r="7"><c r="C7"><v>1</v></c></row>'
    const made = { sheets: { S: rows }, afterData: '<mergeCells count="1"><mergeCell ref="A2:B3"/></mergeCells>' }
    expect(await readMade(made)).toEqual({ 2: ['Store'], 7: ['', '', '1'] })
  })

  it('offers the sheets that people see and that have something in them', async () => {
    const row = textRows([['x']])
    const book = await open(
      await makeWorkbook({
        sheets: { 'A & B': row, Empty: '', Secret: row, Last: row + row.replace('"1"', '"2"') },
        hidden: ['Secret'],
      }),
    )
    expect(book.sheets).toEqual([
      { name: 'A & B', rows: 1 },
      { name: 'Last', rows: 2 },
    ])
  })
})

describe('a workbook that does harm, or is none', () => {
  const ole = (...words: string[]) =>
    Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), ...words.map((word) => Buffer.from(word, 'utf16le'))])
  const withSheet = (xml: string) => makeWorkbook({ sheets: { S: '' }, parts: { 'xl/worksheets/sheet1.xml': xml } })

  it('is known by its bytes and not by its name', () => {
    expect(
      [Buffer.from('PK\x03\x04'), ole(), Buffer.from('Asset tag\n'), Buffer.alloc(0)].map(looksLikeWorkbook),
    ).toEqual([true, true, false, false])
  })

  it('says what it is when it is locked, old, another kind of file, or broken', async () => {
    const document = await makeWorkbook({ sheets: {}, parts: { '_rels/.rels': '<Relationships/>' } })
    const binary = await makeWorkbook({
      sheets: {},
      parts: {
        '_rels/.rels':
          '<Relationships><Relationship Id="r" Type="a/officeDocument" Target="xl/workbook.bin"/></Relationships>',
      },
    })
    const whole = await makeWorkbook({ sheets: { S: textRows([['x']]) } })
    expect(await reasonOf(ole('EncryptedPackage'))).toBe('password')
    expect(await reasonOf(ole('Workbook'))).toBe('old-workbook')
    expect(await reasonOf(document)).toBe('not-a-workbook')
    expect(await reasonOf(binary)).toBe('binary-workbook')
    expect(await reasonOf(whole.subarray(0, whole.length - 40))).toBe('damaged')
    const at = whole.indexOf('xl/worksheets/sheet1.xml') + 30
    expect(await reasonOf(Buffer.from(whole).fill(7, at, at + 20))).toBe('damaged')
    expect(await reasonOf(await withSheet('<worksheet><sheetData><row r="2"/><row r="1"/></sheetData'))).toBe('damaged')
    expect(
      await reasonOf(await withSheet('<worksheet><sheetData><row><c t="s"><v>9</v></c></row></sheetData></worksheet>')),
    ).toBe('damaged')
  })

  it('unfolds no text of a document type', async () => {
    const laughs =
      '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>'
    expect(await reasonOf(await withSheet(laughs))).toBe('damaged')
  })

  it('is unpacked only so far, whatever it claims', async () => {
    const zeros = Buffer.alloc(160_000_000, ' ')
    const bomb = await makeWorkbook({ sheets: { S: textRows([['x']]) }, parts: { 'xl/worksheets/sheet1.xml': zeros } })
    expect(bomb.length).toBeLessThan(1_000_000)
    expect(await reasonOf(bomb)).toBe('too-large-inside')
  })

  it('is counted no further than it may have rows, and its last column is looked at before it is made', async () => {
    const many = await makeWorkbook({ sheets: { S: '<row/>'.repeat(60_000) } })
    expect((await open(many)).sheets).toEqual([{ name: 'S', rows: MOST_ROWS + 1 }])
    const wide = '<row r="1"><c r="XFD1"><v>1</v></c></row>'
    expect(await reasonOf(await makeWorkbook({ sheets: { S: wide } }))).toBe('too-many-columns')
    const far = '<row r="1048577"><c><v>1</v></c></row>'
    expect(await reasonOf(await makeWorkbook({ sheets: { S: far } }))).toBe('damaged')
  })

  it('cannot name a part outside itself', async () => {
    const escaping = await makeWorkbook({
      sheets: { S: textRows([['x']]) },
      parts: {
        'xl/_rels/workbook.xml.rels':
          '<Relationships><Relationship Id="rId1" Type="a/worksheet" Target="../../../etc/passwd"/></Relationships>',
      },
    })
    expect(['damaged', 'not-a-workbook']).toContain(await reasonOf(escaping))
  })
})
