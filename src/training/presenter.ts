import { whenInWords } from '../appointments/when-rules.ts'
import { formatInstant, formatShortInstant, londonToday } from '../lib/dates.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type {
  CheckboxesField,
  DataTable,
  Page,
  RadiosField,
  StateTag,
  SummaryRow,
  TextareaField,
} from '../lib/view-model.ts'
import { codesOf, type Warning } from '../lib/warnings.ts'
import { addWorkingDays } from '../lib/working-days.ts'
import { contactInstructions, recipientOf } from '../safe-contact/rules.ts'
import { type MeetingFields, meetingFields } from '../trial-calls/meeting-fields-rules.ts'
import { trainingOfUrl, trainingUrl } from './links-rules.ts'
import type { PlanFacts, TrainingDetail, TrainingLists, TrainingRow } from './queries.ts'
import {
  confidences,
  lengths,
  type Topic,
  type TrainingWay,
  topicNames,
  trainingState,
  trainingTags,
  USUAL_MINUTES,
  wayNames,
} from './rules.ts'

export type PlanPage = Page &
  MeetingFields & {
    caption: string
    sessions: DataTable | null
    action: string
    key: string
    way: RadiosField
    topics: CheckboxesField
    cancel: string
    warnings: string[]
    anyway: string
  }

export interface PlanShown extends FormShown {
  warnings?: Warning[]
  person: { id: number; name: string }
  found: PlanFacts
  staffId: number
  key: string
  now: Date
}

const topics = (Object.entries(topicNames) as [Topic, string][]).map(([value, text]) => ({ value, text }))
const ways = (Object.entries(wayNames) as [TrainingWay, string][]).map(([value, text]) => ({ value, text }))

/** Planning a session with somebody, and those there were. */
export function presentPlan({ person, found, staffId, key, now, warnings = [], ...form }: PlanShown): PlanPage {
  const proposed = {
    ...dateFieldValues('on', addWorkingDays(londonToday(now), 1)),
    ...{ length: String(USUAL_MINUTES), champion: String(staffId) },
  }
  const field = formFields({ ...form, values: form.values ?? proposed })
  const isInterpreted = found.person[0]?.interpreter === 'spoken' || found.person[0]?.interpreter === 'signed'
  const chosen = form.values
  const error = form.errors?.find((one) => one.field === 'topic')?.text
  return {
    title: 'Plan a training session',
    caption: person.name,
    errors: form.errors,
    back: { href: `/service-users/${person.id}`, text: 'Back to the record' },
    sessions: found.sessions.length === 0 ? null : sessionsTable(found.sessions, now, 'Sessions so far'),
    action: trainingOfUrl(person.id),
    ...{ key, warnings: warnings.map(({ text }) => text), anyway: codesOf(warnings) },
    topics: {
      ...{ id: 'topic', name: 'topic', label: 'What is it about?', hint: 'Choose all that apply', error },
      ...{ items: topics, values: chosen?.topic?.split(' ') ?? [] },
    },
    way: field.radios('way', 'How do you meet?', ways),
    ...meetingFields(field, {
      ...{ lengths, whoLabel: 'Who gives it?', champions: found.champions },
      hasSupporter: chosen?.supporter === 'yes',
      hasInterpreter: chosen ? chosen.interpreter === 'yes' : isInterpreted,
    }),
    cancel: `/service-users/${person.id}`,
  }
}

export type TrainingPage = Page & {
  name: string
  lead: string
  state: StateTag
  warnings: { heading: string; lines: string[] }[]
  about: SummaryRow[]
  again: { href: string; text: string }
  form: {
    action: string
    version: number
    came: RadiosField
    before: RadiosField
    after: RadiosField
    more: RadiosField
    note: TextareaField
    button: string
  } | null
  cancellation: { action: string; version: number } | null
}

export interface TrainingShown extends FormShown {
  session: TrainingDetail
  now: Date
}

/** One session: before it, what to know; from its beginning on, how it went. */
export function presentTraining({ session, now, ...form }: TrainingShown): TrainingPage {
  const hasBegun = Date.parse(session.starts_at) <= now.getTime()
  const isOpen = session.cancelled_at === null && session.came === null
  const instructions = contactInstructions(recipientOf(session, session.contact), session.contact_instruction)
  return {
    title: 'Training session',
    name: session.service_user,
    errors: form.errors,
    back: { href: '/training', text: 'Training' },
    lead: `${wayNames[session.way as TrainingWay]}, ${whenInWords(session)}`,
    state: trainingTags[trainingState(session, now)],
    warnings: instructions.length === 0 ? [] : [{ heading: 'Before you contact them', lines: instructions }],
    about: aboutRows(session),
    again: { href: trainingOfUrl(session.service_user_id), text: 'Plan another session' },
    form: session.cancelled_at === null && hasBegun ? attendanceForm(session, form) : null,
    cancellation:
      isOpen && !hasBegun ? { action: trainingUrl(session.id, 'cancellation'), version: session.version } : null,
  }
}

const topicsInWords = (of: string[]) => of.map((topic) => topicNames[topic as Topic])

function aboutRows(session: TrainingDetail): SummaryRow[] {
  const { confidence_before: before, confidence_after: after, wants_more: more, told_at: at } = session
  const joins = [
    session.supporter_joins ? 'somebody who supports them' : '',
    session.interpreter_joins ? 'an interpreter' : '',
  ].filter((text) => text !== '')
  const rows: [string, string[]][] = [
    ['What it is about', topicsInWords(session.topics)],
    ['Who gives it', [session.champion]],
    ['Who joins', joins.length === 0 ? [] : [joins.join(' and ')]],
    ['Language they prefer', session.language === '' ? [] : [session.language]],
    [
      'How sure they felt',
      before === null && after === null ? [] : [`Before: ${sure(before)}`, `After: ${sure(after)}`],
    ],
    ['Another session', more === null ? [] : [more ? 'They want one' : 'Not wanted']],
    ['Notes', session.note === '' ? [] : session.note.split('\n')],
    ['Written down', at === null ? [] : [`${formatInstant(at)} by ${session.told_by ?? ''}`]],
  ]
  return rows.flatMap(([key, lines]) => (lines.length === 0 ? [] : [{ key, lines }]))
}

const sure = (value: number | null) => (value === null ? 'not asked' : `${value} of 5`)

function attendanceForm(session: TrainingDetail, form: FormShown): TrainingPage['form'] {
  const { came, confidence_before: before, confidence_after: after, wants_more: more } = session
  const word = (is: boolean | null) => (is === null ? '' : is ? 'yes' : 'no')
  const saved = { came: word(came), before: String(before ?? ''), after: String(after ?? ''), more: word(more) }
  const field = formFields({ ...form, values: form.values ?? { ...saved, note: session.note } })
  const yesNo = [
    { value: 'yes', text: 'Yes' },
    { value: 'no', text: 'No' },
  ]
  const five = confidences.map((text, at) => ({ value: String(at + 1), text }))
  return {
    action: trainingUrl(session.id, 'result'),
    version: session.version,
    came: field.radios('came', 'Did they come?', yesNo, { inline: true }),
    before: field.radios('before', 'How sure did they feel before? (optional)', five, { inline: true }),
    after: field.radios('after', 'How sure do they feel now? (optional)', five, { inline: true }),
    more: field.radios('more', 'Do they want another session? (optional)', yesNo, { inline: true }),
    note: field.textarea('note', 'What they practise at home, and which guide they have (optional)', {
      ...{ rows: 3, maxlength: 1000 },
    }),
    button: session.came === null ? 'Save how it went' : 'Correct how it went',
  }
}

export type TrainingListPage = Page & { tables: DataTable[]; empty: { text: string; hint: string } | null }

/** Sessions that wait for how they went, those to come, and the newest that are over. */
export function presentTrainingList({ toCome, waiting, over }: TrainingLists, now: Date): TrainingListPage {
  const tables = [
    { rows: waiting, caption: 'How did it go?' },
    { rows: toCome, caption: 'To come' },
    { rows: over, caption: 'Over' },
  ].filter(({ rows }) => rows.length > 0)
  const hint = 'One is planned from the record of a person, or from the page of their appointment.'
  return {
    title: 'Training',
    tables: tables.map(({ rows, caption }) => sessionsTable(rows, now, caption)),
    empty: tables.length > 0 ? null : { text: 'No training session is planned.', hint },
  }
}

function sessionsTable(rows: TrainingRow[], now: Date, caption: string): DataTable {
  return {
    caption,
    columns: [{ text: 'When' }, { text: 'With' }, { text: 'About' }, { text: 'How sure they felt' }, { text: 'State' }],
    rows: rows.map((row) => ({
      cells: [
        { text: formatShortInstant(row.starts_at), href: trainingUrl(row.id), hint: row.champion },
        { text: row.service_user, href: `/service-users/${row.service_user_id}` },
        { text: topicsInWords(row.topics).join(', ') },
        { text: row.came === true ? `${sure(row.confidence_before)}, then ${sure(row.confidence_after)}` : '' },
        { tag: trainingTags[trainingState(row, now)] },
      ],
    })),
  }
}
