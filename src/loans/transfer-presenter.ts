import { formatDate, formatDue } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, Page, RadiosField, TextareaField } from '../lib/view-model.ts'
import { modelOf } from '../models/rules.ts'
import { paragraphsOf } from './agreement-presenter.ts'
import { borrowerName } from './borrowers-rules.ts'
import type { BorrowerAsked } from './lend-form.ts'
import { agreementField, chargerField } from './lend-presenter.ts'
import type { LoanDetail, LoanLineRow } from './queries.ts'
import { dueFromNow, isOpen } from './rules.ts'
import { goUnwiped, unexplained } from './transfer-rules.ts'

export type TransferPage = Page & {
  heading: string
  who: string | null
  warning: string | null
  nothing: string | null
  action: string
  key: string
  version: number
  borrower: { name: string; value: number }
  lines: CheckboxesField
  unwiped: TextareaField | null
  withoutCharger: CheckboxesField | null
  unsupportedReason: TextareaField | null
  agreement: RadiosField | null
  agreementText: { heading: string | null; text: string }[]
}

export interface TransferShown {
  key: string
  loan: LoanDetail
  lines: LoanLineRow[]
  borrower: BorrowerAsked & { name: string; who: string | null; warning: string | null }
  agreement: { number: number; body: string } | undefined
  today: string
  version?: number
  ticked?: number[]
  values?: Typed
  errors?: FieldError[]
}

export const transferUrl = (loanId: number): string => `/loans/${loanId}/transfer`

/** What goes straight from one borrower to another, and what has to be said about it. */
export function presentTransfer(shown: TransferShown): TransferPage {
  const { loan, borrower, today, values = {}, errors = [] } = shown
  const fields = formFields({ values, errors })
  const open = shown.lines.filter((line) => isOpen(line) && line.taken_at !== null)
  const toWard = borrower.kind === 'ward'
  const unwiped = goUnwiped(open, loan.ward_id !== null, toWard)
  const old = unexplained(open.map((line) => ({ ...line, until: dueFromNow(line.due_on, today) })))
  return {
    title: `Transfer: loan ${loan.id}`,
    heading: `Transfer from ${borrowerName(loan, true)} to ${borrower.name}`,
    who: borrower.who,
    warning: borrower.warning,
    nothing: open.length === 0 ? 'Nothing in this loan is with them any more.' : null,
    errors,
    back: { href: transferUrl(loan.id), text: 'Choose someone else' },
    action: transferUrl(loan.id),
    key: shown.key,
    version: shown.version ?? loan.version,
    borrower: { name: borrower.kind, value: borrower.id },
    lines: {
      id: 'line',
      name: 'line',
      label: 'What goes to them',
      labelSize: 'm',
      error: errors.find(({ field }) => field === 'line')?.text,
      values: shown.ticked ?? open.map(({ id }) => id),
      items: open.map((line) => ({
        value: line.id,
        text: `${line.tag}, ${modelOf(line)}`,
        hint: reviewHint(line, today),
      })),
    },
    unwiped:
      unwiped.length === 0
        ? null
        : fields.textarea('unwiped-reason', 'Why does it go on without being wiped?', {
            rows: 2,
            hint: 'What the first person did on it stays on it. Take it back and make it ready first, unless they agree, such as in a family.',
          }),
    withoutCharger: chargerField(open, values, errors),
    unsupportedReason:
      old.length === 0
        ? null
        : fields.textarea('unsupported-reason', 'Why lend a device whose security updates end?', {
            rows: 2,
            hint: old
              .map(
                ({ tag, support_ends_on }) =>
                  `${tag} gets security updates until ${formatDate(support_ends_on ?? '')}.`,
              )
              .join(' '),
          }),
    agreement: toWard ? null : agreementField(fields, shown.agreement),
    agreementText: toWard ? [] : paragraphsOf(shown.agreement?.body ?? ''),
  }
}

function reviewHint({ due_on }: LoanLineRow, today: string): string {
  if (due_on === null) return ''
  return due_on > today
    ? `The review stays on ${formatDate(due_on)}`
    : `The review was to be on ${formatDate(due_on)}, ${formatDue(due_on, today)}: it is today for them`
}
