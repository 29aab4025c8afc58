import { accepted, type FieldError, fieldText, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { cleanCode } from '../lib/text.ts'
import { isSheetName, labelSheets, labelsOnSheet, MOST_LABELS, type SheetName, sheetOf } from './rules.ts'

export interface LabelOrder {
  /** What was scanned or typed, in that order, each once. Where there is none the filters choose. */
  codes: string[]
  /** The first and the last tag of those that the filters leave; '' for no such end. */
  from: string
  to: string
  sheet: SheetName
  /** The place of the first label on a sheet that is part used; 1 on a new one. */
  first: number
}

/** Reads which labels to print, on what. */
export function parseLabelOrder(body: unknown): Parsed<LabelOrder> {
  const values = typedValues(body, ['from', 'to', 'codes', 'sheet', 'first'])
  const errors: FieldError[] = []
  const codes = linesOf(fieldText(body, 'codes'))
  if (codes.length > MOST_LABELS) errors.push({ field: 'codes', text: tooMany(codes.length) })
  const sheet = values.sheet ?? ''
  if (!isSheetName(sheet)) {
    errors.push({ field: 'sheet', text: 'Choose the labels you have' })
    return rejected(errors, values)
  }
  const first = readFirst(values.first ?? '', sheet)
  if (first === null) errors.push({ field: 'first', text: firstError(sheet) })
  if (errors.length > 0 || first === null) return rejected(errors, values)
  return accepted({ codes, from: cleanCode(values.from), to: cleanCode(values.to), sheet, first }, values)
}

/** A scanner ends each with Enter, a spreadsheet may part them by tabs; a tag may hold any other character. */
function linesOf(text: string): string[] {
  const lines = text.split(/[\r\n\t]+/).map((line) => line.trim())
  return [...new Set(lines.filter((line) => line !== ''))]
}

function tooMany(count: number): string {
  const parts = Math.ceil(count / MOST_LABELS)
  return `You entered ${count.toLocaleString('en-GB')} tags. Print at most ${MOST_LABELS} labels at a time: split your list into ${parts} parts`
}

/** A roll has one place only, so what was typed for a sheet counts for nothing there. */
function readFirst(text: string, sheet: SheetName): number | null {
  const places = labelsOnSheet(sheetOf(sheet))
  if (text === '' || places === 1) return 1
  const first = /^\d{1,3}$/.test(text) ? Number(text) : 0
  return first >= 1 && first <= places ? first : null
}

function firstError(sheet: SheetName): string {
  const places = labelsOnSheet(sheetOf(sheet))
  return `First label to use must be a number from 1 to ${places}, because ${labelSheets[sheet].name.split(',')[0]} has ${places} labels on a sheet`
}
