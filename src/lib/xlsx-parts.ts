import type { Readable } from 'node:stream'
import yauzl from 'yauzl'
import { type Reading, refuse } from './reading.ts'

export type WorkbookReason =
  | 'not-a-workbook'
  | 'old-workbook'
  | 'password'
  | 'binary-workbook'
  | 'damaged'
  | 'too-large-inside'
  | 'too-many-columns'

/** What stops the reading of a workbook as a whole, thrown from wherever it is found. */
export class WorkbookProblem extends Error {
  readonly reason: WorkbookReason

  constructor(reason: WorkbookReason) {
    super(texts[reason])
    this.reason = reason
  }
}

const SAVE_AGAIN = 'Open it in Excel, choose Save as, then Excel Workbook (.xlsx) or CSV UTF-8'

const texts: Record<WorkbookReason, string> = {
  'not-a-workbook': `This is not an Excel workbook, whatever it is called. ${SAVE_AGAIN}`,
  'old-workbook': `This is an old Excel workbook (.xls). ${SAVE_AGAIN}`,
  password: 'This workbook has a password. Save it without one',
  'binary-workbook': `This is a binary Excel workbook (.xlsb). ${SAVE_AGAIN}`,
  damaged: `This workbook is damaged. ${SAVE_AGAIN}`,
  'too-large-inside':
    'This workbook is too large once it is unpacked. Split it, or save the sheet you need as CSV UTF-8',
  'too-many-columns': 'The sheet has more than 300 columns. Take out those you do not need',
}

export function refuseWorkbook(reason: WorkbookReason) {
  return refuse(reason, texts[reason])
}

/** Bytes a workbook may unpack to while it is looked through. 50,000 rows of 17 columns come to 40 MB. */
const MOST_UNPACKED = 150_000_000
const MOST_PARTS = 2_000

const ZIP = Buffer.from('PK\x03\x04', 'latin1')
const OLE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
/** How the container of a workbook with a password names what is in it: in UTF-16. */
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le')

/** Whether the bytes are, or claim to be, a workbook and not text. */
export function looksLikeWorkbook(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(ZIP) || bytes.subarray(0, 8).equals(OLE)
}

/** The parts of a workbook, each unpacked only when it is asked for, and all together only so far. */
export class WorkbookParts {
  readonly #zip: yauzl.ZipFile
  readonly #entries: ReadonlyMap<string, yauzl.Entry>
  #unpacked = 0

  private constructor(zip: yauzl.ZipFile, entries: ReadonlyMap<string, yauzl.Entry>) {
    this.#zip = zip
    this.#entries = entries
  }

  static async open(bytes: Buffer): Promise<Reading<WorkbookParts, WorkbookReason>> {
    if (bytes.subarray(0, 8).equals(OLE)) {
      return refuseWorkbook(bytes.includes(ENCRYPTED) ? 'password' : 'old-workbook')
    }
    try {
      const zip = await yauzl.fromBufferPromise(bytes)
      if (zip.entryCount > MOST_PARTS) return refuseWorkbook('not-a-workbook')
      const entries = new Map<string, yauzl.Entry>()
      for await (const entry of zip.eachEntry()) entries.set(keyOf(entry.fileName), entry)
      return { value: new WorkbookParts(zip, entries) }
    } catch {
      return refuseWorkbook('damaged')
    }
  }

  has(path: string): boolean {
    return this.#entries.has(keyOf(path))
  }

  /** A part piece by piece. Whoever stops early unpacks no more of it. */
  async *read(path: string): AsyncGenerator<Buffer> {
    const entry = this.#entries.get(keyOf(path))
    if (entry === undefined) throw new WorkbookProblem('damaged')
    if (entry.isEncrypted()) throw new WorkbookProblem('password')
    let stream: Readable | undefined
    try {
      stream = await this.#zip.openReadStreamPromise(entry)
      for await (const piece of stream as AsyncIterable<Buffer>) {
        this.#unpacked += piece.length
        if (this.#unpacked > MOST_UNPACKED) throw new WorkbookProblem('too-large-inside')
        yield piece
      }
    } catch (error) {
      throw error instanceof WorkbookProblem ? error : new WorkbookProblem('damaged')
    } finally {
      stream?.destroy()
    }
  }

  /** As {@link read}, as text. */
  async *readText(path: string): AsyncGenerator<string> {
    const decoder = new TextDecoder('utf-8')
    for await (const piece of this.read(path)) yield decoder.decode(piece, { stream: true })
  }
}

/** Names in a workbook make no difference between capitals and small letters. */
function keyOf(path: string): string {
  return path.replace(/^\/+/, '').toLowerCase()
}
