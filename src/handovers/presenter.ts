import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import type { Page, SelectField } from '../lib/view-model.ts'
import { type Champion, loansInWords } from './rules.ts'

export type HandoverPage = Page & {
  lead: string
  /** Of one loan: which, and who looks after it. */
  loan: { id: number; from: number } | null
  from: SelectField | null
  to: SelectField
  button: string
  key: string
}

export interface HandoverShown {
  key: string
  champions: Champion[]
  loan: { id: number; staff_id: number | null; name: string | null } | null
  /** Whose loans the page begins with. */
  chosen?: number
  values?: Typed
  errors?: FieldError[]
}

/** Who looks after loans from now on: one loan, or all open ones of a champion. */
export function presentHandover({ key, champions, loan, chosen, values, errors = [] }: HandoverShown): HandoverPage {
  const fields = formFields({ values: values ?? { from: String(chosen ?? ''), to: '' }, errors })
  const others = champions.filter(({ id, is_gone }) => !is_gone && id !== loan?.staff_id)
  const having = champions.filter(({ open_loans }) => open_loans > 0)
  const choose = { value: '', text: 'Choose a champion' }
  return {
    title: loan ? `Hand over loan ${loan.id}` : 'Hand over all open loans',
    lead: loan
      ? `${loan.name ?? 'Nobody'} looks after this loan now. The borrower keeps everything as it is.`
      : 'When a champion leaves or is away, somebody else looks after their loans. The borrowers keep everything as it is.',
    errors,
    back: loan ? { href: `/loans/${loan.id}`, text: `Loan ${loan.id}` } : { href: '/loans', text: 'Loans' },
    loan: loan && loan.staff_id !== null ? { id: loan.id, from: loan.staff_id } : null,
    from: loan
      ? null
      : fields.select('from', 'Whose loans', [
          choose,
          ...having.map(({ id, name, open_loans }) => ({ value: id, text: `${name}, ${loansInWords(open_loans)}` })),
        ]),
    to: fields.select('to', 'Who looks after them from now on', [
      choose,
      ...others.map(({ id, name, open_loans }) => ({ value: id, text: `${name}, ${loansInWords(open_loans)}` })),
    ]),
    button: loan ? 'Hand over' : 'Hand over all of them',
    key,
  }
}
