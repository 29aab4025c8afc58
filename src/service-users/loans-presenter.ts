import { formatDue, formatShortDate, londonDate } from '../lib/dates.ts'
import type { DataTable, TableCell } from '../lib/view-model.ts'
import { isOpen, lineState, lineStates } from '../loans/rules.ts'
import { modelOf } from '../models/rules.ts'
import type { BorrowedRow } from './queries.ts'
import { groupByLoan } from './rules.ts'

/** What somebody has on loan now, the next review first, and what they had; null where there is nothing. */
export function presentLoans(lines: BorrowedRow[], today: string, mayOpen: boolean, mostLoans: number) {
  const loans = groupByLoan(lines)
  const open = loans.filter((loan) => loan.lines.some(isOpen)).sort(byNextReview)
  const past = loans.filter((loan) => !loan.lines.some(isOpen))
  return {
    onLoan: open.length === 0 ? null : onLoanTable(open, today, mayOpen),
    past: past.length === 0 ? null : pastTable(past, today, mayOpen),
    pastIsCut: loans.length >= mostLoans,
  }
}

type LoanLines = ReturnType<typeof groupByLoan<BorrowedRow>>[number]

function onLoanTable(loans: LoanLines[], today: string, mayOpen: boolean): DataTable {
  return {
    caption: 'On loan now',
    columns: [{ text: 'Loan' }, { text: 'Items' }, { text: 'Lent on' }, { text: 'Review on' }],
    rows: loans.map((loan) => {
      const open = loan.lines.filter(isOpen)
      return { cells: [loanCell(loan, mayOpen), itemsCell(open), lentCell(loan), reviewCell(open, today)] }
    }),
  }
}

function pastTable(loans: LoanLines[], today: string, mayOpen: boolean): DataTable {
  return {
    caption: 'Past loans',
    columns: [{ text: 'Loan' }, { text: 'Items' }, { text: 'Lent on' }, { text: 'How it ended' }],
    rows: loans.map((loan) => ({
      cells: [loanCell(loan, mayOpen), itemsCell(loan.lines), lentCell(loan), endCell(loan.lines, today)],
    })),
  }
}

function loanCell({ id }: LoanLines, mayOpen: boolean): TableCell {
  return { text: `Loan ${id}`, ...(mayOpen && { href: `/loans/${id}` }) }
}

function itemsCell(lines: BorrowedRow[]): TableCell {
  return { text: lines.map((line) => `${modelOf(line)} (${line.tag})`).join(', ') }
}

function lentCell({ lines }: LoanLines): TableCell {
  return { text: formatShortDate(londonDate(lines[0]?.lent_at ?? '')) }
}

/** The review that comes first, of what is still out; undefined for what is only to be kept. */
function nextReview(lines: BorrowedRow[]): string | undefined {
  return lines
    .filter(isOpen)
    .map((line) => line.due_on)
    .filter((due) => due !== null)
    .sort()[0]
}

/** What is overdue stands first. */
function byNextReview(one: LoanLines, other: LoanLines): number {
  return (nextReview(one.lines) ?? '9') < (nextReview(other.lines) ?? '9') ? -1 : 1
}

function reviewCell(open: BorrowedRow[], today: string): TableCell {
  const next = nextReview(open)
  if (next === undefined) return { text: 'No review' }
  const isLate = next < today
  return { text: formatShortDate(next), hint: formatDue(next, today), ...(isLate && { tag: lineStates.overdue }) }
}

/** "Returned, Lost", with the day the last of it ended. */
function endCell(lines: BorrowedRow[], today: string): TableCell {
  const ways = new Set(lines.map((line) => lineStates[lineState(line, today)].text))
  const last = lines
    .map((line) => line.ended_at ?? line.cancelled_at)
    .filter((at) => at !== null)
    .sort()
    .at(-1)
  return { text: [...ways].join(', '), hint: last === undefined ? undefined : formatShortDate(londonDate(last)) }
}
