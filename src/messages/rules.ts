import type { TagColour } from '../lib/view-model.ts'

/** What a delivery says happened; `kept` where there is no mail server, and the message waits to be read here. */
export type Outcome =
  | 'trying'
  | 'sent'
  | 'failed'
  | 'refused'
  | 'gave-up'
  | 'too-late'
  | 'kept'
  | 'again'
  | 'withheld'
  | 'overtaken'
  | 'delivered'
  | 'undelivered'
  | 'turned-away'

/** What a message is: what its last delivery says. docs/states.md has the whole table. */
export const messageStates = {
  waiting: { text: 'Waiting to be sent', colour: 'blue' },
  retrying: { text: 'Not sent yet, will be tried again', colour: 'yellow' },
  sent: { text: 'Sent', colour: 'green' },
  arrived: { text: 'Arrived', colour: 'green' },
  lost: { text: 'Sent, and did not arrive', colour: 'orange' },
  kept: { text: 'Kept here to read', colour: 'grey' },
  stuck: { text: 'Not sent', colour: 'red' },
  withheld: { text: 'Not sent: to do in another way', colour: 'orange' },
  overtaken: { text: 'Not sent: not needed any more', colour: 'grey' },
} as const satisfies Record<string, { text: string; colour: TagColour }>

export type MessageState = keyof typeof messageStates

const stateAfter: Record<Outcome, MessageState> = {
  trying: 'waiting',
  again: 'waiting',
  failed: 'retrying',
  sent: 'sent',
  kept: 'kept',
  refused: 'stuck',
  'gave-up': 'stuck',
  'too-late': 'stuck',
  withheld: 'withheld',
  overtaken: 'overtaken',
  delivered: 'arrived',
  undelivered: 'lost',
  'turned-away': 'lost',
}

export function messageState(lastOutcome: string | null): MessageState {
  return lastOutcome === null ? 'waiting' : stateAfter[lastOutcome as Outcome]
}

/** After these nothing happens by itself any more. */
export function isOver(lastOutcome: string | null): boolean {
  return ['sent', 'arrived', 'lost', 'kept', 'stuck', 'withheld', 'overtaken'].includes(messageState(lastOutcome))
}

export const outcomeWords: Record<Outcome, string> = {
  trying: 'Handed to the mail server',
  sent: 'The mail server took it',
  failed: 'The mail server could not be reached, or asked us to come back later',
  refused: 'The mail server will not take it',
  'gave-up': 'Tried too often: given up',
  'too-late': 'Too late to be of use: not sent',
  kept: 'Kept here: no mail server is set up',
  again: 'Somebody asked to try again',
  withheld: 'Not sent: they may not be contacted so',
  overtaken: 'Not sent: what it says is not so any more',
  delivered: 'It reached their phone',
  undelivered: 'It did not reach their phone, which may be off',
  'turned-away': 'There is no such number',
}

/** What each kind of message is called on a page. */
export const messageKinds: Readonly<Record<string, string>> = {
  'staff-invitation': 'Invitation to join',
  'password-reset': 'Link to set a new password',
  'second-factor-reset': 'Notice that the second step of signing in was reset',
  'record-opened': 'Notice that a record was opened outside somebody’s reach',
  'account-changed': 'Notice that an account was changed',
  reports: 'Published reports of a month or quarter',
  'check-in': 'Question how it is going with a loan',
  'loan-made': 'What was lent',
  'review-in-a-week': 'Reminder a week before a review',
  'review-tomorrow': 'Reminder the day before a review',
  'overdue-first': 'First reminder after a review',
  'overdue-second': 'Second reminder after a review',
  'overdue-third': 'Third reminder after a review',
  'overdue-by-hand': 'Call about a review that is four weeks past',
  'session-made': 'When a training or trial-run call is',
  'session-moved': 'New time of a training or trial-run call',
  'session-in-two-days': 'Reminder two days before a call',
  'session-in-two-hours': 'Reminder two hours before a call',
  'appointment-preparation': 'How to get ready for an appointment',
  'data-ending': 'Data that ends soon',
  'text-answered': 'Somebody answered a text: ring them',
  'locker-uncollected': 'A device left in a locker',
}

/** How often a message is tried in all: the last pauses are 6 hours each, so this takes a little more than a day. */
export const MOST_TRIES = 14

/**
 * Whether a mail server that answered so will ever take this message. Codes of 500 and more are for good (RFC 5321,
 * 4.2.1), but for 530, 534, 535 and 538: those are about our own password, which somebody can put right.
 */
export function isRefusal(code: number | undefined): boolean {
  return code !== undefined && code >= 500 && ![530, 534, 535, 538].includes(code)
}
