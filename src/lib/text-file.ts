import { isUtf8 } from 'node:buffer'
import { accept, type Reading, refuse } from './reading.ts'

export type Encoding = 'utf-8' | 'utf-16' | 'windows-1252'
export type TextFileReason = 'empty' | 'too-large' | 'excel-workbook' | 'pdf' | 'web-page' | 'not-text'

/** The text of a file as UTF-8 bytes without a mark in front, and how it was written. */
export type TextFile = { bytes: Buffer; encoding: Encoding }

const SAVE_AS_CSV = 'Open it, choose Save as, then CSV UTF-8, and use the file that makes'

/** How files that people send in place of a text file begin, read byte for byte, and what to tell them. */
const OTHER_KINDS: readonly { begins: RegExp | string; reason: TextFileReason; text: string }[] = [
  {
    begins: 'PK\x03\x04',
    reason: 'excel-workbook',
    text: `This is an Excel workbook or a ZIP file, not a CSV file. ${SAVE_AS_CSV}`,
  },
  {
    begins: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    reason: 'excel-workbook',
    text: `This is an old Excel workbook, not a CSV file. ${SAVE_AS_CSV}`,
  },
  {
    begins: '%PDF-',
    reason: 'pdf',
    text: 'This is a PDF, not a CSV file. Ask for the spreadsheet it was made from',
  },
  {
    begins: /^\s*<(?:!doctype|html|table|\?xml)\b/i,
    reason: 'web-page',
    text: `This is a web page, not a CSV file, whatever it is called. ${SAVE_AS_CSV}`,
  },
]

/**
 * Reads a file that should be text: UTF-8, UTF-16 where its mark says so, or else Windows-1252, in which older Excel in
 * Britain saves. Stops at once when there are more than `maxBytes`. Refuses what is plainly another kind of file.
 */
export async function readTextFile(
  source: Buffer | AsyncIterable<Buffer>,
  maxBytes: number,
): Promise<Reading<TextFile, TextFileReason>> {
  const whole = await readBytes(source, maxBytes)
  if (whole.error) return { error: whole.error }
  const bytes = whole.value
  const start = bytes.toString('latin1', 0, 100)
  const other = OTHER_KINDS.find(({ begins }) =>
    typeof begins === 'string' ? start.startsWith(begins) : begins.test(start),
  )
  if (other) return refuse(other.reason, other.text)
  const text = decode(bytes)
  if (text.bytes.includes(0)) return refuse('not-text', 'This is not a text file. Save the spreadsheet as CSV UTF-8')
  return accept(text)
}

/**
 * All the bytes of a file, unless there are too many; then it stops at once. Leaving the loop closes a stream. The room is asked for
 * once and only what is written to becomes memory, so a file is never held twice, as it would be to join its pieces.
 */
export async function readBytes(
  source: Buffer | AsyncIterable<Buffer>,
  maxBytes: number,
): Promise<Reading<Buffer, 'too-large'>> {
  if (Buffer.isBuffer(source)) return source.length > maxBytes ? tooLarge(maxBytes) : accept(source)
  const room = Buffer.allocUnsafeSlow(maxBytes)
  let size = 0
  for await (const chunk of source) {
    if (size + chunk.length > maxBytes) return tooLarge(maxBytes)
    size += chunk.copy(room, size)
  }
  return accept(room.subarray(0, size))
}

function tooLarge(maxBytes: number) {
  return refuse('too-large', `The file is larger than ${sizeInWords(maxBytes)}. Split it into parts`)
}

function decode(bytes: Buffer): TextFile {
  const mark = bytes.toString('latin1', 0, 3)
  if (mark.startsWith('\xff\xfe')) return transcode(bytes, 'utf-16le', 'utf-16')
  if (mark.startsWith('\xfe\xff')) return transcode(bytes, 'utf-16be', 'utf-16')
  const unmarked = mark === '\xef\xbb\xbf' ? bytes.subarray(3) : bytes
  return isUtf8(unmarked) ? { bytes: unmarked, encoding: 'utf-8' } : transcode(unmarked, 'windows-1252', 'windows-1252')
}

function transcode(bytes: Buffer, label: string, encoding: Encoding): TextFile {
  return { bytes: Buffer.from(new TextDecoder(label).decode(bytes)), encoding }
}

function sizeInWords(bytes: number): string {
  return bytes >= 1_000_000 ? `${Math.floor(bytes / 1_000_000)} MB` : `${Math.ceil(bytes / 1_000)} KB`
}
