import type { Answer } from '../conversations/flag-rules.ts'
import type { PersonsDataThen } from '../data-allowances/forecast-rules.ts'
import { londonDate, parseInstant } from '../lib/dates.ts'

/** What is known about one appointment and whoever it is with, as far as readiness is told from it. */
export interface ReadinessFacts {
  id: number
  service_user_id: number
  version: number
  way: string
  purpose: string
  is_first: boolean
  starts_at: string
  ends_at: string
  /** What the organisation decided: how many working days before it a trial call is, and that it takes to get an interpreter. */
  trial_call_days: number
  interpreter_days: number
  interpreter: string | null
  back_up: string | null
  /** What the organisation decided about the platform it is on; null where none is named. */
  platform_approval: string | null
  has_link: boolean
  has_number_shown: boolean
  has_back_up_number: boolean
  has_call_back: boolean
  /** They have a letter, and what it says still holds. */
  is_told: boolean
  has_place: boolean
  has_in_person_needs: boolean
  has_adaptations: boolean
  /** Of the record: what was answered there, and whether there is something written down. */
  persons_interpreter: string | null
  needs_asked: string | null
  has_needs: boolean
  has_needs_met: boolean
  records_call_back: boolean
  records_phone: boolean
  records_address: boolean
  /** The answers that count in conversations, of the questions that readiness asks about. */
  said: Answer[]
  /** How they want to meet, by purpose. */
  preferences: PreferenceFacts[]
  /** What they were lent or given and have, and what is promised to them. */
  things: Thing[]
  /** What the forecast of their data is told from; null where they were given none. */
  data: PersonsDataThen | null
  /** What a ward booked for them for the time of this appointment, by category. */
  booked: string[]
  /** The days of training sessions that they came to, and of those that are to come. */
  trained: string[]
  training_planned: string[]
  /** Trial-run calls with them that were not cancelled. */
  trials: TrialKnown[]
  /** In which ways they have met somebody before. */
  met_by: string[]
}

export interface PreferenceFacts {
  purpose: string
  ways: string[]
  review_on: string
  at: string
  /** What the organisation decided about each platform that they know. */
  approvals: string[]
}

export interface TrialKnown {
  starts_at: string
  ends_at: string
  outcome: string | null
}

export interface Thing {
  category: string
  /** The last day of security updates; null where nobody wrote it down. */
  support_ends_on: string | null
  from_at: string
  is_in_hand: boolean
}

/** What a video call is made with. */
const videoDevices: ReadonlySet<string> = new Set(['tablet', 'smartphone', 'laptop'])
/** What brings data with it. */
const dataThings: ReadonlySet<string> = new Set(['hotspot', 'sim'])

export const devicesOf = ({ things }: ReadinessFacts) => things.filter(({ category }) => videoDevices.has(category))
export const dataThingsOf = ({ things }: ReadinessFacts) => things.filter(({ category }) => dataThings.has(category))
export const chargersOf = ({ things }: ReadinessFacts) => things.filter(({ category }) => category === 'charger')
export const isDeviceBooked = ({ booked }: ReadinessFacts) => booked.some((category) => videoDevices.has(category))

/** The day on which a device is planned to reach them. */
export function deviceComes(facts: ReadinessFacts): string | undefined {
  const days = devicesOf(facts)
    .filter(({ is_in_hand }) => !is_in_hand)
    .map(({ from_at }) => londonDate(from_at))
  return days.sort()[0]
}

/** The day of a trial-run call that is arranged, and is over before the appointment begins. */
export function trialComes({ trials, starts_at }: ReadinessFacts): string | undefined {
  const inTime = trials.filter(
    ({ outcome, ends_at }) => outcome === null && parseInstant(ends_at) <= parseInstant(starts_at),
  )
  return inTime.map((trial) => londonDate(trial.starts_at)).sort()[0]
}

/** The day of the next training session that is planned. */
export function trainingComes({ training_planned: days }: ReadinessFacts): string | undefined {
  return days.toSorted()[0]
}
