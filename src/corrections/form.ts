import {
  accepted,
  type FieldError,
  fieldText,
  fieldTexts,
  type Parsed,
  rejected,
  type Typed,
  typedValues,
  versionOf,
} from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanText, isLongerThan } from '../lib/text.ts'
import { type DateKind, type LineFacts, MOST_REASON, needsReviewDate } from './rules.ts'

/** What every correction asks for. */
export interface CorrectionForm {
  lineIds: number[]
  reason: string
  version: number
}

/** The lines that were ticked, each once. */
export function lineIdsOf(body: unknown): number[] {
  return [...new Set(fieldTexts(body, 'line').filter((text) => /^[1-9]\d{0,14}$/.test(text)))].map(Number)
}

export type DateForm = CorrectionForm & { kind: DateKind; day: string }

/** Reads which date of which lines is wrong, what it is in truth, and why. */
export function parseDate(body: unknown): Parsed<DateForm> {
  const values = typedValues(body, ['which', ...dateFieldNames('right'), 'reason'])
  const { errors, ...form } = readCommon(body, values)
  const kind = dateKindOf(values.which)
  const read = readOptionalDate(values, 'right', 'The right date')
  if (kind === null) errors.unshift({ field: 'which', text: 'Choose which date is wrong' })
  if (read.error) errors.push(read.error)
  else if (read.date === null) errors.push({ field: 'right', text: 'Enter the right date' })
  if (errors.length > 0 || kind === null || read.date === null) return rejected(inOrder(errors), values)
  return accepted({ ...form, kind, day: read.date }, values)
}

function dateKindOf(text: string | undefined): DateKind | null {
  return text === 'lent' || text === 'returned' || text === 'review' ? text : null
}

export type ItemForm = Omit<CorrectionForm, 'lineIds'> & { lineId: number; code: string }

/** Reads which line has the wrong item, the tag or number of the right one, and why. */
export function parseItem(body: unknown): Parsed<ItemForm> {
  const values = typedValues(body, ['code', 'reason'])
  const { errors, lineIds, ...form } = readCommon(body, values, 'Choose the item that is wrong')
  const [lineId] = lineIds
  const code = values.code ?? ''
  if (code === '') errors.push({ field: 'code', text: 'Scan or type the item they really have' })
  if (errors.length > 0 || lineId === undefined) return rejected(inOrder(errors), values)
  return accepted({ ...form, lineId, code }, values)
}

export type ReturnForm = CorrectionForm & { dueOn: string | null }

/** Reads what never came back or was never given, and why; and a review date for what never had one. */
export function parseReturn(body: unknown, lines: LineFacts[]): Parsed<ReturnForm> {
  const values = typedValues(body, [...dateFieldNames('due'), 'reason'])
  const { errors, ...form } = readCommon(body, values)
  const isDateNeeded = lines.some((line) => form.lineIds.includes(line.id) && needsReviewDate(line))
  const due = readOptionalDate(values, 'due', 'Review date')
  if (isDateNeeded && due.error) errors.push(due.error)
  else if (isDateNeeded && due.date === null) errors.push({ field: 'due', text: 'Enter the review date' })
  if (errors.length > 0) return rejected(inOrder(errors), values)
  return accepted({ ...form, dueOn: isDateNeeded ? due.date : null }, values)
}

/** Reads which lines went to somebody else, and why; to whom is known by then. */
export function parseBorrower(body: unknown): Parsed<CorrectionForm> {
  const values = typedValues(body, ['reason'])
  const { errors, ...form } = readCommon(body, values)
  return errors.length > 0 ? rejected(errors, values) : accepted(form, values)
}

const borrowerKinds = ['service-user', 'ward', 'staff'] as const

/** Who had it in truth, from an address or a form; null when nobody was chosen. */
export function borrowerAsked(source: unknown): { kind: (typeof borrowerKinds)[number]; id: number } | null {
  for (const kind of borrowerKinds) {
    const text = fieldText(source, kind)
    if (/^[1-9]\d{0,14}$/.test(text)) return { kind, id: Number(text) }
  }
  return null
}

function readCommon(body: unknown, values: Typed, noLine = 'Choose at least one item') {
  const lineIds = lineIdsOf(body)
  const reason = cleanText(values.reason)
  const errors: FieldError[] = []
  if (lineIds.length === 0) errors.push({ field: 'line', text: noLine })
  if (reason === '') errors.push({ field: 'reason', text: 'Say why it is corrected' })
  if (isLongerThan(reason, MOST_REASON)) {
    errors.push({ field: 'reason', text: `Reason must be ${MOST_REASON} characters or less` })
  }
  return { lineIds, reason, version: versionOf(body), errors }
}

/** The reason is asked last, and its error stands last. */
function inOrder(errors: FieldError[]): FieldError[] {
  return errors.toSorted((one, other) => Number(one.field === 'reason') - Number(other.field === 'reason'))
}
