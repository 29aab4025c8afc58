import { formatDue, formatLongDate } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import { listUrl } from '../lib/keyset.ts'
import type { CheckboxesField, Link, Page, RadiosField, SelectField } from '../lib/view-model.ts'
import { borrowerName } from '../loans/borrowers-rules.ts'
import { modelOf } from '../models/rules.ts'
import type { OpenLineRow } from './queries.ts'
import { type LineInTheWay, MOST_LINES, type ReviewFilter, reviewFilters } from './rules.ts'

export const EXTENSIONS = '/loans/extensions'

interface Filter {
  show: ReviewFilter
  borrower: { kind: string; id: number } | null
}

export type ExtensionsPage = Page & {
  heading: string
  lead: string
  key: string
  filter: { show: ReviewFilter; borrower: { name: string; value: number } | null }
  choose: SelectField
  /** There is more than one sitting takes. */
  more: string | null
  lines: CheckboxesField | null
  until: RadiosField
  empty: { text: string; link: Link }
}

export interface ExtensionsShown {
  key: string
  filter: Filter
  /** One more than fits, where there are more. */
  rows: OpenLineRow[]
  today: string
  /** Ticked lines; all of them when the form is first shown. */
  ticked?: number[]
  inTheWay?: LineInTheWay[]
  values?: Typed
  errors?: FieldError[]
}

/** What can be extended, ticked, and until when. What stands in the way of a line is said at the line. */
export function presentExtensions(shown: ExtensionsShown): ExtensionsPage {
  const { filter, values = { until: 'again' }, inTheWay = [] } = shown
  const rows = shown.rows.slice(0, MOST_LINES)
  const errors = [...(shown.errors ?? []), ...errorsOf(inTheWay, rows)]
  const fields = formFields({ values, errors })
  const [first] = rows
  const heading = filter.borrower && first ? `Extend for ${borrowerName(first, true)}` : 'Extend several'
  return {
    // a person's name stands in the page and not in its title, which browsers keep
    title: 'Extend several',
    heading,
    lead: leadOf(inTheWay.length),
    errors,
    back: { href: listUrl('/loans', { show: filter.show === 'week' ? 'due' : filter.show }), text: 'Loans' },
    key: shown.key,
    filter: {
      show: filter.show,
      borrower: filter.borrower && { name: filter.borrower.kind, value: filter.borrower.id },
    },
    choose: {
      id: 'show',
      name: 'show',
      label: 'Which items',
      value: filter.show,
      items: Object.entries(reviewFilters).map(([value, text]) => ({ value, text })),
    },
    more:
      shown.rows.length > MOST_LINES
        ? `There are more than ${MOST_LINES}. These are the first to review: extend them, and come back for the rest.`
        : null,
    lines: rows.length === 0 ? null : linesField(rows, shown),
    until: fields.radios('until', 'Until when?', [
      {
        value: 'again',
        text: 'As long again',
        hint: 'As long as a new loan of its kind, from its review date or today',
      },
      {
        value: 'date',
        text: 'Until a day I choose',
        conditional: {
          dateInput: fields.date('due', 'New review date', {
            hint: 'A weekend or bank holiday moves to the next working day.',
          }),
        },
      },
    ]),
    empty: { text: 'Nothing on loan is due then', link: { href: '/loans', text: 'All that is on loan' } },
  }
}

function leadOf(count: number): string {
  if (count === 0) return 'Take the tick off what they do not keep.'
  const which = count === 1 ? '1 item cannot be extended and is' : `${count} items cannot be extended and are`
  return `Nothing is extended yet. ${which} unticked now, with the reason. Press Extend to extend the others.`
}

const MOST_ERRORS = 10

/** Each leads to the box of its line, where the line is still in the list. */
function errorsOf(inTheWay: LineInTheWay[], rows: OpenLineRow[]): FieldError[] {
  const places = new Map(rows.map(({ line_id }, at) => [line_id, at === 0 ? 'line' : `line-${at}`]))
  const errors = inTheWay
    .slice(0, MOST_ERRORS)
    .map(({ lineId, text }) => ({ field: places.get(lineId) ?? 'line', text }))
  const more = inTheWay.length - errors.length
  return more > 0 ? [...errors, { field: 'line', text: `${more} more, each marked below` }] : errors
}

function linesField(
  rows: OpenLineRow[],
  { ticked, inTheWay = [], errors = [], today }: ExtensionsShown,
): CheckboxesField {
  const reasons = new Map(inTheWay.map(({ lineId, text }) => [lineId, text]))
  const isTicked = ({ line_id }: OpenLineRow) => !reasons.has(line_id) && (ticked?.includes(line_id) ?? true)
  return {
    id: 'line',
    name: 'line',
    label: rows.length === 1 ? '1 item' : `${Math.min(rows.length, MOST_LINES)} items`,
    labelSize: 'm',
    error: errors.find(({ field }) => field === 'line')?.text,
    items: rows.map((row) => ({
      value: `${row.line_id}.${row.due_on}`,
      checked: isTicked(row),
      text: `${borrowerName(row, true)}: ${row.tag}, ${modelOf(row)}`,
      hint: reasons.has(row.line_id)
        ? `Not extended: ${reasons.get(row.line_id)}.`
        : `Review ${formatLongDate(row.due_on)}, ${formatDue(row.due_on, today)}`,
    })),
    small: true,
  }
}
