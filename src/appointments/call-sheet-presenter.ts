import { formatInstant } from '../lib/dates.ts'
import type { Link, Page, SummaryRow } from '../lib/view-model.ts'
import { type CallShown, callRows, raiseLink } from './call-presenter.ts'
import { crisisLines } from './call-rules.ts'
import { appointmentUrl } from './links-rules.ts'
import { agreedNumber } from './number-rules.ts'
import { backUpWords, instructionsFor, supportersWords } from './presenter.ts'
import type { AppointmentDetail } from './queries.ts'
import { whenInWords } from './when-rules.ts'
import { type Way, wayNames } from './words-rules.ts'

export type CallSheetPage = Page & {
  name: string
  lead: string
  instructions: string[]
  rows: SummaryRow[]
  /** What is asked first, each with a line to write on. */
  ask: readonly string[]
  ends: readonly string[]
  crisis: readonly string[]
  raise: Link | null
  printedAt: string
}

/** What is asked before anything hard is talked about, and written down on the sheet. */
const askFirst = [
  'Where are you now? The full address, in case we have to send help.',
  'Can anybody hear or see us? Is it all right to talk?',
  'How full is the battery? Is it plugged in?',
  'On which number do we call you back if this ends?',
]

/** The sheet beside a call: location, charge, what to do when it ends suddenly, and who is there in a crisis. */
export function presentCallSheet(shown: CallShown, crisisLine: string): CallSheetPage {
  const { appointment, now } = shown
  const { call_back_number, contact, language, adaptations, others } = appointment
  return {
    title: 'Call sheet',
    name: appointment.service_user,
    lead: `${wayNames[appointment.way as Way]}, ${whenInWords(appointment)}`,
    back: { href: appointmentUrl(appointment.id), text: 'Back to the appointment' },
    // paper may lie about: no number of theirs stands on it but those agreed for this call
    instructions: instructionsFor({ ...shown, seesNumbers: false }),
    rows: callRows([
      ['Number to call back on', agreedNumber(call_back_number, contact) || 'Not agreed yet: ask'],
      ['The back-up', backUpWords(appointment) || 'Not agreed yet: ask'],
      ['Language they prefer', language],
      ['What makes it easier', adaptations],
      ['Their supporters', supportersWords(appointment)],
      ['Who else is there', others],
    ]),
    ask: askFirst,
    ends: whatIfItEnds(appointment),
    crisis: crisisLines(crisisLine),
    raise: raiseLink(shown),
    printedAt: `Printed on ${formatInstant(now)}. Shred it after the call.`,
  }
}

/** In this order, whoever is on the call. */
function whatIfItEnds(appointment: AppointmentDetail): string[] {
  const backUp = backUpWords(appointment)
  return [
    'Call back at once, on the number they gave at the start.',
    'Say nothing about who you are until you know who answers.',
    backUp === '' ? 'No answer: use the back-up that you agreed at the start.' : `No answer: ${backUp}.`,
    'Still nobody, and you are worried about their safety: ask for help at the address they gave.',
    'Write down how it went. Somebody who was cut off did not stay away.',
  ]
}
