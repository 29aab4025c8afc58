import { isCategory } from '../items/rules.ts'
import { accepted, type FieldError, fieldText, type Parsed, rejected } from '../lib/fields.ts'
import { accept, type Reading, refuse } from '../lib/reading.ts'
import { cleanLine } from '../lib/text.ts'
import { columnField, meaningField, mostWords, type WordKind, wordField } from './field-names.ts'
import { isFieldOf } from './fields-rules.ts'
import type { FileKind } from './kinds-rules.ts'
import { checkColumns } from './mapping-rules.ts'
import { type Place, type WordMeanings, wordKey } from './words-rules.ts'

export interface Upload {
  name: string
  bytes: Buffer
}

interface Received {
  file?: { originalname: string; buffer: Buffer }
  uploadProblem?: 'too large' | 'not readable'
}

/** The file that came with the upload form, or what to say at its field. */
export function parseUpload({ file, uploadProblem }: Received): Reading<Upload> {
  if (uploadProblem === 'too large') return refuse('too-large', 'The file is larger than 10 MB. Split it into parts')
  if (uploadProblem) return refuse('not-readable', 'The file did not arrive whole. Choose it again')
  if (!file) return refuse('missing', 'Choose a CSV or Excel file')
  return accept({ name: cleanLine(file.originalname).slice(-200) || 'spreadsheet.csv', bytes: file.buffer })
}

/** Reads which column holds what. */
export function parseColumns(body: unknown, headings: readonly string[], kind: FileKind): Parsed<Map<string, string>> {
  const values = Object.fromEntries(headings.map((_, at) => [columnField(at), fieldText(body, columnField(at))]))
  const chosen = headings.flatMap((heading, at) => {
    const field = values[columnField(at)] ?? ''
    return isFieldOf(kind.fields, field) ? [[heading, field] as const] : []
  })
  const errors = checkColumns(chosen, kind).map(
    ({ heading, text }): FieldError => ({ field: columnField(heading === null ? 0 : headings.indexOf(heading)), text }),
  )
  return errors.length > 0 ? rejected(errors, values) : accepted(new Map(chosen), values)
}

/** Reads what the words of the file mean. A word that was left open stays so: its rows are shown as errors. */
export function parseMeanings(body: unknown, places: readonly Place[]): WordMeanings {
  const codes = new Set(places.map(({ code }) => code))
  const categories = chosenWords(body, 'category').flatMap(([word, code]) =>
    isCategory(code) ? [[word, code] as const] : [],
  )
  return {
    categories: new Map(categories),
    places: new Map(chosenWords(body, 'place').filter(([, code]) => codes.has(code))),
  }
}

/** The sheet that was chosen, by its place in the list. */
export function parseSheetChoice(body: unknown, names: readonly string[]): Reading<string> {
  const at = fieldText(body, 'sheet')
  const name = /^\d{1,3}$/.test(at) ? names[Number(at)] : undefined
  return name === undefined ? refuse('missing', 'Choose which sheet it is') : accept(name)
}

function chosenWords(body: unknown, kind: WordKind): [string, string][] {
  return Array.from({ length: mostWords }, (_, at): [string, string] => [
    wordKey(fieldText(body, wordField(kind, at))),
    fieldText(body, meaningField(kind, at)),
  ]).filter(([word]) => word !== '')
}
