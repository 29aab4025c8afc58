import { ZipFile } from 'yazl'

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packages = 'http://schemas.openxmlformats.org/package/2006/relationships'

/** What a workbook is made of, for tests that need one that no program of ours would write. */
export interface WorkbookMade {
  /** The inside of `sheetData`, by the name of the sheet. */
  sheets: Record<string, string>
  hidden?: string[]
  sharedStrings?: string[]
  /** Formats of numbers, by the style that cells name: 0, 1, 2 … */
  formats?: string[]
  countsFrom1904?: boolean
  /** Stands after `sheetData` in every sheet. */
  afterData?: string
  /** Parts to put in, or to put in the place of others. */
  parts?: Record<string, string | Buffer>
}

export async function makeWorkbook(made: WorkbookMade): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [path, part] of Object.entries({ ...partsOf(made), ...made.parts })) zip.addBuffer(Buffer.from(part), path)
  zip.end()
  const pieces: Buffer[] = []
  for await (const piece of zip.outputStream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

/** Rows of texts, as Excel would keep them if it kept each where it stands. */
export function textRows(rows: readonly (readonly string[])[]): string {
  return rows
    .map((cells, at) => {
      const inside = cells.map((cell) => `<c t="inlineStr"><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`)
      return `<row r="${at + 1}">${inside.join('')}</row>`
    })
    .join('')
}

function partsOf(made: WorkbookMade): Record<string, string> {
  const { sheets, hidden = [], sharedStrings = [], formats = [], countsFrom1904 = false, afterData = '' } = made
  const names = Object.keys(sheets)
  const tabs = names.map((name, at) => {
    const state = hidden.includes(name) ? ' state="hidden"' : ''
    return `<sheet name="${escapeXml(name)}" sheetId="${at + 1}"${state} r:id="rId${at + 1}"/>`
  })
  const links = [
    ...names.map((_, at) => link(`rId${at + 1}`, 'worksheet', `worksheets/sheet${at + 1}.xml`)),
    link('rId900', 'styles', 'styles.xml'),
    link('rId901', 'sharedStrings', 'sharedStrings.xml'),
  ]
  const codes = formats.map((code, at) => `<numFmt numFmtId="${200 + at}" formatCode="${escapeXml(code)}"/>`)
  const styles = formats.map((_, at) => `<xf numFmtId="${200 + at}" fontId="0" fillId="0" borderId="0"/>`)
  return {
    '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${packages}">${link('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr date1904="${countsFrom1904 ? 1 : 0}"/><sheets>${tabs.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packages}">${links.join('')}</Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts count="${codes.length}">${codes.join('')}</numFmts><cellXfs>${styles.join('')}</cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${sharedStrings.map((text) => `<si>${text}</si>`).join('')}</sst>`,
    ...Object.fromEntries(
      Object.values(sheets).map((rows, at) => [
        `xl/worksheets/sheet${at + 1}.xml`,
        `<worksheet xmlns="${main}"><sheetData>${rows}</sheetData>${afterData}</worksheet>`,
      ]),
    ),
  }
}

function link(id: string, kind: string, target: string): string {
  return `<Relationship Id="${id}" Type="${office}/${kind}" Target="${target}"/>`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
