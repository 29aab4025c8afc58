import type { Actor } from '../lib/actor.ts'
import { formatDate, formatInstant, formatShortDate, londonDate } from '../lib/dates.ts'
import { downloadsOf } from '../lib/downloads.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type {
  DataTable,
  Downloads,
  Link,
  Page,
  Pagination,
  StateTag,
  SummaryRow,
  TableCell,
} from '../lib/view-model.ts'
import type { StaffFilter, StaffRow } from './queries.ts'
import { accountState, accountStates, roleWords, whyNotToChange } from './rules.ts'

export type StaffPage = Page & {
  tabs: (Link & { current: boolean })[]
  invite: string
  review: Link
  tablets: Link
  table: DataTable | null
  pagination: Pagination
  downloads: Downloads | null
  empty: { text: string }
}

const filterNames: Record<StaffFilter, string> = { open: 'Can sign in or invited', closed: 'Account closed' }

export function presentStaff(list: PageOf<StaffRow>, filter: StaffFilter): StaffPage {
  const pageUrl = (cursor: { after?: string; before?: string }) => urlOf(filter, cursor)
  return {
    title: 'Staff',
    tabs: (Object.keys(filterNames) as StaffFilter[]).map((name) => ({
      href: urlOf(name),
      text: filterNames[name],
      current: name === filter,
    })),
    invite: '/admin/staff/new',
    review: { href: '/admin/staff/review', text: 'Look over who may sign in' },
    tablets: { href: '/admin/tablets', text: 'Ward tablets' },
    table: list.rows.length === 0 ? null : staffTable(list.rows, filter),
    pagination: {
      label: 'Staff',
      ...(list.previous && { previous: pageUrl({ before: list.previous }) }),
      ...(list.next && { next: pageUrl({ after: list.next }) }),
    },
    downloads: list.rows.length === 0 ? null : downloadsOf('/admin/staff', filter === 'open' ? {} : { show: filter }),
    empty: { text: filter === 'closed' ? 'No account is closed.' : 'Nobody is here yet.' },
  }
}

function urlOf(filter: StaffFilter, cursor: { after?: string; before?: string } = {}): string {
  return listUrl('/admin/staff', { ...(filter !== 'open' && { show: filter }), ...cursor })
}

function staffTable(rows: StaffRow[], filter: StaffFilter): DataTable {
  return {
    caption: `${filterNames[filter]}, by name`,
    captionHidden: true,
    columns: [{ text: 'Name' }, { text: 'What they do' }, { text: 'Last signed in' }, { text: 'Account' }],
    rows: rows.map((staff) => ({
      cells: [
        { text: staff.name, href: staffUrl(staff.id), hint: staff.email },
        workCell(staff),
        { text: lastHere(staff) },
        { tag: tagOf(staff) },
      ],
    })),
  }
}

function workCell(staff: StaffRow): TableCell {
  const wards = staff.wards.map((ward) => ward.name).join(', ')
  return { text: roleWords(staff), ...(wards !== '' && { hint: wards }) }
}

function lastHere({ last_signed_in_at }: StaffRow): string {
  return last_signed_in_at === null ? 'Never' : formatShortDate(londonDate(last_signed_in_at))
}

function tagOf(staff: StaffRow): StateTag {
  return accountStates[accountState(staff)]
}

export type AccountPage = Page & {
  caption: string
  state: StateTag
  about: SummaryRow[]
  /** Why nothing can be done here, where that is so. */
  whyNot: string | null
  edit: string | null
  actions: { action: string; text: string; kind: 'secondary' | 'warning'; about: string }[]
  audit: Link | null
}

export function presentAccount(
  staff: StaffRow,
  by: Pick<Actor, 'staffId' | 'role'>,
  mayReadAudit: boolean,
): AccountPage {
  const whyNot = whyNotToChange(by, staff)
  const url = staffUrl(staff.id)
  return {
    title: staff.name,
    caption: roleWords(staff),
    back: { href: '/admin/staff', text: 'Staff' },
    state: tagOf(staff),
    about: [
      { key: 'Email', value: staff.email },
      { key: 'What they do', value: roleWords(staff) },
      ...(staff.wards.length > 0 ? [{ key: 'Wards and teams', lines: staff.wards.map((ward) => ward.name) }] : []),
      { key: 'Invited', value: formatDate(londonDate(staff.created_at)) },
      {
        key: 'Last signed in',
        value: staff.last_signed_in_at === null ? 'Never' : formatInstant(staff.last_signed_in_at),
      },
      { key: 'Second step', value: secondStepWords(staff) },
      ...(staff.badge_at === null
        ? []
        : [{ key: 'Badge for ward tablets', value: `Made on ${formatDate(londonDate(staff.badge_at))}` }]),
      ...(staff.disabled_at === null ? [] : [{ key: 'Closed', value: formatDate(londonDate(staff.disabled_at)) }]),
    ],
    whyNot,
    edit: whyNot === null && staff.disabled_at === null ? `${url}/edit` : null,
    actions: whyNot === null ? actionsFor(staff, url) : [],
    audit: mayReadAudit ? { href: listUrl('/audit', { staff: staff.id }), text: 'What they did and looked at' } : null,
  }
}

function secondStepWords({ second_step_at }: StaffRow): string {
  return second_step_at === null ? 'No phone set up' : `Phone set up on ${formatDate(londonDate(second_step_at))}`
}

function actionsFor(staff: StaffRow, url: string): AccountPage['actions'] {
  const state = accountState(staff)
  const close = {
    action: `${url}/closure`,
    text: 'Close this account',
    kind: 'warning' as const,
    about: 'They are signed out at once and cannot sign in. What they did stays on record. You can open it again.',
  }
  if (state === 'closed') {
    return [
      {
        action: `${url}/opening`,
        text: 'Open this account again',
        kind: 'secondary',
        about: 'They can sign in as before.',
      },
    ]
  }
  if (state === 'invited') {
    const about = 'The link in the first invitation stops working.'
    return [{ action: `${url}/invitation`, text: 'Send a new invitation', kind: 'secondary', about }, close]
  }
  const about = 'For somebody who cannot sign in. The link goes to their own email address.'
  const reset = {
    action: `${url}/second-step-reset`,
    text: 'Reset the second step',
    kind: 'secondary' as const,
    about:
      'For somebody who lost the phone and the recovery codes. Be sure that it is them who asks: call them back, or see them. They are signed out, and an email tells them.',
  }
  return [
    { action: `${url}/reset`, text: 'Send a link to set a new password', kind: 'secondary', about },
    ...(staff.second_step_at === null ? [] : [reset]),
    ...(staff.badge_at === null ? [] : [removeBadge(url)]),
    close,
  ]
}

function removeBadge(url: string): AccountPage['actions'][number] {
  const about = 'For somebody who lost their badge for ward tablets. They can make a new one on their account page.'
  return { action: `${url}/badge-removal`, text: 'Remove the badge', kind: 'secondary', about }
}

export type ReviewPage = Page & { lead: string; groups: DataTable[] }

/** Everybody who may sign in, to be gone through with a pencil: whoever has not been here for long comes first. */
export function presentReview(rows: StaffRow[], organisation: string, now: Date): ReviewPage {
  const words = [...new Set(rows.map(roleWords))]
  return {
    title: 'Who may sign in',
    back: { href: '/admin/staff', text: 'Staff' },
    lead: `${organisation}, ${formatInstant(now.toISOString())}. Those who have not signed in for longest come first. Close the accounts of people who have left.`,
    groups: words.map((word) => ({
      caption: word,
      columns: [{ text: 'Name' }, { text: 'Wards and teams' }, { text: 'Last signed in' }, { text: 'Still right?' }],
      rows: rows
        .filter((row) => roleWords(row) === word)
        .map((row) => ({
          cells: [
            { text: row.name, href: staffUrl(row.id), hint: row.email },
            { text: row.wards.map((ward) => ward.name).join(', ') || '–' },
            { text: row.has_password ? lastHere(row) : 'Invited, not joined yet' },
            { text: '☐ yes  ☐ close' },
          ],
        })),
    })),
  }
}

export function staffUrl(id: number): string {
  return `/admin/staff/${id}`
}
