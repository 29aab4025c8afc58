import { categoryInSentence } from '../items/rules.ts'
import { formatDate, formatLongDate } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import { listUrl } from '../lib/keyset.ts'
import type { CheckboxesField, InputField, Link, Page, RadiosField, TextareaField } from '../lib/view-model.ts'
import { modelOf } from '../models/rules.ts'
import { borrowerName } from './borrowers-rules.ts'
import type { FreeRow, LendableRow } from './lend-queries.ts'
import type { LoanDetail, LoanLineRow } from './queries.ts'
import { dueFromNow, needsCharger, unsupportedBy } from './rules.ts'

export type SwapPage = Page & {
  heading: string
  lead: string
  action: string
  key: string
  version: number
  code: InputField
  free: { text: string; links: Link[] } | null
  old: RadiosField
  withoutCharger: CheckboxesField | null
  unsupportedReason: TextareaField | null
  cancel: string
}

export interface SwapShown {
  key: string
  loan: LoanDetail
  lines: LoanLineRow[]
  line: LoanLineRow
  /** What is free and like it. */
  free: FreeRow[]
  /** The item that the code in the box means, where it means one. */
  item: LendableRow | null
  today: string
  version?: number
  values?: Typed
  errors?: FieldError[]
}

export function swapUrl(loanId: number, lineId: number): string {
  return `/loans/${loanId}/lines/${lineId}/swap`
}

/** One item for another: which, and what became of the old one. */
export function presentSwap(shown: SwapShown): SwapPage {
  const { loan, line, today, values = {}, errors = [] } = shown
  const fields = formFields({ values, errors })
  const dueOn = dueFromNow(line.due_on ?? today, today)
  const url = swapUrl(loan.id, line.id)
  return {
    title: `Swap ${line.tag}: loan ${loan.id}`,
    heading: `Swap ${line.tag} for ${borrowerName(loan, true)}`,
    lead: leadOf(line, dueOn),
    errors,
    back: { href: `/loans/${loan.id}`, text: `Loan ${loan.id}` },
    action: url,
    key: shown.key,
    version: shown.version ?? loan.version,
    code: fields.input('new-item', 'Scan or type what they get', {
      hint: 'Asset tag, serial number, IMEI or SIM number',
      code: true,
      width: 20,
      autocomplete: 'off',
      spellcheck: 'false',
      autofocus: errors.length === 0 && !values['new-item'],
    }),
    free: freeLinks(shown.free, line, url),
    old: fields.radios(
      'old',
      `What became of ${line.tag}?`,
      [
        { value: 'returned', text: 'It came back', hint: 'It is made ready before it is lent again' },
        {
          value: 'broken',
          text: 'It came back broken, and can be put right',
          hint: 'It is reported as damaged',
          conditional: { textarea: fields.textarea('story', 'What is wrong with it?', { rows: 2 }) },
        },
      ],
      { hint: 'If it is lost, stolen or beyond use, report that first.' },
    ),
    withoutCharger: chargerField(shown, errors, values),
    unsupportedReason: supportField(shown, fields, dueOn),
    cancel: `/loans/${loan.id}`,
  }
}

function leadOf(line: LoanLineRow, dueOn: string): string {
  const same = `They have ${modelOf(line)}, ${categoryInSentence(line.category)}. The loan stays as it is`
  return dueOn === line.due_on
    ? `${same}, with its review on ${formatLongDate(dueOn)}.`
    : `${same}, and since its review has gone by, the new one is reviewed today.`
}

function freeLinks(free: FreeRow[], line: LoanLineRow, url: string): SwapPage['free'] {
  if (free.length === 0) return null
  return {
    text: `Free now, like ${line.tag}:`,
    links: free.map((item) => ({ href: listUrl(url, { code: item.tag }), text: `${item.tag}, ${modelOf(item)}` })),
  }
}

function chargerField(
  { item, line, lines, loan }: SwapShown,
  errors: FieldError[],
  values: Typed,
): CheckboxesField | null {
  const error = errors.find(({ field }) => field === 'without-charger')?.text
  const rest = lines.filter((other) => other.id !== line.id && other.ended_at === null && other.cancelled_at === null)
  const isAsked = item !== null && needsCharger([...rest, item]) && !loan.lent_without_charger
  if (!isAsked && !error) return null
  return {
    id: 'without-charger',
    name: 'without-charger',
    label: 'There is then no charger in this loan',
    error,
    values: values['without-charger'] ? [values['without-charger']] : [],
    items: [{ value: 'yes', text: 'They have a charger that fits, or this is right for another reason' }],
  }
}

function supportField({ item }: SwapShown, fields: ReturnType<typeof formFields>, dueOn: string): TextareaField | null {
  if (item === null || unsupportedBy([item], dueOn).length === 0) return null
  return fields.textarea('unsupported-reason', 'Why lend a device whose security updates end?', {
    rows: 2,
    hint: `${item.tag} gets security updates until ${formatDate(item.support_ends_on ?? '')}.`,
  })
}
