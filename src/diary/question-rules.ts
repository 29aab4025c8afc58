import { addDays, daysBetween, londonDate, londonMidnightAfter, parseInstant } from '../lib/dates.ts'
import { addWorkingDays } from '../lib/working-days.ts'
import type { ContactFacts } from '../safe-contact/kinds-rules.ts'
import { answerOf } from '../safe-contact/rules.ts'
import type { EntryKind, EntryWay } from './entry-rules.ts'
import type { Diary, SafeTimes, SlotQuestion, Span } from './slot-conditions-rules.ts'

/** What is known of an appointment and its person, as far as it decides when a call before it can be. */
export interface SlotFacts {
  appointment_id: number
  service_user_id: number
  service_user: string
  state: string
  parent_contact: string | null
  contact_instruction: string
  contact: ContactFacts
  starts_at: string
  way: string
  interpreter: string | null
  persons_interpreter: string | null
  break_minutes: number
  trial_call_days: number
  interpreter_days: number
  /** A device is asked for or planned, and is not in their hands; from when on it is to be, where that is planned. */
  waits_for_device: boolean
  device_from: string | null
  /** What they cannot do alone yet, of the skills that the conversation asks about. */
  skills_wanted: string[]
  trained_by: string | null
  carer_id: number | null
  /** What the person has planned already, in milliseconds. */
  person_busy: Span[]
}

/** How far ahead a time for a call is looked for. */
export const DAYS_AHEAD = 60
const MINUTES_TO_TELL = 30

/** What is to be found a time for. */
export interface CallWanted {
  kind: Extract<EntryKind, 'trial-run-call' | 'training-session'>
  way: EntryWay
  minutes: number
  travelMinutes: number
}

const remote: ReadonlySet<string> = new Set(['video', 'phone', 'text'])

/**
 * What a time has to meet, from what is known: a trial-run call comes after the training that they need, and either comes some
 * working days before a remote appointment, so that there is time to put right what did not work.
 */
export function questionFor(facts: SlotFacts, wanted: CallWanted, diaries: Diary[], from: Date): SlotQuestion {
  const today = londonDate(from)
  const meets = londonDate(facts.starts_at)
  const isTrial = wanted.kind === 'trial-run-call'
  return {
    ...{ from, diaries, minutes: wanted.minutes, travelMinutes: wanted.travelMinutes },
    days: Math.min(DAYS_AHEAD, daysBetween(today, meets) + 1),
    breakMinutes: facts.break_minutes,
    safeTimes: safeTimesOf(facts),
    personBusy: facts.person_busy,
    ...(facts.waits_for_device && { device: facts.device_from === null ? null : parseInstant(facts.device_from) }),
    ...(needsInterpreter(facts) && { interpreterFrom: addWorkingDays(today, facts.interpreter_days) }),
    ...(isTrial &&
      facts.skills_wanted.length > 0 && {
        trainedBy: facts.trained_by === null ? null : parseInstant(facts.trained_by),
      }),
    appointment: { lastOn: lastDayBefore(facts, meets), startsAt: parseInstant(facts.starts_at) },
  }
}

/** The last day on which it comes in time. */
function lastDayBefore({ way, trial_call_days: days }: SlotFacts, meets: string): string {
  return remote.has(way) && days > 0 ? addWorkingDays(meets, -days) : meets
}

export function needsInterpreter({ interpreter, persons_interpreter }: SlotFacts): boolean {
  if (interpreter === 'not-needed') return false
  return interpreter !== null || persons_interpreter === 'spoken' || persons_interpreter === 'signed'
}

/** When they may be called. Nobody asked them: any hour of the day that we call anybody in. */
export function safeTimesOf({ contact }: Pick<SlotFacts, 'contact'>): SafeTimes | null {
  const answer = answerOf({ answers: contact.answers.filter((one) => one.supporter_id === null) }, 'call')
  if (answer?.answer !== 'allowed') return null
  return { fromHour: answer.from_hour, untilHour: answer.until_hour, days: answer.days }
}

/** Nobody is offered a time so soon that there is none left to tell the person. */
export function soonestFrom(now: Date): Date {
  return new Date(now.getTime() + MINUTES_TO_TELL * 60_000)
}

/** Until when diaries have to be read for a question that begins at this moment. */
export function readUntil(from: Date): Date {
  return londonMidnightAfter(addDays(londonDate(from), DAYS_AHEAD))
}
