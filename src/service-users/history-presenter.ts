import { detailLines } from '../audit/details-rules.ts'
import type { AuditRow } from '../audit/queries.ts'
import { auditSentence } from '../audit/rules.ts'
import { formatInstant, parseInstant } from '../lib/dates.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type { Link, Page, Pagination, TimelineEntry } from '../lib/view-model.ts'
import type { ServiceUserRecord } from './queries.ts'

export type HistoryPage = Page & {
  caption: string
  entries: TimelineEntry[]
  views: Link
  pagination: Pagination
}

export interface HistoryShown {
  person: ServiceUserRecord
  list: PageOf<AuditRow>
  withViews: boolean
  maySeeLoans: boolean
}

export function presentHistory({ person, list, withViews, maySeeLoans }: HistoryShown): HistoryPage {
  const url = `/service-users/${person.id}/history`
  const views = withViews ? 'yes' : undefined
  const pageUrl = (cursor: { after?: string; before?: string }) => listUrl(url, { views, ...cursor })
  return {
    title: 'History',
    caption: person.name,
    back: { href: `/service-users/${person.id}`, text: 'Back to the record' },
    entries: list.rows.map((event) => presentEvent(event, maySeeLoans)),
    views: withViews
      ? { href: url, text: 'Leave out who only looked' }
      : { href: listUrl(url, { views: 'yes' }), text: 'Show who looked at this record too' },
    pagination: {
      label: 'History',
      ...(list.previous && { previous: pageUrl({ before: list.previous }) }),
      ...(list.next && { next: pageUrl({ after: list.next }) }),
    },
  }
}

/** On their own page a person is "this record", and a loan has its number in the link after the sentence. */
export function presentEvent(event: AuditRow, maySeeLoans: boolean): TimelineEntry {
  const isLoan = event.subject_type === 'loan'
  const it = isLoan ? 'a loan' : event.subject_type === 'service-user' ? 'this record' : undefined
  return {
    at: formatInstant(event.at),
    datetime: parseInstant(event.at).toISOString(),
    text: auditSentence(event, it),
    lines: detailLines(event.details),
    ...(isLoan && maySeeLoans && { link: { href: `/loans/${event.subject_id}`, text: `Loan ${event.subject_id}` } }),
  }
}
