import { auditSentence } from '../audit/rules.ts'
import { roleNames } from '../lib/actor.ts'
import { formatInstant, formatShortInstant, formatTime, parseInstant } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type { DataTable, Link, Page, Pagination, SummaryRow, TextareaField, TimelineEntry } from '../lib/view-model.ts'
import type { DoneMeanwhile, OpeningRow } from './queries.ts'
import { isStillOpen, type OpeningFilter } from './rules.ts'

export type OpeningsPage = Page & {
  lead: string
  tabs: (Link & { current: boolean })[]
  table: DataTable | null
  pagination: Pagination
  empty: { text: string }
}

const filterNames: Record<OpeningFilter, string> = { unseen: 'To be looked at', seen: 'Seen' }

export function presentOpenings(list: PageOf<OpeningRow>, filter: OpeningFilter): OpeningsPage {
  const urlOf = (which: OpeningFilter, cursor: { after?: string; before?: string } = {}) =>
    listUrl('/openings', { ...(which === 'seen' && { show: which }), ...cursor })
  return {
    title: 'Opened records',
    lead: 'Records that somebody opened outside what they see otherwise, with a reason. Look at each, and mark it as seen.',
    tabs: (Object.keys(filterNames) as OpeningFilter[]).map((name) => ({
      href: urlOf(name),
      text: filterNames[name],
      current: name === filter,
    })),
    table: list.rows.length === 0 ? null : openingsTable(list.rows, filter),
    pagination: {
      label: 'Opened records',
      ...(list.previous && { previous: urlOf(filter, { before: list.previous }) }),
      ...(list.next && { next: urlOf(filter, { after: list.next }) }),
    },
    empty: { text: filter === 'unseen' ? 'There is nothing to look at.' : 'Nothing was marked as seen yet.' },
  }
}

function openingsTable(rows: OpeningRow[], filter: OpeningFilter): DataTable {
  const isSeen = filter === 'seen'
  return {
    caption: isSeen ? 'The newest first' : 'The oldest first',
    captionHidden: true,
    columns: [{ text: 'Who' }, { text: 'Record' }, { text: 'When' }, { text: isSeen ? 'Seen by' : 'What to do' }],
    rows: rows.map((row) => ({
      cells: [
        { text: row.staff_member, hint: roleNames[row.role] },
        { text: `Service user ${row.service_user_id}` },
        { text: formatShortInstant(row.opened_at) },
        {
          text: isSeen ? (row.seer ?? '') : 'Look at it',
          href: openingUrl(row.id),
          visuallyHiddenText: `(opening ${row.id})`,
        },
      ],
    })),
  }
}

export type OpeningPage = Page & {
  about: SummaryRow[]
  done: TimelineEntry[]
  audit: Link
  isCut: boolean
  form: { action: string; note: TextareaField } | null
  whyNot: string | null
}

export interface OpeningShown {
  opening: OpeningRow
  done: DoneMeanwhile[]
  most: number
  now: Date
  isOwn: boolean
  values?: Typed
  errors?: FieldError[]
}

/** One opening: who, why, what they did, and what information governance says to it. */
export function presentOpening({ opening, done, most, now, isOwn, values, errors }: OpeningShown): OpeningPage {
  const isSeen = opening.seen_at !== null
  return {
    title: `Record opened by ${opening.staff_member}`,
    back: { href: '/openings', text: 'Opened records' },
    errors,
    about: aboutRows(opening, now),
    done: done.map((event) => ({
      at: formatInstant(event.at),
      datetime: parseInstant(event.at).toISOString(),
      text: auditSentence(event),
    })),
    isCut: done.length >= most,
    audit: {
      href: listUrl('/audit', { person: opening.service_user_id, staff: opening.staff_id }),
      text: 'Everything they ever did with this record',
    },
    form:
      isSeen || isOwn
        ? null
        : {
            action: `${openingUrl(opening.id)}/seen`,
            note: formFields({ values, errors }).textarea('note', 'What came of it (optional)', { rows: 3 }),
          },
    whyNot: isOwn && !isSeen ? 'You opened this record yourself. Somebody else has to look it over.' : null,
  }
}

function aboutRows(opening: OpeningRow, now: Date): SummaryRow[] {
  const end = opening.closed_at ?? opening.ends_at
  const isOpen = isStillOpen(opening, now)
  const rows: (SummaryRow | null)[] = [
    { key: 'Who', value: `${opening.staff_member}, ${roleNames[opening.role].toLowerCase()}` },
    { key: 'Record', value: `Service user ${opening.service_user_id}` },
    { key: 'Opened', value: formatInstant(opening.opened_at) },
    { key: isOpen ? 'Open until' : 'Closed', value: `${formatTime(end)}${opening.closed_at ? ', by themselves' : ''}` },
    { key: 'Why', lines: opening.reason === null ? ['Not kept any more'] : opening.reason.split('\n') },
    opening.seen_at === null
      ? null
      : { key: 'Seen', value: `${formatInstant(opening.seen_at)} by ${opening.seer ?? ''}` },
    opening.note ? { key: 'What came of it', lines: opening.note.split('\n') } : null,
  ]
  return rows.filter((row) => row !== null)
}

export function openingUrl(id: number): string {
  return `/openings/${id}`
}
