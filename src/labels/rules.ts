import { type CodePicture, qrCode } from '../lib/qr-code.ts'

/** More at once would be a page that takes a browser minutes to lay out, and nobody sticks on so many in one go. */
export const MOST_LABELS = 500

interface Paper {
  width: number
  height: number
}

/** All measures in millimetres. A roll is a page of one label. */
export interface LabelSheet {
  /** What stands on the packet. */
  name: string
  about: string
  page: Paper
  columns: number
  rows: number
  label: Paper
  /** Between two labels side by side; below one another they touch. */
  gap: number
  /** From the edges of the page to the first label. */
  left: number
  top: number
  /** The code with the quiet zone around it, and what stays blank at the edges of a label. */
  code: number
  margin: { x: number; y: number }
  /** Height of a line of the small print. */
  smallLine: number
}

const a4: Paper = { width: 210, height: 297 }

/**
 * Sheets and rolls as they are sold in Britain, by the maker's number. Other makers cut the same sheets; the numbers of
 * the Avery ones are printed on most packets. Left and top follow from the rest, since the labels stand in the middle
 * of the page. A label printer leaves 3 mm blank at both ends of a die-cut label. The same numbers stand in
 * styles/_labels.scss, and a test measures in a browser that they agree.
 */
export const labelSheets = {
  l7160: {
    name: 'Avery L7160, 21 on a sheet',
    about: 'A4. Each label is 63.5 × 38.1 mm: tablets, laptops and boxes.',
    page: a4,
    columns: 3,
    rows: 7,
    label: { width: 63.5, height: 38.1 },
    gap: 2.5,
    left: 7.25,
    top: 15.15,
    code: 30,
    margin: { x: 2, y: 2 },
    smallLine: 3.2,
  },
  l7651: {
    name: 'Avery L7651, 65 on a sheet',
    about: 'A4. Each label is 38.1 × 21.2 mm: phones, chargers and other small things.',
    page: a4,
    columns: 5,
    rows: 13,
    label: { width: 38.1, height: 21.2 },
    gap: 2.5,
    left: 4.75,
    top: 10.7,
    code: 18.6,
    margin: { x: 1, y: 1.3 },
    smallLine: 2.2,
  },
  l7163: {
    name: 'Avery L7163, 14 on a sheet',
    about: 'A4. Each label is 99.1 × 38.1 mm: kit bags, cases and locker doors.',
    page: a4,
    columns: 2,
    rows: 7,
    label: { width: 99.1, height: 38.1 },
    gap: 2.5,
    left: 4.65,
    top: 15.15,
    code: 33,
    margin: { x: 2.5, y: 2 },
    smallLine: 3.6,
  },
  '62x29': {
    name: 'Label printer, 62 × 29 mm',
    about: 'A roll of single labels, such as Brother DK-11209.',
    page: { width: 62, height: 29 },
    columns: 1,
    rows: 1,
    label: { width: 62, height: 29 },
    gap: 0,
    left: 0,
    top: 0,
    code: 22.6,
    margin: { x: 1.7, y: 3.1 },
    smallLine: 2.8,
  },
} as const satisfies Record<string, LabelSheet>

export type SheetName = keyof typeof labelSheets

export function isSheetName(text: string): text is SheetName {
  return Object.hasOwn(labelSheets, text)
}

export function sheetOf(name: SheetName): LabelSheet {
  return labelSheets[name]
}

export function labelsOnSheet({ columns, rows }: LabelSheet): number {
  return columns * rows
}

/** Where a label is on its page, counted from 0, row by row. */
export function cellOf(sheet: LabelSheet, at: number): { left: number; top: number } {
  const column = at % sheet.columns
  const row = Math.floor(at / sheet.columns)
  return {
    left: sheet.left + column * (sheet.label.width + sheet.gap),
    top: sheet.top + row * sheet.label.height,
  }
}

/** The labels sheet by sheet, the first of them on place `first` of a sheet that is part used. null: a place left blank. */
export function onSheets<Label>(labels: readonly Label[], sheet: LabelSheet, first: number): (Label | null)[][] {
  const places: (Label | null)[] = [...Array.from({ length: first - 1 }, () => null), ...labels]
  const size = labelsOnSheet(sheet)
  const sheets = Math.ceil(places.length / size)
  return Array.from({ length: sheets }, (_, at) => places.slice(at * size, (at + 1) * size))
}

/** What a phone still reads from a cheap print, in millimetres a module. Finer than this is no code but a grey square. */
const FINEST_MODULE = 0.25
/** Wide enough to stand some damage too. */
const COMFORTABLE_MODULE = 0.33

/**
 * The QR code that opens an address, as wide as the sheet has room for: with room to spare it survives more damage. null
 * where the address is so long that no reader could tell the modules apart.
 */
export function codePicture(address: string, sheet: LabelSheet): CodePicture | null {
  for (const [level, finest] of [
    ['M', COMFORTABLE_MODULE],
    ['L', FINEST_MODULE],
  ] as const) {
    const code = qrCode(address, level)
    if (code !== null && sheet.code / code.width >= finest) return code.picture
  }
  return null
}

/** Sizes a tag may be printed in, in points; styles/_labels.scss has a class for each. */
export const tagSizes = [26, 22, 18, 15, 12, 10, 8, 7, 6, 5] as const

export interface TagFit {
  size: (typeof tagSizes)[number]
  /** How many lines are left for what it is, and as many for whose it is. */
  lines: 2 | 1 | 0
}

const MILLIMETRES_A_POINT = 25.4 / 72
const TAG_LINE_HEIGHT = 1.1
/** Between the code and the text. */
export const TEXT_GAP = 1

/** A tag is read as one word where it can be read from a step away like that. */
const LEGIBLE_ON_ONE_LINE = 12

/** Smaller than this a tag is not worth the room that other words take. */
const SMALLEST_BESIDE_WORDS = 6

/**
 * The size for a tag beside the code, with two lines left for what it is and two for whose it is: on one line if that is
 * large enough, or else as large as it can be on several. A very long tag takes the room of the other words.
 */
export function fitTag(tag: string, sheet: LabelSheet): TagFit {
  const width = sheet.label.width - 2 * sheet.margin.x - sheet.code - TEXT_GAP
  const height = sheet.label.height - 2 * sheet.margin.y
  const tagLines = (size: number) => linesOf(tag, width / (size * MILLIMETRES_A_POINT))
  const fits = (size: number, lines: number) =>
    tagLines(size) * size * MILLIMETRES_A_POINT * TAG_LINE_HEIGHT + 2 * lines * sheet.smallLine <= height
  const onOneLine = tagSizes.find((size) => tagLines(size) === 1 && fits(size, 2))
  if (onOneLine !== undefined && onOneLine >= LEGIBLE_ON_ONE_LINE) return { size: onOneLine, lines: 2 }
  for (const lines of [2, 1] as const) {
    const size = tagSizes.find((one) => fits(one, lines))
    if (size !== undefined && size >= SMALLEST_BESIDE_WORDS) return { size, lines }
  }
  return { size: tagSizes.find((size) => fits(size, 0)) ?? tagSizes.at(-1) ?? 5, lines: 0 }
}

/** How many lines a browser makes of it: broken at spaces and after hyphens, and within a word that is too long for a line. */
function linesOf(tag: string, ems: number): number {
  let lines = 1
  let used = 0
  for (const word of tag.split(/(?<=[-\s])/)) {
    if (used > 0 && used + widthOf(word.trimEnd()) > ems) {
      lines += 1
      used = 0
    }
    for (const character of word) {
      const width = emsOf(character)
      if (used > 0 && used + width > ems && character !== ' ') {
        lines += 1
        used = 0
      }
      used += width
    }
  }
  return lines
}

function widthOf(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + emsOf(character), 0)
}

/** As wide as it is in the widest of the usual bold fonts, since nobody knows which one a machine has. */
function emsOf(character: string): number {
  if (/[^ -~]|[W@%]/.test(character)) return 1.15
  if (/[Mmw]/.test(character)) return 1.05
  return /[A-Z]/.test(character) ? 0.83 : 0.71
}
