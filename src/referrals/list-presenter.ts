import { formatShortDate } from '../lib/dates.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type { DataTable, Link, Page, Pagination, TableRow } from '../lib/view-model.ts'
import type { ReferralFilter, ReferralRow } from './queries.ts'
import { nearUntil, referralState, referralStates } from './rules.ts'
import { asksInWords, whoAsked } from './words-rules.ts'

export type ReferralsPage = Page & {
  lead: string
  add: Link
  tabs: (Link & { current: boolean })[]
  table: DataTable | null
  pagination: Pagination
  empty: { text: string; hint: string }
}

const filterNames: Record<ReferralFilter, string> = {
  open: 'Waiting',
  near: 'First appointment soon',
  met: 'Met',
  declined: 'Declined',
  withdrawn: 'Withdrawn',
}

export function isReferralFilter(text: string): text is ReferralFilter {
  return Object.hasOwn(filterNames, text)
}

export interface ReferralsShown {
  list: PageOf<ReferralRow>
  filter: ReferralFilter
  today: string
  isChampion: boolean
}

/** The waiting list, and what became of the rest. A care team and a ward see those they made. */
export function presentReferrals({ list, filter, today, isChampion }: ReferralsShown): ReferralsPage {
  const urlOf = (which: ReferralFilter, cursor: { after?: string; before?: string } = {}) =>
    listUrl('/referrals', { ...(which !== 'open' && { show: which }), ...cursor })
  return {
    title: 'Referrals',
    lead: isChampion
      ? 'People who were referred to you. Whoever has their first appointment soonest comes first.'
      : 'People whom you and your team have referred to the digital champions, and what became of it.',
    add: { href: '/referrals/new', text: isChampion ? 'Type in a referral' : 'Refer somebody' },
    tabs: (Object.keys(filterNames) as ReferralFilter[]).map((name) => ({
      href: urlOf(name),
      text: filterNames[name],
      current: name === filter,
    })),
    table: list.rows.length === 0 ? null : referralsTable(list.rows, filter, today),
    pagination: {
      label: 'Referrals',
      ...(list.previous && { previous: urlOf(filter, { before: list.previous }) }),
      ...(list.next && { next: urlOf(filter, { after: list.next }) }),
    },
    empty: emptyWords[filter],
  }
}

const emptyWords: Record<ReferralFilter, { text: string; hint: string }> = {
  open: { text: 'Nobody is waiting.', hint: 'New referrals come in here.' },
  near: { text: 'Nobody who waits has a first appointment in the next 14 days.', hint: 'Look at all who wait.' },
  met: { text: 'No referral is met yet.', hint: 'It is met when everything that was asked for is lent or done.' },
  declined: { text: 'No referral was declined.', hint: 'Those that were stand here, with the reason.' },
  withdrawn: { text: 'No referral was withdrawn.', hint: 'Those that were stand here, with the reason.' },
}

function referralsTable(rows: ReferralRow[], filter: ReferralFilter, today: string): DataTable {
  return {
    caption: filterNames[filter],
    captionHidden: true,
    columns: ['Who', 'Asked for', 'First appointment', 'Asked by', 'State'].map((text) => ({ text })),
    rows: rows.map((row) => referralRow(row, today)),
  }
}

function referralRow(row: ReferralRow, today: string): TableRow {
  const state = referralState(row)
  const { first_appointment_on: day } = row
  const isWaiting = state === 'waiting' || state === 'partly-met'
  const open = isWaiting ? row.asks.filter(({ is_met }) => !is_met) : row.asks
  return {
    cells: [
      { text: row.service_user, href: `/referrals/${row.id}` },
      { text: asksInWords(open.map(({ ask }) => ask)) },
      { text: day === null ? 'Not known yet' : formatShortDate(day), ...(isWaiting && soonTag(day, today)) },
      { text: whoAsked(row), hint: formatShortDate(row.referred_on) },
      { tag: referralStates[state] },
    ],
  }
}

function soonTag(day: string | null, today: string) {
  if (day === null || day > nearUntil(today)) return {}
  return {
    tag: day < today ? ({ text: 'Gone by', colour: 'red' } as const) : ({ text: 'Soon', colour: 'orange' } as const),
  }
}
