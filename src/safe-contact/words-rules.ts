import { formatClock } from '../lib/date-formats.ts'
import type { Channel, ContactAnswer, Refused } from './kinds-rules.ts'

/** What each way is called, and how it is asked about. */
export const channelWords: Readonly<Record<Channel, { name: string; question: string; no: string }>> = {
  call: { name: 'Calls', question: 'May we call them?', no: 'No calls' },
  voicemail: { name: 'Voicemail', question: 'May we leave a voicemail?', no: 'No voicemail' },
  text: { name: 'Texts', question: 'May we text them?', no: 'No texts' },
  email: { name: 'Emails', question: 'May we email them?', no: 'No emails' },
  post: { name: 'Letters', question: 'May we send letters?', no: 'No letters' },
}

export const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

const told: Readonly<Record<Refused, string>> = {
  died: 'This person has died.',
  admitted: 'This person is on a ward, so nothing is asked back from them.',
  moved: 'This person has moved away, and the address is the old one.',
  supporter: 'The person has not agreed that we tell this supporter.',
  parent: 'It is not known to be safe to contact a parent, and a supporter may be one.',
  'not-allowed': 'They said no to this.',
  'not-asked': 'Nobody has asked them whether this is all right.',
  'no-address': 'There is no number or address on their record for this.',
  'not-safe': 'This number or address is not to be used.',
  paused: 'This number or address is not confirmed as safe to use.',
  'not-now': 'It is outside the times that are agreed.',
  'never-then': 'The times they agreed are outside the hours in which messages are sent.',
}

/** Why a message was not sent, for anybody at work to read. */
export function toldFor(reason: Refused, channel: Channel): string {
  return reason === 'not-allowed' ? `They said: ${channelWords[channel].no.toLowerCase()}.` : told[reason]
}

type Answer = Pick<
  ContactAnswer,
  'channel' | 'answer' | 'from_hour' | 'until_hour' | 'days' | 'number_shown' | 'names_service'
>

/** "Yes, only from 10am to 12pm, Monday and Friday". */
export function answerInWords(answer: Answer | undefined): string {
  if (!answer) return 'Not asked yet, so nothing is sent'
  if (answer.answer === 'not-allowed') return 'No'
  return ['Yes', ...limitsOf(answer)].join(', ')
}

function limitsOf({ channel, from_hour, until_hour, days, number_shown, names_service }: Answer): string[] {
  return [
    ...(from_hour === null || until_hour === null
      ? []
      : [`only from ${formatClock(from_hour, 0)} to ${until_hour === 24 ? 'midnight' : formatClock(until_hour, 0)}`]),
    ...(days.length === 0 ? [] : [`only on ${daysInWords(days)}`]),
    ...(number_shown === null ? [] : [number_shown === 'withheld' ? 'our number withheld' : 'our number shown']),
    ...(channel === 'call' ? [] : [names_service ? 'we may say who we are' : 'without saying who we are']),
  ]
}

export function daysInWords(days: readonly number[]): string {
  const names = [...days].sort((one, other) => one - other).map((day) => dayNames[day - 1] ?? '')
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}

/** A restriction as an instruction: "Texts only from 10am to 12pm". Null where there is nothing out of the ordinary. */
export function restrictionOf(answer: Answer): string | null {
  const { name, no } = channelWords[answer.channel]
  if (answer.answer === 'not-allowed') return no
  const limits = limitsOf(answer).filter((words) => words !== 'our number shown' && words !== 'we may say who we are')
  const isOrdinary = limits.every((words) => words === 'without saying who we are')
  return isOrdinary ? null : `${name} ${limits.join(', ')}`
}
