import { type Answer, standingAnswers } from '../conversations/flag-rules.ts'
import { dataFor } from '../data-allowances/forecast-rules.ts'
import { londonDate, parseInstant } from '../lib/dates.ts'
import {
  chargersOf,
  dataThingsOf,
  devicesOf,
  isDeviceBooked,
  type PreferenceFacts,
  type ReadinessFacts,
  type Thing,
} from './facts-rules.ts'

/** What is not known is never taken for met. */
export type Status = 'met' | 'not-met' | 'not-known' | 'not-needed'

type Told = (facts: ReadinessFacts) => Status

const standingOf = new WeakMap<readonly Answer[], Map<string, Answer>>()

/** The answers that count, put in order once for all the requirements. */
function standing(said: readonly Answer[]): Map<string, Answer> {
  const known = standingOf.get(said) ?? standingAnswers(said)
  standingOf.set(said, known)
  return known
}

/** The value they chose for a question that has one answer; undefined where nobody asked, or they would rather not say. */
function chosen({ said }: ReadinessFacts, question: string): string | undefined {
  return standing(said).get(question)?.chosen[0]
}

function allChosen({ said }: ReadinessFacts, question: string): readonly string[] | undefined {
  return standing(said).get(question)?.chosen
}

const metIf = (is: boolean): Status => (is ? 'met' : 'not-met')
const from = (answer: string | undefined, table: Readonly<Record<string, Status>>): Status =>
  (answer === undefined ? undefined : table[answer]) ?? 'not-known'

export const hasWayIn: Told = ({ way, has_link, has_number_shown }) => {
  if (way === 'video') return metIf(has_link)
  return metIf(has_number_shown || (way === 'text' && has_link))
}

/** Lent, given, booked on the ward or their own; what gets no security updates on that day is not up to date. */
export const hasDevice: Told = (facts) => {
  const day = londonDate(facts.starts_at)
  const inHand = devicesOf(facts).filter(({ is_in_hand }) => is_in_hand)
  const isSupported = ({ support_ends_on: end }: Thing) => end !== null && end >= day
  if (isDeviceBooked(facts) || inHand.some(isSupported)) return 'met'
  const own = from(chosen(facts, 'device'), ownDevice)
  if (own === 'met') return 'met'
  // of a model without a day nobody knows how long it gets updates
  if (inHand.some(({ support_ends_on: end }) => end === null)) return 'not-known'
  return inHand.length > 0 ? 'not-met' : own
}

/** One that is shared may be somebody else's at that hour. */
const ownDevice = { own: 'met', shared: 'not-known', old: 'not-met', basic: 'not-met', none: 'not-met' } as const

/** Text messages need any phone; a chat on a screen needs no more than that either. */
export const hasPhone: Told = (facts) => {
  if (devicesOf(facts).some(({ category, is_in_hand }) => is_in_hand && category === 'smartphone')) return 'met'
  return from(chosen(facts, 'device'), { own: 'met', shared: 'met', old: 'met', basic: 'met', none: 'not-met' })
}

export const hasCharger: Told = (facts) => {
  if (isDeviceBooked(facts) || chargersOf(facts).some(({ is_in_hand }) => is_in_hand)) return 'met'
  const own = from(chosen(facts, 'device'), {
    own: 'met',
    shared: 'met',
    old: 'not-met',
    basic: 'not-met',
    none: 'not-met',
  })
  return own !== 'met' && devicesOf(facts).some(({ is_in_hand }) => is_in_hand) ? 'not-met' : own
}

/** What they said about their internet; where that is not enough, the forecast of the data that they were given. */
export const hasData: Told = (facts) => {
  const connection = from(chosen(facts, 'connection'), {
    well: 'met',
    unstable: 'not-met',
    elsewhere: 'not-met',
    none: 'not-met',
  })
  const cost = from(chosen(facts, 'affordability'), { yes: 'met', 'runs-out': 'not-met', no: 'not-met' })
  if (isDeviceBooked(facts) || (connection === 'met' && cost === 'met')) return 'met'
  const given = dataGiven(facts)
  if (given !== null) return given
  if (dataThingsOf(facts).some(({ is_in_hand }) => is_in_hand)) return 'not-known'
  return connection === 'not-met' || cost === 'not-met' ? 'not-met' : 'not-known'
}

/** Whether what we gave them lasts for this appointment; null where they were given none. */
function dataGiven({ id, data }: ReadinessFacts): Status | null {
  const told = data && dataFor({ kind: 'appointment', id }, data, parseInstant(data.at))
  return told && ({ enough: 'met', 'not-enough': 'not-met', 'not-known': 'not-known' } as const)[told]
}

const skills = ['charge', 'wifi', 'link', 'join', 'sound', 'accounts', 'settings', 'safe']

/**
 * Needed where the conversation found something they cannot do alone yet, or that they do not feel sure; met by a session since then,
 * on the day it was said or later.
 */
export const isTrained: Told = (facts) => {
  const asked = standing(facts.said)
  const wishes = ['confidence', ...skills.map((skill) => `skill-${skill}`)].flatMap((id) => asked.get(id) ?? [])
  if (wishes.length === 0) return facts.trained.length > 0 ? 'met' : 'not-known'
  const unsure = wishes.filter(({ chosen: [one = ''] }) => one === 'not-sure' || one === 'not-yet')
  if (unsure.length === 0) return 'not-needed'
  return metIf(unsure.every(({ said_on }) => facts.trained.some((day) => day >= said_on)))
}

/** Of the calls before the appointment the newest that came about. Who has met by video before needs none. */
export const hasTrial: Told = ({ trials, met_by, starts_at }) => {
  if (met_by.includes('video')) return 'not-needed'
  const made = trials.filter(
    ({ outcome, ends_at }) =>
      outcome !== null && outcome !== 'not-reached' && parseInstant(ends_at) <= parseInstant(starts_at),
  )
  const newest = made.toSorted((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at)).at(-1)
  return metIf(newest !== undefined && newest.outcome !== 'not-passed')
}

/** An agreed way on, with its number where somebody rings or texts. */
export const hasBackUp: Told = ({ back_up, has_back_up_number, has_call_back, records_call_back }) => {
  if (back_up === null) return 'not-met'
  const needsNumber = back_up === 'phone' || back_up === 'text'
  return metIf(!needsNumber || has_back_up_number || has_call_back || records_call_back)
}

/** In writing, by post or by hand, or read out; what changed since is told again. */
export const isTold: Told = ({ is_told }) => metIf(is_told)

/** A phone number alone may be any of theirs: it is asked whether it is the one to ring back on. */
export const hasCallBack: Told = (facts) => {
  if (facts.has_call_back || facts.records_call_back) return 'met'
  return facts.records_phone ? 'not-known' : 'not-met'
}

/** Where they can talk at some times only, it is asked whether this is one. A room that is booked for it is private. */
export const hasPrivatePlace: Told = (facts) => {
  if (facts.booked.includes('private-room')) return 'met'
  return from(chosen(facts, 'private-place'), { always: 'met', sometimes: 'not-known', no: 'not-met' })
}

export const hasInterpreter: Told = (facts) => {
  if (facts.interpreter !== null) {
    return from(facts.interpreter, { booked: 'met', 'to-book': 'not-met', 'not-needed': 'not-needed' })
  }
  const asked = [facts.persons_interpreter, chosen(facts, 'interpreter')]
  if (asked.some((answer) => answer === 'spoken' || answer === 'signed')) return 'not-met'
  return asked.includes('no') ? 'not-needed' : 'not-known'
}

export const areNeedsMet: Told = ({ needs_asked, has_needs, has_needs_met, has_adaptations }) => {
  if (has_needs) return metIf(has_needs_met || has_adaptations)
  return needs_asked === 'none' ? 'not-needed' : 'not-known'
}

/** The purposes under which a preference for this appointment may stand, the nearest first. */
function purposesOf({ is_first, purpose }: ReadinessFacts): string[] {
  return is_first ? ['first-meeting', purpose] : [purpose]
}

export function preferenceFor(facts: ReadinessFacts): PreferenceFacts | undefined {
  for (const purpose of purposesOf(facts)) {
    const said = facts.preferences.find((one) => one.purpose === purpose)
    if (said) return said
  }
  return undefined
}

export const isPreferenceRecent: Told = (facts) => {
  const said = facts.preferences.filter(({ purpose }) => purposesOf(facts).includes(purpose))
  return said.length === 0 ? 'not-known' : metIf(said.some(({ review_on }) => review_on >= londonDate(facts.starts_at)))
}

/** A platform with an approval, with settings or without: the one it is on, or else those they know. */
export const isPlatformApproved: Told = (facts) => {
  const approvals =
    facts.platform_approval === null ? (preferenceFor(facts)?.approvals ?? []) : [facts.platform_approval]
  if (approvals.length === 0) return 'not-known'
  return metIf(approvals.some((approval) => approval !== 'not-approved'))
}

export const hasPlace: Told = (facts) => metIf(facts.way === 'home-visit' ? facts.records_address : facts.has_place)

const access: ReadonlySet<string> = new Set(['step-free', 'quiet', 'someone', 'time'])

const inPerson =
  (isOne: (need: string) => boolean): Told =>
  (facts) => {
    const needs = allChosen(facts, 'in-person')
    if (needs === undefined) return 'not-known'
    return needs.some(isOne) ? metIf(facts.has_in_person_needs) : 'not-needed'
  }

export const isAccessArranged: Told = inPerson((need) => access.has(need))
export const isJourneyArranged: Told = inPerson((need) => need === 'transport')
