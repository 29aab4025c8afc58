import { appointmentUrl } from '../appointments/links-rules.ts'
import { whenInWords } from '../appointments/when-rules.ts'
import { type BackUp, backUpNames, type Way, wayNames } from '../appointments/words-rules.ts'
import { formatInstant, londonDate } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type {
  CheckboxesField,
  DataTable,
  Link,
  Page,
  RadiosField,
  StateTag,
  SummaryRow,
  TextareaField,
} from '../lib/view-model.ts'
import { contactInstructions, recipientOf } from '../safe-contact/rules.ts'
import { answerNames, type StepAnswer, stepIds, stepsFor, whatFollows } from './checklist-rules.ts'
import { trialCallsOfUrl, trialCallUrl } from './links-rules.ts'
import type { TrialDetail, TrialLists, TrialRow } from './queries.ts'
import { isTriedOut, trialState, trialTag } from './rules.ts'

export type TrialPage = Page & {
  name: string
  lead: string
  state: StateTag
  warnings: { heading: string; lines: string[] }[]
  about: SummaryRow[]
  result: SummaryRow[]
  follows: string[]
  checklist: {
    action: string
    version: number
    steps: RadiosField[]
    reached: CheckboxesField
    note: TextareaField
    heading: string
    button: string
  } | null
  again: Link | null
  cancellation: { action: string; version: number } | null
}

export interface TrialShown extends FormShown {
  call: TrialDetail
  now: Date
}

/** One trial-run call: before it, what to know; on it, the checklist; after it, what follows. */
export function presentTrialCall({ call, now, ...form }: TrialShown): TrialPage {
  const state = trialState(call, now)
  const isOpen = call.cancelled_at === null && call.outcome === null
  const hasBegun = Date.parse(call.starts_at) <= now.getTime()
  const works = call.outcome === 'passed' || call.outcome === 'passed-with-help'
  return {
    title: 'Trial-run call',
    name: call.service_user,
    errors: form.errors,
    back: { href: '/trial-calls', text: 'Trial-run calls' },
    lead: `${wayNames[call.way as Way]}, ${whenInWords(call)}`,
    state: trialTag(state),
    warnings: warningsOf(call, state === 'too-late'),
    about: aboutRows(call),
    result: resultRows(call),
    follows: call.outcome === null ? [] : whatFollows(call, call.way),
    checklist: call.cancelled_at === null && hasBegun ? checklistForm(call, form) : null,
    again: works ? null : againLink(call, isOpen),
    cancellation: isOpen && !hasBegun ? { action: trialCallUrl(call.id, 'cancellation'), version: call.version } : null,
  }
}

function againLink(call: TrialDetail, isOpen: boolean): Link | null {
  const { appointment_id: id, appointment_at: at, appointment_way: way } = call
  if (id === null || at === null || !isTriedOut(way ?? '')) return null
  const url = trialCallsOfUrl(id)
  return isOpen
    ? { href: `${url}?instead=${call.id}`, text: 'Arrange it for another time' }
    : { href: url, text: 'Arrange another one' }
}

function warningsOf(call: TrialDetail, isTooLate: boolean): TrialPage['warnings'] {
  const instructions = contactInstructions(recipientOf(call, call.contact), call.contact_instruction)
  const moved = `The appointment is on ${call.appointment_at === null ? '' : formatInstant(call.appointment_at)}, before this call. It was moved since. Arrange the call for another time.`
  return [
    ...(isTooLate ? [{ heading: 'This call comes too late', lines: [moved] }] : []),
    ...(instructions.length === 0 ? [] : [{ heading: 'Before you contact them', lines: instructions }]),
  ]
}

const rowsOf = (rows: [string, string][]): SummaryRow[] =>
  rows.flatMap(([key, value]) => (value === '' ? [] : [{ key, value }]))

function aboutRows(call: TrialDetail): SummaryRow[] {
  const { appointment_at: at, appointment_way: way, agreed_back_up: backUp, back_up_number: number } = call
  const joins = [
    call.supporter_joins ? 'somebody who supports them' : '',
    call.interpreter_joins ? 'an interpreter' : '',
  ]
  const appointment = at === null ? '' : `${wayNames[way as Way]}, ${formatInstant(at)}`
  return [
    ...(call.appointment_id === null || appointment === ''
      ? []
      : [{ key: 'For the appointment', value: appointment, href: appointmentUrl(call.appointment_id) }]),
    ...rowsOf([
      ['Who makes the call', call.champion],
      ['Kind', call.is_check ? 'A check of ten minutes' : ''],
      ['Who joins', joins.filter((text) => text !== '').join(' and ')],
      ['Language they prefer', call.language],
      ['When it fails', backUp === null ? '' : `${backUpNames[backUp as BackUp]}${number ? `: ${number}` : ''}`],
      ['Call them back on', call.call_back_number ?? ''],
    ]),
  ]
}

function resultRows(call: TrialDetail): SummaryRow[] {
  if (call.outcome === null || call.outcome_at === null) return []
  const answers: [string, string][] = stepsFor(call.way).map(({ id, ask }) => {
    const answer = call[id]
    return [ask, answer === null ? '' : answerNames[answer]]
  })
  return rowsOf([
    ...answers,
    ['Notes', call.note],
    ['Written down', `${formatInstant(call.outcome_at)} by ${call.outcome_by ?? ''}`],
  ])
}

const answers = (Object.entries(answerNames) as [StepAnswer, string][]).map(([value, text]) => ({ value, text }))

function checklistForm(call: TrialDetail, form: FormShown): TrialPage['checklist'] {
  const saved = Object.fromEntries(stepIds.map((id) => [id, call[id] ?? '']))
  const field = formFields({ ...form, values: form.values ?? { ...saved, note: call.note } })
  return {
    action: trialCallUrl(call.id, 'result'),
    version: call.version,
    steps: stepsFor(call.way).map(({ id, ask, hint }) =>
      field.radios(id, ask, answers, { inline: true, labelSize: 's', ...(hint !== undefined && { hint }) }),
    ),
    reached: {
      ...{ id: 'reached', name: 'reached', label: 'Or did nobody answer?' },
      items: [{ value: 'no', text: 'Nobody answered, so nothing was tried', checked: form.values?.reached === 'no' }],
    },
    note: field.textarea('note', 'Notes (optional)', { rows: 3, maxlength: 1000 }),
    ...(call.outcome === null
      ? { heading: 'Work through it on the call', button: 'Save how it went' }
      : { heading: 'Put it right', button: 'Correct how it went' }),
  }
}

export type TrialListPage = Page & { tables: DataTable[]; empty: { text: string; hint: string } | null }

/** Calls to come, those that wait for their result, and the newest that are over. */
export function presentTrialCalls({ toCome, waiting, over }: TrialLists, now: Date): TrialListPage {
  const tables = [
    { rows: waiting, caption: 'How did it go?' },
    { rows: toCome, caption: 'To come' },
    { rows: over, caption: 'Over' },
  ].filter(({ rows }) => rows.length > 0)
  return {
    title: 'Trial-run calls',
    tables: tables.map(({ rows, caption }) => callsTable(rows, now, caption)),
    empty:
      tables.length > 0
        ? null
        : { text: 'No trial-run call is arranged.', hint: 'One is arranged from the page of an appointment.' },
  }
}

/** Calls, each with whom it is and how it stands. */
export function callsTable(rows: TrialRow[], now: Date, caption: string): DataTable {
  return {
    caption,
    columns: [{ text: 'When' }, { text: 'With' }, { text: 'Who makes it' }, { text: 'State' }],
    rows: rows.map((row) => ({
      cells: [
        {
          text: formatInstant(row.starts_at),
          href: trialCallUrl(row.id),
          hint: row.is_check ? 'A check of ten minutes' : wayNames[row.way as Way],
        },
        { text: row.service_user, href: `/service-users/${row.service_user_id}` },
        { text: row.champion },
        {
          tag: trialTag(trialState(row, now)),
          ...(row.appointment_at !== null && {
            hint: `for ${londonDate(row.appointment_at) === londonDate(now) ? 'today' : formatInstant(row.appointment_at)}`,
          }),
        },
      ],
    })),
  }
}
