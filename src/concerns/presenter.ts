import { formatDate, formatInstant, formatShortInstant, londonDate, parseInstant } from '../lib/dates.ts'
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
  SelectField,
  StateTag,
  SummaryRow,
  TextareaField,
  TimelineEntry,
} from '../lib/view-model.ts'
import type { PersonToTellOf } from '../service-users/tell-of-queries.ts'
import type { ConcernDetail, ConcernRow } from './queries.ts'
import { concernState, concernStates, ways } from './rules.ts'

export type ConcernsPage = Page & {
  lead: string
  tabs: (Link & { current: boolean })[]
  table: DataTable | null
  pagination: Pagination
  empty: { text: string; hint: string }
}

export interface ConcernsShown {
  list: PageOf<ConcernRow>
  isClosed: boolean
  /** Whether whoever asks reads the words of these. */
  mayRead: boolean
  now: Date
}

export function presentConcerns({ list, isClosed, mayRead, now }: ConcernsShown): ConcernsPage {
  const urlOf = (closed: boolean, cursor: { after?: string; before?: string } = {}) =>
    listUrl('/concerns', { ...(closed && { show: 'closed' }), ...cursor })
  return {
    title: 'Concerns',
    lead: mayRead
      ? 'What people are worried about. Opening one is recorded with your name.'
      : 'Concerns that you raised, and whether they are followed up. Few may read what you wrote, so it is not shown here.',
    tabs: [
      { href: urlOf(false), text: 'Open', current: !isClosed },
      { href: urlOf(true), text: 'Closed', current: isClosed },
    ],
    table: list.rows.length === 0 ? null : concernsTable(list.rows, mayRead, now),
    pagination: {
      label: 'Concerns',
      ...(list.previous && { previous: urlOf(isClosed, { before: list.previous }) }),
      ...(list.next && { next: urlOf(isClosed, { after: list.next }) }),
    },
    empty: {
      text: isClosed ? 'No concern is closed yet.' : 'No concern is open.',
      hint: 'A concern is raised on the page of the person it is about.',
    },
  }
}

function concernsTable(rows: ConcernRow[], mayRead: boolean, now: Date): DataTable {
  return {
    caption: 'Concerns',
    captionHidden: true,
    columns: ['Concern', 'About', 'Raised', 'To follow up by', 'State'].map((text) => ({ text })),
    rows: rows.map((row) => ({
      cells: [
        { text: `Concern ${row.id}`, ...(mayRead && { href: `/concerns/${row.id}` }) },
        { text: row.service_user ?? `Service user ${row.service_user_id}` },
        { text: formatShortInstant(row.raised_at), hint: row.staff_member },
        { text: dueText(row) },
        { tag: concernStates[concernState(row, now)] },
      ],
    })),
  }
}

/** It is due until a midnight in London, so the last moment of it is on the day before. */
export function dueText({ due_at }: Pick<ConcernRow, 'due_at'>): string {
  return `End of ${formatDate(londonDate(new Date(Date.parse(due_at) - 1)))}`
}

interface TellingFields {
  who: InputField
  how: SelectField
  told: DateField
  time: InputField
}

export type NewConcernPage = Page & {
  key: string
  person: { id: number; name: string }
  what: TextareaField
  isTold: RadiosField
  telling: TellingFields
  note: TextareaField
  cancel: string
}

export function presentNewConcern(
  person: PersonToTellOf,
  { key, back, ...form }: FormShown & { key: string; back: string },
): NewConcernPage {
  const fields = formFields(form)
  return {
    title: 'Raise a concern',
    errors: form.errors,
    back: { href: back, text: 'Back' },
    key,
    person: { id: person.id, name: person.name },
    what: fields.textarea('what', 'What did you see or hear?', {
      rows: 5,
      labelSize: 'm',
      hint: 'In their own words where you can. Few people can read this: information governance, lead champions, and a champion who wrote it.',
      spellcheck: 'false',
    }),
    isTold: fields.radios(
      'is-told',
      'Have you told somebody who can act on it?',
      [
        { value: 'yes', text: 'Yes, and I say who below' },
        {
          value: 'no',
          text: 'Not yet',
          hint: 'Then tell their care team or the safeguarding lead today, and write it here.',
        },
      ],
      { labelSize: 'm' },
    ),
    telling: tellingFields(fields),
    note: fields.textarea('note', 'What did they say? (optional)', { rows: 2, spellcheck: 'false' }),
    cancel: back,
  }
}

function tellingFields(fields: ReturnType<typeof formFields>): TellingFields {
  return {
    who: fields.input('who', 'Who was told?', { hint: 'Their name, and what they do', autocomplete: 'off' }),
    how: fields.select('how', 'How?', [
      { value: '', text: 'Choose one' },
      ...Object.entries(ways).map(([value, text]) => ({ value, text })),
    ]),
    told: fields.date('told', 'On which day?'),
    time: fields.input('told-time', 'At what time?', { width: 5, hint: 'Like 14:30', autocomplete: 'off' }),
  }
}

export type ConcernPage = Page & {
  state: StateTag
  lines: string[]
  about: SummaryRow[]
  told: TimelineEntry[]
  followUp: { action: string; key: string; telling: TellingFields; note: TextareaField } | null
  closing: { action: string; done: TextareaField } | null
}

export interface ConcernShown {
  concern: ConcernDetail
  now: Date
  mayClose: boolean
  maySeeRecord: boolean
  key: string
  followUp?: FormShown
  closing?: FormShown
}

/** A concern with its words. The name stands in the page and not in its title, which browsers keep. */
export function presentConcern(shown: ConcernShown): ConcernPage {
  const { concern, now, mayClose, maySeeRecord, key, followUp = {}, closing = {} } = shown
  const url = `/concerns/${concern.id}`
  const isOpen = concern.closed_at === null
  const follow = formFields(followUp)
  const href = maySeeRecord && concern.service_user !== null ? `/service-users/${concern.service_user_id}` : undefined
  const rows: (SummaryRow | null)[] = [
    { key: 'About', value: concern.name, ...(href && { href }) },
    { key: 'Raised', value: `${formatInstant(concern.raised_at)} by ${concern.staff_member}` },
    { key: 'To follow up by', value: dueText(concern) },
    concern.closed_at === null
      ? null
      : { key: 'Closed', value: `${formatInstant(concern.closed_at)} by ${concern.closer ?? ''}` },
    isOpen ? null : { key: 'What was done', lines: concern.closed_words.split('\n') },
  ]
  return {
    title: `Concern ${concern.id}`,
    errors: [...(followUp.errors ?? []), ...(closing.errors ?? [])],
    back: { href: '/concerns', text: 'Concerns' },
    state: concernStates[concernState(concern, now)],
    lines: concern.what.split('\n'),
    about: rows.filter((row) => row !== null),
    told: concern.tellings.map((telling) => ({
      at: formatInstant(telling.told_at),
      datetime: parseInstant(telling.told_at).toISOString(),
      text: `${telling.staff_member} told ${telling.who}: ${ways[telling.how].toLowerCase()}.`,
      ...(telling.note !== '' && { lines: telling.note.split('\n') }),
    })),
    followUp: isOpen
      ? {
          action: `${url}/follow-ups`,
          key,
          telling: tellingFields(follow),
          note: follow.textarea('note', 'What came of it?', { rows: 3, spellcheck: 'false' }),
        }
      : null,
    closing:
      isOpen && mayClose
        ? {
            action: `${url}/closing`,
            done: formFields(closing).textarea('done', 'What was done?', { rows: 3, spellcheck: 'false' }),
          }
        : null,
  }
}
