import type { FieldError } from '../lib/fields.ts'
import type { Condition, Diary, SafeTimes, Span } from './slot-conditions-rules.ts'
import { brokenAt } from './slot-rules.ts'

export interface TimePlanned {
  championId: number
  startsAt: Date
  endsAt: Date
  travelMinutes: number
}

interface Surroundings {
  diaries: Diary[]
  safeTimes: SafeTimes | null
  breakMinutes: number
  /** Where the entry itself stands so far: it is not in its own way. */
  own?: Span
}

/** What one may go on in spite of, once it was seen. */
const mayGoOn: Partial<Record<Condition, (breakMinutes: number) => string>> = {
  leave: () => 'They are on leave or away then',
  hours: () => 'It is outside of their hours',
  break: (minutes) => `There are less than ${minutes} minutes between it and what they have planned before or after it`,
  'working-day': () => 'It is on a weekend or a bank holiday',
}

export interface TimeChecked {
  /** What is not done, whoever asks. */
  errors: FieldError[]
  /** What is done when it is meant. */
  warnings: string[]
}

/** What speaks against a time that somebody typed: outside of safe times never, in leave or without a break only on purpose. */
export function checkTime(time: TimePlanned, { diaries, safeTimes, breakMinutes, own }: Surroundings): TimeChecked {
  const without = diaries.map((diary) => ({
    ...diary,
    busy: diary.busy.filter(({ from, until }) => from !== own?.from || until !== own.until),
  }))
  const minutes = (time.endsAt.getTime() - time.startsAt.getTime()) / 60_000
  const question = { from: time.startsAt, days: 1, minutes, travelMinutes: time.travelMinutes, breakMinutes }
  const broken = brokenAt({ ...question, diaries: without, safeTimes, personBusy: [] }, time)
  if (!broken) return { errors: [{ field: 'champion', text: 'Choose whose diary it is in' }], warnings: [] }
  const unsafe = 'The person said that this is not a safe time to reach them. Choose a time they agreed to'
  const taken = 'They have something else in their diary then, with the way there and back. Choose another time'
  return {
    errors: [
      ...(broken.includes('safe-times') ? [{ field: 'at', text: unsafe }] : []),
      ...(broken.includes('busy') ? [{ field: 'at', text: taken }] : []),
    ],
    warnings: broken.flatMap((condition) => mayGoOn[condition]?.(breakMinutes) ?? []),
  }
}
