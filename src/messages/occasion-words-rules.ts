import { formatInstant, formatLongDate, parseInstant } from '../lib/dates.ts'
import type { How } from '../safe-contact/kinds-rules.ts'
import type { MessageRuleName, Occasion } from './occasion-rules.ts'

export interface Words {
  subject: string
  body: string
}

type Told = Pick<Occasion, 'about_at' | 'about_on' | 'sender' | 'detail'>

/** How somebody meets, as it stands in a message: of no way is it told what for. */
const meetings: Readonly<Record<string, string>> = {
  video: 'video call',
  phone: 'phone call',
  'face-to-face': 'meeting',
  'home-visit': 'visit at home',
}

interface Parts {
  meeting: string
  at: string
  day: string
  who: string
}

interface Template {
  subject(parts: Parts): string
  lines(parts: Parts): string[]
}

const ANSWER = 'If that does not suit you, tell us.'
const KEEP = 'You can ask to keep it for longer: tell us.'
const still = (day: string) => `We planned to look on ${day} at whether you still need what you borrowed from us.`

/** What each message says. Nothing here names a service, what somebody has, or why they are helped. */
const templates: Readonly<Record<MessageRuleName, Template>> = {
  'loan-made': {
    subject: () => 'What you borrowed',
    lines: ({ day }) => [
      `Here is a note for you to keep about what you borrowed. We look together on ${day} at whether you still need it.`,
      'If it breaks, is lost or does not work for you, tell us. Nobody will be angry, and there is nothing to pay.',
    ],
  },
  'review-in-a-week': {
    subject: () => 'What you borrowed: do you still need it?',
    lines: ({ day }) => [`On ${day} we look together at whether you still need what you borrowed from us.`, KEEP],
  },
  'review-tomorrow': {
    subject: () => 'Tomorrow: do you still need what you borrowed?',
    lines: ({ day }) => [`On ${day} we look together at whether you still need what you borrowed from us.`, KEEP],
  },
  'overdue-first': {
    subject: () => 'Do you still need what you borrowed?',
    lines: ({ day }) => [still(day), `Please tell us how it goes. ${KEEP}`],
  },
  'overdue-second': {
    subject: () => 'Please tell us about what you borrowed',
    lines: ({ day }) => [still(day), `We have not heard from you since. ${KEEP}`],
  },
  'overdue-third': {
    subject: () => 'We would like to hear from you',
    lines: ({ day }) => [
      still(day),
      'Please tell us, or we will ring you. Nothing is switched off, and nothing is to pay.',
    ],
  },
  'overdue-by-hand': { subject: () => '', lines: () => [] },
  'session-made': {
    subject: ({ at }) => `We meet on ${at}`,
    lines: ({ meeting, at, who }) => [`Our ${meeting} is on ${at}.${who}`, ANSWER],
  },
  'session-moved': {
    subject: ({ at }) => `A new time: ${at}`,
    lines: ({ meeting, at, who }) => [`Our ${meeting} is now on ${at}. Forget the time you had before.${who}`, ANSWER],
  },
  'session-in-two-days': {
    subject: ({ at }) => `Reminder: ${at}`,
    lines: ({ meeting, at, who }) => [
      `Our ${meeting} is on ${at}.${who}`,
      'Charge what you use for it, and find a place where you can talk.',
      ANSWER,
    ],
  },
  'session-in-two-hours': {
    subject: ({ at }) => `Today: ${at}`,
    lines: ({ meeting, at, who }) => [`Our ${meeting} is soon, on ${at}.${who}`],
  },
  'appointment-preparation': {
    subject: () => 'Getting ready for your call',
    lines: ({ at }) => [
      `You have a call on ${at}. Before it: charge what you use for it, plug it in, and find a place where you can talk.`,
      'If something does not work, ring us before then and we will help. You can always ask to meet in person.',
    ],
  },
  'data-ending': {
    subject: () => 'Your data ends soon',
    lines: ({ day }) => [`The mobile data we gave you ends on ${day}.`, 'Tell us if you need more.'],
  },
  'locker-uncollected': {
    subject: () => 'A locker waits to be emptied',
    lines: () => ['A device has been ready in its charging locker for some hours. Please give it back to its owner.'],
  },
}

/** Says the service’s name only where they agreed to that. */
export interface Sender {
  toName: string
  organisation: string
}

/** The same as a text: one paragraph, without a subject. */
export function asText({ body }: Words): string {
  return body.split(/\n+/).join(' ')
}

/** What one message says to one person. */
export function writeMessage(rule: MessageRuleName, told: Told, to: Sender, how: How): Words {
  const parts: Parts = {
    meeting: meetings[told.detail ?? ''] ?? 'call',
    at: told.about_at === null ? '' : formatInstant(parseInstant(told.about_at)),
    day: told.about_on === null ? 'the day we agreed' : formatLongDate(told.about_on),
    who: told.sender === null ? '' : ` You meet ${told.sender}.`,
  }
  const { subject, lines } = templates[rule]
  const names = [told.sender, how.namesService ? to.organisation : null].filter((name) => name !== null)
  const signed = names.length === 0 ? [] : [names.join('\n')]
  return { subject: subject(parts), body: [`Hello ${to.toName},`, ...lines(parts), ...signed].join('\n\n') }
}
