import { formatInstant, formatTime } from '../lib/dates.ts'
import type { FieldError } from '../lib/fields.ts'
import { isNothingNew, type Warning } from '../lib/warnings.ts'
import type { EntryKind } from './entry-rules.ts'
import type { Condition, Diary, SafeTimes, Span } from './slot-conditions-rules.ts'
import { brokenAt } from './slot-rules.ts'

export interface TimePlanned {
  championId: number
  startsAt: Date
  endsAt: Date
  travelMinutes: number
}

/** What a person has planned already: an appointment, or a call or visit of ours. */
export interface PersonBusy extends Span {
  what: EntryKind | 'appointment'
}

export interface Surroundings {
  diaries: Diary[]
  safeTimes: SafeTimes | null
  breakMinutes: number
  personBusy?: PersonBusy[]
  /** Where the entry itself stands so far: it is not in its own way. */
  own?: Span
}

/** What one may go on in spite of, once it was seen. */
const mayGoOn: Partial<Record<Condition, (breakMinutes: number) => string>> = {
  leave: () =>
    'They are on leave or away then. If you go on, it stays with them until somebody moves it or does it in their place',
  hours: () => 'It is outside of their hours. If you go on, their hours stay as they are: ask them first',
  break: (minutes) =>
    `There are less than ${minutes} minutes between it and what they have planned before or after it. If you go on, nothing else moves for it`,
  'working-day': () =>
    'It is on a weekend or a bank holiday. If you go on, the person has to know that somebody will ring',
}

export interface TimeChecked {
  /** What is not done, whoever asks. */
  errors: FieldError[]
  /** What is done when it is meant. */
  warnings: Warning[]
}

/** What speaks against a time that somebody typed: outside of safe times never, in leave or without a break only on purpose. */
export function checkTime(
  time: TimePlanned,
  { diaries, safeTimes, breakMinutes, personBusy = [], own }: Surroundings,
): TimeChecked {
  const without = diaries.map((diary) => ({
    ...diary,
    busy: diary.busy.filter(({ from, until }) => from !== own?.from || until !== own.until),
  }))
  const minutes = (time.endsAt.getTime() - time.startsAt.getTime()) / 60_000
  const question = { from: time.startsAt, days: 1, minutes, travelMinutes: time.travelMinutes, breakMinutes }
  const broken = brokenAt({ ...question, diaries: without, safeTimes, personBusy }, time)
  if (!broken) return { errors: [{ field: 'champion', text: 'Choose whose diary it is in' }], warnings: [] }
  const diary = without.find(({ championId }) => championId === time.championId)
  const unsafe = 'The person said that this is not a safe time to reach them. Choose a time they agreed to'
  const texts = [
    ...(broken.includes('safe-times') ? [unsafe] : []),
    ...(broken.includes('busy') ? [championBusyInWords(awayOf(time), diary?.busy ?? [])] : []),
    ...(broken.includes('person-busy') ? [personBusyInWords(spanOf(time), personBusy)] : []),
  ]
  return {
    errors: texts.map((text) => ({ field: 'at', text })),
    warnings: broken.flatMap((condition) => {
      const text = mayGoOn[condition]?.(breakMinutes)
      // of somebody who never wrote down when they work, nobody knows whether it is outside of it
      const isUnknown = condition === 'hours' && diary?.hours.length === 0
      return text === undefined || isUnknown ? [] : [{ code: condition, text }]
    }),
  }
}

/** Whether it is not done as it was typed: it must not be, or nobody has seen yet what speaks against it. */
export function isStopped({ errors, warnings }: TimeChecked, seen: string): boolean {
  return errors.length > 0 || !isNothingNew(warnings, seen)
}

const spanOf = ({ startsAt, endsAt }: TimePlanned): Span => ({ from: startsAt.getTime(), until: endsAt.getTime() })

function awayOf({ startsAt, endsAt, travelMinutes }: TimePlanned): Span {
  const travel = travelMinutes * 60_000
  return { from: startsAt.getTime() - travel, until: endsAt.getTime() + travel }
}

function overlapping<T extends Span>(asked: Span, busy: readonly T[]): T | undefined {
  return busy.find(({ from, until }) => from < asked.until && asked.from < until)
}

/** What it is stays between the champion and whoever it is with. */
function championBusyInWords(asked: Span, busy: readonly Span[]): string {
  const clash = overlapping(asked, busy)
  const when = clash ? `, ${spanInWords(clash)}` : ''
  return `Whoever does it has something else in their diary then${when}, with the way there and back`
}

const busyNames: Readonly<Record<PersonBusy['what'], string>> = {
  appointment: 'an appointment',
  'trial-run-call': 'a trial-run call',
  'training-session': 'a training session',
  visit: 'a visit from us',
  other: 'something else planned with us',
}

/** They have a trial-run call then: Monday 3 August 2026 at 10am, until 10:30am */
export function personBusyInWords(asked: Span, busy: readonly PersonBusy[]): string {
  const clash = overlapping(asked, busy)
  if (!clash) return 'They have something else then'
  return `They have ${busyNames[clash.what]} then: ${spanInWords(clash)}`
}

function spanInWords({ from, until }: Span): string {
  return `${formatInstant(new Date(from))}, until ${formatTime(new Date(until))}`
}
