import { itemUrl } from '../items/tag-rules.ts'
import { formatDate, formatDue, formatShortDate, londonDate } from '../lib/dates.ts'
import { downloadsOf } from '../lib/downloads.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import { formatPounds } from '../lib/money.ts'
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
import { modelOf } from '../models/rules.ts'
import type { Repair } from './queries.ts'
import { repairState, repairStates } from './rules.ts'

export type RepairFilter = 'open' | 'over'

const filterNames: Record<RepairFilter, string> = { open: 'In repair', over: 'Over' }

export type RepairsPage = Page & {
  tabs: (Link & { current: boolean })[]
  table: DataTable | null
  pagination: Pagination
  downloads: Downloads | null
  empty: { text: string; hint?: string; link?: Link }
}

export interface RepairsShown {
  list: PageOf<Repair>
  filter: RepairFilter
  today: string
}

/** What is in repair, late first; or what was. */
export function presentRepairs({ list, filter, today }: RepairsShown): RepairsPage {
  const pageUrl = (cursor: { after?: string; before?: string }) => urlOf(filter, cursor)
  return {
    title: 'Repairs',
    back: { href: '/turnaround', text: 'Turnaround' },
    tabs: (Object.keys(filterNames) as RepairFilter[]).map((name) => ({
      href: urlOf(name),
      text: filterNames[name],
      current: name === filter,
    })),
    table: list.rows.length === 0 ? null : repairsTable(list.rows, filter, today),
    pagination: {
      label: 'Repairs',
      ...(list.previous && { previous: pageUrl({ before: list.previous }) }),
      ...(list.next && { next: pageUrl({ after: list.next }) }),
    },
    downloads: list.rows.length === 0 ? null : downloadsOf('/repairs', { show: filter }),
    empty:
      filter === 'over'
        ? { text: 'No repair is over yet.' }
        : {
            text: 'Nothing is in repair.',
            hint: 'To send something to repair, scan it and choose “Send to repair”.',
            link: { href: '/turnaround', text: 'See what is being made ready' },
          },
  }
}

function urlOf(filter: RepairFilter, cursor: { after?: string; before?: string } = {}): string {
  return listUrl('/repairs', { ...(filter === 'over' && { show: filter }), ...cursor })
}

function repairsTable(rows: Repair[], filter: RepairFilter, today: string): DataTable {
  return {
    caption: filter === 'open' ? 'In repair, what is late first' : 'Repairs that are over, the newest first',
    columns: [
      { text: 'Item' },
      { text: 'What is wrong' },
      { text: 'Where' },
      { text: filter === 'open' ? 'Expected back' : 'How it ended' },
      { text: 'Cost', numeric: true },
    ],
    rows: rows.map((repair) => ({
      cells: [
        { text: repair.tag, href: repairUrl(repair.id), hint: modelOf(repair) },
        { text: repair.reason },
        { text: repair.place, hint: `since ${formatShortDate(londonDate(repair.taken_at))}` },
        filter === 'open' ? expectedCell(repair, today) : endedCell(repair, today),
        { text: costText(repair), numeric: true },
      ],
    })),
  }
}

function expectedCell(repair: Repair, today: string): TableCell {
  if (repair.expected_back_on === null) return { text: 'Nobody said' }
  const isLate = repairState(repair, today) === 'late'
  return {
    text: formatShortDate(repair.expected_back_on),
    hint: formatDue(repair.expected_back_on, today),
    ...(isLate && { tag: { text: 'Late', colour: 'red' } }),
  }
}

function endedCell(repair: Repair, today: string): TableCell {
  const tag = repairStates[repairState(repair, today)]
  return { tag, hint: repair.ended_at === null ? undefined : formatShortDate(londonDate(repair.ended_at)) }
}

function costText({ cost_pence }: Repair): string {
  return cost_pence === null ? 'Not known' : formatPounds(cost_pence)
}

export type RepairPage = Page & {
  caption: string
  state: StateTag
  about: SummaryRow[]
  /** Where the form that says it is back is sent; null when the repair is over. */
  takeBack: string | null
  links: Link[]
}

export interface RepairShown {
  repair: Repair
  today: string
  mayRetire: boolean
}

/** One repair: what is known of it, and what may become of it. */
export function presentRepair({ repair, today, mayRetire }: RepairShown): RepairPage {
  const isOpen = repair.ended_at === null
  return {
    title: `Repair of ${repair.tag}`,
    caption: modelOf(repair),
    back: { href: '/repairs', text: 'Repairs' },
    state: repairStates[repairState(repair, today)],
    about: aboutRows(repair),
    takeBack: isOpen ? `${repairUrl(repair.id)}/back` : null,
    links: [
      { href: `${repairUrl(repair.id)}/edit`, text: 'Change what is said here' },
      ...(isOpen && mayRetire
        ? [{ href: `${itemUrl(repair.tag)}/retire`, text: 'It is beyond repair: retire it' }]
        : []),
    ],
  }
}

function aboutRows(repair: Repair): SummaryRow[] {
  const { expected_back_on, ended_at, ended_as } = repair
  const rows: (SummaryRow | null)[] = [
    { key: 'Item', value: repair.tag, href: itemUrl(repair.tag) },
    { key: 'What is wrong', lines: repair.reason.split('\n') },
    { key: 'Where it is', value: repair.place },
    { key: 'Sent', value: `${formatDate(londonDate(repair.taken_at))}, by ${repair.sent_by}` },
    { key: 'Expected back', value: expected_back_on === null ? 'Nobody said' : formatDate(expected_back_on) },
    ended_at === null
      ? null
      : { key: ended_as === 'back' ? 'Came back' : 'Over since', value: formatDate(londonDate(ended_at)) },
    { key: 'Cost', value: costText(repair) },
  ]
  return rows.filter((row) => row !== null)
}

export function repairUrl(id: number): string {
  return `/repairs/${id}`
}
