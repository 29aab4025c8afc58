import type { PersonsData } from '../data-allowances/forecast-rules.ts'
import { type DataPanel, presentLoanData } from '../data-allowances/panel-rules.ts'
import { itemUrl } from '../items/tag-rules.ts'
import { formatDate, formatDue, formatInstant, formatShortDate, londonDate } from '../lib/dates.ts'
import type { DataTable, Link, Page, SummaryRow, TableCell, TimelineEntry } from '../lib/view-model.ts'
import { modelOf } from '../models/rules.ts'
import { choicesInWords, linesToPlan, onwardPlanUrl, withThem } from '../onward-plans/rules.ts'
import { handOverUrl, isPlanned, visitInWords } from '../visits/rules.ts'
import { borrowerName } from './borrowers-rules.ts'
import { presentEvent } from './history-presenter.ts'
import type { LoanDetail, LoanEventRow, LoanLineRow } from './queries.ts'
import { agreementWays, isAgreementWay, isOpen, lineState, lineStates, loanState, loanStates } from './rules.ts'
import { swapUrl } from './swap-presenter.ts'

/** A person's name stands in the page and not in its title, which browsers keep. */
export type LoanPage = Page & {
  heading: string
  caption: string
  state: (typeof loanStates)[keyof typeof loanStates]
  actions: { text: string; href: string; isMain: boolean }[]
  lines: DataTable
  data: DataPanel | null
  onward: { rows: SummaryRow[]; link: Link | null; lead: string | null } | null
  about: SummaryRow[]
  history: TimelineEntry[]
}

export interface LoanShown {
  loan: LoanDetail
  lines: LoanLineRow[]
  events: LoanEventRow[]
  /** Of the data that was given with it; null for whoever gives none. */
  data: PersonsData | null
  today: string
  now: Date
  mayChange: boolean
  mayReport: boolean
  mayRaise: boolean
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
    actions: [...(mayChange ? loanActions(loan, lines) : []), ...concernAction(shown)],
    lines: linesTable(shown),
    data: presentLoanData(loan.id, shown.data, shown.now),
    onward: presentOnward(shown),
    about: aboutRows(loan, lines, maySeePerson, mayChange),
    history: events.map((event) => presentEvent(event, loan.id, { maySeeIncidents, maySeePerson })),
  }
}

/** A concern is raised about a person, from wherever they come in. */
function concernAction({ loan, mayRaise }: LoanShown): LoanPage['actions'] {
  if (!mayRaise || loan.service_user_id === null) return []
  return [{ text: 'Raise a concern', href: `/concerns/new?person=${loan.service_user_id}`, isMain: false }]
}

/** What was agreed about the time after the loan; or, in the weeks before its review, that nobody agreed on anything yet. */
function presentOnward({ loan, lines, today, mayChange }: LoanShown): LoanPage['onward'] {
  if (loan.service_user_id === null) return null
  const plan = loan.onward_plan
  const isWaiting = linesToPlan(lines, plan?.covers_until ?? null, today).length > 0
  const isOut = withThem(lines).length > 0
  if (plan === null && !isOut) return null
  const text = plan === null || isWaiting ? 'Plan what comes next' : 'See the plan, or change it'
  return {
    lead: plan === null || isWaiting ? onwardLead(isWaiting) : null,
    rows: plan === null ? [] : onwardRows(plan),
    link: mayChange ? { href: onwardPlanUrl(loan.id), text } : null,
  }
}

function onwardLead(isWaiting: boolean): string {
  if (!isWaiting) return 'Nothing is agreed yet. There is time: the worklist asks for it 4 weeks before the review.'
  return 'Nothing is agreed yet for the time after the review. People lose their access when a loan just ends.'
}

function onwardRows(plan: NonNullable<LoanDetail['onward_plan']>): SummaryRow[] {
  return [
    { key: 'Agreed', lines: [...choicesInWords(plan.choices), `On ${formatDate(plan.agreed_on)}`] },
    ...(plan.notes === '' ? [] : [{ key: 'Notes', value: plan.notes }]),
    ...(plan.to_keep === 'something'
      ? [{ key: 'To keep', value: 'Something on it is to be saved: see the plan' }]
      : []),
  ]
}

/** What was called off, or written down by mistake, makes no loan partly returned. */
function countedLines(lines: LoanLineRow[]) {
  const kept = lines.filter((line) => line.cancelled_at === null)
  const open = lines.filter(isOpen)
  const due = open.map((line) => line.due_on).filter((date) => date !== null)
  return { lines: kept.length, open_lines: open.length, next_due_on: due.sort()[0] ?? null }
}

function loanActions(loan: LoanDetail, lines: LoanLineRow[]): LoanPage['actions'] {
  const open = lines.some(isOpen)
  const agreement = { text: 'Print the agreement', href: `/loans/${loan.id}/agreement`, isMain: false }
  const wrong = { text: 'Something is wrong with this loan', href: `/loans/${loan.id}/corrections`, isMain: false }
  const data = { text: 'Data with this loan', href: `/data-allowances?loan=${loan.id}`, isMain: false }
  if (!open) return loan.agreement_number === null ? [data, wrong] : [agreement, data, wrong]
  const isPlannedStill = lines.some(isPlanned)
  const handOver = isPlannedStill ? [{ text: 'Hand over the items', href: handOverUrl(loan.id), isMain: true }] : []
  if (withThem(lines).length === 0) return [...handOver, agreement, data, wrong]
  return [
    ...handOver,
    { text: 'Take back', href: `/loans/${loan.id}/return`, isMain: !isPlannedStill },
    ...(loan.service_user_id === null
      ? []
      : [{ text: 'How is it going?', href: `/loans/${loan.id}/check-ins`, isMain: false }]),
    { text: 'Extend', href: `/loans/${loan.id}/extension`, isMain: false },
    { text: 'Transfer', href: `/loans/${loan.id}/transfer`, isMain: false },
    ...(loan.ward_id === null ? [{ text: 'Give to keep', href: `/loans/${loan.id}/gift`, isMain: false }] : []),
    ...(loan.agreement_number === null && !isPlannedStill ? [] : [agreement]),
    data,
    wrong,
  ]
}

function linesTable(shown: LoanShown): DataTable {
  const { lines, today, now } = shown
  const rows = lines.map((line) => ({ line, problem: problemCell(line, shown) }))
  const hasProblems = rows.some(({ problem }) => problem.href !== undefined)
  const last = hasProblems ? [{ text: 'Problems', hidden: true }] : []
  const canSwap = shown.mayChange && lines.some((line) => isOpen(line) && line.taken_at !== null)
  const swap = canSwap ? [{ text: 'Swap', hidden: true }] : []
  const canGiveData = shown.mayChange && lines.some(takesData)
  const data = canGiveData ? [{ text: 'Data', hidden: true }] : []
  return {
    caption: 'Items in this loan',
    columns: [
      { text: 'Item' },
      { text: 'What it is' },
      { text: 'Review' },
      { text: 'State' },
      ...swap,
      ...data,
      ...last,
    ],
    rows: rows.map(({ line, problem }) => ({
      cells: [
        { text: line.tag, href: itemUrl(line.tag) },
        { text: modelOf(line) },
        reviewCell(line, today),
        { tag: lineStates[lineState(line, today)], hint: riskHint(line, today, now) ?? wayHint(line) },
        ...(canSwap ? [swapCell(line)] : []),
        ...(canGiveData ? [dataCell(line)] : []),
        ...(hasProblems ? [problem] : []),
      ],
    })),
  }
}

function swapCell(line: LoanLineRow): TableCell {
  if (!isOpen(line) || line.taken_at === null) return {}
  return { text: 'Swap', href: swapUrl(line.loan_id, line.id), visuallyHiddenText: line.tag }
}

const dataThings: ReadonlySet<string> = new Set(['tablet', 'smartphone', 'laptop', 'hotspot', 'sim'])

function takesData(line: LoanLineRow): boolean {
  return isOpen(line) && line.taken_at !== null && dataThings.has(line.category)
}

/** Data may be given with what is good for little without. */
function dataCell(line: LoanLineRow): TableCell {
  if (!takesData(line)) return {}
  return { text: 'Give data', href: `/data-allowances/new?line=${line.id}`, visuallyHiddenText: `with ${line.tag}` }
}

/** What they have can be reported; what was reported leads to what is done about it. */
function problemCell(line: LoanLineRow, { mayReport, maySeeIncidents }: LoanShown): TableCell {
  if (mayReport && isOpen(line) && line.taken_at !== null) {
    return {
      text: 'Report lost, stolen or damaged',
      href: `/incidents/new?line=${line.id}`,
      visuallyHiddenText: line.tag,
    }
  }
  if (line.incident_id === null || !maySeeIncidents) return {}
  return { text: `Incident ${line.incident_id}`, href: `/incidents/${line.incident_id}` }
}

function reviewCell(line: LoanLineRow, today: string) {
  if (line.due_on === null) return { text: '' }
  return { text: formatDate(line.due_on), ...(isOpen(line) && { hint: formatDue(line.due_on, today) }) }
}

/** Where it came from and where it went on to, besides the day it ended. */
function wayHint(line: LoanLineRow): string | undefined {
  const from = line.in_place_of === null ? movedFrom(line) : `In place of ${line.in_place_of}`
  if (line.swapped_for !== null) return `${endHint(line)}, swapped for ${line.swapped_for}`
  if (line.moved_to !== null && line.moved_to !== line.loan_id)
    return `${endHint(line)}, and went on to loan ${line.moved_to}`
  return endHint(line) ?? from
}

function movedFrom({ moved_from, loan_id }: LoanLineRow): string | undefined {
  return moved_from === null || moved_from === loan_id ? undefined : `Went on from loan ${moved_from}`
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

function aboutRows(loan: LoanDetail, lines: LoanLineRow[], maySeePerson: boolean, mayChange: boolean): SummaryRow[] {
  const person = maySeePerson && loan.service_user_id !== null ? { href: `/service-users/${loan.service_user_id}` } : {}
  const rows: (SummaryRow | null)[] = [
    { key: 'With', value: borrowerName(loan, true), ...person },
    loan.referral_id === null || !maySeePerson
      ? null
      : { key: 'Asked for in', value: `Referral ${loan.referral_id}`, href: `/referrals/${loan.referral_id}` },
    plannedRow(loan, lines),
    withoutLine(lines)
      ? null
      : { key: 'Lent', value: `${formatInstant(loan.lent_at)}${loan.lender === null ? '' : ` by ${loan.lender}`}` },
    carerRow(loan, mayChange && lines.some(isOpen)),
    loan.agreement_number === null ? null : { key: 'Agreement', value: agreementWords(loan) },
    loan.unwiped_reason === null ? null : { key: 'Not wiped between', value: loan.unwiped_reason },
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

/** Whoever lent it looks after it, until it is handed over. */
function carerRow({ id, carer, lender }: LoanDetail, mayHandOver: boolean): SummaryRow {
  const hand = { href: `/loans/handovers?loan=${id}`, text: 'Hand over', visuallyHiddenText: 'this loan' }
  return { key: 'Looked after by', value: carer ?? lender ?? 'Nobody', ...(mayHandOver && { actions: [hand] }) }
}

/** Nothing of it was handed over yet, so nothing is lent. */
function withoutLine(lines: LoanLineRow[]): boolean {
  return lines.every((line) => line.taken_at === null)
}

function plannedRow(loan: LoanDetail, lines: LoanLineRow[]): SummaryRow | null {
  const planned = lines.find(isPlanned)
  if (!planned) return null
  return { key: 'To hand over', value: visitInWords(londonDate(planned.from_at), loan.visit_time, loan.visit_place) }
}

function agreementWords(loan: LoanDetail): string {
  const way = isAgreementWay(loan.agreement_how ?? '') ? agreementWays[loan.agreement_how as 'paper'] : ''
  const witness = loan.agreement_witness ? ` (${loan.agreement_witness})` : ''
  return `Version ${loan.agreement_number}, accepted: ${way.toLowerCase()}${witness}`
}
