import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { daysBetween } from './calendar.ts'
import { neutralise } from './csv-cells.ts'
import type { Cell } from './csv-writer.ts'

/** How a workbook shows a column. Dates are given as 2026-08-03, pounds as a number. */
export type ColumnKind = 'text' | 'number' | 'pounds' | 'date'

export interface WorkbookColumn {
  heading: string
  kind: ColumnKind
  /** In characters. */
  width: number
}

/** Excel's own limits. */
export const MOST_WORKBOOK_ROWS = 1_048_576
const MOST_CHARACTERS = 32_767

/** Where each kind stands among the `cellXfs` of the styles below; the headings have the last one. */
const styles: Record<ColumnKind | 'heading', number> = { text: 0, number: 1, pounds: 2, date: 3, heading: 4 }

/**
 * A table as an Excel workbook with one sheet, written while its rows come, some at a time: nothing is held but the rows at
 * hand. Text is text, also if it begins with a sign that begins a formula. The mark that keeps a formula from running is put
 * on all the same, because whoever has a workbook may save it as CSV. An error in `batches` is an error of the stream, and
 * who closes the stream ends them.
 */
export function streamXlsx(
  name: string,
  columns: readonly WorkbookColumn[],
  batches: AsyncIterable<readonly (readonly Cell[])[]>,
): Readable {
  const zip = new ZipFile()
  for (const [path, xml] of Object.entries(frame(name))) zip.addBuffer(Buffer.from(xml), path)
  const sheet = Readable.from(sheetXml(columns, batches), { objectMode: false })
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml')
  zip.end()

  const output = zip.outputStream as Readable
  sheet.once('error', (error) => output.destroy(error))
  output.once('close', () => sheet.destroy())
  return output
}

/** Everything in a workbook but the sheet itself. */
function frame(name: string): Record<string, string> {
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const relationships = 'http://schemas.openxmlformats.org/package/2006/relationships'
  const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  return {
    '[Content_Types].xml': `${xmlHead}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${kind}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${kind}.styles+xml"/></Types>`,
    '_rels/.rels': `${xmlHead}<Relationships xmlns="${relationships}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${xmlHead}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${escapeXml(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${xmlHead}<Relationships xmlns="${relationships}"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `${xmlHead}<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="d\\ mmm\\ yyyy"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5">${[
      [49, 0],
      [1, 0],
      [4, 0],
      [164, 0],
      [49, 1],
    ]
      .map(
        ([format, font]) =>
          `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>`,
      )
      .join('')}</cellXfs></styleSheet>`,
  }
}

const xmlHead = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** The sheet, piece by piece: the headings in bold, in a row that stays in sight. */
async function* sheetXml(
  columns: readonly WorkbookColumn[],
  batches: AsyncIterable<readonly (readonly Cell[])[]>,
): AsyncGenerator<string> {
  const letters = columns.map((_, at) => columnLetters(at))
  yield sheetStart(columns, letters)
  let line = 1
  for await (const rows of batches) {
    if (line + rows.length > MOST_WORKBOOK_ROWS) throw new RangeError('A workbook holds no more rows')
    let xml = ''
    for (const row of rows) {
      line += 1
      xml += rowXml(columns, letters, line, row)
    }
    if (xml !== '') yield xml
  }
  yield '</sheetData></worksheet>'
}

function sheetStart(columns: readonly WorkbookColumn[], letters: string[]): string {
  const widths = columns.map(
    ({ width }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`,
  )
  const headings = columns.map(({ heading }, at) => textCell(`${letters[at]}1`, heading, styles.heading))
  return `${xmlHead}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData><row r="1">${headings.join('')}</row>`
}

function rowXml(columns: readonly WorkbookColumn[], letters: string[], line: number, row: readonly Cell[]): string {
  const cells = columns.map(({ kind }, at) => cellXml(`${letters[at]}${line}`, kind, row[at] ?? null))
  return `<row r="${line}">${cells.join('')}</row>`
}

/** A, B … Z, AA … */
function columnLetters(at: number): string {
  const last = String.fromCharCode(65 + (at % 26))
  return at < 26 ? last : columnLetters(Math.floor(at / 26) - 1) + last
}

function cellXml(place: string, kind: ColumnKind, value: Cell): string {
  if (value === null || value === '') return ''
  if (typeof value === 'number') return `<c r="${place}" s="${styles[kind]}"><v>${value}</v></c>`
  const serial = kind === 'date' ? serialOf(value) : undefined
  if (serial !== undefined) return `<c r="${place}" s="${styles.date}"><v>${serial}</v></c>`
  return textCell(place, neutralise(value), styles.text)
}

/**
 * The day as Excel counts: 1 March 1900 is 61, because it believes in a 29 February 1900. Days before that count
 * otherwise on a Mac, so they are written as text.
 */
function serialOf(date: string): number | undefined {
  return date < '1900-03-01' ? undefined : daysBetween('1899-12-30', date)
}

function textCell(place: string, text: string, style: number): string {
  const shown = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text
  return `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(shown)}</t></is></c>`
}

const NEEDS_ESCAPE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML can hold none of these
  /[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|_(?=x[0-9a-fA-F]{4}_)/g

/**
 * Text as XML. What XML cannot hold is written as Excel writes it (ECMA-376, ST_Xstring): `_x000D_` for a carriage return,
 * and what looks like that already has its first line written so.
 */
function escapeXml(text: string): string {
  return text.replace(NEEDS_ESCAPE, (character) => {
    switch (character) {
      case '&':
        return '&amp;'
      case '<':
        return '&lt;'
      case '>':
        return '&gt;'
      case '"':
        return '&quot;'
      default:
        return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`
    }
  })
}
