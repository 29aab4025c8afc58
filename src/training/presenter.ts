import { whenInWords } from '../appointments/when-rules.ts'
import { formatInstant, londonToday } from '../lib/dates.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
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
import { codesOf, type Warning } from '../lib/warnings.ts'
import { addWorkingDays } from '../lib/working-days.ts'
import { contactInstructions, recipientOf } from '../safe-contact/rules.ts'
import { type MeetingFields, meetingFields } from '../trial-calls/meeting-fields-rules.ts'
import { groupUrl, trainingOfUrl, trainingUrl } from './links-rules.ts'
import { sessionsTable } from './list-presenter.ts'
import type { PlanFacts, TrainingDetail } from './queries.ts'
import {
  confidences,
  lengths,
  sureInWords,
  type Topic,
  type TrainingWay,
  topicNames,
  topicsInWords,
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
    /** Whom it is for; null where nobody who supports them may come. */
    whom: RadiosField | null
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
    whom: whomField(person, found, field),
    ...meetingFields(field, {
      ...{ lengths, whoLabel: 'Who gives it?', champions: found.champions },
      hasSupporter: chosen?.supporter === 'yes',
      hasInterpreter: chosen ? chosen.interpreter === 'yes' : isInterpreted,
    }),
    cancel: `/service-users/${person.id}`,
  }
}

function whomField(person: PlanShown['person'], { supporters }: PlanFacts, field: ReturnType<typeof formFields>) {
  if (supporters.length === 0) return null
  const items = supporters.map(({ id, name, relation }) => ({
    value: String(id),
    text: relation === '' ? name : `${name} (${relation})`,
    hint: 'What they learn does not count as what the person learned. Tell them yourself when it is',
  }))
  const field_ = field.radios('for', 'Who is it for?', [{ value: 'person', text: person.name }, ...items])
  return { ...field_, value: field_.value === '' ? 'person' : field_.value }
}

export type TrainingPage = Page & {
  name: string
  lead: string
  state: StateTag
  warnings: { heading: string; lines: string[] }[]
  about: SummaryRow[]
  again: { href: string; text: string }
  /** The group that it is a place in. */
  group: Link | null
  form: {
    action: string
    version: number
    came: RadiosField
    agreed: RadiosField | null
    couldBefore: CheckboxesField
    couldAfter: CheckboxesField
    before: RadiosField
    after: RadiosField
    more: RadiosField
    note: TextareaField
    button: string
  } | null
  cancellation: { action: string; version: number; text: string } | null
}

export interface TrainingShown extends FormShown {
  session: TrainingDetail
  now: Date
}

/** One session: before it, what to know; from its beginning on, how it went. */
export function presentTraining({ session, now, ...form }: TrainingShown): TrainingPage {
  const hasBegun = Date.parse(session.starts_at) <= now.getTime()
  const isOpen = session.cancelled_at === null && session.came === null
  const { group_entry_id: groupId } = session
  const text = groupId === null ? 'Cancel this session' : 'Take them off the list'
  const instructions = contactInstructions(
    recipientOf(session, session.contact, session.supporter_id),
    session.contact_instruction,
  )
  return {
    title: 'Training session',
    name:
      session.supporter === null ? session.service_user : `${session.supporter}, who supports ${session.service_user}`,
    errors: form.errors,
    back: { href: '/training', text: 'Training' },
    lead: `${wayNames[session.way as TrainingWay]}, ${whenInWords(session)}`,
    state: trainingTags[trainingState(session, now)],
    warnings: instructions.length === 0 ? [] : [{ heading: 'Before you contact them', lines: instructions }],
    about: aboutRows(session),
    again: { href: trainingOfUrl(session.service_user_id), text: 'Plan another session' },
    form: session.cancelled_at === null && hasBegun ? attendanceForm(session, form) : null,
    group: groupId === null ? null : { href: groupUrl(groupId), text: 'The group, with who else is invited' },
    cancellation:
      isOpen && (!hasBegun || groupId !== null)
        ? { action: trainingUrl(session.id, 'cancellation'), version: session.version, text }
        : null,
  }
}

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
      'How the group works',
      session.agreed_ways === null ? [] : [session.agreed_ways ? 'They agreed' : 'Not agreed yet'],
    ],
    ['Could do before', session.could_before === null ? [] : couldInWords(session.could_before)],
    ['Can do now', session.could_after === null ? [] : couldInWords(session.could_after)],
    [
      'How sure they felt',
      before === null && after === null ? [] : [`Before: ${sureInWords(before)}`, `After: ${sureInWords(after)}`],
    ],
    ['Another session', more === null ? [] : [more ? 'They want one' : 'Not wanted']],
    ['Notes', session.note === '' ? [] : session.note.split('\n')],
    ['Written down', at === null ? [] : [`${formatInstant(at)} by ${session.told_by ?? ''}`]],
  ]
  return rows.flatMap(([key, lines]) => (lines.length === 0 ? [] : [{ key, lines }]))
}

const couldInWords = (of: string[]) => (of.length === 0 ? ['None of it yet'] : topicsInWords(of))

function attendanceForm(session: TrainingDetail, form: FormShown): TrainingPage['form'] {
  const { came, confidence_before: before, confidence_after: after, wants_more: more } = session
  const word = (is: boolean | null) => (is === null ? '' : is ? 'yes' : 'no')
  const saved = {
    ...{ came: word(came), before: String(before ?? ''), after: String(after ?? ''), more: word(more) },
    ...{ agreed: word(session.agreed_ways), 'could-before': session.could_before?.join(' ') ?? '' },
    'could-after': session.could_after?.join(' ') ?? '',
  }
  const field = formFields({ ...form, values: form.values ?? { ...saved, note: session.note } })
  const yesNo = [
    { value: 'yes', text: 'Yes' },
    { value: 'no', text: 'No' },
  ]
  const could = (id: string, label: string): CheckboxesField => ({
    ...{ id, name: id, label, values: (form.values ?? saved)[id as keyof typeof saved]?.split(' ') ?? [] },
    items: session.topics.map((topic) => ({ value: topic, text: topicNames[topic as Topic] })),
  })
  const five = confidences.map((text, at) => ({ value: String(at + 1), text }))
  return {
    action: trainingUrl(session.id, 'result'),
    version: session.version,
    came: field.radios('came', 'Did they come?', yesNo, { inline: true }),
    agreed:
      session.group_entry_id === null
        ? null
        : field.radios('agreed', 'Did they agree to how the group works? (optional)', yesNo, { inline: true }),
    couldBefore: could('could-before', 'What could they do before, alone or with help? (optional)'),
    couldAfter: could('could-after', 'What can they do now, alone or with help? (optional)'),
    before: field.radios('before', 'How sure did they feel before? (optional)', five, { inline: true }),
    after: field.radios('after', 'How sure do they feel now? (optional)', five, { inline: true }),
    more: field.radios('more', 'Do they want another session? (optional)', yesNo, { inline: true }),
    note: field.textarea('note', 'What they practise at home, and which guide they have (optional)', {
      ...{ rows: 3, maxlength: 1000 },
    }),
    button: session.came === null ? 'Save how it went' : 'Correct how it went',
  }
}
