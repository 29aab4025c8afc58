import { addDays } from './calendar.ts'

/** How a workbook shows a number: as it is, as a date or time, or as digits in a pattern, such as 00000 for a tag. */
export type NumberFormat = 'plain' | 'date' | { digits: string }

/** The formats of dates and times that need no code in the file (ECMA-376, part 1, 18.8.30). */
const dateFormats = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
] as const

export function formatOf(id: number, code: string | undefined): NumberFormat {
  if (code === undefined) return dateFormats.some(([from, to]) => id >= from && id <= to) ? 'date' : 'plain'
  const positive = code.split(';')[0] ?? ''
  if (isDateCode(positive)) return 'date'
  return isDigitsCode(positive) ? { digits: positive } : 'plain'
}

/** Texts, colours, spaces as wide as a sign and signs that fill the cell say nothing about what the number is. */
function isDateCode(code: string): boolean {
  const said = code.replace(/"[^"]*"|[\\_*].|\[(?!(?:h+|m+|s+)\])[^\]]*\]|general|am\/pm|a\/p/gi, '')
  return /[ymdhs]/i.test(said) && !/[#?0]/.test(said.replace(/[.]0+/g, ''))
}

/** Zeros alone and texts between them: 00000, "TAB-"0000, 00000 000000. A single 0 is any whole number. */
function isDigitsCode(code: string): boolean {
  const said = code.replace(/"[^"]*"|\\./g, 'x').replace(/[ ()/-]/g, 'x')
  return /^[0x]+$/.test(said) && said.includes('0') && said !== '0'
}

/** A number of a workbook as the person who looks at it sees it, as far as its format is one that changes which number it is. */
export function shownNumber(raw: string, format: NumberFormat, countsFrom1904: boolean): string {
  const value = Number(raw)
  if (raw.trim() === '' || !Number.isFinite(value)) return raw
  if (format === 'date') return shownDate(value, countsFrom1904) ?? plainNumber(value)
  if (format === 'plain' || !Number.isInteger(value) || value < 0 || value >= LOST_DIGITS) return plainNumber(value)
  return inDigits(value, format.digits)
}

/** Spreadsheets keep 15 digits of a number. Of a longer one the rest is gone, whatever they show. */
const LOST_DIGITS = 1e15

/** Without what binary fractions add: 349.98999999999995 was typed as 349.99. */
function plainNumber(value: number): string {
  if (Math.abs(value) < LOST_DIGITS) return String(Number(value.toPrecision(15)))
  return value.toExponential(14).replace(/\.?0*e/, 'E')
}

function inDigits(value: number, code: string): string {
  const places = code.replace(/"[^"]*"|\\./g, '').split('0').length - 1
  const digits = String(value).padStart(places, '0')
  let next = digits.length - places
  let isFirst = true
  return code.replace(/"([^"]*)"|\\(.)|0/g, (whole, quoted?: string, escaped?: string) => {
    if (whole !== '0') return quoted ?? escaped ?? ''
    // what is longer than the pattern stands in front
    const from = isFirst ? 0 : next
    isFirst = false
    next += 1
    return digits.slice(from, next)
  })
}

const DAY_SECONDS = 86_400

/**
 * A count of days as a date, 2026-08-03, with its time where it has one. Excel counts a 29 February 1900 that never was; it is
 * given back as such, for whoever reads the date to refuse.
 */
function shownDate(value: number, countsFrom1904: boolean): string | undefined {
  if (value < 0 || value >= 2_958_466) return undefined
  const seconds = Math.round(value * DAY_SECONDS)
  const days = Math.floor(seconds / DAY_SECONDS)
  const rest = seconds % DAY_SECONDS
  const time = rest === 0 ? '' : clock(rest)
  if (days === 0 && !countsFrom1904) return time || undefined
  return [dayAt(days, countsFrom1904), time].filter((part) => part !== '').join(' ')
}

function dayAt(days: number, countsFrom1904: boolean): string {
  if (countsFrom1904) return addDays('1904-01-01', days)
  if (days === 60) return '1900-02-29'
  return addDays(days < 60 ? '1899-12-31' : '1899-12-30', days)
}

function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}

/** What ECMA-376 calls ST_Xstring: `_x000D_` is a carriage return, and `_x005F_` the first line of what only looks like that. */
export function unescapeXstring(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([0-9a-f]{4})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
