import { formatDate, formatInstant } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { dateAnswer, differencesTable, type Question } from '../lib/form-differences.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import { formatNhsNumber } from '../lib/nhs-number.ts'
import type {
  CheckboxesField,
  DataTable,
  DateField,
  InputField,
  Page,
  PageError,
  TableCell,
} from '../lib/view-model.ts'
import type { ServiceUserRecord, ServiceUserRow } from './queries.ts'
import type { ServiceUserDetails, ServiceUserIdentity } from './rules.ts'

export type ServiceUserFormPage = Page & {
  caption: string | null
  action: string
  key?: string
  version?: number
  twins: { heading: string; advice: string; table: DataTable | null } | null
  differences: DataTable | null
  fields: {
    name: InputField
    knownAs: InputField
    dateOfBirth: DateField
    nhsNumber: InputField
    localId: InputField
    /** Asked when somebody is added; afterwards it is a section of the record. */
    reach: { phone: InputField; email: InputField } | null
  }
  confirm: CheckboxesField | null
  button: string
  cancel: string
}

export interface NewServiceUserShown extends FormShown {
  key: string
  /** What was asked for, when others much like it were found. */
  details?: ServiceUserDetails
  twins?: ServiceUserRow[]
  /** How many more like it there are that whoever asks may not see. */
  hidden?: number
}

export function presentNewServiceUser({
  key,
  details,
  twins = [],
  hidden = 0,
  ...form
}: NewServiceUserShown): ServiceUserFormPage {
  const holder = holderAmong(twins, details)
  const mayBeOneOfThem = twins.length + hidden > 0 && !holder
  const errors = holder ? [takenNumbers[holder.number]] : mayBeOneOfThem ? [notConfirmed] : form.errors
  return {
    ...formPage({ ...form, errors }, true),
    title: 'Add a service user',
    back: { href: '/service-users', text: 'Service users' },
    action: '/service-users',
    key,
    twins: presentTwins(holder ? [holder.person] : twins, details, holder?.number, hidden),
    confirm: mayBeOneOfThem ? confirmField : null,
    button: 'Add this person',
    cancel: '/service-users',
  }
}

export interface EditShown extends FormShown {
  details?: ServiceUserIdentity
  /** Who has the NHS or hospital number already. */
  holder?: ServiceUserRow | undefined
  /** Somebody saved another version meanwhile: who, and when. */
  overtakenBy?: { staff_member: string; at: string } | 'somebody'
}

/** A person to change, as they are or as they were typed. */
export function presentServiceUserEdit(
  person: ServiceUserRecord,
  { details, holder: found, overtakenBy, ...form }: EditShown = {},
): ServiceUserFormPage {
  const saved = savedValues(person)
  const values = form.values ?? saved
  const holder = found && holderAmong([found], details)
  const errors = overtakenBy ? [overtaken(overtakenBy)] : holder ? [takenNumbers[holder.number]] : form.errors
  return {
    ...formPage({ values, errors }, false),
    title: 'Name and numbers',
    caption: person.name,
    back: { href: `/service-users/${person.id}`, text: 'Back to the record' },
    action: `/service-users/${person.id}`,
    version: person.version,
    twins: presentTwins(holder ? [holder.person] : [], details, holder?.number),
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

const takenNumbers = {
  nhs: { field: 'nhs-number', text: 'Someone else has this NHS number already' },
  local: { field: 'local-id', text: 'Someone else has this hospital number already' },
} as const satisfies Record<string, FieldError>
type TakenNumber = keyof typeof takenNumbers
const notConfirmed: FieldError = { field: 'confirmed', text: 'Check whether this person is here already' }

/** Of people who may be the one described, the one who has a number that only one person can have. */
function holderAmong(people: ServiceUserRow[], details?: ServiceUserIdentity) {
  const has = (number: TakenNumber, person?: ServiceUserRow) => person && { person, number }
  const { nhs_number: nhs, local_id: local } = details ?? {}
  return (
    has('nhs', nhs ? people.find((person) => person.nhs_number === nhs) : undefined) ??
    has('local', local ? people.find((person) => person.local_id.toLowerCase() === local.toLowerCase()) : undefined)
  )
}

function presentTwins(
  people: ServiceUserRow[],
  typed?: ServiceUserIdentity,
  number?: TakenNumber,
  hidden = 0,
): ServiceUserFormPage['twins'] {
  if (people.length + hidden === 0) return null
  if (people.length === 0) {
    return { heading: 'This person may be here already', advice: hiddenAdvice(hidden), table: null }
  }
  const which = number === 'local' ? 'hospital number' : 'NHS number'
  return {
    heading: number ? `This person has the ${which}` : 'This may be the same person',
    advice: number
      ? 'Check the number. If this is who you mean, use their record.'
      : `If this is who you mean, use their record. If not, say so at the end of this page and add the person anyway.${hidden > 0 ? ` ${hiddenAdvice(hidden)}` : ''}`,
    table: twinsTable(people, typed),
  }
}

function hiddenAdvice(hidden: number): string {
  const who = hidden === 1 ? 'Somebody much like this is' : `${hidden} people much like this are`
  return `${who} not on your caseload. Ask a lead champion before you add the person, or open that record with a reason (Service users › Open another record).`
}

/** Of somebody whom the person who typed it may not see. */
export function takenElsewhere(constraint: string): FieldError {
  const { field } = constraint.includes('local_id') ? takenNumbers.local : takenNumbers.nhs
  const text =
    'Someone who is not on your caseload has this number. Ask a lead champion, or open their record with a reason'
  return { field, text }
}

/** What was typed, and beneath it who is here already, so that the eye compares down a column. */
function twinsTable(people: ServiceUserRow[], typed?: ServiceUserIdentity): DataTable {
  const columns = ['Name', 'Date of birth', 'NHS number', 'Phone', 'Is it the same person?']
  const reach = typed as Partial<ServiceUserDetails> | undefined
  return {
    caption: 'What you typed, and who is here already',
    captionHidden: true,
    columns: columns.map((text) => ({ text })),
    rows: [
      ...(typed
        ? [{ cells: [...twinCells({ phone: '', ...reach, ...typed }), { text: 'This is what you typed' }] }]
        : []),
      ...people.map((person) => ({
        cells: [
          ...twinCells(person),
          {
            text: 'Yes, use this record',
            href: `/service-users/${person.id}`,
            visuallyHiddenText: `of ${person.name}`,
          },
        ],
      })),
    ],
  }
}

function twinCells(person: Pick<ServiceUserRow, 'name' | 'date_of_birth' | 'nhs_number' | 'phone'>): TableCell[] {
  const { name, date_of_birth: born, nhs_number: number, phone } = person
  return [
    { text: name },
    { text: born === null ? 'Not known' : formatDate(born) },
    { text: number === null ? 'Not known' : formatNhsNumber(number) },
    { text: phone || 'None' },
  ]
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

function formPage(form: { values?: Typed; errors?: PageError[] }, isNew: boolean): FormParts {
  const fieldErrors = (form.errors ?? []).filter((error): error is FieldError => error.field !== undefined)
  return {
    caption: null,
    errors: form.errors,
    fields: serviceUserFields({ values: form.values, errors: fieldErrors }, isNew),
    twins: null,
    differences: null,
    confirm: null,
  }
}

/** What is typed is about somebody else, so the browser must neither offer what it knows nor keep it. */
const notMine = { autocomplete: 'off', spellcheck: 'false' } as const

function serviceUserFields(form: FormShown, isNew: boolean): ServiceUserFormPage['fields'] {
  const field = formFields(form)
  return {
    name: field.input('name', 'Full name', { ...notMine, autocapitalize: 'words' }),
    knownAs: field.input('known-as', 'What they like to be called (optional)', {
      ...notMine,
      hint: 'If it is another name than the one above',
      autocapitalize: 'words',
    }),
    dateOfBirth: field.date('date-of-birth', 'Date of birth', { hint: 'For example, 31 3 1980' }),
    nhsNumber: field.input('nhs-number', 'NHS number (optional)', {
      ...notMine,
      hint: 'For example, 999 000 0018',
      inputmode: 'numeric',
      width: 10,
      code: true,
    }),
    localId: field.input('local-id', 'Hospital number (optional)', {
      ...notMine,
      hint: 'The number your own records system has for them',
      width: 20,
      code: true,
    }),
    reach: isNew
      ? {
          phone: field.input('phone', 'Phone number (optional)', { ...notMine, type: 'tel', width: 20 }),
          email: field.input('email', 'Email address (optional)', {
            ...notMine,
            type: 'email',
            autocapitalize: 'none',
          }),
        }
      : null,
  }
}

const questions: Question[] = [
  { label: 'Full name', answer: (values) => values.name ?? '' },
  { label: 'What they like to be called', answer: (values) => values['known-as'] ?? '' },
  { label: 'Date of birth', answer: dateAnswer('date-of-birth') },
  { label: 'NHS number', answer: (values) => (values['nhs-number'] ?? '').replace(/\s/g, '') },
  { label: 'Hospital number', answer: (values) => values['local-id'] ?? '' },
]

/** A person as the form shows them. */
function savedValues(person: ServiceUserRecord): Typed {
  return {
    name: person.name,
    ...dateFieldValues('date-of-birth', person.date_of_birth),
    'nhs-number': person.nhs_number === null ? '' : formatNhsNumber(person.nhs_number),
    'known-as': person.known_as,
    'local-id': person.local_id,
  }
}
