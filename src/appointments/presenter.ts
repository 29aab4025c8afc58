import { formatDate, formatInstant, londonDate } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import { safeUrl } from '../lib/safe-url.ts'
import type { Link, Page, RadiosField, StateTag, SummaryRow } from '../lib/view-model.ts'
import { platformNote, platformUrl } from '../platforms/rules.ts'
import type { ReadinessFacts } from '../readiness/facts-rules.ts'
import { presentReadiness, type ReadinessPanel } from '../readiness/panel-rules.ts'
import { contactInstructions, recipientOf } from '../safe-contact/rules.ts'
import { appointmentsOfUrl, appointmentUrl } from './links-rules.ts'
import { agreedNumber } from './number-rules.ts'
import type { AppointmentDetail } from './queries.ts'
import { appointmentState, isOpen, isRemote, mayHaveOutcome, stateTags, takesPlatform } from './rules.ts'
import { daysInWords, daysWaited } from './waiting-rules.ts'
import { whenInWords } from './when-rules.ts'
import {
  type BackUp,
  backUpNames,
  type Canceller,
  cancellerNames,
  cancellers,
  type Disruption,
  disruptionNames,
  type Interpreter,
  interpreterNames,
  type Outcome,
  outcomeNames,
  type Purpose,
  purposeNames,
  type Way,
  wayNames,
  ways,
} from './words-rules.ts'

export type AppointmentPage = Page & {
  name: string
  lead: string
  state: StateTag
  warnings: { heading: string; lines: string[] }[]
  /** What it still needs; null once it has begun. */
  readiness: ReadinessPanel | null
  main: Link | null
  links: Link[]
  about: SummaryRow[]
  getIn: { title: string; rows: SummaryRow[] } | null
  outcome: SummaryRow[]
  version: number
  /** One step to another way of meeting, and one to cancel it; null once it is over. */
  change: {
    way: RadiosField
    wayAction: string
    wayOpen: boolean
    by: RadiosField
    byAction: string
    byOpen: boolean
  } | null
  ways: SummaryRow[]
}

export interface AppointmentShown extends FormShown {
  appointment: AppointmentDetail
  now: Date
  /** Whoever may not see how somebody is reached at home is told no number in the instruction. */
  seesNumbers: boolean
  /** What its readiness is told from, as long as it is to come; and whether whoever asks may do all of what it takes. */
  facts?: ReadinessFacts
  mayFixAll: boolean
}

/** One appointment: when, how, how to get in, and what is still open. */
export function presentAppointment(shown: AppointmentShown): AppointmentPage {
  const { appointment, now } = shown
  const url = appointmentUrl(appointment.id)
  const mayChange = isOpen(appointment)
  const way = appointment.way as Way
  return {
    title: 'Appointment',
    name: appointment.service_user,
    errors: shown.errors,
    back: { href: appointmentsOfUrl(appointment.service_user_id), text: 'Their appointments' },
    lead: `${wayNames[way]}, ${whenInWords(appointment)}`,
    state: stateTags[appointmentState(appointment, now)],
    warnings: mayChange ? presentWarnings(shown) : [],
    readiness: shown.facts ? presentReadiness(shown.facts, now, shown.mayFixAll) : null,
    main: mainLink(appointment, now),
    links: mayChange ? [...timesLinks(shown), ...callLinks(appointment), ...changeLinks(appointment)] : [],
    about: aboutRows(appointment),
    getIn: getIn(appointment),
    outcome: outcomeRows(appointment),
    version: appointment.version,
    change: mayChange ? changeForms(shown, url) : null,
    ways: wayRows(appointment),
  }
}

function mainLink(appointment: AppointmentDetail, now: Date): Link | null {
  if (!mayHaveOutcome(appointment, now)) return null
  const text = appointment.outcome === null ? 'Write down how it went' : 'Correct how it went'
  return { href: appointmentUrl(appointment.id, 'outcome'), text }
}

/** A trial-run call or training before it. */
function timesLinks({ appointment, now, mayFixAll }: AppointmentShown): Link[] {
  if (!mayFixAll || appointmentState(appointment, now) !== 'to-come') return []
  return [{ href: appointmentUrl(appointment.id, 'times'), text: 'Find a time for a call' }]
}

function callLinks({ id }: AppointmentDetail): Link[] {
  return [
    { href: appointmentUrl(id, 'now'), text: 'Cannot get in now' },
    { href: appointmentUrl(id, 'told'), text: 'Tell them when and how' },
    { href: appointmentUrl(id, 'call-sheet'), text: 'Call sheet' },
    { href: appointmentUrl(id, 'calendar'), text: 'Calendar file' },
  ]
}

function changeLinks({ id, way }: AppointmentDetail): Link[] {
  return [
    { href: appointmentUrl(id, 'edit'), text: 'Change the time or the clinician' },
    { href: appointmentUrl(id, 'details'), text: isRemote(way) ? 'Change how to get in' : 'Change what makes it work' },
  ]
}

/** What to do or leave when in touch with them, and never why. */
export function instructionsFor({ appointment, seesNumbers }: Pick<AppointmentShown, 'appointment' | 'seesNumbers'>) {
  const recipient = recipientOf(appointment, appointment.contact)
  return contactInstructions(recipient, appointment.contact_instruction, seesNumbers ? 'named' : 'unnamed')
}

function presentWarnings(shown: AppointmentShown): AppointmentPage['warnings'] {
  const instructions = instructionsFor(shown)
  return [
    ...(shown.appointment.state === 'died'
      ? [{ heading: 'This person has died', lines: ['Cancel this appointment. The care team speaks with the family.'] }]
      : []),
    ...(instructions.length === 0 ? [] : [{ heading: 'Before you contact them', lines: instructions }]),
  ]
}

const rowsOf = (rows: [string, string][]): SummaryRow[] =>
  rows.flatMap(([key, value]) => (value === '' ? [] : [{ key, lines: value.split('\n') }]))

function aboutRows(appointment: AppointmentDetail): SummaryRow[] {
  const { is_first, purpose, extra_minutes: extra, interpreter, team, clinician } = appointment
  return rowsOf([
    ['What for', `${purposeNames[purpose as Purpose]}${is_first ? ', their first with this team' : ''}`],
    ['Longer for a first time', extra > 0 ? `${extra} minutes, which are in the time above` : ''],
    ['Who they meet', clinician || 'Not written down'],
    ['Team', team ?? ''],
    ['Interpreter', interpreter === null ? 'Not asked yet' : interpreterNames[interpreter as Interpreter]],
    ['What makes it easier', appointment.adaptations],
    ['Their supporters', supportersWords(appointment)],
    ['Who else is there', appointment.others],
    ['Waited', waitedWords(appointment)],
    ['Made', `${formatInstant(appointment.made_at)} by ${appointment.made_by}`],
    ['Cancelled', cancelledWords(appointment)],
  ])
}

function waitedWords({ is_first, asked_on, starts_at, cancelled_at }: AppointmentDetail): string {
  if (!is_first || cancelled_at !== null) return ''
  return `${daysInWords(daysWaited({ asked_on, starts_at }))} from ${formatDate(asked_on)}, when it was asked for`
}

/** Who joins whom the person agreed to. Where that may be otherwise today, the person is asked first, and alone. */
export function supportersWords({ contact, supporter_ids, parent_contact }: AppointmentDetail): string {
  const isUnsure = contact.pause_id !== null || parent_contact === 'not-safe' || parent_contact === 'not-known'
  return supporter_ids
    .map((id) => contact.supporters.find((one) => one.id === id))
    .map((supporter) => {
      if (!supporter) return 'Somebody who supports them no more: do not let them in'
      if (supporter.consent !== 'given')
        return `${supporter.name}: the person does not agree any more. Do not let them in`
      return isUnsure ? `${supporter.name}: ask the person first, alone, whether they are to join` : supporter.name
    })
    .join('\n')
}

function cancelledWords({ cancelled_at, cancelled_by }: AppointmentDetail): string {
  if (cancelled_at === null) return ''
  return `${formatInstant(cancelled_at)}, by ${cancellerNames[cancelled_by as Canceller].toLowerCase()}`
}

/** The link is shown as long as there is something to join. */
function getIn(appointment: AppointmentDetail): AppointmentPage['getIn'] {
  if (!isRemote(appointment.way)) {
    const rows = rowsOf([
      ['Where', appointment.place],
      ['What they need', appointment.in_person_needs],
    ])
    return rows.length === 0 ? null : { title: 'What makes it work', rows }
  }
  const link = isOpen(appointment) && appointment.way !== 'phone' ? safeUrl(appointment.join_link) : undefined
  const rows = [
    ...(link === undefined ? [] : [{ key: 'Link to join', value: link, href: link }]),
    ...platformRows(appointment),
    ...rowsOf([
      ['Number that will show', appointment.number_shown],
      ['When it fails', backUpWords(appointment)],
      ['Call them back on', agreedNumber(appointment.call_back_number, appointment.contact)],
    ]),
  ]
  return rows.length === 0 ? null : { title: 'How to get in', rows }
}

/** The platform, with what to know about it where it is not simply approved, and how it is used. None of it stops anybody. */
export function platformRows({ platform, way }: AppointmentDetail): SummaryRow[] {
  if (platform === null || !takesPlatform(way)) return []
  const note = platformNote(platform, (at) => formatDate(londonDate(at)))
  const lines = [platform.name, note, ...platform.guidance.split('\n')].filter((line) => line !== '')
  return [
    {
      key: 'Platform',
      lines,
      actions: [{ href: platformUrl(platform.id), text: 'See', visuallyHiddenText: platform.name }],
    },
  ]
}

/** What was agreed for when it fails, with its number. */
export function backUpWords({ back_up, back_up_number, contact }: AppointmentDetail): string {
  const number = agreedNumber(back_up_number, contact)
  if (back_up === null) return number
  const words = backUpNames[back_up as BackUp]
  return number === '' ? words : `${words}: ${number}`
}

function outcomeRows(appointment: AppointmentDetail): SummaryRow[] {
  const { outcome, met_by, disruption, outcome_at, outcome_by } = appointment
  if (outcome === null || outcome_at === null) return []
  return rowsOf([
    ['What happened', outcomeNames[outcome as Outcome]],
    ['How they met', met_by === null ? '' : wayNames[met_by as Way]],
    ['What went wrong', disruption === null ? '' : disruptionNames[disruption as Disruption]],
    ['What they said', appointment.persons_words],
    ['What else to know', appointment.outcome_note],
    ['Written down', `${formatInstant(outcome_at)} by ${outcome_by ?? ''}`],
  ])
}

function changeForms(
  { appointment, values = {}, errors = [] }: AppointmentShown,
  url: string,
): AppointmentPage['change'] {
  const field = formFields({ values, errors })
  const isWrong = (id: string) => errors.some((error) => error.field === id)
  const others = ways.filter(({ value }) => value !== appointment.way)
  return {
    way: field.radios('way', 'How do they want to meet?', others, { hint: 'Nobody has to say why.' }),
    wayAction: `${url}/way`,
    wayOpen: isWrong('way'),
    by: field.radios('by', 'Who cancels it?', [...cancellers], { inline: true }),
    byAction: `${url}/cancellation`,
    byOpen: isWrong('by'),
  }
}

/** Each way that was chosen; nothing to tell where it was the first one all along. */
function wayRows({ ways: chosen }: AppointmentDetail): SummaryRow[] {
  if (chosen.length < 2) return []
  return chosen.map(({ way, since, staff_member }) => ({
    key: wayNames[way as Way],
    value: `Since ${formatInstant(since)}, written down by ${staff_member}`,
  }))
}
