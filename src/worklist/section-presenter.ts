import { formatLongDate } from '../lib/dates.ts'
import type { DataTable, Link, Page, TableRow } from '../lib/view-model.ts'
import type { DueAppointments } from '../readiness/queries.ts'
import { notReadyRows, outcomeRows, trialRows } from './appointment-rows-presenter.ts'

export type WorklistPage = Page & {
  today: string
  /** For whoever picks up the phone: who meets somebody now. */
  now: Link | null
  /** Where the list is long: every heading of it, to go to. */
  contents: { summary: string; links: Link[] } | null
  sections: Section[]
  /** Who is shut out here, in a few sentences. */
  shutOut: string[]
  done: { text: string; hint?: string } | null
}

export type Section = { id: string; table: DataTable; more: { text: string; link?: Link } | null }

/** Ten headings are a page of fifty rows. More than an hour's work under one heading hides the next heading. */
export const MOST_ROWS = 5
/** Of what comes first, a day's. */
export const MOST_APPOINTMENTS = 10
/** Of what is a row each, one more than are shown tells that there are more. */
export const ROWS_READ = MOST_ROWS + 1

/** What comes first: somebody may be left at a blank screen. */
export function appointmentSections({ soon, moreComes, waiting, trials }: DueAppointments, now: Date): Section[] {
  const toTell = { href: '/appointments?show=waiting', text: 'See all that wait for their outcome' }
  return [
    notReadySection(notReadyRows(soon, now), moreComes),
    section('trial-calls', 'Trial-run calls', trialRows(trials, now), trials.length >= ROWS_READ, allTrials),
    section('outcomes', 'How did it go?', outcomeRows(waiting), waiting.length >= ROWS_READ, toTell),
  ]
}

/** Where there are so many that not each was looked at, that is said, and nobody takes the list for all there is. */
function notReadySection(rows: TableRow[], moreComes: DueAppointments['moreComes']): Section {
  const all = { href: '/appointments', text: 'See all appointments to come' }
  const whole = section('not-ready', notReadyHeading, rows, moreComes !== null, all, MOST_APPOINTMENTS)
  if (moreComes === null || moreComes === 'not-ready') return whole
  const text = `Only the first ${moreComes.toLocaleString('en-GB')} appointments of these days were looked at.`
  return { ...whole, more: { text, link: all } }
}

/** The page of what is to be done; a heading with nothing under it is left out. */
export function worklistPage(
  all: Section[],
  { today, meetsPeople, shutOut = [] }: { today: string; meetsPeople: boolean; shutOut?: string[] },
): WorklistPage {
  const sections = all.filter((part) => part.table.rows.length > 0)
  return {
    title: 'Worklist',
    today: formatLongDate(today),
    now: nowLink(meetsPeople),
    contents: contentsOf(sections),
    sections,
    shutOut,
    done: sections.length > 0 ? null : { text: 'Nothing needs doing today.' },
  }
}

/** Up to so many headings are seen at a glance. */
const HEADINGS_SEEN = 4

function contentsOf(sections: Section[]): WorklistPage['contents'] {
  if (sections.length <= HEADINGS_SEEN) return null
  return {
    summary: `Go to one of ${sections.length} kinds of things to do`,
    links: sections.map(({ id, table, more }) => {
      const count = more ? `${table.rows.length} or more` : table.rows.length
      return { href: `#${id}`, text: `${table.caption} (${count})` }
    }),
  }
}

function nowLink(meetsPeople: boolean): Link | null {
  return meetsPeople ? { href: '/appointments/now', text: 'Somebody cannot get in now' } : null
}

const notReadyHeading = 'Appointments within two working days: get them ready'
const allTrials = { href: '/trial-calls', text: 'See all trial-run calls' }
export const lostHeading = 'Lost, stolen or damaged: what is due'
export const repairsHeading = 'Expected back from repair'
export const carePlansHeading = 'Care plans to look at again'
export const allConcerns = { href: '/concerns', text: 'See all open concerns' }
export const allRepairs = { href: '/repairs', text: 'See all repairs' }
export const allIncidents = { href: '/incidents', text: 'See every incident with things to do' }

export function section(
  id: string,
  heading: string,
  rows: TableRow[],
  isCut: boolean,
  link?: Link,
  most = MOST_ROWS,
): Section {
  const columns = [{ text: 'With' }, { text: 'About' }, { text: 'When' }, { text: 'What to do' }]
  const shown = rows.slice(0, most)
  const left = rows.length - shown.length
  const others = isCut ? 'Many more come' : left === 1 ? '1 more comes' : `${left} more come`
  const text =
    shown.length === 1
      ? `This is the first. ${others} after it.`
      : `These are the first ${shown.length}. ${others} after them.`
  const more = left > 0 || isCut ? { text, ...(link && { link }) } : null
  return { id, more, table: { caption: heading, columns, rows: shown } }
}
