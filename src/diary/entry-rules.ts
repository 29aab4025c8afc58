import { type Instant, parseInstant } from '../lib/dates.ts'

/** What takes a champion's time, as the database keeps it and as people read it. */
export const kindNames = {
  'trial-run-call': 'Trial-run call',
  'training-session': 'Training session',
  visit: 'Visit',
  other: 'Something else',
} as const

export type EntryKind = keyof typeof kindNames

export const entryWayNames = {
  video: 'A video call',
  phone: 'A phone call',
  'face-to-face': 'Face to face',
  'home-visit': 'A visit at home',
} as const

export type EntryWay = keyof typeof entryWayNames

/** What is offered for the length of an entry, and for the way there, in minutes. */
export const callLengths = [10, 15, 30, 45, 60, 90, 120] as const
export const travelChoices = [0, 15, 30, 45, 60, 90, 120] as const

const MINUTE = 60_000
const inPerson: ReadonlySet<string> = new Set<EntryWay>(['face-to-face', 'home-visit'])

/** Nobody travels to a call. */
export function takesTravel(way: string): boolean {
  return inPerson.has(way)
}

/** When an entry is, and how long the way there and the way back take. */
export interface EntryTime {
  startsAt: Date
  endsAt: Date
  travelMinutes: number
}

/** What was decided about an entry of a champion's diary. */
export interface EntryOrder extends EntryTime {
  championId: number
  /** null: it is about nobody, or about several people. */
  serviceUserId: number | null
  /** The appointment it prepares for; of the same person. */
  appointmentId: number | null
  kind: EntryKind
  way: EntryWay
  note: string
}

/** From leaving until being back: what the champion is not free in. */
export function awayBetween({ startsAt, endsAt, travelMinutes }: EntryTime): { leavesAt: Date; backAt: Date } {
  const travel = travelMinutes * MINUTE
  return { leavesAt: new Date(startsAt.getTime() - travel), backAt: new Date(endsAt.getTime() + travel) }
}

interface Ended {
  cancelled_at: string | null
  starts_at: Instant
  ends_at: Instant
}

export type EntryState = 'cancelled' | 'over' | 'under-way' | 'to-come'

/** Where an entry stands: worked out, and never stored. What came of a call or a session is told by the call or the session. */
export function entryState({ cancelled_at, starts_at, ends_at }: Ended, now: Date): EntryState {
  if (cancelled_at !== null) return 'cancelled'
  if (instantOf(ends_at) <= now) return 'over'
  return instantOf(starts_at) <= now ? 'under-way' : 'to-come'
}

const instantOf = (at: Instant) => (typeof at === 'string' ? parseInstant(at) : at)

export const HAS_BEGUN = 'It has begun, so it is not moved any more. Make another entry for another time.'
/** Why a group is not moved to a time; null is somebody whom a colleague looks after. */
export function invitedElsewhere(names: readonly (string | null)[]): string {
  const who = names.map((name) => name ?? 'somebody whom a colleague looks after').join(', ')
  return `Of those invited, these have something else then: ${who}. Choose another time, or take them off the list first.`
}

export const IS_IN_A_GROUP =
  'This is a place in a group, and is when the group is. Move the group, or take them off its list.'
export const IS_OVER = 'It is over, so it is not changed any more.'
