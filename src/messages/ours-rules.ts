import type { MessageRuleName } from './occasion-rules.ts'
import { asLetter, asText, type Field, type Wording } from './wording-rules.ts'

/** The kinds of messages that go out in words which an organisation may replace by its own. */
export type WordedKind = Exclude<MessageRuleName, 'overdue-by-hand'> | 'check-in'

interface Ours {
  subject: string
  /** How it begins; by name where nothing else is said. */
  hello?: string
  lines: string[]
  /** Said in emails besides: what takes too many texts, and cannot be tapped on paper. */
  inEmails?: string[]
  /** What it knows to fill in, besides a name and who signs it. */
  knows: Field[]
  /** Without these it is of no use. */
  needs?: Field[]
}

const HELLO = 'Hello {{name}},'
const SIGNED = '{{signed}}'
const ANSWER = 'If that does not suit you, tell us.'
const KEEP = 'You can ask to keep it for longer: tell us.'
const JOIN = 'How to join, step by step: {{guide}}'
const LOOK = 'On {{day}} we look together at whether you still need what you borrowed from us.'
const STILL = 'We planned to look on {{day}} at whether you still need what you borrowed from us.'

const ofSession: Pick<Ours, 'knows' | 'needs'> = {
  knows: ['day and time', 'call or visit', 'who they meet', 'guide'],
  needs: ['day and time'],
}
const ofDay: Pick<Ours, 'knows'> = { knows: ['day'] }

/** What each message says where an organisation has no words of its own. Nothing here names a service, what somebody has, or why they are helped. */
const messages: Readonly<Record<WordedKind, Ours>> = {
  'loan-made': {
    ...ofDay,
    subject: 'What you borrowed',
    lines: [
      'Here is a note for you to keep about what you borrowed. We look together on {{day}} at whether you still need it.',
      'If it breaks, is lost or does not work for you, tell us. Nobody will be angry, and there is nothing to pay.',
    ],
  },
  'review-in-a-week': { ...ofDay, subject: 'What you borrowed: do you still need it?', lines: [LOOK, KEEP] },
  'review-tomorrow': { ...ofDay, subject: 'Tomorrow: do you still need what you borrowed?', lines: [LOOK, KEEP] },
  'overdue-first': {
    ...ofDay,
    subject: 'Do you still need what you borrowed?',
    lines: [STILL, `Please tell us how it goes. ${KEEP}`],
  },
  'overdue-second': {
    ...ofDay,
    subject: 'Please tell us about what you borrowed',
    lines: [STILL, `We have not heard from you since. ${KEEP}`],
  },
  'overdue-third': {
    ...ofDay,
    subject: 'We would like to hear from you',
    lines: [STILL, 'Please tell us, or we will ring you. Nothing is switched off, and nothing is to pay.'],
  },
  'session-made': {
    ...ofSession,
    inEmails: [JOIN],
    subject: 'We meet on {{day and time}}',
    lines: ['Our {{call or visit}} is on {{day and time}}. You meet {{who they meet}}.', ANSWER],
  },
  'session-moved': {
    ...ofSession,
    subject: 'A new time: {{day and time}}',
    lines: [
      'Our {{call or visit}} is now on {{day and time}}. Forget the time you had before. You meet {{who they meet}}.',
      ANSWER,
    ],
  },
  'session-in-two-days': {
    ...ofSession,
    subject: 'Reminder: {{day and time}}',
    lines: [
      'Our {{call or visit}} is on {{day and time}}. You meet {{who they meet}}.',
      'Charge what you use for it, and find a place where you can talk.',
      ANSWER,
    ],
  },
  'session-in-two-hours': {
    ...ofSession,
    subject: 'Today: {{day and time}}',
    lines: ['Our {{call or visit}} is soon, on {{day and time}}. You meet {{who they meet}}.'],
  },
  'appointment-preparation': {
    knows: ['day and time', 'guide'],
    needs: ['day and time'],
    inEmails: [JOIN],
    subject: 'Getting ready for your call',
    lines: [
      'You have a call on {{day and time}}. Before it: charge what you use for it, plug it in, and find a place where you can talk.',
      'If something does not work, ring us before then and we will help. You can always ask to meet in person.',
    ],
  },
  'data-ending': {
    ...ofDay,
    needs: ['day'],
    subject: 'Your data ends soon',
    lines: ['The mobile data we gave you ends on {{day}}.', 'Tell us if you need more.'],
  },
  'locker-uncollected': {
    knows: [],
    subject: 'A locker waits to be emptied',
    lines: ['A device has been ready in its charging locker for some hours. Please give it back to its owner.'],
  },
  'check-in': {
    // whoever finds it can answer for them, so it says nothing of them
    ...{ knows: ['link'], needs: ['link'], hello: 'Hello,' },
    subject: 'How is it going?',
    lines: [
      'How is it going? One tap is enough, and you do not have to sign in:\n{{link}}',
      'You do not have to answer. If you would rather talk, ring us as you usually do.',
    ],
  },
}

export const wordedKinds = Object.keys(messages) as WordedKind[]

export const isWorded = (kind: string): kind is WordedKind => Object.hasOwn(messages, kind)

/** What a message of this kind may have filled in, and what it has to have. */
export function fieldsOf(kind: WordedKind): { knows: Field[]; needs: Field[] } {
  const { knows, needs = [] } = messages[kind]
  return { knows: ['name', ...knows, ...(kind === 'check-in' ? [] : (['signed'] as const))], needs }
}

/** The words of a message as it comes with the service. */
export function oursFor(kind: WordedKind): Wording {
  const { subject, hello = HELLO, lines, inEmails = [] } = messages[kind]
  const written = (inEmails: string[]) =>
    [hello, ...lines, ...inEmails, ...(kind === 'check-in' ? [] : [SIGNED])].join('\n\n')
  const plain = written([])
  return { subject, body: written(inEmails), text: asText(plain), letter: asLetter(plain) }
}

/** All our words at once: what stands in them is no secret. */
export const allOurWords = Object.values(messages)
  .flatMap(({ subject, lines }) => [subject, ...lines])
  .join('\n')
