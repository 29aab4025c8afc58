import { formatInstant, formatLongDate, londonDate } from '../lib/dates.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, DateField, InputField, Page, RadiosField } from '../lib/view-model.ts'
import { borrowerName } from '../loans/borrowers-rules.ts'
import type { LoanDetail, LoanLineRow } from '../loans/queries.ts'
import { agreementWays } from '../loans/rules.ts'
import { modelOf } from '../models/rules.ts'
import type { listReadiness, PackingRow } from './queries.ts'
import { handOverUrl, isPlanned, packingListUrl, timeInWords, visitInWords, whyNotReady } from './rules.ts'

/** The three boxes that say when and where something is handed over. */
export interface VisitFields {
  day: DateField
  time: InputField
  place: InputField
}

export function visitQuestions(shown: FormShown): VisitFields {
  const field = formFields(shown)
  return {
    day: field.date('visit', 'Day of the visit', { labelSize: 's' }),
    time: field.input('visit-time', 'Time (optional)', { width: 5, hint: 'Like 14:30', autocomplete: 'off' }),
    place: field.input('visit-place', 'Where? (optional)', {
      hint: 'As it is printed on the packing list. Nothing about their health.',
      autocomplete: 'off',
    }),
  }
}

export type HandOverPage = Page & {
  caption: string
  lead: string
  version: number
  action: string
  lines: CheckboxesField
  taken: { day: DateField; time: InputField }
  agreement: RadiosField | null
  putOff: { action: string; fields: VisitFields; isOpen: boolean }
  callOff: string
  packingList: string
  /** The leaflets that go with it, where a person is to have it. */
  guides: string | null
}

export interface HandOverShown extends FormShown {
  loan: LoanDetail
  lines: LoanLineRow[]
  readiness: Awaited<ReturnType<typeof listReadiness>>
  ticked?: number[]
  version?: number
  isPuttingOff?: boolean
}

/** What is planned for a visit, and the three ways it can go. */
export function presentHandOver(shown: HandOverShown): HandOverPage {
  const { loan, lines, values = {}, errors = [] } = shown
  const planned = lines.filter(isPlanned)
  const url = handOverUrl(loan.id)
  const day = londonDate(planned[0]?.from_at ?? loan.lent_at)
  const visit = { ...dateFieldValues('visit', null), 'visit-place': loan.visit_place, ...values }
  const field = formFields({ values, errors })
  return {
    title: `Hand over: loan ${loan.id}`,
    caption: borrowerName(loan, true),
    back: { href: `/loans/${loan.id}`, text: `Loan ${loan.id}` },
    errors,
    lead: `Planned for ${visitInWords(day, loan.visit_time, loan.visit_place)}.`,
    version: shown.version ?? loan.version,
    action: url,
    lines: {
      id: 'line',
      name: 'line',
      label: 'What was handed over?',
      labelSize: 's',
      error: errors.find((error) => error.field === 'line')?.text,
      values: shown.ticked ?? planned.map(({ id }) => id),
      items: planned.map((line) => ({
        value: line.id,
        text: `${line.tag}, ${modelOf(line)}`,
        hint: notReadyHint(line.id, shown.readiness),
      })),
    },
    taken: {
      day: field.date('taken', 'Day it was handed over (optional)', {
        labelSize: 's',
        hint: 'Leave this and the time empty if it was just now.',
      }),
      time: field.input('taken-time', 'Time', { width: 5, hint: 'Like 14:30', autocomplete: 'off' }),
    },
    agreement: loan.agreement_number === null ? agreementRadios(field) : null,
    putOff: {
      action: `${url}/day`,
      fields: visitQuestions({ values: visit, errors }),
      isOpen: shown.isPuttingOff ?? false,
    },
    callOff: `${url}/call-off`,
    packingList: packingListUrl(day),
    guides: loan.service_user_id === null ? null : `/service-users/${loan.service_user_id}/guides?loan=${loan.id}`,
  }
}

function notReadyHint(lineId: number, readiness: HandOverShown['readiness']): string | undefined {
  const facts = readiness.find(({ line_id }) => line_id === lineId)
  return facts ? (whyNotReady(facts) ?? undefined) : undefined
}

function agreementRadios(field: ReturnType<typeof formFields>): RadiosField {
  const witness = field.input('witness', 'Name of the witness', { width: 20, autocomplete: 'off' })
  return field.radios(
    'agreement',
    'How did they accept the agreement?',
    [
      { value: 'paper', text: agreementWays.paper },
      { value: 'screen', text: agreementWays.screen },
      { value: 'spoken', text: agreementWays.spoken, conditional: { input: witness } },
    ],
    { labelSize: 's' },
  )
}

export type PackingListPage = Page & {
  organisation: string
  heading: string
  lead: string
  visits: PackedVisit[]
  empty: string | null
  cut: string | null
  days: { href: string; text: string }[]
  printed: string
}

interface PackedVisit {
  heading: string
  where: string
  /** What everybody should do who is in touch with this person. */
  instructions: string[]
  loanUrl: string
  loan: string
  /** Each with a box to tick on paper. */
  rows: { text: string; more: string; problem: string | null }[]
  agreement: { href: string; text: string }
}

export interface PackingShown {
  rows: PackingRow[]
  day: string
  before: string
  after: string
  organisation: string
  now: Date
  limit: number
}

/** What goes out on a day, visit by visit, to be packed and ticked off on paper. */
export function presentPackingList({
  rows,
  day,
  before,
  after,
  organisation,
  now,
  limit,
}: PackingShown): PackingListPage {
  const visits = [...Map.groupBy(rows, (row) => row.loan_id).values()].map(presentVisit)
  const count = visits.length === 1 ? '1 visit' : `${visits.length} visits`
  return {
    title: `Packing list for ${formatLongDate(day)}`,
    heading: `Packing list for ${formatLongDate(day)}`,
    back: { href: '/', text: 'Worklist' },
    organisation,
    lead: visits.length === 0 ? '' : `${count}, ${rows.length === 1 ? '1 item' : `${rows.length} items`}.`,
    visits,
    empty: visits.length > 0 ? null : 'Nothing is to be handed over on this day.',
    cut: rows.length >= limit ? `These are the first ${limit} items. More are planned for this day.` : null,
    days: [
      { href: packingListUrl(before), text: `${formatLongDate(before)}` },
      { href: packingListUrl(after), text: `${formatLongDate(after)}` },
    ],
    printed: `Printed on ${formatInstant(now.toISOString())}.`,
  }
}

function presentVisit(rows: PackingRow[]): PackedVisit {
  const first = rows[0] as PackingRow
  const time = first.visit_time === null ? 'No time noted' : timeInWords(first.visit_time)
  return {
    heading: `${time}: ${borrowerName(first, true)}`,
    where: first.visit_place === '' ? 'No place noted' : first.visit_place,
    instructions: (first.contact_instruction ?? '').split('\n').filter((line) => line !== ''),
    loanUrl: handOverUrl(first.loan_id),
    loan: `Loan ${first.loan_id}`,
    rows: rows.map((row) => ({
      text: `${row.tag}, ${modelOf(row)}`,
      more: [row.kit === null ? '' : `in the kit “${row.kit}”`, row.kept_at === null ? '' : `kept at ${row.kept_at}`]
        .filter((part) => part !== '')
        .join(', '),
      problem: whyNotReady(row),
    })),
    agreement: { href: `/loans/${first.loan_id}/agreement`, text: 'Print the agreement for this visit' },
  }
}
