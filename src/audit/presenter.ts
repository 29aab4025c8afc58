import { formatLongDate, formatTime, londonDate, parseInstant } from '../lib/dates.ts'
import { downloadsOf } from '../lib/downloads.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type {
  DateField,
  Downloads,
  InputField,
  Link,
  Page,
  Pagination,
  SelectField,
  TimelineEntry,
} from '../lib/view-model.ts'
import { detailLines } from './details-rules.ts'
import type { AuditRow, StaffName } from './queries.ts'
import { auditKinds, auditSentence } from './rules.ts'

export type AuditEntry = Pick<TimelineEntry, 'at' | 'datetime' | 'text'> & {
  summary: string
  details: string[]
}

/** What was done on one day, so that the day is said once. */
export type AuditDay = { date: string; entries: AuditEntry[] }

export type AuditPage = Page & {
  lead: string
  filters: { staff: SelectField; person: InputField; kind: SelectField; from: DateField; to: DateField }
  /** A form of its own: an NHS number may not stand in an address. */
  byNumber: { field: InputField; kept: { name: string; value: string }[] }
  clear: string | null
  days: AuditDay[]
  pagination: Pagination
  downloads: Downloads | null
  empty: { text: string; link: Link } | null
}

export interface AuditShown {
  /** null: the filters were wrong, and nothing was looked up. */
  list: PageOf<AuditRow> | null
  staff: StaffName[]
  values: Typed
  errors?: FieldError[]
}

export function presentAudit({ list, staff, values, errors }: AuditShown): AuditPage {
  const { 'nhs-number': _, ...filters } = values
  const isFiltered = Object.values(filters).some((value) => value !== '')
  const pageUrl = (cursor: { after?: string; before?: string }) => listUrl('/audit', { ...filters, ...cursor })
  return {
    title: 'Audit',
    errors,
    lead: 'What people did and looked at, the newest first. Looking at this page is kept here too.',
    filters: presentFilters(staff, values, errors),
    byNumber: presentByNumber(values, errors),
    clear: isFiltered ? '/audit' : null,
    days: presentDays(list?.rows ?? []),
    pagination: {
      label: 'Audit',
      ...(list?.previous && { previous: pageUrl({ before: list.previous }) }),
      ...(list?.next && { next: pageUrl({ after: list.next }) }),
    },
    downloads: list === null || list.rows.length === 0 ? null : downloadsOf('/audit', filters),
    empty:
      list?.rows.length === 0
        ? { text: 'Nothing was kept that fits these filters.', link: { href: '/audit', text: 'See everything' } }
        : null,
  }
}

function presentFilters(staff: StaffName[], values: Typed, errors?: FieldError[]): AuditPage['filters'] {
  const field = formFields({ values, errors })
  const people = staff.map(({ id, name, disabled_at }) => ({
    value: id,
    text: disabled_at === null ? name : `${name} (account closed)`,
  }))
  return {
    staff: field.select('staff', 'Who', [{ value: '', text: 'Everybody' }, ...people]),
    person: field.input('person', 'Service user, by record number', {
      hint: 'As it stands in the audit: service user 7 has the number 7',
      inputmode: 'numeric',
      width: 10,
    }),
    kind: field.select('kind', 'What', [{ value: '', text: 'Everything' }, ...auditKinds]),
    from: field.date('from', 'First day'),
    to: field.date('to', 'Last day'),
  }
}

/** The filters that are set go along, and stand in the address again afterwards. */
function presentByNumber(values: Typed, errors?: FieldError[]): AuditPage['byNumber'] {
  const { 'nhs-number': number = '', person: _, ...others } = values
  const field = formFields({ values: { 'nhs-number': number }, errors }).input(
    'nhs-number',
    'Or find the record by NHS number',
    {
      hint: 'For example, 999 000 0018. It is not kept, and shows no name.',
      inputmode: 'numeric',
      width: 10,
      code: true,
      autocomplete: 'off',
      spellcheck: 'false',
    },
  )
  const kept = Object.entries(others).filter(([, value]) => value !== '')
  return { field, kept: kept.map(([name, value]) => ({ name, value })) }
}

function presentDays(rows: AuditRow[]): AuditDay[] {
  const days: AuditDay[] = []
  for (const row of rows) {
    const date = formatLongDate(londonDate(row.at))
    if (days.at(-1)?.date !== date) days.push({ date, entries: [] })
    days.at(-1)?.entries.push(presentEntry(row))
  }
  return days
}

function presentEntry(row: AuditRow): AuditEntry {
  return {
    at: formatTime(row.at),
    datetime: parseInstant(row.at).toISOString(),
    text: auditSentence(row),
    summary: `Details of entry ${row.id}`,
    details: detailLines(row.details),
  }
}
