/**
 * Every condition that a time for a call has to meet, by the name it has in the answer. Each can be looked at alone: what would
 * become possible if it were not there.
 */
export const conditions = [
  'hours',
  'leave',
  'busy',
  'break',
  'working-day',
  'safe-times',
  'person-busy',
  'device',
  'interpreter',
  'training',
  'before-appointment',
] as const

export type Condition = (typeof conditions)[number]

/** The conditions that a time breaks, as one number: a bit for each. 0 is a time that fits. */
export type Broken = number

export const bitOf = Object.fromEntries(conditions.map((name, at) => [name, 1 << at])) as Record<Condition, Broken>

export function conditionsIn(broken: Broken): Condition[] {
  return conditions.filter((name) => (broken & bitOf[name]) !== 0)
}

/** From a moment to another; the last one is not in it. In milliseconds. */
export interface Span {
  from: number
  until: number
}

/** What a champion works on a day of the week, 1 for Monday, in minutes after midnight as the clocks show them. */
export interface Hours {
  weekday: number
  from: number
  until: number
}

/** What is otherwise than every week. Leave is the whole day; the rest has a time on one day. */
export interface DiaryException {
  kind: 'leave' | 'away' | 'extra'
  firstOn: string
  lastOn: string
  from: number | null
  until: number | null
}

export interface Diary {
  championId: number
  hours: Hours[]
  exceptions: DiaryException[]
  /** What is planned, with the ways there and back. */
  busy: Span[]
}

/** The hours and days that somebody agreed to; an empty list of days is every day. */
export interface SafeTimes {
  fromHour: number | null
  untilHour: number | null
  days: number[]
}

export interface SlotQuestion {
  /** No slot begins before this moment. */
  from: Date
  /** The first day that is looked at is the one of `from`; this many are. */
  days: number
  minutes: number
  travelMinutes: number
  breakMinutes: number
  /** In the order in which they are asked; of those who are free at a time the first one has it. */
  diaries: Diary[]
  safeTimes: SafeTimes | null
  /** The person's own appointments, calls and visits. */
  personBusy: Span[]
  /** When the device is in hand; null: nobody knows. Left out: none is needed. */
  device?: Date | null
  /** The first day on which an interpreter can be there. Left out: none is needed. */
  interpreterFrom?: string
  /** When training is over; null: none is planned. Left out: none is needed. */
  trainedBy?: Date | null
  /** The last day on which it comes in time, and the moment at which it is too late. Left out: nothing to be in time for. */
  appointment?: { lastOn: string; startsAt: Date }
}

export interface Slot {
  championId: number
  startsAt: Date
  endsAt: Date
}
