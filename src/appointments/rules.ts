import type { Instant } from '../lib/dates.ts'
import { parseInstant } from '../lib/dates.ts'
import type { StateTag } from '../lib/view-model.ts'
import type { BackUp, Canceller, Disruption, Interpreter, Outcome, Purpose, Way } from './words-rules.ts'

const MINUTE = 60_000

/** A first remote contact takes longer: getting in, being heard, where they are, what to do when it ends suddenly. */
export const EXTRA_MINUTES = 15

/** How long an appointment may be, without the minutes that a first remote one takes longer. */
export const lengths = [15, 20, 30, 45, 50, 60, 90, 120] as const
export const USUAL_MINUTES = 50

/** Further off than this is a slip of the pen. */
const MOST_DAYS_AHEAD = 731

const remote: ReadonlySet<string> = new Set<Way>(['phone', 'video', 'text'])

export function isRemote(way: string): boolean {
  return remote.has(way)
}

/** Whether they meet on a platform: a phone call needs none. */
export function takesPlatform(way: string): boolean {
  return way === 'video' || way === 'text'
}

/** The minutes an appointment takes longer than was chosen. */
export function extraMinutes({ isFirst, way }: { isFirst: boolean; way: string }): number {
  return isFirst && isRemote(way) ? EXTRA_MINUTES : 0
}

export function minutesAfter(at: Date, minutes: number): Date {
  return new Date(at.getTime() + minutes * MINUTE)
}

/** The length as it was chosen, in minutes. */
export function chosenMinutes({ starts_at, ends_at, extra_minutes }: Timed & { extra_minutes: number }): number {
  return (parseInstant(ends_at).getTime() - parseInstant(starts_at).getTime()) / MINUTE - extra_minutes
}

interface Timed {
  starts_at: string
  ends_at: string
}

/** What is wrong with the time of an appointment that is made or moved now; null when nothing is. */
export function timeProblem(startsAt: Date, now: Date): string | null {
  if (startsAt <= now) return 'The appointment must be in the future'
  const days = (startsAt.getTime() - now.getTime()) / (24 * 60 * MINUTE)
  return days > MOST_DAYS_AHEAD ? 'The appointment must be within two years' : null
}

/** What was decided about when, how and with whom somebody meets. */
export interface AppointmentOrder {
  isFirst: boolean
  purpose: Purpose
  way: Way
  startsAt: Date
  minutes: number
  teamId: number | null
  clinician: string
  interpreter: Interpreter | null
}

/** How one gets in, and what makes it work; each way of meeting asks for its own. */
export interface AppointmentDetails {
  join_link: string
  number_shown: string
  back_up: BackUp | null
  back_up_number: string
  call_back_number: string
  place: string
  in_person_needs: string
  adaptations: string
  others: string
  platform_id: number | null
  supporter_ids: number[]
}

/** How an appointment went. */
export interface AppointmentOutcome {
  outcome: Outcome
  met_by: Way | null
  disruption: Disruption | null
  persons_words: string
  outcome_note: string
}

interface Ended {
  cancelled_at: string | null
  cancelled_by: string | null
  outcome: string | null
  starts_at: string
  ends_at: string
}

export type AppointmentState = 'cancelled' | Outcome | 'waiting' | 'under-way' | 'to-come'

/** Where an appointment stands: worked out, and never stored. */
export function appointmentState(appointment: Ended, now: Date): AppointmentState {
  if (appointment.cancelled_at !== null) return 'cancelled'
  if (appointment.outcome !== null) return appointment.outcome as Outcome
  if (hasCome(appointment.ends_at, now)) return 'waiting'
  return hasCome(appointment.starts_at, now) ? 'under-way' : 'to-come'
}

function hasCome(at: Instant, now: Date): boolean {
  return (typeof at === 'string' ? parseInstant(at) : at) <= now
}

export const stateTags: Readonly<Record<AppointmentState, StateTag>> = {
  'to-come': { text: 'To come', colour: 'blue' },
  'under-way': { text: 'Now', colour: 'purple' },
  waiting: { text: 'How did it go?', colour: 'yellow' },
  attended: { text: 'They met', colour: 'green' },
  'could-not-connect': { text: 'Could not connect', colour: 'orange' },
  'did-not-attend': { text: 'Did not attend', colour: 'grey' },
  cancelled: { text: 'Cancelled', colour: 'grey' },
}

/** Whether it can still be changed: it was not cancelled, and nobody wrote down how it went. */
export function isOpen({ cancelled_at, outcome }: Pick<Ended, 'cancelled_at' | 'outcome'>): boolean {
  return cancelled_at === null && outcome === null
}

/** How it went is written down from its beginning on, and may be put right afterwards. */
export function mayHaveOutcome(appointment: Pick<Ended, 'cancelled_at' | 'starts_at'>, now: Date): boolean {
  return appointment.cancelled_at === null && hasCome(appointment.starts_at, now)
}

export const IS_OVER = 'It was cancelled, or how it went is written down. Nothing can be changed any more.'
export const NOT_YET = 'It has not begun yet. How it went can be written down once it has.'

export type { Canceller }
