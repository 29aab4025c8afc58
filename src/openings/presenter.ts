import { formatDate, formatTime } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import { formatNhsNumber } from '../lib/nhs-number.ts'
import type { DateField, InputField, Link, Page, RadiosField, SummaryRow, TextareaField } from '../lib/view-model.ts'
import { contactInstructions, recipientOf } from '../safe-contact/rules.ts'
import type { PersonRecord } from '../service-users/section-queries.ts'
import { stateText } from '../service-users/words-rules.ts'
import type { FoundPerson, OwnOpening } from './queries.ts'

export type FindPage = Page & {
  lead: string
  open: (Link & { until: string; close: string; name: string })[]
  fields: { dateOfBirth: DateField; nhsNumber: InputField; name: InputField }
}

/** What is typed is about somebody else, so the browser must neither offer what it knows nor keep it. */
const notMine = { autocomplete: 'off', spellcheck: 'false' } as const

/** Where a record outside one's reach is looked for, and what one has open now. */
export function presentFind(open: OwnOpening[], minutes: number, form: FormShown = {}): FindPage {
  const field = formFields(form)
  return {
    title: 'Open another record',
    lead: `For when you must know about somebody you do not see otherwise. You say why, information governance is told, and the record closes by itself after ${minutes} minutes.`,
    errors: form.errors,
    open: open.map(({ id, service_user_id, name, ends_at }) => ({
      href: `/service-users/${service_user_id}/opened`,
      text: name,
      name,
      until: `open until ${formatTime(ends_at)}`,
      close: `/open-record/${id}/close`,
    })),
    fields: {
      dateOfBirth: field.date('date-of-birth', 'Their date of birth', { hint: 'For example, 31 3 1980' }),
      nhsNumber: field.input('nhs-number', 'Their NHS number, if you have it', {
        ...notMine,
        hint: 'For example, 999 000 0018',
        inputmode: 'numeric',
        width: 10,
        code: true,
      }),
      name: field.input('name', 'Or their full name, as it is on the record', { ...notMine, autocapitalize: 'words' }),
    },
  }
}

export type FoundPage = Page & {
  none: string | null
  key: string
  fields: { person: RadiosField; reason: TextareaField } | null
  button: string
  again: Link
}

export interface FoundShown extends FormShown {
  people: FoundPerson[]
  minutes: number
  key: string
}

/** Who was found, by what tells one from another, and why the record is needed. */
export function presentFound({ people, minutes, key, ...form }: FoundShown): FoundPage {
  const field = formFields(form)
  const values = { person: String(people.length === 1 ? people[0]?.id : ''), ...form.values }
  return {
    title: people.length === 1 ? 'Is this the person?' : 'Who is it?',
    back: { href: '/open-record', text: 'Look for somebody else' },
    errors: form.errors,
    none: people.length > 0 ? null : 'Nobody here was born on that day and has that number or name.',
    key,
    fields:
      people.length === 0
        ? null
        : {
            person: field.radios(
              'person',
              people.length === 1 ? 'We found' : 'People born on that day',
              people.map((person) => ({ value: person.id, text: person.name, hint: aboutFound(person) })),
              { value: values.person ?? '' },
            ),
            reason: field.textarea('reason', 'Why do you need to open this record?', {
              rows: 4,
              hint: 'Information governance reads this, and sees what you look at.',
              spellcheck: 'false',
            }),
          },
    button: `Open it for ${minutes} minutes`,
    again: { href: '/open-record', text: 'Look for somebody else' },
  }
}

function aboutFound({ id, date_of_birth: born, number_ends }: FoundPerson): string {
  const number = number_ends === null ? 'no NHS number' : `NHS number ends in ${number_ends}`
  return `Born ${formatDate(born)}, ${number}. Record ${id}`
}

export type OpenedPage = Page & {
  name: string
  until: string
  about: SummaryRow[]
  close: string | null
  full: Link | null
  more: Link[]
  concern: Link | null
}

/** What somebody who has opened a record sees of it: who it is, where they are, and how to reach them. */
export function presentOpened(
  person: PersonRecord,
  opening: OwnOpening,
  { maySeeAll, mayRaise, ownData }: { maySeeAll: boolean; mayRaise: boolean; ownData: boolean },
): OpenedPage {
  return {
    title: 'Service user',
    name: person.name,
    back: { href: '/open-record', text: 'Open another record' },
    until: `This record is open to you until ${formatTime(opening.ends_at)}. What you look at is kept.`,
    about: openedRows(person),
    close: `/open-record/${opening.id}/close`,
    concern: mayRaise ? { href: `/concerns/new?person=${person.id}`, text: 'Raise a concern' } : null,
    full: maySeeAll ? { href: `/service-users/${person.id}`, text: 'See the whole record' } : null,
    more: ownData
      ? [
          { href: `/service-users/${person.id}/subject-access/new`, text: 'They ask for a copy of their data' },
          { href: `/service-users/${person.id}/legal-holds`, text: 'Keep this record: place or lift a legal hold' },
        ]
      : [],
  }
}

function openedRows(person: PersonRecord): SummaryRow[] {
  const emergency = [person.emergency_name, person.emergency_relation, person.emergency_phone].filter(Boolean)
  const instructions = contactInstructions(recipientOf(person, person.contact), person.contact_instruction)
  const rows: [string, string | null][] = [
    ['Before you contact them', instructions.join('\n')],
    ['Likes to be called', person.known_as],
    ['Date of birth', person.date_of_birth === null ? 'Not known' : formatDate(person.date_of_birth)],
    ['NHS number', person.nhs_number === null ? 'Not known' : formatNhsNumber(person.nhs_number)],
    ['Hospital number', person.local_id],
    ['State', stateText(person.state)],
    ['Ward', person.ward],
    ['Team', person.team],
    ['Address', person.address],
    ['Phone number', person.phone || 'None'],
    ['Number to call back', person.call_back_number],
    ['Email address', person.email || 'None'],
    ['Emergency contact', emergency.join(', ')],
    ['Language', person.language],
    ['Communication needs', person.needs_words],
  ]
  return rows.flatMap(([key, value]) => (value ? [{ key, lines: value.split('\n') }] : []))
}

export type MinutesPage = Page & { shown: number; minutes: InputField }

export function presentOpeningMinutes(saved: number, values?: Typed, errors?: FieldError[]): MinutesPage {
  const field = formFields({ values: values ?? { minutes: String(saved) }, errors })
  return {
    title: 'How long does an opened record stay open?',
    back: { href: '/admin/settings', text: 'Settings' },
    errors,
    shown: saved,
    minutes: field.input('minutes', 'Minutes', {
      hint: 'From 5 to 480. What is open now keeps its end.',
      inputmode: 'numeric',
      width: 4,
    }),
  }
}
