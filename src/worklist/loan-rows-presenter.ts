import { formatDue, formatShortDate, londonDate } from '../lib/dates.ts'
import type { TableRow } from '../lib/view-model.ts'
import { type BorrowerFacts, borrowerName } from '../loans/borrowers-rules.ts'
import { tagsInWords } from '../loans/rules.ts'
import type { LineToPlanRow } from '../onward-plans/queries.ts'
import { onwardPlanUrl } from '../onward-plans/rules.ts'
import type { HandOverRow } from '../visits/queries.ts'
import { handOverUrl, timeInWords } from '../visits/rules.ts'
import type { DueRow, KindlyRow } from './queries.ts'

/** One talk with one person, however many items it is about. Keeps the order: the oldest review first. */
export function byLoan<Line extends { loan_id: number }>(lines: Line[]): Line[][] {
  return [...Map.groupBy(lines, (line) => line.loan_id).values()]
}

export function loanRows(loans: DueRow[][], today: string): TableRow[] {
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

/** What somebody who died has: asked for through the ward they were on, or whom they named, and never by a reminder. */
export function kindlyRows(lines: KindlyRow[]): TableRow[] {
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

/** The visits of today; or those gone by, of which nobody has said how they went. */
export function visitRows(visits: HandOverRow[], today: string, isToday: boolean): TableRow[] {
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
export function dueRows(due: DueRow[], toPlan: LineToPlanRow[], today: string): TableRow[] {
  const planless = new Set(toPlan.map(({ loan_id }) => loan_id))
  return byLoan(due).flatMap((lines) => {
    const id = lines[0]?.loan_id ?? 0
    return planless.has(id) ? planRow(lines, today) : loanRows([lines], today)
  })
}

/** What is reviewed in the weeks after that: time enough to find something of their own. */
export function toPlanRows(toPlan: LineToPlanRow[], due: DueRow[], today: string): TableRow[] {
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
