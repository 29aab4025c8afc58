import { formatInstant, formatTime, londonDate, parseInstant } from '../lib/dates.ts'
import type { StateTag } from '../lib/view-model.ts'
import type { Connector } from '../models/rules.ts'

const MINUTE = 60_000
const QUARTER = 15 * MINUTE

/** Hours that a device may charge before its owner is told to come for it, and those that stand there to begin with. */
export const chargingHours = [1, 2, 4, 8] as const
export const USUAL_HOURS = 2

/** How long after it was ready a device is looked for: by then somebody has gone without it, or has gone. */
export const UNCOLLECTED_HOURS = 4

/** What was ready by then, and is not collected, is looked for. */
export function uncollectedSince(now: Date): Date {
  return new Date(now.getTime() - UNCOLLECTED_HOURS * 60 * MINUTE)
}

export const MOST_INITIALS = 10
export const MOST_DESCRIPTION = 100
export const MOST_NAME = 100
export const MOST_REASON = 500

/** Whose a device is: somebody on the ward, or somebody by initials alone. */
export type Whose = { serviceUserId: number } | { initials: string }

export const keyHolders = {
  staff: 'The staff of the ward',
  owner: 'The person whose device it is',
} as const

export type KeyHolder = keyof typeof keyHolders

export function isKeyHolder(text: string): text is KeyHolder {
  return Object.hasOwn(keyHolders, text)
}

/** What is put into a bay. */
export interface DepositForm {
  whose: Whose
  description: string
  connector: Connector
  hours: number
  keyWith: KeyHolder
}

export interface HandOverForm {
  handedTo: string
  allowedBy: string
}

export interface OpeningForm {
  witnessId: number
  because: string
}

/** When a device is ready, at a time that is easy to say: the next quarter of an hour. */
export function readyAfter(now: Date, hours: number): Date {
  return new Date(Math.ceil((now.getTime() + hours * 60 * MINUTE) / QUARTER) * QUARTER)
}

export interface DepositFacts {
  ready_at: string
  ended_at: string | null
  ended_as: string | null
}

export const depositStates = {
  charging: { text: 'Charging', colour: 'blue' },
  ready: { text: 'Ready to collect', colour: 'yellow' },
  'not-collected': { text: 'Not collected', colour: 'red' },
  collected: { text: 'Collected', colour: 'grey' },
  'handed-over': { text: 'Collected by somebody else', colour: 'grey' },
  opened: { text: 'Opened by staff', colour: 'grey' },
} as const satisfies Record<string, StateTag>

export type DepositState = keyof typeof depositStates

/** Where a deposit stands. Derived in this order; docs/states.md has the table. */
export function depositState({ ready_at, ended_as }: DepositFacts, now: Date): DepositState {
  if (ended_as === 'handed-over' || ended_as === 'opened') return ended_as
  if (ended_as !== null) return 'collected'
  const since = now.getTime() - parseInstant(ready_at).getTime()
  if (since < 0) return 'charging'
  return since < UNCOLLECTED_HOURS * 60 * MINUTE ? 'ready' : 'not-collected'
}

/** Why nothing can be collected any more, in words for whoever tried: how it came out, when, and who wrote it down. */
export function endedInWords({ ended_as, ended_at, ender }: DepositFacts & { ender: string | null }): string {
  const how =
    ended_as === 'opened'
      ? 'taken out by staff'
      : ended_as === 'handed-over'
        ? 'collected by somebody else'
        : 'collected'
  const who = ender === null ? '' : ` ${ender} wrote it down.`
  return `This device was ${how} already, on ${formatInstant(ended_at ?? '')}.${who}`
}

export interface BayFacts {
  id: number
  tag: string
  connector: string | null
  kept_here: boolean
  is_out_of_service: boolean
  deposit_id: number | null
}

export function isFreeBay(bay: BayFacts): boolean {
  return bay.kept_here && !bay.is_out_of_service && bay.deposit_id === null && bay.connector !== null
}

/** The bay that is free, charges through this connector, and stands nearest to another in the order of their tags. */
export function nearestBay<Bay extends BayFacts>(bays: Bay[], toId: number, connector: string): Bay | undefined {
  const from = bays.findIndex(({ id }) => id === toId)
  return bays
    .map((bay, at) => ({ bay, steps: Math.abs(at - from) }))
    .filter(({ bay }) => bay.id !== toId && bay.connector === connector && isFreeBay(bay))
    .sort((one, other) => one.steps - other.steps)[0]?.bay
}

export function outOfService({ tag }: { tag: string }): string {
  return `${tag} is out of service.`
}

/** Where to go in place of a bay that does not do. */
export function insteadInWords(offer: { tag: string } | undefined): string {
  return offer ? `The nearest one that does is ${offer.tag}.` : 'No other bay that would do is free.'
}

/** "4:15pm", or with the day where that is another one. */
export function timeFrom(now: Date, at: string): string {
  const instant = parseInstant(at)
  return londonDate(instant) === londonDate(now) ? formatTime(instant) : formatInstant(at)
}

export function lockersUrl(code: string): string {
  return `/wards/${code}/lockers`
}

export function depositUrl({ id }: { id: number }): string {
  return `/lockers/${id}`
}

/** Whose a device is, as far as whoever looks may know. */
export function ownerInWords(owner: {
  may_see: boolean
  service_user_id: number | null
  service_user: string | null
  initials: string | null
}): string {
  if (!owner.may_see) return 'In use'
  if (owner.service_user_id !== null) return owner.service_user ?? 'Somebody who is no longer on this ward'
  return owner.initials ?? ''
}
