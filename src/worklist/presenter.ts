import { itemUrl, modelName } from '../items/names-rules.ts'
import { formatDate, formatDue, formatInstant, formatLongDate } from '../lib/dates.ts'
import type { DataTable, Page, TableRow } from '../lib/view-model.ts'
import { borrowerName } from '../loans/borrowers-rules.ts'
import type { DeviceWorryRow, DueRow, PlanAtRiskRow } from './queries.ts'

export type WorklistPage = Page & {
  today: string
  sections: { id: string; heading: string; table: DataTable; more: string | null }[]
  done: { text: string; hint?: string } | null
}

export interface Worklist {
  due: DueRow[]
  worries: DeviceWorryRow[]
  atRisk: PlanAtRiskRow[]
  today: string
  limit: number
}

/** What needs doing today, the oldest first. A heading with nothing under it is left out. */
export function presentWorklist({ due, worries, atRisk, today, limit }: Worklist): WorklistPage {
  const sections = [
    section(
      'overdue',
      'Overdue: find out what they need',
      dueRows(
        due.filter((line) => line.due_on < today),
        today,
      ),
      limit,
    ),
    section('at-risk', 'Somebody else is waiting for it', atRiskRows(atRisk, today), limit),
    section(
      'due',
      'To review in the next 7 days',
      dueRows(
        due.filter((line) => line.due_on >= today),
        today,
      ),
      limit,
    ),
    section('no-charger', 'Lent without a charger', worryRows(worries, 'no-charger', today), limit),
    section('support', 'Security updates ending', worryRows(worries, 'support', today), limit),
  ].filter((part) => part.table.rows.length > 0)
  return {
    title: 'Worklist',
    today: formatLongDate(today),
    sections,
    done: sections.length > 0 ? null : { text: 'Nothing needs doing today.' },
  }
}

/** The home of a role whose work is not lending. */
export function presentQuietWorklist(today: string): WorklistPage {
  return { title: 'Worklist', today: formatLongDate(today), sections: [], done: { text: 'Nothing needs doing today.' } }
}

function section(id: string, heading: string, rows: TableRow[], limit: number) {
  const columns = [{ text: 'Item' }, { text: 'With' }, { text: 'When' }, { text: 'What to do' }]
  const more = rows.length >= limit ? `These are the first ${limit}. Deal with them to see the rest.` : null
  return {
    id,
    heading,
    more,
    table: { caption: `${heading} (${rows.length}${more ? ' or more' : ''})`, columns, rows },
  }
}

function dueRows(lines: DueRow[], today: string): TableRow[] {
  return lines.map((line) => ({
    cells: [
      { text: line.tag, href: itemUrl(line.tag), hint: modelName(line) },
      { text: borrowerName(line, true) },
      { text: formatDate(line.due_on), hint: formatDue(line.due_on, today) },
      { text: 'Review', href: `/loans/${line.loan_id}`, visuallyHiddenText: `the loan of ${line.tag}` },
    ],
  }))
}

function worryRows(worries: DeviceWorryRow[], worry: DeviceWorryRow['worry'], today: string): TableRow[] {
  return worries
    .filter((line) => line.worry === worry)
    .map((line) => ({
      cells: [
        { text: line.tag, href: itemUrl(line.tag), hint: modelName(line) },
        { text: borrowerName(line, true) },
        { text: worry === 'support' && line.support_ends_on ? supportWords(line.support_ends_on, today) : '' },
        {
          text: worry === 'support' ? 'Swap for something newer' : 'Lend a charger',
          href: `/loans/${line.loan_id}`,
          visuallyHiddenText: `on the loan of ${line.tag}`,
        },
      ],
    }))
}

function supportWords(endsOn: string, today: string): string {
  return endsOn <= today ? `Ended ${formatDate(endsOn)}` : `Ends ${formatDate(endsOn)}`
}

function atRiskRows(plans: PlanAtRiskRow[], today: string): TableRow[] {
  return plans.map((plan) => ({
    cells: [
      { text: plan.tag, href: itemUrl(plan.tag), hint: whyNotHere(plan, today) },
      { text: plan.ward ?? '' },
      { text: `Wanted ${formatInstant(plan.starts_at)}` },
      plan.loan_id === null
        ? { text: 'Make it ready', href: '/turnaround', visuallyHiddenText: plan.tag }
        : { text: 'Ask for it back', href: `/loans/${plan.loan_id}`, visuallyHiddenText: plan.tag },
    ],
  }))
}

function whyNotHere(plan: PlanAtRiskRow, today: string): string {
  if (plan.held_as === 'turnaround') return 'Still being made ready'
  if (plan.held_as === 'repair') return 'In repair'
  return plan.due_on === null ? 'Not back yet' : formatDue(plan.due_on, today)
}
