import type { ConcernRow } from '../concerns/queries.ts'
import { shutOutSentences } from '../conversations/shut-out-rules.ts'
import type { DueDataRow } from '../data-allowances/due-queries.ts'
import { roleNames } from '../lib/actor.ts'
import { formatLongDate, formatShortInstant } from '../lib/dates.ts'
import type { DataTable, Link, Page, TableRow } from '../lib/view-model.ts'
import type { OpeningRow } from '../openings/queries.ts'
import type { QuotationRow } from '../quotations/queries.ts'
import { quotationsUrl } from '../quotations/rules.ts'
import type { DueAppointments } from '../readiness/queries.ts'
import type { WaitingReferralRow } from '../referrals/queries.ts'
import { nearUntil } from '../referrals/rules.ts'
import type { RestrictedPerson } from '../restrictions/queries.ts'
import { packingListUrl } from '../visits/rules.ts'
import { notReadyRows, outcomeRows, trialRows } from './appointment-rows-presenter.ts'
import { dataRows, type LowStock, lowStockRows } from './data-rows-presenter.ts'
import {
  atRiskRows,
  noChargerRow,
  offerRows,
  repairRows,
  supportRow,
  taskRows,
  uncollectedRows,
} from './item-rows-presenter.ts'
import { byLoan, dueRows, kindlyRows, loanRows, toPlanRows, visitRows } from './loan-rows-presenter.ts'
import {
  cableRows,
  carePlanRows,
  concernRows,
  contactRows,
  groupRows,
  quotationRows,
  referralRows,
  troubleRows,
} from './person-rows-presenter.ts'
import type { WorklistRows } from './queries.ts'
import { talkRows } from './talk-presenter.ts'

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

type Section = { id: string; table: DataTable; more: { text: string; link?: Link } | null }

export interface Worklist extends WorklistRows, DueAppointments {
  /** Data that may need something done. */
  data: DueDataRow[]
  lowStock: LowStock[]
  meetsPeople: boolean
  now: Date
  today: string
  /** As many lines of loans were read at most; where there are so many, nobody counted the rest. */
  limit: number
}

/** Ten headings are a page of fifty rows. More than an hour's work under one heading hides the next heading. */
const MOST_ROWS = 5
/** Of what comes first, a day's. */
export const MOST_APPOINTMENTS = 10
/** Of what information governance has to look at, which is most of their list. */
const MOST_OPENINGS = 10
/** Of what is a row each, one more than are shown tells that there are more. */
export const ROWS_READ = MOST_ROWS + 1
export const OPENINGS_READ = MOST_OPENINGS + 1
/** Of lines of loans, the device and its charger of each row that is shown; what was read for nothing costs time. */
export const LINES_READ = 2 * MOST_ROWS + 1

/** What needs doing today, the oldest first. A heading with nothing under it is left out. */
export function presentWorklist(worklist: Worklist): WorklistPage {
  const {
    overdue,
    due,
    worries,
    atRisk,
    tasks,
    repairs,
    toPlan,
    visits,
    contacts,
    troubles,
    referrals,
    concerns,
    kindly,
    now,
    today,
    limit,
    meetsPeople,
  } = worklist
  const { reviews, suggestions, notTalkedTo, barriers, uncollected } = worklist
  const withoutCharger = worries.filter((line) => line.worry === 'no-charger')
  const ending = worries.filter((line) => line.worry === 'support')
  const isCut = (lines: unknown[]) => lines.length >= limit
  const isNear = ({ first_appointment_on: day }: WaitingReferralRow) => day !== null && day <= nearUntil(today)
  const areReferralsCut = referrals.length >= ROWS_READ
  const sections = [
    ...appointmentSections(worklist, now),
    section('data', 'Data that runs out or ends', dataRows(worklist.data, now, today), false, allData),
    section('data-stock', 'Few SIMs or vouchers left', lowStockRows(worklist.lowStock), false, allStock),
    section('incidents', lostHeading, taskRows(tasks, now, true), tasks.length >= ROWS_READ, allIncidents),
    section('waiting', 'Free for somebody who waits', offerRows(worklist, now), false),
    section('lockers', 'Not collected from a locker', uncollectedRows(uncollected), uncollected.length >= ROWS_READ),
    section('concerns', 'Concerns to follow up', concernRows(concerns, now), concerns.length >= ROWS_READ, allConcerns),
    section('cables', 'Cables too long for the ward', cableRows(worklist.cables), worklist.cables.length >= ROWS_READ),
    section('care-plans', carePlansHeading, carePlanRows(worklist.carePlans), worklist.carePlans.length >= ROWS_READ),
    section('groups', 'Groups: who came', groupRows(worklist.groups), worklist.groups.length >= ROWS_READ),
    section('check-ins', 'Something is wrong with what they have', troubleRows(troubles), troubles.length >= ROWS_READ),
    section(
      'contact',
      'Could not be sent: tell them in another way',
      contactRows(contacts),
      contacts.length >= ROWS_READ,
    ),
    section(
      'first-appointment',
      'First appointment soon: get them ready',
      referralRows(referrals.filter(isNear), today),
      areReferralsCut && referrals.every(isNear),
      { href: '/referrals?show=near', text: 'See every referral with a first appointment soon' },
    ),
    section('going-out', 'Going out today', visitRows(visits, today, true), isCut(visits), packingList(today)),
    section('not-handed-over', 'Not handed over yet', visitRows(visits, today, false), isCut(visits)),
    section('overdue', 'Overdue: find out what they need', loanRows(byLoan(overdue), today), isCut(overdue), {
      href: '/loans?show=overdue',
      text: 'See all overdue loans',
    }),
    section(
      'referrals',
      'Referrals waiting',
      referralRows(
        referrals.filter((row) => !isNear(row)),
        today,
      ),
      areReferralsCut,
      { href: '/referrals', text: 'See all who wait' },
    ),
    section('kindly', 'Somebody who died has it: ask kindly', kindlyRows(kindly), isCut(kindly)),
    section(
      'not-talked-to',
      'Referred and not talked to yet',
      talkRows(notTalkedTo, 'referral'),
      notTalkedTo.length >= ROWS_READ,
    ),
    section('talk-again', 'Time to talk again', talkRows(reviews, 'review'), reviews.length >= ROWS_READ),
    section('suggestions', 'What would help', talkRows(suggestions, 'suggestion'), suggestions.length >= ROWS_READ),
    section('at-risk', 'Somebody else is waiting for it', atRiskRows(atRisk, today), atRisk.length >= ROWS_READ),
    section('due', 'To review in the next 7 days', dueRows(due, toPlan, today), isCut(due), {
      href: '/loans?show=due',
      text: 'See all loans to review in 4 weeks',
    }),
    section('onward', 'Plan what comes next', toPlanRows(toPlan, due, today), isCut(toPlan), {
      href: '/loans?show=due',
      text: 'See all loans to review in 4 weeks',
    }),
    section('repairs', repairsHeading, repairRows(repairs, today), repairs.length >= ROWS_READ, allRepairs),
    section(
      'no-charger',
      'No charger with the device',
      withoutCharger.map(noChargerRow),
      withoutCharger.length >= ROWS_READ,
    ),
    section(
      'support',
      'Security updates ending',
      ending.map((line) => supportRow(line, today)),
      ending.length >= ROWS_READ,
    ),
  ].filter((part) => part.table.rows.length > 0)
  return {
    title: 'Worklist',
    today: formatLongDate(today),
    now: nowLink(meetsPeople),
    contents: contentsOf(sections),
    sections,
    shutOut: shutOutSentences(barriers),
    done: sections.length > 0 ? null : { text: 'Nothing needs doing today.' },
  }
}

/** What comes first: somebody may be left at a blank screen. */
function appointmentSections({ soon, moreComes, waiting, trials }: DueAppointments, now: Date): Section[] {
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

export type QuietWorklist = Pick<Worklist, 'tasks' | 'repairs' | 'now' | 'today' | 'limit' | 'meetsPeople'> &
  DueAppointments & {
    /** What information governance has still to look at. */
    openings: OpeningRow[]
    /** Concerns that nobody has followed up in time. */
    concerns: ConcernRow[]
    words: QuotationRow[]
    carePlans: RestrictedPerson[]
  }

/** The home of a role whose work is not lending: at most what is to be done about lost and broken things, without names. */
export function presentQuietWorklist({
  tasks,
  repairs,
  openings,
  concerns,
  words,
  carePlans,
  soon,
  moreComes,
  waiting,
  trials,
  now,
  today,
  limit,
  meetsPeople,
}: QuietWorklist): WorklistPage {
  const sections = [
    ...appointmentSections({ soon, moreComes, waiting, trials }, now),
    section('incidents', lostHeading, taskRows(tasks, now, false), tasks.length >= limit, allIncidents),
    section('repairs', repairsHeading, repairRows(repairs, today), repairs.length >= limit, allRepairs),
    section('care-plans', carePlansHeading, carePlanRows(carePlans), carePlans.length >= limit),
    section(
      'concerns',
      'Concerns that nobody followed up in time',
      concernRows(concerns, now),
      concerns.length >= limit,
      allConcerns,
    ),
    section(
      'words',
      'What people say: read it before it is shown',
      quotationRows(words),
      words.length >= limit,
      allWords,
    ),
    openingsSection(openings),
  ].filter((part) => part.table.rows.length > 0)
  return {
    title: 'Worklist',
    today: formatLongDate(today),
    now: nowLink(meetsPeople),
    contents: contentsOf(sections),
    sections,
    shutOut: [],
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

function openingsSection(openings: OpeningRow[]): Section {
  const rows = openings.slice(0, MOST_OPENINGS).map(({ id, staff_member, role, service_user_id, opened_at }) => ({
    cells: [
      { text: staff_member, hint: roleNames[role] },
      { text: `Service user ${service_user_id}` },
      { text: formatShortInstant(opened_at) },
      { text: 'Look at it', href: `/openings/${id}`, visuallyHiddenText: `(opening ${id})` },
    ],
  }))
  const columns = [{ text: 'Who' }, { text: 'Record' }, { text: 'When' }, { text: 'What to do' }]
  const isCut = openings.length > MOST_OPENINGS
  const link = { href: '/openings', text: 'See all opened records' }
  return {
    id: 'openings',
    table: { caption: 'Records opened outside somebody’s reach', columns, rows },
    more: isCut ? { text: `These are the first ${MOST_OPENINGS}.`, link } : null,
  }
}

const notReadyHeading = 'Appointments within two working days: get them ready'
const allTrials = { href: '/trial-calls', text: 'See all trial-run calls' }
const lostHeading = 'Lost, stolen or damaged: what is due'
const repairsHeading = 'Expected back from repair'
const carePlansHeading = 'Care plans to look at again'
const allWords = { href: quotationsUrl, text: 'See all that waits to be read' }
const allConcerns = { href: '/concerns', text: 'See all open concerns' }
const allRepairs = { href: '/repairs', text: 'See all repairs' }
const allStock = { href: '/data-allowances/stock', text: 'See the stock' }
const allData = { href: '/data-allowances', text: 'See all data allowances' }
const allIncidents = { href: '/incidents', text: 'See every incident with things to do' }

function section(
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

function packingList(today: string): Link {
  return { href: packingListUrl(today), text: 'Print the packing list' }
}
