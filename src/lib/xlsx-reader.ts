import { setImmediate as nextTurn } from 'node:timers/promises'
import { accept, type Reading } from './reading.ts'
import { refuseWorkbook, WorkbookParts, WorkbookProblem, type WorkbookReason } from './xlsx-parts.ts'
import { formatOf, type NumberFormat, shownNumber, unescapeXstring } from './xlsx-values.ts'
import { attributeOf, BadXml, XmlScanner } from './xml-scanner.ts'

export { looksLikeWorkbook, type WorkbookReason } from './xlsx-parts.ts'

/** A sheet that has something in it, by the name on its tab. */
export interface SheetOfWorkbook {
  name: string
  /** Rows that stand in the file, also blank ones that were only ever coloured in; no more than `mostRows` + 1 are counted. */
  rows: number
}

interface Place extends SheetOfWorkbook {
  path: string
}

/** Rows as `take` is given them: the number Excel shows in front, and the cells from column A on, as text. */
export type TakeRow = (line: number, cells: string[]) => void

const MOST_SHEETS = 100
const MOST_ROWS_IN_EXCEL = 1_048_576
/** As in a CSV file. */
const MOST_WORKBOOK_COLUMNS = 300

/**
 * An Excel workbook (.xlsx, .xlsm, ECMA-376). It is looked through first, without being held: how many rows each sheet has, and
 * that what it unpacks to is no bomb. Then one sheet is read row by row, each cell as text, as the person who looks at it sees it where
 * that makes a difference: dates as 2026-08-03, a formula's result, an error such as #N/A as such, numbers in full. What is
 * not text is never run: formulas, macros and links are passed over.
 */
export class Workbook {
  readonly #parts: WorkbookParts
  readonly #sheets: readonly Place[]
  readonly #about: About

  private constructor(parts: WorkbookParts, about: About, sheets: readonly Place[]) {
    this.#parts = parts
    this.#about = about
    this.#sheets = sheets
  }

  /** The sheets that people see and that have rows, in their order. */
  get sheets(): readonly SheetOfWorkbook[] {
    return this.#sheets.map(({ name, rows }) => ({ name, rows }))
  }

  static async open(bytes: Buffer, mostRows: number): Promise<Reading<Workbook, WorkbookReason>> {
    const parts = await WorkbookParts.open(bytes)
    if (parts.error) return { error: parts.error }
    return await guarded(async () => {
      const about = await readAbout(parts.value)
      const sheets: Place[] = []
      for (const { name, path } of about.sheets) {
        const rows = await countRows(parts.value, path, mostRows)
        if (rows > 0) sheets.push({ name, path, rows })
      }
      return new Workbook(parts.value, about, sheets)
    })
  }

  /** Gives every row that says something to `take`. */
  async read(sheetName: string, take: TakeRow): Promise<Reading<true, WorkbookReason>> {
    const sheet = this.#sheets.find(({ name }) => name === sheetName)
    if (!sheet) throw new Error('There is no such sheet')
    return await guarded(async () => {
      const { formats, countsFrom1904, stringsPath } = this.#about
      const strings = stringsPath === undefined ? [] : await readStrings(this.#parts, stringsPath)
      const reader = new SheetReader({ formats, countsFrom1904, strings }, take)
      await scan(this.#parts, sheet.path, reader)
      return true as const
    })
  }
}

/** What is wrong inside becomes the answer; anything else is a fault of ours. */
async function guarded<T>(work: () => Promise<T>): Promise<Reading<T, WorkbookReason>> {
  try {
    return accept(await work())
  } catch (error) {
    if (error instanceof WorkbookProblem) return refuseWorkbook(error.reason)
    if (error instanceof BadXml) return refuseWorkbook('damaged')
    throw error
  }
}

interface Listening {
  open?(name: string, attributes: string): void
  close?(name: string): void
  text?(text: string): void
}

const nothing = () => {}

/** Reads a part from beginning to end, with a turn for other requests between its pieces. */
async function scan(parts: WorkbookParts, path: string, listening: Listening): Promise<void> {
  const scanner = new XmlScanner({
    open: listening.open?.bind(listening) ?? nothing,
    close: listening.close?.bind(listening) ?? nothing,
    text: listening.text?.bind(listening) ?? nothing,
  })
  for await (const piece of parts.readText(path)) {
    scanner.write(piece)
    await nextTurn()
  }
  scanner.end()
}

/** Counts rows without reading them, and stops when there are too many. */
async function countRows(parts: WorkbookParts, path: string, most: number): Promise<number> {
  let rows = 0
  let before = ''
  for await (const piece of parts.read(path)) {
    const text = before + piece.toString('latin1')
    rows += (text.match(/<(?:[\w.-]{1,20}:)?row[\s/>]/g) ?? []).length
    if (rows > most) return most + 1
    // a tag cut in two begins here; one that is whole was counted
    const last = text.lastIndexOf('<')
    before =
      last < 0 || text.length - last > 30 || /^<(?:[\w.-]{1,20}:)?row[\s/>]/.test(text.slice(last))
        ? ''
        : text.slice(last)
  }
  return rows
}

interface About {
  sheets: { name: string; path: string }[]
  countsFrom1904: boolean
  formats: NumberFormat[]
  stringsPath: string | undefined
}

interface Relationship {
  id: string
  /** The last word of its type: worksheet, styles. The rest differs between the two editions of the standard. */
  kind: string
  target: string
}

/** Which sheets there are, where each part is, and how numbers are shown. */
async function readAbout(parts: WorkbookParts): Promise<About> {
  const path = await findWorkbook(parts)
  const relationships = await readRelationships(parts, path)
  const targetOf = (kind: string) => relationships.find((one) => one.kind === kind && parts.has(one.target))?.target
  const stylesPath = targetOf('styles')
  const tabs: { name: string; id: string }[] = []
  let countsFrom1904 = false
  await scan(parts, path, {
    open(name, attributes) {
      if (name === 'workbookPr') countsFrom1904 ||= isTrue(attributeOf(attributes, 'date1904'))
      if (name !== 'sheet' || /hidden/i.test(attributeOf(attributes, 'state') ?? '')) return
      tabs.push({
        name: unescapeXstring(attributeOf(attributes, 'name') ?? ''),
        id: attributeOf(attributes, 'id') ?? '',
      })
    },
  })
  const sheets = tabs.slice(0, MOST_SHEETS).flatMap(({ name, id }) => {
    const found = relationships.find((one) => one.id === id && one.kind === 'worksheet')
    return found ? [{ name, path: found.target }] : []
  })
  return {
    sheets,
    countsFrom1904,
    formats: stylesPath === undefined ? [] : await readFormats(parts, stylesPath),
    stringsPath: targetOf('sharedStrings'),
  }
}

async function findWorkbook(parts: WorkbookParts): Promise<string> {
  if (!parts.has('_rels/.rels')) throw new WorkbookProblem('not-a-workbook')
  const found = (await readRelationships(parts, '')).find(({ kind }) => kind === 'officeDocument')
  if (found?.target.endsWith('.bin')) throw new WorkbookProblem('binary-workbook')
  // Word and PowerPoint make files of the same kind
  if (!found || !parts.has(found.target) || !/workbook/i.test(found.target)) throw new WorkbookProblem('not-a-workbook')
  return found.target
}

async function readRelationships(parts: WorkbookParts, of: string): Promise<Relationship[]> {
  const folder = of.slice(0, of.lastIndexOf('/') + 1)
  const path = `${folder}_rels/${of.slice(folder.length)}.rels`
  const relationships: Relationship[] = []
  if (!parts.has(path)) return relationships
  await scan(parts, path, {
    open(name, attributes) {
      if (name !== 'Relationship') return
      const target = attributeOf(attributes, 'Target') ?? ''
      relationships.push({
        id: attributeOf(attributes, 'Id') ?? '',
        kind: (attributeOf(attributes, 'Type') ?? '').split('/').at(-1) ?? '',
        target: new URL(target, `file:///${folder}`).pathname.slice(1),
      })
    },
  })
  return relationships
}

async function readFormats(parts: WorkbookParts, path: string): Promise<NumberFormat[]> {
  const codes = new Map<number, string>()
  const formats: NumberFormat[] = []
  let isInCells = false
  await scan(parts, path, {
    open(name, attributes) {
      if (name === 'cellXfs') isInCells = true
      const id = Number(attributeOf(attributes, 'numFmtId') ?? 0)
      if (name === 'numFmt') codes.set(id, attributeOf(attributes, 'formatCode') ?? '')
      if (name === 'xf' && isInCells) formats.push(formatOf(id, codes.get(id)))
    },
    close(name) {
      if (name === 'cellXfs') isInCells = false
    },
  })
  return formats
}

function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true'
}

/** Characters of all the texts together that cells share. */
const MOST_SHARED = 30_000_000
const MOST_STRINGS = 1_500_000

/** The texts that cells refer to by number. How a text is read aloud, in Japanese, is no part of it. */
async function readStrings(parts: WorkbookParts, path: string): Promise<string[]> {
  const strings: string[] = []
  let characters = 0
  let text = ''
  let isText = false
  let isReading = false
  await scan(parts, path, {
    open(name) {
      if (name === 'si') text = ''
      else if (name === 't') isText = true
      else if (name === 'rPh') isReading = true
    },
    text(more) {
      if (!isText || isReading) return
      text += more
      characters += more.length
      if (characters > MOST_SHARED) throw new WorkbookProblem('too-large-inside')
    },
    close(name) {
      if (name === 't') isText = false
      else if (name === 'rPh') isReading = false
      else if (name === 'si') {
        strings.push(unescapeXstring(text))
        if (strings.length > MOST_STRINGS) throw new WorkbookProblem('too-large-inside')
      }
    },
  })
  return strings
}

interface Known {
  formats: readonly NumberFormat[]
  countsFrom1904: boolean
  strings: readonly string[]
}

/** What Excel writes for a formula that nobody has worked out yet. */
const NOT_WORKED_OUT = '#GETTING_DATA'

/** Listens to a sheet and gives its rows. */
class SheetReader {
  readonly #known: Known
  readonly #take: TakeRow
  #line = 0
  #cells: string[] = []
  #column = 0
  #type = ''
  #style = 0
  #value: string | undefined
  #hasFormula = false
  #isReading = false
  #collects = false

  constructor(known: Known, take: TakeRow) {
    this.#known = known
    this.#take = take
  }

  open(name: string, attributes: string): void {
    if (name === 'c') this.#beginCell(attributes)
    else if (name === 'v' || name === 't') {
      this.#collects = !this.#isReading
      if (this.#collects) this.#value ??= ''
    } else if (name === 'row') this.#beginRow(attributes)
    else if (name === 'f') this.#hasFormula = true
    else if (name === 'rPh') this.#isReading = true
  }

  text(text: string): void {
    if (this.#collects) this.#value = (this.#value ?? '') + text
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#collects = false
    else if (name === 'c') this.#endCell()
    else if (name === 'row') this.#endRow()
    else if (name === 'rPh') this.#isReading = false
  }

  #beginRow(attributes: string): void {
    const line = Number(attributeOf(attributes, 'r') ?? this.#line + 1)
    if (!Number.isInteger(line) || line <= this.#line || line > MOST_ROWS_IN_EXCEL) throw new WorkbookProblem('damaged')
    this.#line = line
    this.#column = 0
    this.#cells = []
  }

  #beginCell(attributes: string): void {
    const column = columnOf(attributeOf(attributes, 'r')) ?? this.#column + 1
    if (column <= this.#column) throw new WorkbookProblem('damaged')
    this.#column = column
    this.#type = attributeOf(attributes, 't') ?? 'n'
    this.#style = Number(attributeOf(attributes, 's') ?? 0)
    this.#value = undefined
    this.#hasFormula = false
  }

  #endCell(): void {
    const text = this.#cellText()
    if (text === '') return
    if (this.#column > MOST_WORKBOOK_COLUMNS) throw new WorkbookProblem('too-many-columns')
    while (this.#cells.length < this.#column - 1) this.#cells.push('')
    this.#cells.push(text)
  }

  #cellText(): string {
    const value = this.#value
    if (value === undefined) return this.#hasFormula ? NOT_WORKED_OUT : ''
    switch (this.#type) {
      case 's':
        return this.#shared(value)
      case 'inlineStr':
      case 'str':
        return unescapeXstring(value)
      case 'b':
        return isTrue(value.trim()) ? 'TRUE' : 'FALSE'
      case 'd':
        return value.replace(/T00:00:00(?:\.0+)?Z?$/, '')
      case 'n':
        return shownNumber(value, this.#known.formats[this.#style] ?? 'plain', this.#known.countsFrom1904)
      default:
        return value
    }
  }

  #shared(value: string): string {
    const text = this.#known.strings[Number(value)]
    if (value === '' || text === undefined) throw new WorkbookProblem('damaged')
    return text
  }

  #endRow(): void {
    if (this.#cells.length > 0) this.#take(this.#line, this.#cells)
  }
}

/** The number of the column of B12, from 1: 2. */
function columnOf(place: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}(?=[0-9])/i.exec(place ?? '')?.[0].toUpperCase()
  if (letters === undefined) return undefined
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return column
}
