import { isRemote } from '../appointments/rules.ts'
import { formatInstant, formatLongDate, londonDate, parseInstant } from '../lib/dates.ts'
import type { FieldError } from '../lib/fields.ts'
import type { StateTag } from '../lib/view-model.ts'
import { addWorkingDays } from '../lib/working-days.ts'
import { deviceComes, devicesOf, isDeviceBooked, type ReadinessFacts } from '../readiness/facts-rules.ts'
import { hasPassed, outcomeNames, type TrialOutcome } from './checklist-rules.ts'

export const lengths = [10, 20, 30, 45, 60] as const
export const USUAL_MINUTES = 30
/** Of an urgent appointment: a short check on the day itself. */
export const CHECK_MINUTES = 10
const MINUTE = 60_000

/** The day on which a trial call is best made, and whether only a short check on the day is left. */
export function bestDay(facts: ReadinessFacts, now: Date): { day: string; isCheck: boolean } {
  const [today, day] = [londonDate(now), londonDate(facts.starts_at)]
  // so many working days before there is still time to put right what did not work
  const last = facts.trial_call_days === 0 ? day : addWorkingDays(day, -facts.trial_call_days)
  const arrives = hasDeviceInHand(facts) ? undefined : deviceComes(facts)
  const first = addWorkingDays(
    arrives !== undefined && arrives > today ? arrives : today,
    arrives === undefined ? 0 : 1,
  )
  if (first <= last) return { day: first, isCheck: false }
  return { day, isCheck: true }
}

function hasDeviceInHand(facts: ReadinessFacts): boolean {
  return isDeviceBooked(facts) || devicesOf(facts).some(({ is_in_hand }) => is_in_hand)
}

export interface TrialTime {
  startsAt: Date
  minutes: number
}

export const endOf = ({ startsAt, minutes }: TrialTime) => new Date(startsAt.getTime() + minutes * MINUTE)

/** Whether there is a way in to try: who meets in person needs none. */
export function isTriedOut(way: string): boolean {
  return isRemote(way)
}

/** What is wrong with a time for the call, in words; nothing where it fits. */
export function timeProblems(time: TrialTime, facts: ReadinessFacts, now: Date): FieldError[] {
  if (!isTriedOut(facts.way)) return [{ field: 'on', text: IN_PERSON }]
  if (time.startsAt <= now) return [{ field: 'on', text: 'The call must be in the future' }]
  const begins = parseInstant(facts.starts_at)
  if (endOf(time) > begins) {
    const text = `The trial call must be over before the appointment begins, on ${formatInstant(facts.starts_at)}. Choose a time before that, or move the appointment first`
    return [{ field: 'on', text }]
  }
  const arrives = hasDeviceInHand(facts) || facts.way !== 'video' ? undefined : deviceComes(facts)
  if (arrives !== undefined && londonDate(time.startsAt) < arrives) {
    const text = `Their device comes on ${formatLongDate(arrives)}. Choose a time after that, or hand it over sooner`
    return [{ field: 'on', text }]
  }
  return []
}

export interface TrialFacts {
  starts_at: string
  ends_at: string
  cancelled_at: string | null
  outcome: string | null
  /** When the appointment is that it prepares for, as long as that stands. */
  appointment_at: string | null
}

export type TrialState = 'cancelled' | TrialOutcome | 'too-late' | 'waiting' | 'under-way' | 'to-come'

/**
 * Where a trial call stands: worked out, and never stored. One that comes after its appointment, since that was moved nearer, is
 * of no use: it is to be arranged anew.
 */
export function trialState(call: TrialFacts, now: Date): TrialState {
  if (call.cancelled_at !== null) return 'cancelled'
  if (call.outcome !== null) return call.outcome as TrialOutcome
  if (call.appointment_at !== null && parseInstant(call.ends_at) > parseInstant(call.appointment_at)) return 'too-late'
  if (parseInstant(call.ends_at) <= now) return 'waiting'
  return parseInstant(call.starts_at) <= now ? 'under-way' : 'to-come'
}

const outcomeColours = {
  passed: 'green',
  'passed-with-help': 'green',
  'not-passed': 'orange',
  'not-reached': 'grey',
} as const

export function trialTag(state: TrialState): StateTag {
  if (Object.hasOwn(outcomeNames, state)) {
    return { text: outcomeNames[state as TrialOutcome], colour: outcomeColours[state as TrialOutcome] }
  }
  return otherTags[state as Exclude<TrialState, TrialOutcome>]
}

const otherTags: Readonly<Record<Exclude<TrialState, TrialOutcome>, StateTag>> = {
  cancelled: { text: 'Cancelled', colour: 'grey' },
  'too-late': { text: 'After the appointment: arrange it again', colour: 'orange' },
  waiting: { text: 'How did it go?', colour: 'yellow' },
  'under-way': { text: 'Now', colour: 'purple' },
  'to-come': { text: 'To come', colour: 'blue' },
}

/** Whether another one is to be arranged: none worked, and none is to come in time. */
export function needsAnother(states: readonly TrialState[]): boolean {
  return !states.some(
    (state) => hasPassed(state) || state === 'to-come' || state === 'under-way' || state === 'waiting',
  )
}

export const IN_PERSON =
  'They meet in person, so there is no call to try out. If it is to be a call, change the way of meeting first'
export const CANCELLED = 'This trial call was cancelled, so it has no result. Arrange a new one.'
export const NOT_BEGUN = 'This trial call has not begun. How it went can be written down once it has.'
export const HAS_RESULT = 'How this call went is written down, so it stays. Arrange another one.'
