import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, DateField, InputField, Link, Page, RadiosField, SelectField } from '../lib/view-model.ts'
import { units } from './megabytes-rules.ts'
import type { Holder, HolderChoices } from './queries.ts'
import { kinds, periods } from './words-rules.ts'

export type AllowanceFormPage = Page & {
  lead: string
  key: string
  person: string
  line: string
  who: { ward: SelectField; staff: SelectField } | null
  kind: RadiosField
  provider: InputField
  network: InputField
  sim: InputField
  amount: InputField
  unit: RadiosField
  unlimited: CheckboxesField
  period: RadiosField
  startsOn: DateField
  endsOn: DateField
  funder: InputField
  eligibility: RadiosField[]
  stock: Link | null
  cost: InputField
  cancel: string
}

export interface AllowanceFormShown extends FormShown {
  holder: Holder | null
  choices: HolderChoices | null
  key: string
}

/** Data to be given: what, how much, for how long, and who pays. */
export function presentAllowanceForm({ holder, choices, key, ...form }: AllowanceFormShown): AllowanceFormPage {
  const values = form.values ?? { kind: 'sim', period: 'month', 'amount-unit': 'gb', 'sim-number': holder?.iccid ?? '' }
  const field = formFields({ values, errors: form.errors })
  const off = { autocomplete: 'off' } as const
  const choose = (rows: { id: number; name: string }[], none: string) => [
    { value: '', text: none },
    ...rows.map(({ id, name }) => ({ value: id, text: name })),
  ]
  return {
    title: 'Give data',
    errors: form.errors,
    back: backOf(holder),
    lead: leadOf(holder),
    key,
    person: holder && holder.loan_line_id === null ? String(holder.service_user_id) : '',
    line: holder?.loan_line_id ? String(holder.loan_line_id) : '',
    who: choices && {
      ward: field.select('ward', 'Ward or team', choose(choices.wards, 'No ward')),
      staff: field.select('staff', 'Or a member of staff', choose(choices.staff, 'Nobody')),
    },
    kind: field.radios('kind', 'What is it?', [...kinds]),
    provider: field.input('provider', 'Provider', { ...off, hint: 'Such as the National Databank, Vodafone or O2' }),
    network: field.input('network', 'Network (optional)', { ...off, hint: 'If it is another than the provider' }),
    sim: field.input('sim-number', 'SIM number (optional)', {
      ...{ ...off, inputmode: 'numeric', width: 20, code: true, hint: '19 or 20 digits, printed on the card' },
    }),
    amount: field.input('amount', 'How much data?', { width: 5, inputmode: 'decimal', hint: 'Such as 20 or 1.5' }),
    unit: field.radios('amount-unit', 'In MB or GB?', [...units], { inline: true, small: true }),
    unlimited: {
      ...{ id: 'unlimited', name: 'unlimited', label: 'Is there no limit?', small: true },
      items: [{ value: 'yes', text: 'They can use as much as they like' }],
      values: values.unlimited === 'yes' ? ['yes'] : [],
    },
    period: field.radios('period', 'How often do they get it?', [...periods]),
    startsOn: field.date('starts-on', 'First day (optional)', { hint: 'Leave this empty if it is today' }),
    endsOn: field.date('ends-on', 'Last day (optional)', { hint: 'Leave this empty if no end is agreed' }),
    funder: field.input('funder', 'Who pays? (optional)', off),
    eligibility: eligibilityFields(field),
    stock: { href: stockFormUrl(holder), text: 'Give from our stock' },
    cost: field.input('cost', 'What does it cost? (optional)', { ...off, prefix: '£', width: 5, inputmode: 'decimal' }),
    cancel: backOf(holder).href,
  }
}

/** What a funder asks for. It is written down, and stands in nobody's way. */
export function eligibilityFields(field: ReturnType<typeof formFields>): RadiosField[] {
  const ask = (name: string, label: string) =>
    field.radios(
      name,
      label,
      [
        { value: 'yes', text: 'Yes' },
        { value: 'no', text: 'No' },
        { value: '', text: 'Not asked' },
      ],
      { inline: true, small: true },
    )
  return [
    ask('adult', 'Are they 18 or over?'),
    ask('low-income', 'Are they on a low income?'),
    ask('little-access', 'Do they have no or too little access to the internet?'),
  ]
}

export function stockFormUrl(holder: Holder | null): string {
  const line = holder?.loan_line_id ? `?line=${holder.loan_line_id}` : ''
  return `/data-allowances/from-stock${line || (holder?.service_user_id ? `?person=${holder.service_user_id}` : '')}`
}

export function backOf(holder: Holder | null) {
  if (holder?.loan_id) return { href: `/loans/${holder.loan_id}`, text: `Loan ${holder.loan_id}` }
  if (holder?.service_user_id) return { href: `/data-allowances?person=${holder.service_user_id}`, text: 'Their data' }
  return { href: '/data-allowances', text: 'Data allowances' }
}

export function leadOf(holder: Holder | null): string {
  if (holder === null)
    return 'For a ward or a member of staff. To give data to a person, open their record or their loan.'
  return holder.tag === null ? `For ${holder.name}.` : `For ${holder.name}, with ${holder.tag}.`
}
