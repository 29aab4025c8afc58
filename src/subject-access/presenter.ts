import { daysBetween, formatDate, formatInstant, formatShortDate } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type {
  DataTable,
  DateField,
  InputField,
  Link,
  Page,
  Pagination,
  RadiosField,
  StateTag,
  SummaryRow,
  TextareaField,
} from '../lib/view-model.ts'
import type { AccessRequest } from './queries.ts'
import { askers, type Decided, endings, identityChecks, type ReviewItem } from './rules.ts'

export type RequestsPage = Page & {
  lead: string
  tabs: (Link & { current: boolean })[]
  table: DataTable | null
  pagination: Pagination
  empty: { text: string; hint?: string }
}

export type Which = 'open' | 'closed'

export function presentRequests(list: PageOf<AccessRequest>, which: Which, today: string): RequestsPage {
  const urlOf = (show: Which, cursor: { after?: string; before?: string } = {}) =>
    listUrl('/subject-access', { ...(show === 'closed' && { show }), ...cursor })
  return {
    title: 'Subject access',
    lead: 'Who asked for a copy of what is kept about them. Each is answered within one month.',
    tabs: [
      { href: urlOf('open'), text: 'To answer', current: which === 'open' },
      { href: urlOf('closed'), text: 'Closed', current: which === 'closed' },
    ],
    table: list.rows.length === 0 ? null : requestsTable(list.rows, which, today),
    pagination: {
      label: 'Requests',
      ...(list.previous && { previous: urlOf(which, { before: list.previous }) }),
      ...(list.next && { next: urlOf(which, { after: list.next }) }),
    },
    empty:
      which === 'open'
        ? {
            text: 'Nobody waits for a copy.',
            hint: 'When somebody asks, open their record with “Open another record”, and begin there.',
          }
        : { text: 'Nothing is closed yet.' },
  }
}

function requestsTable(rows: AccessRequest[], which: Which, today: string): DataTable {
  return {
    caption: which === 'open' ? 'The first due first' : 'The newest first',
    captionHidden: true,
    columns: [
      { text: 'Whose data' },
      { text: 'Received' },
      { text: which === 'open' ? 'Answer by' : 'What became of it' },
    ],
    rows: rows.map((request) => ({
      cells: [
        { text: request.name, href: requestUrl(request.id), hint: `Service user ${request.service_user_id}` },
        { text: formatShortDate(request.received_on) },
        request.closed_at === null
          ? { text: formatShortDate(request.due_on), tag: dueTag(request.due_on, today) }
          : { text: `${endings[request.closed_as as keyof typeof endings]}, ${formatInstant(request.closed_at)}` },
      ],
    })),
  }
}

function dueTag(dueOn: string, today: string): StateTag {
  const days = daysBetween(today, dueOn)
  if (days < 0) return { text: 'Late', colour: 'red' }
  if (days <= 7) return { text: days === 0 ? 'Today' : `${days} ${days === 1 ? 'day' : 'days'} left`, colour: 'orange' }
  return { text: `${days} days left`, colour: 'grey' }
}

export type NewRequestPage = Page & {
  name: string
  action: string
  key: string
  fields: {
    askedBy: RadiosField
    identityCheck: RadiosField
    identityNote: TextareaField
    receivedOn: DateField
  }
}

export function presentNewRequest(
  person: { id: number; name: string },
  { key, ...form }: FormShown & { key: string },
): NewRequestPage {
  const field = formFields(form)
  const choices = (texts: Record<string, string>) => Object.entries(texts).map(([value, text]) => ({ value, text }))
  const note: InputField = field.input('asked-by-note', 'Who is that, and by what right do they ask?', {
    hint: 'For example, their solicitor, with a signed authority of 3 August',
  })
  return {
    title: 'Somebody asks for a copy of their data',
    name: person.name,
    back: { href: `/service-users/${person.id}/opened`, text: 'The opened record' },
    errors: form.errors,
    action: `/service-users/${person.id}/subject-access`,
    key,
    fields: {
      askedBy: field.radios(
        'asked-by',
        'Who asked?',
        choices(askers).map((one) => (one.value === 'person' ? one : { ...one, conditional: { input: note } })),
      ),
      identityCheck: field.radios('identity-check', 'How do you know who asked?', choices(identityChecks)),
      identityNote: field.textarea('identity-note', 'What did you see, or who said so?', {
        hint: 'For example, passport and a bank letter, seen by Ida on 4 August. Keep no copy and write down no number',
        rows: 3,
      }),
      receivedOn: field.date('received-on', 'When was it received?', {
        hint: 'The day it reached anybody of the organisation. The month counts from then',
      }),
    },
  }
}

export type RequestPage = Page & {
  name: string
  about: SummaryRow[]
  isOpen: boolean
  left: string
  review: Link
  read: Link | null
  download: Link | null
  privateNotes: string
  version: number
  extension: { action: string; reason: TextareaField } | null
  close: { action: string; as: RadiosField; note: TextareaField } | null
}

export interface RequestShown extends FormShown {
  request: AccessRequest
  items: ReviewItem[]
  decided: ReadonlyMap<string, Decided>
  /** The form that was sent. */
  asked?: 'extension' | 'close'
}

/** One request: who, until when, what is left to read, the copy, and what became of it. */
export function presentRequest({ request, items, decided, asked, ...form }: RequestShown): RequestPage {
  const url = requestUrl(request.id)
  const left = items.length - decided.size
  const isOpen = request.closed_at === null
  const formOf = (which: 'extension' | 'close') => formFields(asked === which ? form : {})
  return {
    title: 'Copy of their data',
    name: request.name,
    back: { href: '/subject-access', text: 'Subject access' },
    errors: form.errors,
    about: aboutRows(request),
    isOpen,
    left: leftText(left, items.length),
    review: { href: `${url}/review`, text: 'Read what is left, and decide' },
    read: decided.size === 0 ? null : { href: `${url}/review?show=decided`, text: 'Look at what was decided' },
    download: left === 0 ? { href: `${url}/copy`, text: 'Download the copy (zip)' } : null,
    privateNotes:
      'Private notes about contact are in no copy, whether there are any or not: a copy may be read by whoever they warn of. Ask the lead champion whether there is something to tell the person themselves, in a safe place.',
    version: request.version,
    extension:
      isOpen && request.extended_reason === ''
        ? {
            action: `${url}/extension`,
            reason: formOf('extension').textarea('reason', 'Why does it take longer?', {
              hint: 'Only where it is complex, or one of many requests of theirs. It gives two months more. Tell the person within the first month',
              rows: 3,
            }),
          }
        : null,
    close: isOpen
      ? {
          action: `${url}/close`,
          as: formOf('close').radios(
            'as',
            'What became of it?',
            Object.entries(endings).map(([value, text]) => ({ value, text })),
          ),
          note: formOf('close').textarea('note', 'How was it given, or why was it not?', {
            hint: 'For example, handed over in person at the community hub',
            rows: 3,
          }),
        }
      : null,
  }
}

function leftText(left: number, all: number): string {
  if (all === 0) return 'Nothing in it has to be read before it is given.'
  if (left === 0) return `Everything is decided: ${all} ${all === 1 ? 'thing was' : 'things were'} read.`
  return `${left} of ${all} ${all === 1 ? 'thing' : 'things'} must be read by you before the copy can be given.`
}

function aboutRows(request: AccessRequest): SummaryRow[] {
  const rows: [string, string][] = [
    ['Record', `Service user ${request.service_user_id}`],
    ['Who asked', lines(askers[request.asked_by as keyof typeof askers], request.asked_by_note)],
    [
      'How we know who asked',
      lines(identityChecks[request.identity_check as keyof typeof identityChecks], request.identity_note),
    ],
    ['Received', formatDate(request.received_on)],
    ['Answer by', formatDate(request.due_on)],
    ['Why it takes longer', request.extended_reason],
    ['Written down', `${formatInstant(request.recorded_at)}, by ${request.recorded_by}`],
    ['Closed', closedText(request)],
  ]
  return rows.flatMap(([key, value]) => (value === '' ? [] : [{ key, lines: value.split('\n') }]))
}

export function lines(...texts: string[]): string {
  return texts.filter((text) => text !== '').join('\n')
}

function closedText({ closed_at: at, closed_by: by, closed_as: as, closed_note: note }: AccessRequest): string {
  if (at === null) return ''
  return lines(`${endings[as as keyof typeof endings]}: ${formatInstant(at)}, by ${by}`, note)
}

export function requestUrl(id: number): string {
  return `/subject-access/${id}`
}
