import type { Typed } from '../lib/fields.ts'
import { dateAnswer, differencesTable, type Question } from '../lib/form-differences.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type {
  CheckboxesField,
  DataTable,
  DateField,
  InputField,
  Page,
  PageError,
  RadiosField,
} from '../lib/view-model.ts'
import type { Supporter } from './supporter-queries.ts'
import { consents, mayBeTold } from './supporter-rules.ts'

export type SupporterPage = Page & {
  caption: string
  action: string
  key?: string
  version?: number
  differences: DataTable | null
  inputs: InputField[]
  consent: RadiosField
  consentOn: DateField
  told: CheckboxesField
  button: string
  cancel: string
  end: string | null
}

export interface SupporterShown extends FormShown {
  person: { id: number; name: string }
  key?: string
  supporter?: Supporter
  isOvertaken?: boolean
}

/** Somebody who supports this person: to be added, or as they are or were typed. */
export function presentSupporter(shown: SupporterShown): SupporterPage {
  const { person, supporter, key, isOvertaken = false, ...form } = shown
  const url = `/service-users/${person.id}`
  const saved = supporter ? savedValues(supporter) : {}
  const values = form.values ?? saved
  const own = supporter && `${url}/supporters/${supporter.id}`
  const errors: PageError[] | undefined = isOvertaken ? [overtaken] : form.errors
  return {
    title: supporter ? 'Change a supporter' : 'Add a supporter',
    caption: person.name,
    ...(errors && { errors }),
    back: { href: url, text: 'Back to the record' },
    action: own ?? `${url}/supporters`,
    ...(key !== undefined && { key }),
    ...(supporter && { version: supporter.version }),
    differences: isOvertaken ? differencesTable(questions, saved, values) : null,
    ...fieldsOf({ values, ...(form.errors && { errors: form.errors }) }),
    button: supporter ? 'Save changes' : 'Add this supporter',
    cancel: url,
    end: own ? `${own}/end` : null,
  }
}

const overtaken = {
  text: 'Somebody changed this after you opened it. What you typed is not saved yet. Check what is different. Saving again replaces it.',
}

const notMine = { autocomplete: 'off', spellcheck: 'false' } as const

function fieldsOf(form: FormShown): Pick<SupporterPage, 'inputs' | 'consent' | 'consentOn' | 'told'> {
  const field = formFields(form)
  const told = (form.values?.told ?? '').split(' ')
  return {
    inputs: [
      field.input('name', 'Name', { ...notMine, autocapitalize: 'words' }),
      field.input('relation', 'Who this is to them (optional)', { ...notMine, hint: 'For example, sister or friend' }),
      field.input('phone', 'Phone number (optional)', { ...notMine, type: 'tel', width: 20 }),
      field.input('email', 'Email address (optional)', { ...notMine, type: 'email', autocapitalize: 'none' }),
    ],
    consent: field.radios('consent', 'Does the person agree that this supporter is involved?', [...consents]),
    consentOn: field.date('consent-on', 'When did they agree?', { hint: 'If they agree. For example, 31 3 2026' }),
    told: {
      ...{ id: 'told', name: 'told', label: 'What may this supporter be told and invited to?' },
      ...{ hint: 'If they agree. Choose all that apply', values: told, items: [...mayBeTold] },
      error: form.errors?.find((error) => error.field === 'told')?.text,
    },
  }
}

const textOf = (words: readonly { value: string; text: string }[], values: string) =>
  values
    .split(' ')
    .map((value) => words.find((word) => word.value === value)?.text ?? '')
    .filter((text) => text !== '')
    .join(', ')

const questions: Question[] = [
  { label: 'Name', answer: (values) => values.name ?? '' },
  { label: 'Who this is to them', answer: (values) => values.relation ?? '' },
  { label: 'Phone number', answer: (values) => values.phone ?? '' },
  { label: 'Email address', answer: (values) => values.email ?? '' },
  { label: 'Consent', answer: (values) => textOf(consents, values.consent ?? '') },
  { label: 'When they agreed', answer: dateAnswer('consent-on') },
  { label: 'What they may be told', answer: (values) => textOf(mayBeTold, values.told ?? '') },
]

function savedValues({ name, relation, phone, email, consent, consent_on, may_be_told }: Supporter): Typed {
  const day = dateFieldValues('consent-on', consent_on)
  return { name, relation, phone, email, consent, ...day, told: may_be_told.join(' ') }
}
