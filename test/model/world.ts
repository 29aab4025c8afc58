import { addDays, londonMidnightAfter, londonToday } from '../../src/lib/dates.ts'

/**
 * The service as one would explain it at a table, with cards for things: who holds what, since when and until when, what
 * is planned, what was said to be wrong. No SQL, no locks. What the service does is held against it.
 */
export interface World {
  now: Date
  things: Thing[]
  loans: Loan[]
  incidents: Incident[]
}

export interface Thing {
  id: number
  tag: string
  category: string
  /** Whenever it was on the bench or away for repair. */
  stays: Stay[]
  /** What somebody booked; in these stories nobody comes for it. */
  bookings: Plan[]
  left: { as: string; at: number } | null
  retirement: { at: number; isUndone: boolean } | null
  /** Somebody wants to keep what is on it. */
  isToBeSaved: boolean
  told: Told[]
}

export interface Stay {
  kind: 'turnaround' | 'repair'
  from: number
  until: number | null
  endedAs: string | null
}

export interface Plan {
  from: number
  until: number
  wardId: number | null
}

export interface Loan {
  id: number
  /** Which of the service's borrowers. */
  borrower: number
  wardId: number | null
  /** Which of the two champions looks after it. */
  carer: number
  lines: Line[]
  told: Told[]
}

export interface Line {
  id: number
  loan: Loan
  thing: Thing
  from: number
  dueOn: string | null
  until: number | null
  endedAs: string | null
  /** In whose pool the thing was when it was lent on. */
  poolId: number | null
  /** By a swap or a transfer. */
  follows: Line | null
  /** It was written down by mistake, and another line tells what was. */
  neverWas: boolean
  /** Something was reported of it while it was in this loan. */
  isReported: boolean
}

export interface Incident {
  id: number
  kind: string
  things: Thing[]
  found: Thing[]
  /** In whose history it stands. */
  loans: Loan[]
}

/** A line of a history: what was done, and when. */
export interface Told {
  what: string
  at: number
}

/** What comes of something that somebody tries: it is done, or the kind of refusal. */
export type Outcome = 'done' | 'Taken' | 'RuleBroken' | 'NotFound' | 'Stale' | 'AlreadySo'

export const today = (world: World) => londonToday(world.now)
export const timeOf = (world: World) => world.now.getTime()
export const daysAhead = (world: World, days: number) => addDays(today(world), days)
export const endOf = (dueOn: string) => londonMidnightAfter(dueOn).getTime()

/** A day some share of the way back from now to when it began. */
export function dayBetween(began: number, now: Date, share: number): string {
  return londonToday(new Date(now.getTime() - (now.getTime() - began) * share))
}

export const dayAfter = (time: number, days: number) => addDays(londonToday(new Date(time)), days)

/** The first outcome that is not 'done' is what the person is told. */
export function firstOf(...outcomes: Outcome[]): Outcome {
  return outcomes.find((outcome) => outcome !== 'done') ?? 'done'
}

export const unless = (isWrong: boolean, outcome: Outcome): Outcome => (isWrong ? outcome : 'done')

/** Every line that tells something of a thing. */
export function linesOf(world: World, thing: Thing): Line[] {
  return world.loans.flatMap((loan) => loan.lines).filter((line) => line.thing === thing && !line.neverWas)
}

export const isOpen = (line: Line) => line.until === null && !line.neverWas
export const isPlacement = (line: Line) => line.loan.wardId !== null

/** The line of the person who has it. */
export function heldBy(world: World, thing: Thing): Line | undefined {
  return linesOf(world, thing).find((line) => isOpen(line) && !isPlacement(line))
}

/** The line of the ward whose pool it is in. */
export function placementOf(world: World, thing: Thing): Line | undefined {
  return linesOf(world, thing).find((line) => isOpen(line) && isPlacement(line))
}

export function poolOf(world: World, thing: Thing): number | null {
  return placementOf(world, thing)?.loan.wardId ?? null
}

/** Where it is while nobody has it and it is not on the shelf. */
export function openStay({ stays }: Thing): Stay | undefined {
  return stays.find(({ until }) => until === null)
}

export function isInHands(world: World, thing: Thing): boolean {
  return heldBy(world, thing) !== undefined || openStay(thing) !== undefined
}

/** When it was last in use and is no more. A stay that never was is no use. */
export function lastUsedAt(world: World, thing: Thing): number {
  const lines = linesOf(world, thing).filter((line) => !isPlacement(line))
  const stays = thing.stays.filter(({ endedAs }) => endedAs !== 'not-returned')
  return Math.max(0, ...[...lines, ...stays].map(({ until }) => until ?? 0))
}

/** The time a line takes its thing: until its review, or until it ended where that was sooner. A placement takes none. */
export function planOf(line: Line): Plan | null {
  if (isPlacement(line)) return null
  const meant = line.dueOn === null ? Number.POSITIVE_INFINITY : endOf(line.dueOn)
  const until = Math.max(Math.min(meant, line.until ?? Number.POSITIVE_INFINITY), line.from + 1)
  return { from: line.from, until, wardId: line.poolId }
}

export function plansOf(world: World, thing: Thing, except: Line[] = []): Plan[] {
  const lines = linesOf(world, thing).filter((line) => !except.includes(line))
  return [...thing.bookings, ...lines.flatMap((line) => planOf(line) ?? [])]
}

export function overlap(one: { from: number; until: number }, other: { from: number; until: number }): boolean {
  return one.from < other.until && other.from < one.until
}

/** Somebody outside the ward is to have it then. */
export function isBookedOutside(thing: Thing, wardId: number | null, span: { from: number; until: number }): boolean {
  return thing.bookings.some((plan) => plan.wardId !== wardId && overlap(plan, span))
}

export function isPromised(world: World, thing: Thing): boolean {
  return thing.bookings.some((plan) => plan.until > timeOf(world))
}

export function beginStay(thing: Thing, kind: Stay['kind'], from: number): void {
  thing.stays.push({ kind, from, until: null, endedAs: null })
}

export function endStay(thing: Thing, until: number, endedAs: string): void {
  const stay = openStay(thing)
  if (stay) Object.assign(stay, { until, endedAs })
}

export function endLine(line: Line, until: number, endedAs: string): void {
  Object.assign(line, { until, endedAs })
}

/** It is written into the histories of a loan and of things. */
export function tell(world: World, what: string, ...whose: { told: Told[] }[]): void {
  for (const one of new Set(whose)) one.told.push({ what, at: timeOf(world) })
}

/** What the lists say of it. */
export function stateOf(world: World, thing: Thing): string {
  const isLate = (line: Line) => line.dueOn !== null && line.dueOn < today(world)
  if (thing.left) return 'gone'
  const held = heldBy(world, thing)
  if (held) return isLate(held) ? 'overdue' : 'on-loan'
  const stay = openStay(thing)
  if (stay) return stay.kind
  const placement = placementOf(world, thing)
  if (placement) return isLate(placement) ? 'overdue' : 'on-ward'
  return 'available'
}

/** What was written down by mistake counts for nothing. */
export function loanStateOf(world: World, loan: Loan): string {
  const lines = loan.lines.filter((line) => !line.neverWas)
  const open = lines.filter(isOpen)
  if (open.length === 0) return 'closed'
  if (open.some((line) => line.dueOn !== null && line.dueOn < today(world))) return 'overdue'
  return open.length < lines.length ? 'partly-returned' : 'open'
}
