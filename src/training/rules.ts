import { parseInstant } from '../lib/dates.ts'
import type { StateTag } from '../lib/view-model.ts'

/** What a session may be about, in the order of the questions about skills. */
export const topicNames = {
  charge: 'Switching it on and charging it',
  wifi: 'Joining Wi-Fi',
  link: 'Opening a link from a message',
  join: 'Joining a call',
  sound: 'Sound and camera',
  accounts: 'Accounts and passwords',
  settings: 'Settings, such as larger letters',
  safe: 'Staying safe from scams and strangers',
  other: 'Something else',
} as const
export type Topic = keyof typeof topicNames

/** What a session is about, or what somebody can do of it, in words. */
export const topicsInWords = (of: readonly string[]): string[] => of.map((topic) => topicNames[topic as Topic])

export const wayNames = {
  'face-to-face': 'Face to face',
  'home-visit': 'A visit at home',
  phone: 'A phone call',
  video: 'A video call',
} as const
export type TrainingWay = keyof typeof wayNames

export const lengths = [30, 45, 60, 90] as const
export const USUAL_MINUTES = 60

/** How sure somebody feels, from 1 to 5. */
export const confidences: readonly string[] = ['1, not sure at all', '2', '3', '4', '5, very sure']

/** Whether somebody who supports a person may be told about training, and so come to it. */
export function mayLearn({ consent, may_be_told }: { consent: string; may_be_told: readonly string[] }): boolean {
  return consent === 'given' && (may_be_told.includes('training') || may_be_told.includes('everything'))
}

export const sureInWords = (value: number | null) => (value === null ? 'not asked' : `${value} of 5`)

export interface TrainingFacts {
  starts_at: string
  ends_at: string
  cancelled_at: string | null
  came: boolean | null
}

export type TrainingState = 'cancelled' | 'came' | 'did-not-come' | 'waiting' | 'under-way' | 'to-come'

/** Where a session stands: worked out, and never stored. */
export function trainingState({ cancelled_at, came, starts_at, ends_at }: TrainingFacts, now: Date): TrainingState {
  if (cancelled_at !== null) return 'cancelled'
  if (came !== null) return came ? 'came' : 'did-not-come'
  if (parseInstant(ends_at) <= now) return 'waiting'
  return parseInstant(starts_at) <= now ? 'under-way' : 'to-come'
}

export const trainingTags: Readonly<Record<TrainingState, StateTag>> = {
  cancelled: { text: 'Cancelled', colour: 'grey' },
  came: { text: 'They came', colour: 'green' },
  'did-not-come': { text: 'They did not come', colour: 'grey' },
  waiting: { text: 'How did it go?', colour: 'yellow' },
  'under-way': { text: 'Now', colour: 'purple' },
  'to-come': { text: 'To come', colour: 'blue' },
}

export const CANCELLED = 'This session was cancelled, so nothing came of it. Plan a new one.'
export const NOT_BEGUN = 'This session has not begun. How it went can be written down once it has.'
export const TOOK_PLACE = 'How this session went is written down, so it stays. Plan another one.'
