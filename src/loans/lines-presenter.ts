import { formatDue, formatLongDate } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { dateFieldValues, formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, DateField, Page } from '../lib/view-model.ts'
import { modelOf } from '../models/rules.ts'
import { borrowerName } from './borrowers-rules.ts'
import type { LoanDetail, LoanLineRow } from './queries.ts'
import { isOpen, wardGiftRefused } from './rules.ts'

export type LinesPage = Page & {
  heading: string
  action: string
  version: number
  lead: string
  /** Why there is nothing to choose; then there is no form. */
  nothing: string | null
  lines: CheckboxesField
  date: DateField | null
  warning: string | null
  button: string
  cancel: string
}

export interface LinesShown {
  loan: LoanDetail
  lines: LoanLineRow[]
  today: string
  /** Ticked lines; all of them when the form is first shown. */
  ticked?: number[]
  /** The version the form was shown with: who did not hear yet of a change meanwhile must still hear of it. */
  version?: number
  /** The date the form begins with, where it has one. */
  offered?: string
  values?: Typed
  errors?: FieldError[]
}

const lineForms = {
  extension: {
    title: 'Extend',
    heading: (who: string) => `Extend for ${who}`,
    lead: 'Choose what they keep for longer. A weekend or bank holiday moves to the next working day.',
    date: { id: 'due', label: 'New review date', hint: undefined },
    warning: null,
    button: 'Extend',
  },
  return: {
    title: 'Take back',
    heading: (who: string) => `Take back from ${who}`,
    lead: 'Choose what came back. Each item is made ready before it can be lent again.',
    date: { id: 'returned', label: 'Day it came back (optional)', hint: 'Leave this empty if it came back just now' },
    warning: null,
    button: 'Take back',
  },
  gift: {
    title: 'Give to keep',
    heading: (who: string) => `Give to ${who} to keep`,
    lead: 'Choose what becomes theirs.',
    date: null,
    warning: 'What you give leaves the stock today. It is no longer ours to ask back.',
    button: 'Give to keep',
  },
} as const

export type LineFormName = keyof typeof lineForms

/** The three forms about part of a loan: which lines, and a date where one is needed. */
export function presentLinesForm(name: LineFormName, shown: LinesShown): LinesPage {
  const { loan, lines, today, errors = [] } = shown
  const form = lineForms[name]
  const values = shown.values ?? dateFieldValues('due', shown.offered ?? null)
  const open = lines.filter((line) => isOpen(line) && (name === 'extension' || line.taken_at !== null))
  const fields = formFields({ values, errors })
  return {
    title: `${form.title}: loan ${loan.id}`,
    heading: form.heading(borrowerName(loan, true)),
    errors,
    back: { href: `/loans/${loan.id}`, text: `Loan ${loan.id}` },
    action: `/loans/${loan.id}/${name}`,
    version: shown.version ?? loan.version,
    lead: form.lead,
    nothing: nothingToChoose(name, loan, open.length),
    lines: {
      id: 'line',
      name: 'line',
      label: 'Items',
      labelSize: 'm',
      error: errors.find((error) => error.field === 'line')?.text,
      values: shown.ticked ?? open.map((line) => line.id),
      items: open.map((line) => ({
        value: line.id,
        text: `${line.tag}, ${modelOf(line)}`,
        hint:
          line.due_on === null ? undefined : `Review ${formatLongDate(line.due_on)}, ${formatDue(line.due_on, today)}`,
      })),
    },
    date: form.date && fields.date(form.date.id, form.date.label, { hint: form.date.hint, labelSize: 'm' }),
    warning: form.warning,
    button: form.button,
    cancel: `/loans/${loan.id}`,
  }
}

function nothingToChoose(name: LineFormName, loan: LoanDetail, count: number): string | null {
  if (name === 'gift' && loan.ward_id !== null) return wardGiftRefused
  return count === 0 ? 'Nothing in this loan is with them any more.' : null
}
