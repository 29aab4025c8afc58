import { itemUrl, modelName } from '../items/names-rules.ts'
import { formatDue, formatInstant, formatLongDate, formatShortDate } from '../lib/dates.ts'
import type { DataTable, Link, Page, TableRow } from '../lib/view-model.ts'
import { borrowerName } from '../loans/borrowers-rules.ts'
import type { DeviceWorryRow, DueRow, PlanAtRiskRow } from './queries.ts'

export type WorklistPage = Page & {
  today: string
  sections: Section[]
  done: { text: string; hint?: string } | null
}

type Section = { id: string; table: DataTable; more: { text: string; link?: Link } | null }

export interface Worklist {
  due: DueRow[]
  worries: DeviceWorryRow[]
  atRisk: PlanAtRiskRow[]
  today: string
}

/** More than a morning's work under one heading hides the next heading. */
const MOST_ROWS = 15

/** What needs doing today, the oldest first. A heading with nothing under it is left out. */
export function presentWorklist({ due, worries, atRisk, today }: Worklist): WorklistPage {
  const overdue = byLoan(due.filter((line) => line.due_on < today))
  const soon = byLoan(due.filter((line) => line.due_on >= today))
  const sections = [
    section('overdue', 'Overdue: find out what they need', loanRows(overdue, today), '/loans?show=overdue'),
    section('at-risk', 'Somebody else is waiting for it', atRiskRows(atRisk, today)),
    section('due', 'To review in the next 7 days', loanRows(soon, today), '/loans?show=due'),
    section('no-charger', 'Lent without a charger', worryRows(worries, 'no-charger', today)),
    section('support', 'Security updates ending', worryRows(worries, 'support', today)),
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

function section(id: string, heading: string, rows: TableRow[], all?: string): Section {
  const columns = [{ text: 'With' }, { text: 'Items' }, { text: 'When' }, { text: 'What to do' }]
  const left = rows.length - MOST_ROWS
  const text = left > 0 ? `These are the first ${MOST_ROWS}. ${left} more come after them.` : ''
  const more = left > 0 ? { text, ...(all && { link: { href: all, text: 'See them all' } }) } : null
  return { id, more, table: { caption: heading, columns, rows: rows.slice(0, MOST_ROWS) } }
}

/** One talk with one person, however many items it is about. Keeps the order: the oldest review first. */
function byLoan(lines: DueRow[]): DueRow[][] {
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
        { text: lines.map((line) => line.tag).join(', ') },
        { text: formatShortDate(first.due_on), hint: formatDue(first.due_on, today) },
        { text: 'Review', href: `/loans/${first.loan_id}`, visuallyHiddenText: `the loan to ${who}` },
      ],
    }
  })
}

function worryRows(worries: DeviceWorryRow[], worry: DeviceWorryRow['worry'], today: string): TableRow[] {
  return worries
    .filter((line) => line.worry === worry)
    .map((line) => ({
      cells: [
        { text: borrowerName(line, true), href: `/loans/${line.loan_id}` },
        { text: line.tag, href: itemUrl(line.tag), hint: modelName(line) },
        { text: worry === 'support' && line.support_ends_on ? supportWords(line.support_ends_on, today) : 'Now' },
        {
          text: worry === 'support' ? 'Swap for something newer' : 'Lend a charger',
          href: `/loans/${line.loan_id}`,
          visuallyHiddenText: `on the loan of ${line.tag}`,
        },
      ],
    }))
}

function supportWords(endsOn: string, today: string): string {
  return endsOn <= today ? `Ended ${formatShortDate(endsOn)}` : `Ends ${formatShortDate(endsOn)}`
}

function atRiskRows(plans: PlanAtRiskRow[], today: string): TableRow[] {
  return plans.map((plan) => ({
    cells: [
      { text: plan.ward ?? 'A plan' },
      { text: plan.tag, href: itemUrl(plan.tag), hint: whyNotHere(plan, today) },
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
