import type { ConcernRow } from '../concerns/queries.ts'
import { concernState, concernStates } from '../concerns/rules.ts'
import { shutOutSentences } from '../conversations/shut-out-rules.ts'
import type { DueTaskRow } from '../incidents/queries.ts'
import { taskState, taskStates, taskTitle } from '../incidents/rules.ts'
import { itemUrl } from '../items/tag-rules.ts'
import { roleNames } from '../lib/actor.ts'
import {
  formatDue,
  formatInstant,
  formatLongDate,
  formatShortDate,
  formatShortInstant,
  londonDate,
} from '../lib/dates.ts'
import { formatTimeLeft } from '../lib/time-left.ts'
import type { DataTable, Link, Page, TableRow } from '../lib/view-model.ts'
import { type BorrowerFacts, borrowerName } from '../loans/borrowers-rules.ts'
import { tagsInWords } from '../loans/rules.ts'
import { modelOf } from '../models/rules.ts'
import type { LineToPlanRow } from '../onward-plans/queries.ts'
import { onwardPlanUrl } from '../onward-plans/rules.ts'
import type { OpeningRow } from '../openings/queries.ts'
import type { WaitingReferralRow } from '../referrals/queries.ts'
import { nearUntil } from '../referrals/rules.ts'
import { asksInWords } from '../referrals/words-rules.ts'
import type { DueRepairRow } from '../repairs/queries.ts'
import type { DueContactRow } from '../safe-contact/queries.ts'
import { notSentInWords } from '../safe-contact/task-rules.ts'
import type { HandOverRow } from '../visits/queries.ts'
import { handOverUrl, packingListUrl, timeInWords } from '../visits/rules.ts'
import type { DeviceWorryRow, DueRow, KindlyRow, PlanAtRiskRow, WorklistRows } from './queries.ts'
import { talkRows } from './talk-presenter.ts'

export type WorklistPage = Page & {
  today: string
  sections: Section[]
  /** Who is shut out here, in a few sentences. */
  shutOut: string[]
  done: { text: string; hint?: string } | null
}

type Section = { id: string; table: DataTable; more: { text: string; link?: Link } | null }

export interface Worklist extends WorklistRows {
  now: Date
  today: string
  /** As many lines of loans were read at most; where there are so many, nobody counted the rest. */
  limit: number
}

/** Five headings are a page of fifty rows. More than a morning's work under one heading hides the next heading. */
const MOST_ROWS = 10
/** Of what is a row each, one more than are shown tells that there are more. */
export const ROWS_READ = MOST_ROWS + 1
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
    referrals,
    concerns,
    kindly,
    now,
    today,
    limit,
  } = worklist
  const { reviews, suggestions, notTalkedTo, barriers } = worklist
  const withoutCharger = worries.filter((line) => line.worry === 'no-charger')
  const ending = worries.filter((line) => line.worry === 'support')
  const isCut = (lines: unknown[]) => lines.length >= limit
  const isNear = ({ first_appointment_on: day }: WaitingReferralRow) => day !== null && day <= nearUntil(today)
  const areReferralsCut = referrals.length >= ROWS_READ
  const sections = [
    section('incidents', lostHeading, taskRows(tasks, now, true), tasks.length >= ROWS_READ, allIncidents),
    section('concerns', 'Concerns to follow up', concernRows(concerns, now), concerns.length >= ROWS_READ, allConcerns),
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
    sections,
    shutOut: shutOutSentences(barriers),
    done: sections.length > 0 ? null : { text: 'Nothing needs doing today.' },
  }
}

export type QuietWorklist = Pick<Worklist, 'tasks' | 'repairs' | 'now' | 'today' | 'limit'> & {
  /** What information governance has still to look at. */
  openings: OpeningRow[]
  /** Concerns that nobody has followed up in time. */
  concerns: ConcernRow[]
}

/** The home of a role whose work is not lending: at most what is to be done about lost and broken things, without names. */
export function presentQuietWorklist({
  tasks,
  repairs,
  openings,
  concerns,
  now,
  today,
  limit,
}: QuietWorklist): WorklistPage {
  const sections = [
    section('incidents', lostHeading, taskRows(tasks, now, false), tasks.length >= limit, allIncidents),
    section('repairs', repairsHeading, repairRows(repairs, today), repairs.length >= limit, allRepairs),
    section(
      'concerns',
      'Concerns that nobody followed up in time',
      concernRows(concerns, now),
      concerns.length >= limit,
      allConcerns,
    ),
    openingsSection(openings),
  ].filter((part) => part.table.rows.length > 0)
  return {
    title: 'Worklist',
    today: formatLongDate(today),
    sections,
    shutOut: [],
    done: sections.length > 0 ? null : { text: 'Nothing needs doing today.' },
  }
}

function openingsSection(openings: OpeningRow[]): Section {
  const rows = openings.slice(0, MOST_ROWS).map(({ id, staff_member, role, service_user_id, opened_at }) => ({
    cells: [
      { text: staff_member, hint: roleNames[role] },
      { text: `Service user ${service_user_id}` },
      { text: formatShortInstant(opened_at) },
      { text: 'Look at it', href: `/openings/${id}`, visuallyHiddenText: `(opening ${id})` },
    ],
  }))
  const columns = [{ text: 'Who' }, { text: 'Record' }, { text: 'When' }, { text: 'What to do' }]
  const isCut = openings.length > MOST_ROWS
  const link = { href: '/openings', text: 'See all opened records' }
  return {
    id: 'openings',
    table: { caption: 'Records opened outside somebody’s reach', columns, rows },
    more: isCut ? { text: `These are the first ${MOST_ROWS}.`, link } : null,
  }
}

const lostHeading = 'Lost, stolen or damaged: what is due'
const repairsHeading = 'Expected back from repair'
const allConcerns = { href: '/concerns', text: 'See all open concerns' }
const allRepairs = { href: '/repairs', text: 'See all repairs' }
const allIncidents = { href: '/incidents', text: 'See every incident with things to do' }

function taskRows(tasks: DueTaskRow[], now: Date, maySeeNames: boolean): TableRow[] {
  return tasks.map((task) => {
    const url = `/incidents/${task.incident_id}`
    const isOverdue = taskState({ ...task, done_at: null, dropped_at: null }, now) === 'overdue'
    return {
      cells: [
        { text: borrowerName(task, maySeeNames) || 'Nobody', href: url, hint: `Incident ${task.incident_id}` },
        { text: tagsInWords(task.tags) },
        { text: formatTimeLeft(task.due_at, now), ...(isOverdue && { tag: taskStates.overdue }) },
        { text: taskTitle(task, task), href: `${url}/tasks/${task.task_id}`, hint: task.owner },
      ],
    }
  })
}

function section(id: string, heading: string, rows: TableRow[], isCut: boolean, link?: Link): Section {
  const columns = [{ text: 'With' }, { text: 'Items' }, { text: 'When' }, { text: 'What to do' }]
  const shown = rows.slice(0, MOST_ROWS)
  const left = rows.length - shown.length
  const others = isCut ? 'Many more come' : left === 1 ? '1 more comes' : `${left} more come`
  const text =
    shown.length === 1
      ? `This is the first. ${others} after it.`
      : `These are the first ${shown.length}. ${others} after them.`
  const more = left > 0 || isCut ? { text, ...(link && { link }) } : null
  return { id, more, table: { caption: heading, columns, rows: shown } }
}

/** One talk with one person, however many items it is about. Keeps the order: the oldest review first. */
function byLoan<Line extends { loan_id: number }>(lines: Line[]): Line[][] {
  return [...Map.groupBy(lines, (line) => line.loan_id).values()]
}

function loanRows(loans: DueRow[][], today: string): TableRow[] {
  return loans.flatMap((lines) => {
    const [first] = lines
    if (!first) return []
    const who = borrowerName(first, true)
    return {
      cells: [
        { text: who, href: `/loans/${first.loan_id}` },
        { text: tagsInWords(lines.map((line) => line.tag)) },
        { text: formatShortDate(first.due_on), hint: formatDue(first.due_on, today) },
        { text: 'Review', href: `/loans/${first.loan_id}`, visuallyHiddenText: `the loan to ${who}` },
      ],
    }
  })
}

/** That somebody was worried, and about whom; never the words of it. */
function concernRows(concerns: ConcernRow[], now: Date): TableRow[] {
  return concerns.map((concern) => ({
    cells: [
      { text: concern.service_user ?? `Service user ${concern.service_user_id}`, href: `/concerns/${concern.id}` },
      { text: `Raised by ${concern.staff_member}` },
      { text: formatTimeLeft(concern.due_at, now), tag: concernStates[concernState(concern, now)] },
      { text: 'Follow it up', href: `/concerns/${concern.id}`, visuallyHiddenText: `(concern ${concern.id})` },
    ],
  }))
}

/** What somebody who died has: asked for through the ward they were on, or whom they named, and never by a reminder. */
function kindlyRows(lines: KindlyRow[]): TableRow[] {
  return byLoan(lines).flatMap((loan) => {
    const [first] = loan
    if (!first) return []
    return {
      cells: [
        { text: first.service_user, href: `/loans/${first.loan_id}` },
        { text: tagsInWords(loan.map((line) => line.tag)) },
        { text: first.died_on === null ? 'Died' : `Died ${formatShortDate(first.died_on)}` },
        {
          text: `Ask through ${throughWhom(first)}`,
          href: `/service-users/${first.service_user_id}`,
          visuallyHiddenText: `for what ${first.service_user} had`,
          hint: 'When there has been time. Nothing is owed',
        },
      ],
    }
  })
}

function throughWhom({ ward, next_of_kin: kin, relation }: KindlyRow): string {
  if (ward !== null) return ward
  if (kin === '') return 'the care team'
  return relation === '' ? kin : `${kin} (${relation.toLowerCase()})`
}

/** A message that safe contact held back: who, why, and the page that says what to do instead. */
function contactRows(contacts: DueContactRow[]): TableRow[] {
  return contacts.map((task) => ({
    cells: [
      { text: task.service_user, href: `/service-users/${task.service_user_id}` },
      { text: notSentInWords(task) },
      { text: formatShortDate(londonDate(task.created_at)) },
      {
        text: 'See what to do instead',
        href: `/service-users/${task.service_user_id}/safe-contact`,
        visuallyHiddenText: `for ${task.service_user}`,
      },
    ],
  }))
}

/** Somebody who waits for what was asked for them, and the page from which it is lent. */
function referralRows(referrals: WaitingReferralRow[], today: string): TableRow[] {
  return referrals.map(({ id, service_user, asks, referred_on: since, first_appointment_on: day }) => ({
    cells: [
      { text: service_user, href: `/referrals/${id}` },
      { text: asksInWords(asks) },
      day === null
        ? { text: `Asked ${formatShortDate(since)}` }
        : { text: formatShortDate(day), hint: day < today ? 'First appointment, gone by' : 'First appointment' },
      { text: 'Look at the referral', href: `/referrals/${id}`, visuallyHiddenText: `of ${service_user}` },
    ],
  }))
}

function packingList(today: string): Link {
  return { href: packingListUrl(today), text: 'Print the packing list' }
}

/** The visits of today; or those gone by, of which nobody has said how they went. */
function visitRows(visits: HandOverRow[], today: string, isToday: boolean): TableRow[] {
  const shown = visits.filter(({ from_at }) => (londonDate(from_at) === today) === isToday)
  return shown.map((visit) => {
    const who = borrowerName(visit, true)
    const url = handOverUrl(visit.loan_id)
    const day = londonDate(visit.from_at)
    return {
      cells: [
        { text: who, href: `/loans/${visit.loan_id}`, ...(visit.visit_place !== '' && { hint: visit.visit_place }) },
        { text: tagsInWords(visit.tags) },
        {
          text: isToday ? (visit.visit_time === null ? 'Today' : timeInWords(visit.visit_time)) : formatShortDate(day),
        },
        { text: isToday ? 'Hand over' : 'Say how it went', href: url, visuallyHiddenText: `(${who})` },
      ],
    }
  })
}

/** What is reviewed within a week; a loan about which nothing is agreed leads to its plan, and not to the loan. */
function dueRows(due: DueRow[], toPlan: LineToPlanRow[], today: string): TableRow[] {
  const planless = new Set(toPlan.map(({ loan_id }) => loan_id))
  return byLoan(due).flatMap((lines) => {
    const id = lines[0]?.loan_id ?? 0
    return planless.has(id) ? planRow(lines, today) : loanRows([lines], today)
  })
}

/** What is reviewed in the weeks after that: time enough to find something of their own. */
function toPlanRows(toPlan: LineToPlanRow[], due: DueRow[], today: string): TableRow[] {
  const soon = new Set(due.map(({ loan_id }) => loan_id))
  return byLoan(toPlan.filter(({ loan_id }) => !soon.has(loan_id))).flatMap((lines) => planRow(lines, today))
}

function planRow(
  lines: (BorrowerFacts & { loan_id: number; tag: string; due_on: string })[],
  today: string,
): TableRow[] {
  const [first] = lines
  if (!first) return []
  const who = borrowerName(first, true)
  return [
    {
      cells: [
        { text: who, href: `/loans/${first.loan_id}` },
        { text: tagsInWords(lines.map((line) => line.tag)) },
        { text: formatShortDate(first.due_on), hint: formatDue(first.due_on, today) },
        { text: 'Plan what comes next', href: onwardPlanUrl(first.loan_id), visuallyHiddenText: `for ${who}` },
      ],
    },
  ]
}

/** What is lent for it goes to the same person, and then it is off this list. */
function noChargerRow(line: DeviceWorryRow): TableRow {
  return {
    cells: [
      ...worryCells(line),
      { text: `Lent ${formatShortDate(londonDate(line.taken_at))}` },
      { text: 'Lend a charger', href: lendUrl(line), visuallyHiddenText: `for ${line.tag}` },
    ],
  }
}

function lendUrl(line: DeviceWorryRow): string {
  if (line.service_user_id !== null) return `/loans/new?service-user=${line.service_user_id}`
  return line.ward_id === null ? `/loans/new?staff=${line.staff_id}` : `/loans/new?ward=${line.ward_id}`
}

function supportRow(line: DeviceWorryRow, today: string): TableRow {
  return {
    cells: [
      ...worryCells(line),
      { text: line.support_ends_on === null ? '' : supportWords(line.support_ends_on, today) },
      { text: 'Swap for something newer', href: `/loans/${line.loan_id}`, visuallyHiddenText: `than ${line.tag}` },
    ],
  }
}

function worryCells(line: DeviceWorryRow): TableRow['cells'] {
  return [
    { text: borrowerName(line, true), href: `/loans/${line.loan_id}` },
    { text: line.tag, href: itemUrl(line.tag), hint: modelOf(line) },
  ]
}

function supportWords(endsOn: string, today: string): string {
  return endsOn <= today ? `Ended ${formatShortDate(endsOn)}` : `Ends ${formatShortDate(endsOn)}`
}

function atRiskRows(plans: PlanAtRiskRow[], today: string): TableRow[] {
  return plans.map((plan) => ({
    cells: [
      { text: plan.ward ?? (plan.kind === 'booking' ? 'A booking' : 'A planned loan') },
      { text: plan.tag, href: itemUrl(plan.tag), hint: whyNotHere(plan, today) },
      { text: `Wanted ${formatInstant(plan.starts_at)}` },
      { ...wayOut(plan), visuallyHiddenText: plan.tag },
    ],
  }))
}

function repairRows(repairs: DueRepairRow[], today: string): TableRow[] {
  return repairs.map(({ id, tag, place, expected_back_on }) => ({
    cells: [
      { text: place, href: `/repairs/${id}` },
      { text: tag, href: itemUrl(tag) },
      { text: formatShortDate(expected_back_on), hint: formatDue(expected_back_on, today) },
      { text: 'Ask after it, or take it back', href: `/repairs/${id}`, visuallyHiddenText: `(${tag})` },
    ],
  }))
}

function wayOut(plan: PlanAtRiskRow): Link {
  if (plan.loan_id !== null) return { text: 'Ask for it back', href: `/loans/${plan.loan_id}` }
  if (plan.held_as === 'loan') return { text: 'See where it is', href: itemUrl(plan.tag) }
  if (plan.held_as === 'repair') return { text: 'Ask after the repair', href: `/repairs/${plan.held_by}` }
  return { text: 'Make it ready', href: `/turnaround/${plan.item_id}` }
}

function whyNotHere(plan: PlanAtRiskRow, today: string): string {
  if (plan.held_as === 'turnaround') return 'Still being made ready'
  if (plan.held_as === 'repair') return 'In repair'
  return plan.due_on === null ? 'Not back yet' : formatDue(plan.due_on, today)
}
