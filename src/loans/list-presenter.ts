import { formatDue, formatShortDate, londonDate } from '../lib/dates.ts'
import { downloadsOf } from '../lib/downloads.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type { DataTable, Downloads, Link, Page, Pagination } from '../lib/view-model.ts'
import { borrowerName } from './borrowers-rules.ts'
import type { LoanFilter, LoanRow } from './list-queries.ts'
import { loanState, loanStates, tagsInWords } from './rules.ts'

export type LoansPage = Page & {
  tabs: (Link & { current: boolean })[]
  table: DataTable | null
  pagination: Pagination
  downloads: Downloads | null
  empty: { text: string; link?: Link } | null
  mayLend: boolean
  /** Extending what the list shows; null where nothing in it can be. */
  extend: Link | null
  handOver: Link | null
}

const filterNames: Record<LoanFilter, string> = {
  open: 'Open',
  overdue: 'Overdue',
  due: 'To review in 4 weeks',
  mine: 'Looked after by me',
  closed: 'Closed',
  all: 'All',
}

const nothing: Record<LoanFilter, string> = {
  open: 'Nothing is on loan.',
  overdue: 'Nothing is overdue.',
  due: 'No loan is due for review in the next 4 weeks.',
  mine: 'You look after no open loan.',
  closed: 'No loan is closed yet.',
  all: 'Nothing was ever lent.',
}

export interface LoansShown {
  list: PageOf<LoanRow>
  filter: LoanFilter
  today: string
  mayLend: boolean
}

export function presentLoans({ list, filter, today, mayLend }: LoansShown): LoansPage {
  const pageUrl = (cursor: { after?: string; before?: string }) => listUrl('/loans', { show: filter, ...cursor })
  return {
    title: 'Loans',
    tabs: (Object.keys(filterNames) as LoanFilter[])
      .filter((name) => mayLend || name !== 'mine')
      .map((name) => ({
        href: name === 'open' ? '/loans' : listUrl('/loans', { show: name }),
        text: filterNames[name],
        current: name === filter,
      })),
    table: list.rows.length === 0 ? null : loansTable(list.rows, filter, today),
    pagination: {
      label: 'Loans',
      ...(list.previous && { previous: pageUrl({ before: list.previous }) }),
      ...(list.next && { next: pageUrl({ after: list.next }) }),
    },
    downloads: list.rows.length === 0 ? null : downloadsOf('/loans', { show: filter }),
    empty:
      list.rows.length > 0
        ? null
        : { text: nothing[filter], ...(mayLend && { link: { href: '/loans/new', text: 'Lend something' } }) },
    mayLend,
    handOver: filter === 'mine' ? { href: '/loans/handovers', text: 'Hand over all open loans of a champion' } : null,
    extend:
      mayLend && list.rows.length > 0 && filter !== 'closed' && filter !== 'mine'
        ? { href: listUrl('/loans/extensions', { show: filter === 'all' ? 'open' : filter }), text: 'Extend several' }
        : null,
  }
}

function loansTable(rows: LoanRow[], filter: LoanFilter, today: string): DataTable {
  return {
    caption: `${filterNames[filter]} loans`,
    captionHidden: true,
    columns: [{ text: 'With' }, { text: 'Items' }, { text: 'Lent' }, { text: 'Next review' }, { text: 'State' }],
    rows: rows.map((loan) => ({
      cells: [
        { text: borrowerName(loan, true), href: `/loans/${loan.id}`, hint: `Loan ${loan.id}` },
        { text: tagsInWords(loan.tags, loan.lines) },
        { text: formatShortDate(londonDate(loan.lent_at)) },
        loan.next_due_on === null
          ? { text: '' }
          : { text: formatShortDate(loan.next_due_on), hint: formatDue(loan.next_due_on, today) },
        { tag: loanStates[loanState(loan, today)] },
      ],
    })),
  }
}
