import type { WaitingGround } from '../bookings/waiting-queries.ts'
import { freeInWords, offersOnWards, waitingListUrl, whoWaits } from '../bookings/waiting-rules.ts'
import type { DueTaskRow } from '../incidents/due-queries.ts'
import { taskTitle } from '../incidents/playbook-rules.ts'
import { taskState, taskStates } from '../incidents/rules.ts'
import { itemUrl } from '../items/tag-rules.ts'
import { formatDue, formatInstant, formatShortDate, formatShortInstant, londonDate } from '../lib/dates.ts'
import { formatTimeLeft } from '../lib/time-left.ts'
import type { Link, TableRow } from '../lib/view-model.ts'
import { borrowerName } from '../loans/borrowers-rules.ts'
import { tagsInWords } from '../loans/rules.ts'
import type { UncollectedRow } from '../lockers/queries.ts'
import { depositUrl } from '../lockers/rules.ts'
import { modelOf } from '../models/rules.ts'
import type { DueRepairRow } from '../repairs/queries.ts'
import type { DeviceWorryRow, PlanAtRiskRow } from './queries.ts'

export function taskRows(tasks: DueTaskRow[], now: Date, maySeeNames: boolean): TableRow[] {
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

export function repairRows(repairs: DueRepairRow[], today: string): TableRow[] {
  return repairs.map(({ id, tag, place, expected_back_on }) => ({
    cells: [
      { text: place, href: `/repairs/${id}` },
      { text: tag, href: itemUrl(tag) },
      { text: formatShortDate(expected_back_on), hint: formatDue(expected_back_on, today) },
      { text: 'Ask after it, or take it back', href: `/repairs/${id}`, visuallyHiddenText: `(${tag})` },
    ],
  }))
}

export function atRiskRows(plans: PlanAtRiskRow[], today: string): TableRow[] {
  return plans.map((plan) => ({
    cells: [
      { text: plan.ward ?? (plan.kind === 'booking' ? 'A booking' : 'A planned loan') },
      { text: plan.tag, href: itemUrl(plan.tag), hint: whyNotHere(plan, today) },
      { text: `Wanted ${formatInstant(plan.starts_at)}` },
      { ...wayOut(plan), visuallyHiddenText: plan.tag },
    ],
  }))
}

function whyNotHere(plan: PlanAtRiskRow, today: string): string {
  if (plan.held_as === 'turnaround') return 'Still being made ready'
  if (plan.held_as === 'repair') return 'In repair'
  return plan.due_on === null ? 'Not back yet' : formatDue(plan.due_on, today)
}

function wayOut(plan: PlanAtRiskRow): Link {
  if (plan.loan_id !== null) return { text: 'Ask for it back', href: `/loans/${plan.loan_id}` }
  if (plan.held_as === 'loan') return { text: 'See where it is', href: itemUrl(plan.tag) }
  if (plan.held_as === 'repair') return { text: 'Ask after the repair', href: `/repairs/${plan.held_by}` }
  return { text: 'Make it ready', href: `/turnaround/${plan.item_id}` }
}

/** What is lent for it goes to the same person, and then it is off this list. */
export function noChargerRow(line: DeviceWorryRow): TableRow {
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

export function supportRow(line: DeviceWorryRow, today: string): TableRow {
  return {
    cells: [
      ...worryCells(line),
      { text: line.support_ends_on === null ? '' : supportWords(line.support_ends_on, today) },
      { text: 'Swap for something newer', href: `/loans/${line.loan_id}`, visuallyHiddenText: `than ${line.tag}` },
    ],
  }
}

function supportWords(endsOn: string, today: string): string {
  return endsOn <= today ? `Ended ${formatShortDate(endsOn)}` : `Ends ${formatShortDate(endsOn)}`
}

function worryCells(line: DeviceWorryRow): TableRow['cells'] {
  return [
    { text: borrowerName(line, true), href: `/loans/${line.loan_id}` },
    { text: line.tag, href: itemUrl(line.tag), hint: modelOf(line) },
  ]
}

/** What has become free for somebody who waits: one press on the page it leads to books it. */
export function offerRows(ground: WaitingGround, now: Date): TableRow[] {
  return offersOnWards(ground, now).map((offer) => ({
    cells: [
      { text: offer.wait.ward },
      { text: offer.items.map(({ tag }) => tag).join(', ') },
      { text: freeInWords(offer, now) },
      { text: `Offer it to ${whoWaits(offer.wait)}`, href: waitingListUrl({ code: offer.wait.ward_code }) },
    ],
  }))
}

/** Somebody's own device that nobody came for: they have gone without it, or have gone. */
export function uncollectedRows(deposits: UncollectedRow[]): TableRow[] {
  return deposits.map((deposit) => ({
    cells: [
      { text: deposit.ward },
      { text: deposit.tag, href: depositUrl(deposit) },
      { text: formatShortInstant(deposit.ready_at), hint: 'Ready since' },
      { text: 'Find out where the person is', href: depositUrl(deposit), visuallyHiddenText: `(${deposit.tag})` },
    ],
  }))
}
