import { formatDate, formatShortDate, londonDate } from '../lib/dates.ts'
import { downloadsOf } from '../lib/downloads.ts'
import type { FieldError } from '../lib/fields.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type { DataTable, Downloads, Link, Page, Pagination, StateTag, SummaryRow } from '../lib/view-model.ts'
import type { WardFilter, WardInFull } from './admin-queries.ts'
import {
  isEmptyWard,
  type Obstacles,
  sitesUrl,
  wardKindName,
  wardState,
  wardStates,
  wardsUrl,
  wardUrl,
} from './rules.ts'

export type WardsPage = Page & {
  add: Link
  sites: Link
  tabs: (Link & { current: boolean })[]
  tables: DataTable[]
  pagination: Pagination
  downloads: Downloads | null
  empty: { text: string; hint?: string }
}

const filterNames: Record<WardFilter, string> = { open: 'In use', closed: 'Closed' }

/** The wards, a table for each site. */
export function presentWards(list: PageOf<WardInFull>, filter: WardFilter): WardsPage {
  const show = filter === 'open' ? {} : { show: filter }
  const pageUrl = (cursor: { after?: string; before?: string }) => listUrl(wardsUrl, { ...show, ...cursor })
  return {
    title: 'Wards, teams and hubs',
    add: { href: `${wardsUrl}/new`, text: 'Add a ward, team or hub' },
    sites: { href: sitesUrl, text: 'Sites' },
    tabs: (Object.keys(filterNames) as WardFilter[]).map((name) => ({
      href: name === 'open' ? wardsUrl : listUrl(wardsUrl, { show: name }),
      text: filterNames[name],
      current: name === filter,
    })),
    tables: bySite(list.rows).map((rows) => wardTable(rows, filter)),
    pagination: {
      label: 'Wards, teams and hubs',
      ...(list.previous && { previous: pageUrl({ before: list.previous }) }),
      ...(list.next && { next: pageUrl({ after: list.next }) }),
    },
    downloads: list.rows.length === 0 ? null : downloadsOf(wardsUrl, show),
    empty:
      filter === 'closed'
        ? { text: 'No ward, team or hub is closed.' }
        : {
            text: 'There is no ward, team or hub yet.',
            hint: 'Items are kept and lent there. Add the site first, then the wards, teams and hubs at it.',
          },
  }
}

function bySite(rows: WardInFull[]): WardInFull[][] {
  return [...Map.groupBy(rows, (row) => row.site_id).values()]
}

function wardTable(rows: WardInFull[], filter: WardFilter): DataTable {
  const last = filter === 'open' ? { text: 'Ward tablets', numeric: true } : { text: 'Closed' }
  return {
    caption: rows[0]?.site ?? '',
    columns: [
      { text: 'Name' },
      { text: 'Kind' },
      { text: 'Items', numeric: true },
      { text: 'Staff', numeric: true },
      last,
    ],
    rows: rows.map((ward) => ({
      cells: [
        { text: ward.name, href: wardUrl(ward), hint: ward.code },
        { text: wardKindName(ward.kind) },
        {
          text: String(ward.kept),
          numeric: true,
          ...(ward.placed > 0 && { hint: `and ${ward.placed} on loan to it` }),
        },
        { text: String(ward.staff), numeric: true },
        filter === 'open'
          ? { text: String(ward.tablets), numeric: true }
          : { text: formatShortDate(londonDate(ward.closed_at ?? '')) },
      ],
    })),
  }
}

export type WardPage = Page & {
  caption: string
  state: StateTag
  about: SummaryRow[]
  edit: string
  /** What has to be somewhere else before it can be closed. */
  obstacles: { text: string; link: Link }[]
  closure: string | null
  opening: string | null
}

export interface WardShown {
  ward: WardInFull
  obstacles: Obstacles
  errors?: FieldError[]
}

export function presentWard({ ward, obstacles, errors }: WardShown): WardPage {
  const url = wardUrl(ward)
  const isOpen = ward.closed_at === null
  return {
    title: ward.name,
    caption: ward.site,
    back: { href: isOpen ? wardsUrl : listUrl(wardsUrl, { show: 'closed' }), text: 'Wards, teams and hubs' },
    ...(errors && { errors }),
    state: wardStates[wardState(ward)],
    about: aboutRows(ward),
    edit: `${url}/edit`,
    obstacles: isOpen ? obstacleLines(ward, obstacles) : [],
    closure: isOpen && isEmptyWard(obstacles) ? `${url}/closure` : null,
    opening: isOpen ? null : `${url}/opening`,
  }
}

function aboutRows(ward: WardInFull): SummaryRow[] {
  const isThere = ward.kept + ward.placed > 0
  const items = `${ward.kept} kept here${ward.placed > 0 ? `, ${ward.placed} on loan to it` : ''}`
  return [
    { key: 'Site', value: ward.site },
    { key: 'Kind', value: wardKindName(ward.kind) },
    { key: 'Code', value: ward.code },
    { key: 'Longest permitted cable', value: ward.longest_cable_cm === null ? 'Any' : `${ward.longest_cable_cm} cm` },
    { key: 'Area level', value: ward.area_level === null ? 'Not assessed' : String(ward.area_level) },
    ...(ward.closed_at === null
      ? [
          {
            key: 'Items',
            value: items,
            ...(isThere && { actions: [{ href: itemsUrl(ward), text: 'See', visuallyHiddenText: 'the items' }] }),
          },
          { key: 'Staff', value: String(ward.staff) },
          { key: 'Ward tablets', value: String(ward.tablets) },
        ]
      : [{ key: 'Closed', lines: [formatDate(londonDate(ward.closed_at)), `by ${ward.closer}`] }]),
  ]
}

const MOST_NAMED = 10

function obstacleLines(ward: WardInFull, { kept, placed, staff, tablets, stockChecks }: Obstacles) {
  const seeItems = { href: itemsUrl(ward), text: 'See the items' }
  const others = staff.length - MOST_NAMED
  return [
    ...(kept > 0 ? [{ text: `${counted(kept)} kept here. Choose another place for each.`, link: seeItems }] : []),
    ...(placed > 0
      ? [{ text: `${counted(placed)} on loan to it. A digital champion takes them back first.`, link: seeItems }]
      : []),
    ...staff.slice(0, MOST_NAMED).map(({ id, name }) => ({
      text: `${name} works nowhere else. Choose another ward for them, or close their account.`,
      link: { href: `/admin/staff/${id}`, text: `Open the account of ${name}` },
    })),
    ...(others > 0
      ? [
          {
            text: `${others} more ${others === 1 ? 'person works' : 'people work'} nowhere else.`,
            link: { href: '/admin/staff', text: 'See all staff' },
          },
        ]
      : []),
    ...tablets.map(({ id, name }) => ({
      text: `The tablet “${name}” is enrolled for it. Take it off.`,
      link: { href: `/admin/tablets/${id}`, text: `Open ${name}` },
    })),
    ...stockChecks.map(({ id }) => ({
      text: 'Its stock is being checked. Finish the check.',
      link: { href: `/stock-checks/${id}`, text: 'Open the stock check' },
    })),
  ]
}

function counted(count: number): string {
  return count === 1 ? '1 item is' : `${count} items are`
}

function itemsUrl({ id }: { id: number }): string {
  return listUrl('/items', { ward: id })
}
