import { uncollectedSince } from '../lockers/rules.ts'
import type { Purpose } from '../safe-contact/kinds-rules.ts'

const HOUR = 3_600_000

interface Rule {
  /** What causes it and when it goes out, as staff read it. */
  when: string
  /** What decides whether it goes out; null where it is for staff. */
  purpose: Purpose | null
  /** What is tried, the first that is allowed. */
  channels: readonly ('email' | 'text')[]
  /** What becomes of what may not be sent. A second reminder makes no second task of one and the same time. */
  otherwise: 'task' | 'nothing'
  /** What stops it, besides what stops every message. */
  stops: string
  /** Why nobody can switch it off. */
  alwaysOn?: string
  /** Never sent: from here on it is for a person to ring. */
  isByHand?: true
}

const byEmail = ['email', 'text'] as const
/** What is short and soon is read on a phone. */
const byText = ['text', 'email'] as const

const ofReview = { purpose: 'chase', channels: byEmail, stops: 'It is back, or its review is on another day' } as const
const ofSession = { purpose: 'training', stops: 'The call is cancelled or moved' } as const

/**
 * What is written by itself: one line for each cause. Which day or time a line falls due is in `occasion-queries.ts`, since
 * PostgreSQL finds it for all people at once. Nobody is written to from 8 in the evening to 8 in the morning (`mayContact`).
 */
export const messageRules = {
  'loan-made': {
    ...{ when: 'A loan is made', purpose: 'information', channels: byEmail, otherwise: 'nothing' },
    stops: 'Everything is back',
  },
  'review-in-a-week': { ...ofReview, when: '7 days before a review', otherwise: 'task' },
  'review-tomorrow': { ...ofReview, when: 'The day before a review', otherwise: 'nothing' },
  'overdue-first': { ...ofReview, when: '3 days after a review', otherwise: 'task' },
  'overdue-second': { ...ofReview, when: '10 days after a review', otherwise: 'nothing' },
  'overdue-third': { ...ofReview, when: '21 days after a review', otherwise: 'nothing' },
  'overdue-by-hand': {
    ...{ ...ofReview, when: '28 days after a review', otherwise: 'task', isByHand: true },
    alwaysOn: 'A person rings before anything else happens to a loan.',
  },
  'session-made': {
    ...{ ...ofSession, when: 'A training or trial-run call is made', channels: byEmail, otherwise: 'task' },
    alwaysOn: 'People pick up when they know who will call them, and when.',
  },
  'session-moved': {
    ...{ ...ofSession, when: 'A training or trial-run call is moved', channels: byEmail, otherwise: 'task' },
    alwaysOn: 'Whoever was told a time must hear of the new one.',
  },
  'session-in-two-days': { ...ofSession, when: '2 days before the call', channels: byText, otherwise: 'task' },
  'session-in-two-hours': { ...ofSession, when: '2 hours before the call', channels: byText, otherwise: 'nothing' },
  'appointment-preparation': {
    ...{ when: '3 days before a remote appointment', purpose: 'appointment', channels: byEmail, otherwise: 'task' },
    stops: 'The appointment is cancelled, moved, or in person',
  },
  'data-ending': {
    ...{ when: '7 days before data ends', purpose: 'information', channels: byEmail, otherwise: 'task' },
    stops: 'They have other data, or it ends on another day',
  },
  'locker-uncollected': {
    ...{ when: 'A device is left in a locker', purpose: null, channels: ['email'], otherwise: 'nothing' },
    stops: 'The bay is empty',
  },
} as const satisfies Record<string, Rule>

export type MessageRuleName = keyof typeof messageRules

export function ruleOf(name: MessageRuleName): Rule {
  return messageRules[name]
}

/** What was found to be written about. The days and times are those that it is about. */
export interface Occasion {
  cause: string
  rule: MessageRuleName
  organisation_id: number
  service_user_id: number | null
  /** Whoever supports them, where it is for that person and not for them: who is trained is told when. */
  supporter_id: number | null
  /** Whoever at work it is for, where it is for nobody else. */
  staff_id: number | null
  staff_name: string | null
  staff_email: string | null
  subject_id: number
  about_at: string | null
  about_on: string | null
  /** Until when it is of use. */
  send_until: string
  sender_id: number | null
  sender: string | null
  /** How a session is held; where a locker is. */
  detail: string | null
}

/** The moments and days that what falls due is found by. */
export function momentsOf(now: Date) {
  const ahead = (hours: number) => new Date(now.getTime() + hours * HOUR)
  return {
    now,
    lately: ahead(-48),
    inTwoHours: ahead(2),
    inTwoDays: ahead(48),
    inThreeDays: ahead(72),
    anHourAgo: ahead(-1),
    aDayAgo: ahead(-24),
    collectedUntil: uncollectedSince(now),
  }
}

export type Moments = ReturnType<typeof momentsOf>
