import { formatDate, formatInstant } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { dateAnswer, differencesTable, type Question } from '../lib/form-differences.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import { formatNhsNumber } from '../lib/nhs-number.ts'
import type { CheckboxesField, DataTable, DateField, InputField, Link, Page } from '../lib/view-model.ts'
import type { ServiceUserRecord, ServiceUserRow } from './queries.ts'
import type { ServiceUserDetails } from './rules.ts'

export type ServiceUserFormPage = Page & {
  caption: string | null
  action: string
  key?: string
  version?: number
  twins: { heading: string; advice: string; people: (Link & { about: string })[] } | null
  differences: DataTable | null
  fields: { name: InputField; dateOfBirth: DateField; nhsNumber: InputField; phone: InputField; email: InputField }
  confirm: CheckboxesField | null
  button: string
  cancel: string
}

export interface NewServiceUserShown extends FormShown {
  key: string
  /** What was asked for, when others much like it were found. */
  details?: ServiceUserDetails
  twins?: ServiceUserRow[]
}

export function presentNewServiceUser({ key, details, twins = [], ...form }: NewServiceUserShown): ServiceUserFormPage {
  const holder = holderAmong(twins, details)
  const mayBeOneOfThem = twins.length > 0 && !holder
  const errors = holder ? [numberTaken] : mayBeOneOfThem ? [notConfirmed] : form.errors
  return {
    ...formPage({ ...form, errors }),
    title: 'Add a service user',
    back: { href: '/service-users', text: 'Service users' },
    action: '/service-users',
    key,
    twins: presentTwins(holder ? [holder] : twins, holder !== undefined),
    confirm: mayBeOneOfThem ? confirmField : null,
    button: 'Add this person',
    cancel: '/service-users',
  }
}

export interface EditShown extends FormShown {
  details?: ServiceUserDetails
  /** Who has the NHS number already. */
  holder?: ServiceUserRow
  /** Somebody saved another version meanwhile: who, and when. */
  overtakenBy?: { staff_member: string; at: string } | 'somebody'
}

/** A person to change, as they are or as they were typed. */
export function presentServiceUserEdit(
  person: ServiceUserRecord,
  { holder, overtakenBy, ...form }: EditShown = {},
): ServiceUserFormPage {
  const saved = savedValues(person)
  const values = form.values ?? saved
  const errors = overtakenBy ? [overtaken(overtakenBy)] : holder ? [numberTaken] : form.errors
  return {
    ...formPage({ values, errors }),
    title: 'Change details',
    caption: person.name,
    back: { href: `/service-users/${person.id}`, text: 'Back to the record' },
    action: `/service-users/${person.id}`,
    version: person.version,
    twins: presentTwins(holder ? [holder] : [], true),
    differences: overtakenBy ? differencesTable(questions, saved, values) : null,
    button: 'Save changes',
    cancel: `/service-users/${person.id}`,
  }
}

/** Errors that lead nowhere carry no field. */
function overtaken(by: NonNullable<EditShown['overtakenBy']>): { text: string } {
  const who = by === 'somebody' ? 'Somebody changed this' : `${by.staff_member} changed this on ${formatInstant(by.at)}`
  return {
    text: `${who}, after you opened it. What you typed is not saved yet. Check what is different. Saving again replaces it.`,
  }
}

const numberTaken: FieldError = { field: 'nhs-number', text: 'Someone else has this NHS number already' }
const notConfirmed: FieldError = { field: 'confirmed', text: 'Check whether this person is here already' }

function holderAmong(twins: ServiceUserRow[], details?: ServiceUserDetails): ServiceUserRow | undefined {
  return details?.nhs_number ? twins.find((twin) => twin.nhs_number === details.nhs_number) : undefined
}

function presentTwins(people: ServiceUserRow[], haveNumber: boolean): ServiceUserFormPage['twins'] {
  if (people.length === 0) return null
  return {
    heading: haveNumber ? 'This person has the NHS number' : 'This may be the same person',
    advice: haveNumber
      ? 'Check the number. If this is who you mean, use their record.'
      : 'If this is who you mean, use their record. If not, say so at the end of this page and add the person anyway.',
    people: people.map((person) => ({
      href: `/service-users/${person.id}`,
      text: person.name,
      about: aboutTwin(person),
    })),
  }
}

function aboutTwin({ date_of_birth: born, nhs_number: number, phone }: ServiceUserRow): string {
  const known = [
    born && `born ${formatDate(born)}`,
    number ? `NHS number ${formatNhsNumber(number)}` : 'no NHS number',
    phone && `phone ${phone}`,
  ]
  return known.filter(Boolean).join(', ')
}

const confirmField: CheckboxesField = {
  id: 'confirmed',
  name: 'confirmed',
  label: 'Are you adding somebody else?',
  error: notConfirmed.text,
  values: [],
  items: [{ value: 'yes', text: 'Yes, add this person anyway' }],
}

type FormParts = Pick<ServiceUserFormPage, 'caption' | 'errors' | 'fields' | 'twins' | 'differences' | 'confirm'>

function formPage(form: { values?: Typed; errors?: { field?: string; text: string }[] }): FormParts {
  const fieldErrors = (form.errors ?? []).filter((error): error is FieldError => error.field !== undefined)
  return {
    caption: null,
    errors: form.errors,
    fields: serviceUserFields({ values: form.values, errors: fieldErrors }),
    twins: null,
    differences: null,
    confirm: null,
  }
}

/** What is typed is about somebody else, so the browser must neither offer what it knows nor keep it. */
const notMine = { autocomplete: 'off', spellcheck: 'false' } as const

function serviceUserFields(form: FormShown): ServiceUserFormPage['fields'] {
  const field = formFields(form)
  return {
    name: field.input('name', 'Full name', { ...notMine, autocapitalize: 'words' }),
    dateOfBirth: field.date('date-of-birth', 'Date of birth', { hint: 'For example, 31 3 1980' }),
    nhsNumber: field.input('nhs-number', 'NHS number (optional)', {
      ...notMine,
      hint: 'For example, 999 000 0018',
      inputmode: 'numeric',
      width: 10,
      code: true,
    }),
    phone: field.input('phone', 'Phone number (optional)', { ...notMine, type: 'tel', width: 20 }),
    email: field.input('email', 'Email address (optional)', {
      ...notMine,
      type: 'email',
      autocapitalize: 'none',
    }),
  }
}

const questions: Question[] = [
  { label: 'Full name', answer: (values) => values.name ?? '' },
  { label: 'Date of birth', answer: dateAnswer('date-of-birth') },
  { label: 'NHS number', answer: (values) => (values['nhs-number'] ?? '').replace(/\s/g, '') },
  { label: 'Phone number', answer: (values) => values.phone ?? '' },
  { label: 'Email address', answer: (values) => values.email ?? '' },
]

/** A person as the form shows them. */
function savedValues(person: ServiceUserRecord): Typed {
  return {
    name: person.name,
    ...dateFieldValues('date-of-birth', person.date_of_birth),
    'nhs-number': person.nhs_number === null ? '' : formatNhsNumber(person.nhs_number),
    phone: person.phone,
    email: person.email,
  }
}
