import { accepted, type FieldError, fieldText, fieldTexts, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { dueDateProblem } from '../loans/rules.ts'
import { type ExtensionOrder, isReviewFilter, MOST_LINES, type ReviewFilter, type SeenLine } from './rules.ts'

/** Whose lines, and which of them; from the address or from the form. */
export interface LinesAsked {
  show: ReviewFilter
  borrower: { kind: 'service-user' | 'ward' | 'staff'; id: number } | null
}

export function linesAsked(source: unknown): LinesAsked {
  const show = fieldText(source, 'show')
  const kinds = ['service-user', 'ward', 'staff'] as const
  const kind = kinds.find((name) => /^[1-9]\d{0,14}$/.test(fieldText(source, name)))
  const borrower = kind ? { kind, id: Number(fieldText(source, kind)) } : null
  return { show: isReviewFilter(show) ? show : borrower ? 'open' : 'overdue', borrower }
}

/** The ticked lines, each with the review date it was shown with. */
export function linesTicked(body: unknown): SeenLine[] {
  const read = fieldTexts(body, 'line').map((text) => /^([1-9]\d{0,14})\.(\d{4}-\d\d-\d\d)$/.exec(text))
  const lines = read.flatMap((match) => (match?.[1] && match[2] ? [{ id: Number(match[1]), dueOn: match[2] }] : []))
  return [...new Map(lines.map((line) => [line.id, line])).values()]
}

/** Reads what is extended and until when. Gives every mistake at once. */
export function parseExtensions(body: unknown, today: string): Parsed<ExtensionOrder> {
  const values = typedValues(body, ['until', ...dateFieldNames('due')])
  const lines = linesTicked(body)
  const errors: FieldError[] = []
  if (lines.length === 0) errors.push({ field: 'line', text: 'Choose at least one item' })
  if (lines.length > MOST_LINES) {
    errors.push({ field: 'line', text: `There are ${lines.length} items. Extend ${MOST_LINES} at most at once` })
  }
  if (values.until === 'again') {
    return errors.length > 0 ? rejected(errors, values) : accepted({ lines, dueOn: null }, values)
  }
  if (values.until !== 'date') {
    return rejected([...errors, { field: 'until', text: 'Choose until when they keep them' }], values)
  }
  const read = readOptionalDate(values, 'due', 'New review date')
  if (read.error) errors.push(read.error)
  else if (read.date === null) errors.push({ field: 'due', text: 'Enter the new review date' })
  const problem = read.date && dueDateProblem(read.date, today)
  if (problem) errors.push({ field: 'due', text: problem })
  return errors.length > 0 ? rejected(errors, values) : accepted({ lines, dueOn: read.date }, values)
}
