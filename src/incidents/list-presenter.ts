import { formatShortDate, londonDate } from '../lib/dates.ts'
import { downloadsOf } from '../lib/downloads.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import { formatTimeLeft } from '../lib/time-left.ts'
import type { DataTable, Downloads, InputField, Link, Page, Pagination, TableCell } from '../lib/view-model.ts'
import { borrowerName } from '../loans/borrowers-rules.ts'
import { tagsInWords } from '../loans/rules.ts'
import type { IncidentFilter, IncidentRow } from './list-queries.ts'
import { taskTitle } from './playbook-rules.ts'
import { incidentState, incidentStates, isLoss, kindness, kindTag } from './rules.ts'

export type IncidentsPage = Page & {
  tabs: (Link & { current: boolean })[]
  table: DataTable | null
  pagination: Pagination
  downloads: Downloads | null
  empty: { text: string; hint?: string; link?: Link }
  kindness: string
}

const filterNames: Record<IncidentFilter, string> = { open: 'Things to do', finished: 'Nothing left to do' }

export interface IncidentsShown {
  list: PageOf<IncidentRow>
  filter: IncidentFilter
  now: Date
  maySeeNames: boolean
}

export function presentIncidents({ list, filter, now, maySeeNames }: IncidentsShown): IncidentsPage {
  const pageUrl = (cursor: { after?: string; before?: string }) => urlOf(filter, cursor)
  return {
    title: 'Lost, stolen or damaged',
    tabs: (Object.keys(filterNames) as IncidentFilter[]).map((name) => ({
      href: urlOf(name),
      text: filterNames[name],
      current: name === filter,
    })),
    table: list.rows.length === 0 ? null : incidentsTable(list.rows, filter, now, maySeeNames),
    pagination: {
      label: 'Incidents',
      ...(list.previous && { previous: pageUrl({ before: list.previous }) }),
      ...(list.next && { next: pageUrl({ after: list.next }) }),
    },
    downloads: list.rows.length === 0 ? null : downloadsOf('/incidents', { show: filter }),
    empty: emptyOf(filter),
    kindness,
  }
}

function urlOf(filter: IncidentFilter, cursor: { after?: string; before?: string } = {}): string {
  return listUrl('/incidents', { ...(filter === 'finished' && { show: filter }), ...cursor })
}

function emptyOf(filter: IncidentFilter): IncidentsPage['empty'] {
  if (filter === 'finished') return { text: 'No incident is finished yet.' }
  return {
    text: 'Nothing is left to do about anything lost, stolen or damaged.',
    link: { href: '/incidents/new', text: 'Report something' },
  }
}

function incidentsTable(rows: IncidentRow[], filter: IncidentFilter, now: Date, maySeeNames: boolean): DataTable {
  const last = filter === 'open' ? 'To do next' : 'Outcome'
  return {
    caption: filter === 'open' ? 'Incidents, what is due first at the top' : 'Incidents, the newest first',
    captionHidden: true,
    columns: [
      { text: 'Items' },
      { text: 'What happened' },
      { text: 'Who had it' },
      { text: 'Reported' },
      { text: last },
    ],
    rows: rows.map((row) => ({
      cells: [
        { text: tagsInWords(row.tags), href: incidentUrl(row.id), hint: `Incident ${row.id}` },
        { tag: kindTag(row.kind), hint: foundWords(row) },
        { text: borrowerName(row, maySeeNames) || 'Nobody' },
        { text: formatShortDate(londonDate(row.reported_at)) },
        filter === 'open' ? nextCell(row, now) : { text: outcomeOf(row) },
      ],
    })),
  }
}

function nextCell(row: IncidentRow, now: Date): TableCell {
  if (row.task === null || row.due_at === null) return {}
  const state = incidentState(row)
  return {
    text: taskTitle({ task: row.task, tag: row.task_tag }, row),
    href: `${incidentUrl(row.id)}/tasks/${row.task_id}`,
    ...(state === 'overdue' && { tag: incidentStates.overdue }),
    hint: [formatTimeLeft(row.due_at, now), leftWords(row)].filter((text) => text !== '').join('. '),
  }
}

function leftWords({ open_tasks, overdue_tasks }: IncidentRow): string {
  if (open_tasks === 1) return ''
  if (overdue_tasks === open_tasks) return `${open_tasks} to do, all overdue`
  return overdue_tasks > 1 ? `${open_tasks} to do, ${overdue_tasks} of them overdue` : `${open_tasks} to do`
}

function outcomeOf(row: IncidentRow): string {
  const replaced = row.replacement_loan_id === null ? '' : `Replaced by loan ${row.replacement_loan_id}`
  return [isLoss(row.kind) && row.found_count === 0 ? 'Not found' : '', replaced]
    .filter((text) => text !== '')
    .join('. ')
}

function foundWords({ kind, found_count, tags }: IncidentRow): string | undefined {
  if (!isLoss(kind) || found_count === 0) return undefined
  return found_count === tags.length ? 'Found again' : `${found_count} of ${tags.length} found again`
}

export function incidentUrl(id: number): string {
  return `/incidents/${id}`
}

export type WhichPage = Page & { scan: InputField }

interface Scanned {
  code?: string
  error?: string
}

/** Which item is to be reported. */
export function presentWhich(maySeeIncidents: boolean, { code = '', error }: Scanned = {}): WhichPage {
  return {
    title: 'Report something lost, stolen or damaged',
    back: maySeeIncidents ? { href: '/incidents', text: 'Lost, stolen or damaged' } : { href: '/items', text: 'Items' },
    errors: error === undefined ? [] : [{ field: 'code', text: error }],
    scan: {
      id: 'code',
      name: 'code',
      label: 'Which item is it?',
      hint: 'Asset tag, serial number, IMEI or SIM number. You can also open a loan and report it from there.',
      value: code,
      error,
      width: 20,
      autocomplete: 'off',
      autocapitalize: 'none',
      spellcheck: 'false',
    },
  }
}
