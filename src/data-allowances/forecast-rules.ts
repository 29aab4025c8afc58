import { addDays, daysBetween, londonDate, parseInstant } from '../lib/dates.ts'
import { type Contact, contactKey, costOf, type DataRates } from './contacts-rules.ts'
import { renewalsBetween } from './renewal-rules.ts'

/** An allowance, as much of it as a forecast is told from. */
export interface DataFacts {
  id: number
  /** A period; null: as much as they like. */
  megabytes: number | null
  period: string
  starts_on: string
  /** The last day; null where no end is agreed. */
  ends_on: string | null
  suspended_at: string | null
  cancelled_at: string | null
  /** The newest first. */
  readings: readonly { at: string; left: number }[]
  top_ups: readonly { at: string; megabytes: number }[]
}

/** Everything about one person's data: what they have, what is booked, and the figures of the organisation. */
export interface PersonsData {
  allowances: readonly DataFacts[]
  contacts: readonly Contact[]
  rates: DataRates
}

/** With the moment it was asked at, from which it is told. */
export interface PersonsDataThen extends PersonsData {
  at: string
}

export type DataStatus = 'enough' | 'not-enough' | 'not-known'
export type WhyNot = 'used-up' | 'ends' | 'not-begun' | 'suspended' | 'over' | 'no-reading' | 'old-reading'

export interface Balance {
  /** What was read, with what was added since. */
  left: number
  read: number
  at: string
  daysOld: number
  toppedUp: number
}

export interface Forecast {
  status: DataStatus
  why: WhyNot | null
  balance: Balance | null
  /** The first day on which there is none, as far as one is known. */
  runsOutOn: string | null
  /** The first contact to come for which it does not last. */
  before: Contact | null
  use: UsualUse
  /** What is said about each contact to come that takes data; see contactKey. */
  byContact: ReadonlyMap<string, DataStatus>
}

/** So old may a reading be before nobody knows any more. */
export const MOST_DAYS_OLD = 14
/** So far back goes what is taken as their usual use. */
const DAYS_OF_USE = 60
const DAY = 86_400_000
/** So far does a forecast look. */
const MOST_DAYS = 400

/**
 * Whether one allowance lasts. It says `enough` only of what is known: from a reading that is not old, the usual use of each
 * day and every contact that is booked. Days are days of London, so that neither a leap day nor a change of the clocks shifts any.
 */
export function forecast(facts: DataFacts, contacts: readonly Contact[], rates: DataRates, now: Date): Forecast {
  const use = usualUse(facts, rates)
  const balance = balanceOf(facts, now)
  const today = londonDate(now)
  const ordered = contacts
    .filter((contact) => costOf(contact, rates) > 0)
    .toSorted((one, other) => parseInstant(one.starts_at).getTime() - parseInstant(other.starts_at).getTime())
  const coming = ordered.filter(({ ends_at }) => parseInstant(ends_at) > now)
  const used =
    facts.megabytes === null || !isCurrent(balance)
      ? null
      : usedUp(facts, balance, ordered, { perDay: use.perDay, rates, today })
  const byContact = new Map<string, DataStatus>()
  for (const contact of coming) byContact.set(contactKey(contact), verdictOn(contact, facts, used))
  const before = coming.find((contact) => byContact.get(contactKey(contact)) === 'not-enough') ?? null
  const runsOutOn = earliest(used?.firstDay ?? null, facts.ends_on === null ? null : addDays(facts.ends_on, 1))
  const common = { balance, use, byContact, before, runsOutOn }
  const stopped = whyStopped(facts, today)
  if (stopped !== null) return { ...common, status: 'not-enough', why: stopped, runsOutOn: null }
  if (before !== null) return { ...common, status: 'not-enough', why: whyNot(before, facts) }
  if (facts.megabytes !== null && used === null) {
    return { ...common, status: 'not-known', why: balance === null ? 'no-reading' : 'old-reading' }
  }
  if (used?.isEmptyToday) {
    return { ...common, status: 'not-enough', why: 'used-up' }
  }
  return { ...common, status: 'enough', why: null }
}

/** What is left: the newest reading, with what was added since. */
export function balanceOf({ readings, top_ups }: DataFacts, now: Date): Balance | null {
  const newest = readings[0]
  if (!newest) return null
  const since = parseInstant(newest.at)
  const toppedUp = sum(top_ups.filter(({ at }) => parseInstant(at) >= since).map(({ megabytes }) => megabytes))
  const daysOld = daysBetween(londonDate(newest.at), londonDate(now))
  return { left: newest.left + toppedUp, read: newest.left, at: newest.at, daysOld, toppedUp }
}

export interface UsualUse {
  perDay: number
  /** From two readings a day or more apart; else it is the organisation's figure. */
  isMeasured: boolean
}

/** What is used a day, from what went between readings. Where it renewed between two, nobody knows what went. */
export function usualUse({ readings, top_ups, ...plan }: DataFacts, rates: DataRates): UsualUse {
  let used = 0
  let days = 0
  const read = readings.map(({ at, left }) => ({ left, on: londonDate(at), at: parseInstant(at).getTime() }))
  const added = top_ups.map(({ at, megabytes }) => ({ megabytes, at: parseInstant(at).getTime() }))
  for (const [at, newer] of read.entries()) {
    const older = read[at + 1]
    if (!older || daysBetween(older.on, read[0]?.on ?? newer.on) > DAYS_OF_USE) break
    const between = added.filter((one) => one.at >= older.at && one.at < newer.at)
    const went = older.left + sum(between.map(({ megabytes }) => megabytes)) - newer.left
    if (went < 0 || renewalsBetween(older.on, newer.on, plan).length > 0) continue
    used += went
    days += (newer.at - older.at) / DAY
  }
  return days < 1 ? { perDay: rates.day, isMeasured: false } : { perDay: used / days, isMeasured: true }
}

interface UsedUp {
  /** The first day on which it does not last; null where it lasts as far as we look. */
  firstDay: string | null
  /** Contacts for which there is not enough left. */
  failing: ReadonlySet<string>
  /** Something was asked of it today that it did not have. */
  isEmptyToday: boolean
}

interface Figures {
  perDay: number
  rates: DataRates
  today: string
}

/**
 * Goes through the days from the reading on: what is added, what a day takes, then what each contact takes. Days are counted
 * from the reading, and once it is used up only those are gone through that something is asked about: a list of forecasts goes
 * through thousands.
 */
function usedUp(facts: DataFacts, balance: Balance, contacts: readonly Contact[], figures: Figures): UsedUp {
  const { perDay, rates, today } = figures
  const readOn = londonDate(balance.at)
  const since = (day: string) => daysBetween(readOn, day)
  const read = parseInstant(balance.at)
  const later = contacts.filter(({ starts_at }) => parseInstant(starts_at) >= read)
  const takenOn = Map.groupBy(later, ({ starts_at }) => since(londonDate(starts_at)))
  const asked = Math.max(since(today), ...takenOn.keys())
  const last = Math.max(MOST_DAYS, asked)
  const renewals = new Set(renewalsBetween(readOn, addDays(readOn, last), facts).map(since))
  const failing = new Set<string>()
  let left = balance.left
  let first: number | null = null
  let isEmptyToday = false
  const take = (megabytes: number, day: number): boolean => {
    const lasts = megabytes <= left
    left = lasts ? left - megabytes : 0
    if (lasts) return true
    first ??= day
    isEmptyToday ||= day === since(today)
    return false
  }
  if (left === 0) take(1, 0)
  for (let day = 0; day <= (first === null ? last : asked); day += 1) {
    if (renewals.has(day)) left = Math.max(left, facts.megabytes ?? 0)
    if (day > 0) take(perDay, day)
    for (const contact of takenOn.get(day) ?? []) {
      if (!take(costOf(contact, rates), day)) failing.add(contactKey(contact))
    }
  }
  return { firstDay: first === null ? null : addDays(readOn, first), failing, isEmptyToday }
}

function verdictOn(contact: Contact, facts: DataFacts, used: UsedUp | null): DataStatus {
  const day = londonDate(contact.ends_at)
  const isThere = facts.suspended_at === null && facts.cancelled_at === null
  if (!isThere || londonDate(contact.starts_at) < facts.starts_on) return 'not-enough'
  if (facts.ends_on !== null && day > facts.ends_on) return 'not-enough'
  if (facts.megabytes === null) return 'enough'
  if (used === null) return 'not-known'
  return used.failing.has(contactKey(contact)) ? 'not-enough' : 'enough'
}

function whyStopped({ cancelled_at, suspended_at, ends_on }: DataFacts, today: string): WhyNot | null {
  if (cancelled_at !== null || (ends_on !== null && ends_on < today)) return 'over'
  return suspended_at === null ? null : 'suspended'
}

function whyNot(contact: Contact, { starts_on, ends_on }: DataFacts): WhyNot {
  if (londonDate(contact.starts_at) < starts_on) return 'not-begun'
  return ends_on !== null && londonDate(contact.ends_at) > ends_on ? 'ends' : 'used-up'
}

function isCurrent(balance: Balance | null): balance is Balance {
  return balance !== null && balance.daysOld <= MOST_DAYS_OLD
}

function earliest(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other
  return one < other ? one : other
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}

/**
 * Whether what we gave somebody lasts for one contact: where one of their allowances does, it does; where none does and one is not
 * known, nobody knows. Null where they were given none, or the contact takes no data.
 */
export function dataFor(
  { kind, id }: Pick<Contact, 'kind' | 'id'>,
  { allowances, contacts, rates }: PersonsData,
  now: Date,
): DataStatus | null {
  const told = allowances
    .filter(({ cancelled_at }) => cancelled_at === null)
    .map((facts) => forecast(facts, contacts, rates, now))
  return bestFor({ kind, id }, told)
}

/** The same of forecasts that were told already. */
export function bestFor(contact: Pick<Contact, 'kind' | 'id'>, told: readonly Forecast[]): DataStatus | null {
  const verdicts = told.map(({ byContact }) => byContact.get(contactKey(contact)))
  if (verdicts.every((verdict) => verdict === undefined)) return null
  if (verdicts.includes('enough')) return 'enough'
  return verdicts.includes('not-known') ? 'not-known' : 'not-enough'
}
