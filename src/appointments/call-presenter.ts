import { safeUrl } from '../lib/safe-url.ts'
import type { Link, Page, PageError, SummaryRow } from '../lib/view-model.ts'
import { type QuickWord, quickOutcomes, thingsToTry } from './call-rules.ts'
import { appointmentUrl } from './links-rules.ts'
import { agreedNumber } from './number-rules.ts'
import { backUpWords, instructionsFor, platformRows } from './presenter.ts'
import type { AppointmentDetail } from './queries.ts'
import { isOpen, isRemote, mayHaveOutcome } from './rules.ts'
import { whenInWords } from './when-rules.ts'
import { type BackUp, type Way, wayNames } from './words-rules.ts'

export interface CallShown {
  appointment: AppointmentDetail
  now: Date
  /** Whoever may not see how somebody is reached at home is told no number in the instruction. */
  seesNumbers: boolean
  mayRaiseConcern: boolean
  errors?: PageError[]
}

export type CannotGetInPage = Page & {
  name: string
  lead: string
  instructions: string[]
  rows: SummaryRow[]
  tries: readonly string[]
  tell: string
  quick: { action: string; version: number; outcomes: { what: QuickWord; text: string }[] } | null
  /** Why nothing can be pressed: it has not begun, or it is over. */
  noQuick: string | null
  raise: Link | null
  links: Link[]
}

/** Somebody rings and cannot get in: everything that whoever picks up needs, and one press for what became of it. */
export function presentCannotGetIn(shown: CallShown): CannotGetInPage {
  const { appointment, now } = shown
  const url = appointmentUrl(appointment.id)
  const hasBegun = mayHaveOutcome(appointment, now)
  const mayTell = isOpen(appointment) && hasBegun
  return {
    title: isRemote(appointment.way) ? 'Cannot get in now' : 'Not there yet',
    name: appointment.service_user,
    errors: shown.errors,
    lead: `${wayNames[appointment.way as Way]}, ${whenInWords(appointment)}`,
    back: { href: '/appointments/now', text: 'Now and in the next hour' },
    instructions: instructionsFor(shown),
    rows: getInRows(appointment),
    tries: thingsToTry(appointment.way),
    tell: tellWords(appointment),
    quick: mayTell ? quickForm(appointment) : null,
    noQuick: mayTell ? null : whyNot(appointment),
    raise: raiseLink(shown),
    links: [
      { href: `${url}/call-sheet`, text: 'Open the call sheet' },
      { href: url, text: 'See the whole appointment' },
    ],
  }
}

function whyNot(appointment: AppointmentDetail): string {
  if (appointment.cancelled_at !== null) return 'It was cancelled. Ask them whether they know, and agree another time.'
  return isOpen(appointment)
    ? 'It has not begun yet, so there is nothing to write down about it.'
    : 'It is written down how it went.'
}

/** What there is to say of a call, without what nobody wrote down. */
export const callRows = (rows: [string, string][]): SummaryRow[] =>
  rows.flatMap(([key, value]) => (value === '' ? [] : [{ key, lines: value.split('\n') }]))

function getInRows(appointment: AppointmentDetail): SummaryRow[] {
  if (!isRemote(appointment.way)) {
    const { place, in_person_needs } = appointment
    return callRows([
      ['Where', place || 'Not written down'],
      ['What they need', in_person_needs],
    ])
  }
  const link = appointment.way === 'phone' || !isOpen(appointment) ? undefined : safeUrl(appointment.join_link)
  return [
    ...(link === undefined ? [] : [{ key: 'Link to join', value: link, href: link }]),
    ...platformRows(appointment),
    ...callRows([
      ['Number that will show', appointment.number_shown || 'Not written down'],
      ['The back-up', backUpWords(appointment) || 'None is agreed. Offer to call them now, or to meet face to face.'],
      [
        'Call them back on',
        agreedNumber(appointment.call_back_number, appointment.contact) ||
          'Not agreed. Ask which number is safe to use',
      ],
    ]),
  ]
}

function tellWords({ clinician, team }: AppointmentDetail): string {
  const who = [clinician, team ?? ''].filter((text) => text !== '').join(', ')
  return who === ''
    ? 'Nobody is named. Tell the person’s team that they are trying to get in.'
    : `Tell ${who} now that they are trying to get in.`
}

function quickForm(appointment: AppointmentDetail): NonNullable<CannotGetInPage['quick']> {
  const outcomes = quickOutcomes(appointment.way as Way, appointment.back_up as BackUp | null)
  return {
    action: appointmentUrl(appointment.id, 'now'),
    version: appointment.version,
    outcomes: outcomes.map(({ what, text }) => ({ what, text })),
  }
}

export function raiseLink({ appointment, mayRaiseConcern }: CallShown): Link | null {
  if (!mayRaiseConcern) return null
  return { href: `/concerns/new?person=${appointment.service_user_id}`, text: 'Raise a concern' }
}
