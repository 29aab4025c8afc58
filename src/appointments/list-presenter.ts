import { formatShortInstant } from '../lib/dates.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type { DataTable, Link, Page, Pagination, TableCell } from '../lib/view-model.ts'
import type { ReadinessFacts } from '../readiness/facts-rules.ts'
import { readinessOf } from '../readiness/rules.ts'
import { openInWords, readinessTag } from '../readiness/words-rules.ts'
import { appointmentsOfUrl, appointmentUrl } from './links-rules.ts'
import type { AppointmentFilter, AppointmentRow, PersonToMeet } from './queries.ts'
import { appointmentState, stateTags } from './rules.ts'
import { daysInWords, daysWaited, type Wait, waitsInWords } from './waiting-rules.ts'
import { cancellerNames, isOneOf, type Purpose, purposeNames, type Way, wayNames } from './words-rules.ts'

export type AppointmentsPage = Page & {
  bringIn: Link | null
  toPost: Link | null
  lead: string
  waited: { title: string; lines: string[] } | null
  tabs: (Link & { current: boolean })[]
  table: DataTable | null
  pagination: Pagination
  empty: { text: string; hint?: string }
}

const tabs: Readonly<Record<AppointmentFilter, string>> = {
  'to-come': 'To come',
  waiting: 'How did it go?',
  over: 'Over',
}

export function isAppointmentFilter(text: string): text is AppointmentFilter {
  return Object.hasOwn(tabs, text)
}

const empties: Readonly<Record<AppointmentFilter, AppointmentsPage['empty']>> = {
  'to-come': { text: 'No appointment is to come.', hint: 'Open the record of a person to make one for them.' },
  waiting: { text: 'Of every appointment that is over it is written down how it went.' },
  over: { text: 'No appointment is over yet.' },
}

/** So far back goes what is said of how long people waited. */
export const WAITS_OF_DAYS = 90

export interface AppointmentsShown {
  mayImport: boolean
  mayPost: boolean
  /** Of those that are over: how long people waited, in one way and the other. */
  waits: Wait[]
  list: PageOf<AppointmentRow>
  filter: AppointmentFilter
  /** What readiness is told from, of those that are to come. */
  facts: ReadonlyMap<number, ReadinessFacts>
  now: Date
}

/** The appointments of people in reach. A link to join stands in no list. */
export function presentAppointments({
  list,
  filter,
  facts,
  waits,
  now,
  mayImport,
  mayPost,
}: AppointmentsShown): AppointmentsPage {
  const urlOf = (show: AppointmentFilter, cursor: { after?: string; before?: string } = {}) =>
    listUrl('/appointments', { ...(show !== 'to-come' && { show }), ...cursor })
  return {
    title: 'Appointments',
    bringIn: mayImport ? { href: '/appointments/import', text: 'Bring in a spreadsheet' } : null,
    toPost: mayPost ? { href: '/letters', text: 'Letters to post' } : null,
    lead: 'An appointment is made from the record of the person.',
    waited:
      waits.length === 0
        ? null
        : { title: `How long people waited, in the last ${WAITS_OF_DAYS} days`, lines: waitsInWords(waits) },
    tabs: (Object.keys(tabs) as AppointmentFilter[]).map((name) => ({
      href: urlOf(name),
      text: tabs[name],
      current: name === filter,
    })),
    table: list.rows.length === 0 ? null : appointmentsTable(list.rows, { filter, facts, now }),
    pagination: {
      label: 'Appointments',
      ...(list.previous && { previous: urlOf(filter, { before: list.previous }) }),
      ...(list.next && { next: urlOf(filter, { after: list.next }) }),
    },
    empty: empties[filter],
  }
}

function appointmentsTable(
  rows: AppointmentRow[],
  { filter, facts, now }: Omit<AppointmentsShown, 'list' | 'waits' | 'mayImport' | 'mayPost'>,
): DataTable {
  return {
    caption: `Appointments: ${tabs[filter].toLowerCase()}`,
    captionHidden: true,
    columns: [{ text: 'When' }, { text: 'Who' }, { text: 'How' }, { text: 'With' }, { text: 'State' }],
    rows: rows.map((row) => {
      const [when, how, whom, state] = cellsOf(row, now)
      return { cells: [when, { text: row.service_user }, how, whom, readyCell(facts.get(row.id), row, now) ?? state] }
    }),
  }
}

type Row = Omit<AppointmentRow, 'service_user'>

/** Of what is to come it is told how ready it is; nothing is sorted or left out by it. */
function readyCell(facts: ReadinessFacts | undefined, row: AppointmentRow, now: Date): TableCell | null {
  if (!facts || appointmentState(row, now) !== 'to-come') return null
  const readiness = readinessOf(facts, now)
  return { tag: readinessTag(readiness), ...(readiness.state !== 'ready' && { hint: openInWords(readiness) }) }
}

function cellsOf(row: Row, now: Date): [TableCell, TableCell, TableCell, TableCell] {
  return [
    { text: formatShortInstant(row.starts_at), href: appointmentUrl(row.id), hint: purposeOf(row) },
    { text: wayNames[row.way as Way], ...waitHint(row) },
    { text: [row.clinician, row.team ?? ''].filter((text) => text !== '').join(', ') || 'Not written down' },
    stateCell(row, now),
  ]
}

function waitHint(row: Row): { hint?: string } {
  return row.is_first && row.cancelled_at === null
    ? { hint: `${daysInWords(daysWaited(row))} after it was asked for` }
    : {}
}

function purposeOf({ is_first, purpose }: Row): string {
  const name = purpose === 'other' ? '' : purposeNames[purpose as Purpose]
  if (!is_first) return name
  return name === '' ? 'First appointment' : `First appointment, ${name.toLowerCase()}`
}

function stateCell(row: Row, now: Date): TableCell {
  const by = row.cancelled_by ?? ''
  const hint = isOneOf(cancellerNames, by) ? `By ${cancellerNames[by].toLowerCase()}` : undefined
  return { tag: stateTags[appointmentState(row, now)], ...(hint !== undefined && { hint }) }
}

export type AppointmentsOfPage = Page & {
  caption: string
  add: Link | null
  table: DataTable | null
  isCut: boolean
}

/** The appointments of one person. The back link leads to the page of them that whoever asks has. */
export function presentAppointmentsOf(
  { person, rows, back }: { person: PersonToMeet; rows: Row[]; back: Link },
  most: number,
  now: Date,
): AppointmentsOfPage {
  const mayMeet = person.state !== 'died'
  return {
    title: 'Appointments',
    caption: person.name,
    back,
    add: mayMeet ? { href: `${appointmentsOfUrl(person.id)}/new`, text: 'Make an appointment' } : null,
    isCut: rows.length === most,
    table:
      rows.length === 0
        ? null
        : {
            caption: 'Appointments, the newest first',
            captionHidden: true,
            columns: [{ text: 'When' }, { text: 'How' }, { text: 'With' }, { text: 'State' }],
            rows: rows.map((row) => ({ cells: cellsOf(row, now) })),
          },
  }
}
