import { itemUrl } from '../items/tag-rules.ts'
import { formatDate, formatDue, formatInstant, formatLongDate, formatShortDate, londonDate } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { dateFieldValues, formFields } from '../lib/form-fields.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type {
  CheckboxesField,
  DataTable,
  DateField,
  Link,
  Page,
  Pagination,
  SummaryRow,
  TableCell,
  TimelineEntry,
} from '../lib/view-model.ts'
import { modelOf } from '../models/rules.ts'
import { borrowerName } from './borrowers-rules.ts'
import type { LoanDetail, LoanEventRow, LoanFilter, LoanLineRow, LoanRow } from './queries.ts'
import {
  agreementWays,
  isAgreementWay,
  isOpen,
  lineState,
  lineStates,
  loanState,
  loanStates,
  tagsInWords,
  wardGiftRefused,
} from './rules.ts'

export type LoansPage = Page & {
  tabs: (Link & { current: boolean })[]
  table: DataTable | null
  pagination: Pagination
  empty: { text: string; link?: Link } | null
  mayLend: boolean
}

const filterNames: Record<LoanFilter, string> = {
  open: 'Open',
  overdue: 'Overdue',
  due: 'To review in 4 weeks',
  closed: 'Closed',
  all: 'All',
}

const nothing: Record<LoanFilter, string> = {
  open: 'Nothing is on loan.',
  overdue: 'Nothing is overdue.',
  due: 'No loan is due for review in the next 4 weeks.',
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
    tabs: (Object.keys(filterNames) as LoanFilter[]).map((name) => ({
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
    empty:
      list.rows.length > 0
        ? null
        : { text: nothing[filter], ...(mayLend && { link: { href: '/loans/new', text: 'Lend something' } }) },
    mayLend,
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

/** A person's name stands in the page and not in its title, which browsers keep. */
export type LoanPage = Page & {
  heading: string
  caption: string
  state: (typeof loanStates)[keyof typeof loanStates]
  actions: { text: string; href: string; isMain: boolean }[]
  lines: DataTable
  about: SummaryRow[]
  history: TimelineEntry[]
}

export interface LoanShown {
  loan: LoanDetail
  lines: LoanLineRow[]
  events: LoanEventRow[]
  today: string
  now: Date
  mayChange: boolean
  mayReport: boolean
  maySeePerson: boolean
  maySeeIncidents: boolean
}

export function presentLoan(shown: LoanShown): LoanPage {
  const { loan, lines, events, today, mayChange, maySeePerson, maySeeIncidents } = shown
  return {
    title: `Loan ${loan.id}`,
    heading: borrowerName(loan, true),
    caption: `Loan ${loan.id}`,
    back: { href: '/loans', text: 'Loans' },
    state: loanStates[loanState(countedLines(lines), today)],
    actions: mayChange ? loanActions(loan, lines) : [],
    lines: linesTable(shown),
    about: aboutRows(loan, lines, maySeePerson),
    history: events.map((event) => presentEvent(event, maySeeIncidents)),
  }
}

function countedLines(lines: LoanLineRow[]) {
  const open = lines.filter(isOpen)
  const due = open.map((line) => line.due_on).filter((date) => date !== null)
  return { lines: lines.length, open_lines: open.length, next_due_on: due.sort()[0] ?? null }
}

function loanActions(loan: LoanDetail, lines: LoanLineRow[]): LoanPage['actions'] {
  const open = lines.some(isOpen)
  const agreement = { text: 'Print the agreement', href: `/loans/${loan.id}/agreement`, isMain: false }
  if (!open) return loan.agreement_number === null ? [] : [agreement]
  return [
    { text: 'Take back', href: `/loans/${loan.id}/return`, isMain: true },
    { text: 'Extend', href: `/loans/${loan.id}/extension`, isMain: false },
    ...(loan.ward_id === null ? [{ text: 'Give to keep', href: `/loans/${loan.id}/gift`, isMain: false }] : []),
    ...(loan.agreement_number === null ? [] : [agreement]),
  ]
}

function linesTable(shown: LoanShown): DataTable {
  const { lines, today, now } = shown
  const rows = lines.map((line) => ({ line, problem: problemCell(line, shown) }))
  const hasProblems = rows.some(({ problem }) => problem.href !== undefined)
  const last = hasProblems ? [{ text: 'Problems', hidden: true }] : []
  return {
    caption: 'Items in this loan',
    columns: [{ text: 'Item' }, { text: 'What it is' }, { text: 'Review' }, { text: 'State' }, ...last],
    rows: rows.map(({ line, problem }) => ({
      cells: [
        { text: line.tag, href: itemUrl(line.tag) },
        { text: modelOf(line) },
        reviewCell(line, today),
        { tag: lineStates[lineState(line, today)], hint: riskHint(line, today, now) ?? endHint(line) },
        ...(hasProblems ? [problem] : []),
      ],
    })),
  }
}

/** What they have can be reported; what was reported leads to what is done about it. */
function problemCell(line: LoanLineRow, { mayReport, maySeeIncidents }: LoanShown): TableCell {
  if (mayReport && isOpen(line) && line.taken_at !== null) {
    return { text: 'Report lost or damaged', href: `/incidents/new?line=${line.id}`, visuallyHiddenText: line.tag }
  }
  if (line.incident_id === null || !maySeeIncidents) return {}
  return { text: `Incident ${line.incident_id}`, href: `/incidents/${line.incident_id}` }
}

function reviewCell(line: LoanLineRow, today: string) {
  if (line.due_on === null) return { text: '' }
  return { text: formatDate(line.due_on), ...(isOpen(line) && { hint: formatDue(line.due_on, today) }) }
}

function endHint(line: LoanLineRow): string | undefined {
  return line.ended_at === null ? undefined : `on ${formatShortDate(londonDate(line.ended_at))}`
}

/** Somebody is to have it next: a hint while there is time, a warning once the plan is at risk. */
function riskHint(line: LoanLineRow, today: string, now: Date): string | undefined {
  if (line.wanted_at === null || !isOpen(line)) return undefined
  const who = line.wanted_by ? ` by ${line.wanted_by}` : ''
  const isAtRisk = Date.parse(line.wanted_at) <= now.getTime() || lineState(line, today) === 'overdue'
  return `${isAtRisk ? 'At risk: wanted' : 'Wanted'}${who} from ${formatInstant(line.wanted_at)}`
}

function aboutRows(loan: LoanDetail, lines: LoanLineRow[], maySeePerson: boolean): SummaryRow[] {
  const person = maySeePerson && loan.service_user_id !== null ? { href: `/service-users/${loan.service_user_id}` } : {}
  const rows: (SummaryRow | null)[] = [
    { key: 'With', value: borrowerName(loan, true), ...person },
    { key: 'Lent', value: `${formatInstant(loan.lent_at)}${loan.lender === null ? '' : ` by ${loan.lender}`}` },
    loan.agreement_number === null ? null : { key: 'Agreement', value: agreementWords(loan) },
    loan.lent_without_charger ? { key: 'Charger', value: 'Lent without a charger, confirmed' } : null,
    ...lines.map((line) =>
      line.unsupported_reason === null
        ? null
        : { key: `${line.tag} although its updates end`, value: line.unsupported_reason },
    ),
    loan.notes === '' ? null : { key: 'Notes', value: loan.notes },
  ]
  return rows.filter((row) => row !== null)
}

function agreementWords(loan: LoanDetail): string {
  const way = isAgreementWay(loan.agreement_how ?? '') ? agreementWays[loan.agreement_how as 'paper'] : ''
  const witness = loan.agreement_witness ? ` (${loan.agreement_witness})` : ''
  return `Version ${loan.agreement_number}, accepted: ${way.toLowerCase()}${witness}`
}

type EventDetails = {
  items?: string[]
  dueOn?: string | null
  before?: (string | null)[]
  returnedAt?: string
  kind?: string
} | null

function presentEvent(event: LoanEventRow, maySeeIncidents = false): TimelineEntry {
  const { incident_id } = event
  return {
    text: eventSentence(event),
    ...(incident_id !== null &&
      maySeeIncidents && { link: { href: `/incidents/${incident_id}`, text: `Incident ${incident_id}` } }),
    at: formatInstant(event.at),
    datetime: new Date(event.at).toISOString(),
  }
}

function eventSentence(event: LoanEventRow): string {
  const who = event.staff_member ?? 'An import'
  const details = event.details as EventDetails
  const items = details?.items ? listInWords(details.items) : 'items'
  const until = details?.dueOn ? ` until ${formatDate(details.dueOn)}` : ''
  switch (event.verb) {
    case 'loan:lent':
      return `${who} lent ${items}${until}.`
    case 'loan:extended': {
      const before = [...new Set(details?.before ?? [])].filter((day) => day !== null).map(formatDate)
      return `${who} extended ${items}${until}${before.length > 0 ? ` (it was ${listInWords(before)})` : ''}.`
    }
    case 'loan:returned': {
      const day = details?.returnedAt ? londonDate(details.returnedAt) : londonDate(event.at)
      const isOlder = day !== londonDate(event.at)
      return `${who} took back ${items}${isOlder ? `, which came back on ${formatDate(day)}` : ''}.`
    }
    case 'loan:given':
      return `${who} gave ${items} to keep.`
    case 'incident:reported':
      return `${who} reported ${items}: ${(details?.kind ?? '').toLowerCase()}.`
    case 'incident:found':
      return `${who} marked ${items} as found.`
    default:
      return `${who} did this: ${event.verb.replace(/[:-]/g, ' ')}.`
  }
}

export function listInWords(words: string[]): string {
  return words.length <= 1 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** Whose change a stale form did not know of. */
export function presentOvertaken(event: LoanEventRow | undefined): string {
  const what = event ? `: ${presentEvent(event).text}` : '.'
  return `Someone changed this loan after you opened it${what} Check what is ticked and send it again.`
}

export type LinesPage = Page & {
  heading: string
  action: string
  version: number
  lead: string
  /** Why there is nothing to choose; then there is no form. */
  nothing: string | null
  lines: CheckboxesField
  date: DateField | null
  warning: string | null
  button: string
  cancel: string
}

export interface LinesShown {
  loan: LoanDetail
  lines: LoanLineRow[]
  today: string
  /** Ticked lines; all of them when the form is first shown. */
  ticked?: number[]
  /** The version the form was shown with: who did not hear yet of a change meanwhile must still hear of it. */
  version?: number
  /** The date the form begins with, where it has one. */
  offered?: string
  values?: Typed
  errors?: FieldError[]
}

const lineForms = {
  extension: {
    title: 'Extend',
    heading: (who: string) => `Extend for ${who}`,
    lead: 'Choose what they keep for longer. A weekend or bank holiday moves to the next working day.',
    date: { id: 'due', label: 'New review date', hint: undefined },
    warning: null,
    button: 'Extend',
  },
  return: {
    title: 'Take back',
    heading: (who: string) => `Take back from ${who}`,
    lead: 'Choose what came back. Each item is made ready before it can be lent again.',
    date: { id: 'returned', label: 'Day it came back (optional)', hint: 'Leave this empty if it came back just now' },
    warning: null,
    button: 'Take back',
  },
  gift: {
    title: 'Give to keep',
    heading: (who: string) => `Give to ${who} to keep`,
    lead: 'Choose what becomes theirs.',
    date: null,
    warning: 'What you give leaves the stock today. It is no longer ours to ask back.',
    button: 'Give to keep',
  },
} as const

export type LineFormName = keyof typeof lineForms

/** The three forms about part of a loan: which lines, and a date where one is needed. */
export function presentLinesForm(name: LineFormName, shown: LinesShown): LinesPage {
  const { loan, lines, today, errors = [] } = shown
  const form = lineForms[name]
  const values = shown.values ?? dateFieldValues('due', shown.offered ?? null)
  const open = lines.filter((line) => isOpen(line) && (name === 'extension' || line.taken_at !== null))
  const fields = formFields({ values, errors })
  return {
    title: `${form.title}: loan ${loan.id}`,
    heading: form.heading(borrowerName(loan, true)),
    errors,
    back: { href: `/loans/${loan.id}`, text: `Loan ${loan.id}` },
    action: `/loans/${loan.id}/${name}`,
    version: shown.version ?? loan.version,
    lead: form.lead,
    nothing: nothingToChoose(name, loan, open.length),
    lines: {
      id: 'line',
      name: 'line',
      label: 'Items',
      labelSize: 'm',
      error: errors.find((error) => error.field === 'line')?.text,
      values: shown.ticked ?? open.map((line) => line.id),
      items: open.map((line) => ({
        value: line.id,
        text: `${line.tag}, ${modelOf(line)}`,
        hint:
          line.due_on === null ? undefined : `Review ${formatLongDate(line.due_on)}, ${formatDue(line.due_on, today)}`,
      })),
    },
    date: form.date && fields.date(form.date.id, form.date.label, { hint: form.date.hint, labelSize: 'm' }),
    warning: form.warning,
    button: form.button,
    cancel: `/loans/${loan.id}`,
  }
}

function nothingToChoose(name: LineFormName, loan: LoanDetail, count: number): string | null {
  if (name === 'gift' && loan.ward_id !== null) return wardGiftRefused
  return count === 0 ? 'Nothing in this loan is with them any more.' : null
}
