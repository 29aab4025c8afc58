import { formatShortDate } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { DataTable, DateField, Link, Page, RadiosField, SelectField } from '../lib/view-model.ts'
import { backOf, eligibilityFields, leadOf } from './form-presenter.ts'
import type { Holder, HolderChoices } from './queries.ts'
import type { StockSort } from './stock-queries.ts'
import { allowanceUrl, amountInWords, kindNames } from './words-rules.ts'

export type StockPage = Page & {
  table: DataTable | null
  bringIn: Link
  empty: { text: string; hint: string }
}

/** What there is to hand out, by sort. No number and no code stands here. */
export function presentStock(stock: readonly StockSort[], mayImport: boolean): StockPage {
  return {
    title: 'Stock of data',
    back: { href: '/data-allowances', text: 'Data allowances' },
    bringIn: {
      href: mayImport ? '/data-allowances/stock/import' : '',
      text: 'Bring in SIMs and vouchers from a spreadsheet',
    },
    table:
      stock.length === 0
        ? null
        : {
            caption: 'Stock of data',
            captionHidden: true,
            columns: [{ text: 'What' }, { text: 'Data' }, { text: 'Left', numeric: true }, { text: 'Oldest: use by' }],
            rows: stock.map((sort) => ({
              cells: [
                { text: nameOf(sort), hint: sort.funder },
                { text: amountInWords(sort) },
                { text: String(sort.left_count), numeric: true },
                { text: sort.use_by === null ? 'It keeps' : formatShortDate(sort.use_by) },
              ],
            })),
          },
    empty: { text: 'There is nothing in stock.', hint: 'Numbered SIMs and voucher codes come in from a spreadsheet.' },
  }
}

function nameOf({ kind, provider, network }: StockSort): string {
  return [kindNames[kind], provider, network].filter((word) => word !== '').join(', ')
}

export type StockFormPage = Page & {
  lead: string
  key: string
  person: string
  line: string
  who: { ward: SelectField; staff: SelectField } | null
  stock: RadiosField | null
  startsOn: DateField
  endsOn: DateField
  eligibility: RadiosField[]
  empty: string
  other: Link
  cancel: string
}

export interface StockFormShown extends FormShown {
  holder: Holder | null
  choices: HolderChoices | null
  stock: readonly StockSort[]
  key: string
}

/** Something of our stock for somebody: which sort, and for how long. */
export function presentStockForm({ holder, choices, stock, key, ...form }: StockFormShown): StockFormPage {
  const field = formFields({ values: form.values ?? {}, errors: form.errors })
  const choose = (rows: { id: number; name: string }[], none: string) => [
    { value: '', text: none },
    ...rows.map(({ id, name }) => ({ value: id, text: name })),
  ]
  const person = holder && holder.loan_line_id === null ? String(holder.service_user_id) : ''
  const line = holder?.loan_line_id ? String(holder.loan_line_id) : ''
  return {
    title: 'Give from our stock',
    errors: form.errors,
    back: backOf(holder),
    lead: leadOf(holder),
    ...{ key, person, line },
    who: choices && {
      ward: field.select('ward', 'Ward or team', choose(choices.wards, 'No ward')),
      staff: field.select('staff', 'Or a member of staff', choose(choices.staff, 'Nobody')),
    },
    stock:
      stock.length === 0
        ? null
        : field.radios(
            'stock',
            'What is given?',
            stock.map((sort) => ({
              value: String(sort.id),
              text: `${nameOf(sort)}: ${amountInWords(sort)}`,
              hint: `${sort.left_count} left${sort.use_by === null ? '' : `. Start the oldest by ${formatShortDate(sort.use_by)}`}`,
            })),
          ),
    startsOn: field.date('starts-on', 'First day (optional)', { hint: 'Leave this empty if it is today' }),
    endsOn: field.date('ends-on', 'Last day (optional)', { hint: 'Leave this empty if no end is agreed' }),
    eligibility: eligibilityFields(field),
    empty: 'There is nothing in stock.',
    other: {
      href: `/data-allowances/new${line ? `?line=${line}` : person ? `?person=${person}` : ''}`,
      text: 'Give something that is not in our stock',
    },
    cancel: backOf(holder).href,
  }
}

export type CodePage = Page & { code: string | null }

/** The code of a voucher, once. */
export function presentCode(allowanceId: number, code: string | null): CodePage {
  return { title: 'Voucher code', back: { href: allowanceUrl(allowanceId), text: 'The voucher' }, code }
}
