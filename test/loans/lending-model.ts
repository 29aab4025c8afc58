import { addDays, londonDate, londonInstant, londonMidnightAfter, londonToday } from '../../src/lib/dates.ts'
import { nextWorkingDay } from '../../src/lib/working-days.ts'

/**
 * Lending as one would explain it at a table, with cards for things: who holds what, in whose pool it is, what is planned.
 * No SQL, no locks. What the service does is held against it.
 */
export interface World {
  now: Date
  things: Thing[]
  loans: Loan[]
}

export interface Thing {
  id: number
  /** The line of the person who has it. */
  heldBy: Line | null
  isBeingMadeReady: boolean
  /** The line of the ward whose pool it is in. */
  placement: Line | null
  isGone: boolean
  /** When it was last given back, or last made ready. */
  lastUsedAt: number
  plans: Plan[]
}

export interface Plan {
  from: number
  until: number
  wardId: number | null
  /** Nobody has it yet for this. */
  isToCome: boolean
}

export interface Loan {
  id: number
  version: number
  wardId: number | null
  lines: Line[]
}

export interface Line {
  id: number
  thing: Thing
  takenAt: Date
  dueOn: string | null
  isOpen: boolean
  /** null for a placement, which takes no time of its own. */
  plan: Plan | null
}

/** What comes of something that somebody tries: it is done, or the kind of refusal. */
export type Outcome = 'done' | 'Taken' | 'RuleBroken' | 'NotFound' | 'Stale'

export const today = (world: World) => londonToday(world.now)
export const daysAhead = (world: World, days: number) => addDays(today(world), days)
/** A day some share of the way back from now to when it began. */
export function dayBetween(began: Date, now: Date, share: number): string {
  return londonToday(new Date(now.getTime() - (now.getTime() - began.getTime()) * share))
}
const endOf = (dueOn: string) => londonMidnightAfter(dueOn).getTime()

/** The first outcome that is not 'done' is what the person is told. */
function firstOf(...outcomes: Outcome[]): Outcome {
  return outcomes.find((outcome) => outcome !== 'done') ?? 'done'
}

const unless = (isWrong: boolean, outcome: Outcome): Outcome => (isWrong ? outcome : 'done')

interface LendAsked {
  things: Thing[]
  wardId: number | null
  /** null: a gift. */
  dueOn: string | null
}

export function lendOutcome(world: World, { things, wardId, dueOn }: LendAsked): Outcome {
  if (dueOn === null && wardId !== null) return 'RuleBroken'
  if (dueOn !== null && dueOn <= today(world)) return 'RuleBroken'
  const now = world.now.getTime()
  const until = dueOn === null ? now + 1 : endOf(nextWorkingDay(dueOn))
  const isFree = (thing: Thing) => {
    if (thing.isGone || thing.heldBy || thing.isBeingMadeReady) return false
    if (wardId !== null) return !thing.placement && !isPlannedOutside(thing, wardId, now, until)
    if (dueOn === null && (thing.placement || isPromised(thing, now))) return false
    return !thing.plans.some((plan) => overlap(plan, { from: now, until }))
  }
  return unless(!things.every(isFree), 'Taken')
}

export function lend(
  world: World,
  { things, wardId, dueOn }: LendAsked,
  id: number,
  lineIds: Map<number, number>,
): void {
  const due = dueOn === null ? null : nextWorkingDay(dueOn)
  const lines = things.map((thing): Line => {
    const from = world.now.getTime()
    const until = due === null ? from + 1 : endOf(due)
    const poolId = thing.placement && thing.placement.dueOn !== null ? wardOf(world, thing.placement) : null
    const plan = wardId === null ? { from, until, wardId: poolId, isToCome: false } : null
    const line = { id: lineIds.get(thing.id) ?? 0, thing, takenAt: world.now, dueOn: due, isOpen: due !== null, plan }
    if (plan) thing.plans.push(plan)
    if (due === null) thing.isGone = true
    else if (wardId === null) thing.heldBy = line
    else thing.placement = line
    return line
  })
  world.loans.push({ id, version: 1, wardId, lines })
}

interface LinesAsked {
  loan: Loan
  lines: Line[]
  isStale: boolean
}

function linesOutcome({ lines, isStale }: LinesAsked): Outcome {
  return firstOf(unless(isStale, 'Stale'), unless(!lines.every((line) => line.isOpen), 'NotFound'))
}

export function extendOutcome(world: World, asked: LinesAsked, dueOn: string): Outcome {
  const due = nextWorkingDay(dueOn)
  const runsInto = ({ thing, plan, takenAt }: Line) => {
    const longer = { from: takenAt.getTime(), until: endOf(due) }
    if (plan === null) return isPlannedOutside(thing, asked.loan.wardId, longer.from, longer.until)
    return thing.plans.some((other) => other !== plan && overlap(other, longer))
  }
  return firstOf(
    linesOutcome(asked),
    unless(dueOn <= today(world), 'RuleBroken'),
    unless(
      asked.lines.some((line) => line.dueOn !== null && line.dueOn >= due),
      'RuleBroken',
    ),
    unless(asked.lines.some(runsInto), 'Taken'),
  )
}

export function extend({ loan, lines }: LinesAsked, dueOn: string): void {
  for (const line of lines) {
    line.dueOn = nextWorkingDay(dueOn)
    if (line.plan) line.plan.until = endOf(line.dueOn)
  }
  loan.version += 1
}

export function returnOutcome(world: World, asked: LinesAsked, returnedOn: string | null): Outcome {
  const day = returnedOn ?? today(world)
  const wasUsedLater = ({ takenAt, thing }: Line) =>
    day < londonDate(takenAt) || day < londonDate(new Date(thing.lastUsedAt))
  // what the ward has lent on, or is making ready, is not on the ward to be taken back
  const isLentOn = ({ plan, thing }: Line) => plan === null && (thing.heldBy !== null || thing.isBeingMadeReady)
  return firstOf(
    linesOutcome(asked),
    unless(returnedOn !== null && asked.lines.some(wasUsedLater), 'RuleBroken'),
    unless(asked.lines.some(isLentOn), 'Taken'),
  )
}

export function takeBack(world: World, { loan, lines }: LinesAsked, returnedOn: string | null): void {
  const at = timeOfReturn(world, lines, returnedOn)
  for (const line of lines) {
    const { thing, plan } = line
    line.isOpen = false
    thing.isBeingMadeReady = true
    if (plan) {
      plan.until = Math.max(Math.min(plan.until, at), plan.from + 1)
      thing.lastUsedAt = at
      thing.heldBy = null
    } else {
      thing.placement = null
    }
  }
  loan.version += 1
}

/** Noon on the day it came back; not before it was lent or last in use, and now when that is today. */
function timeOfReturn(world: World, lines: Line[], returnedOn: string | null): number {
  if (returnedOn === null || returnedOn === today(world)) return world.now.getTime()
  const noon = londonInstant(returnedOn, '12:00').value as Date
  return Math.max(noon.getTime(), ...lines.flatMap(({ takenAt, thing }) => [takenAt.getTime(), thing.lastUsedAt]))
}

export function madeReady(world: World, thing: Thing): void {
  thing.isBeingMadeReady = false
  thing.lastUsedAt = world.now.getTime()
}

export function giveOutcome(world: World, asked: LinesAsked): Outcome {
  const isSpokenFor = ({ thing }: Line) => thing.placement !== null || isPromised(thing, world.now.getTime())
  return firstOf(
    linesOutcome(asked),
    unless(asked.loan.wardId !== null, 'RuleBroken'),
    unless(asked.lines.some(isSpokenFor), 'Taken'),
  )
}

export function give(world: World, { loan, lines }: LinesAsked): void {
  for (const line of lines) {
    const { thing, plan } = line
    line.isOpen = false
    thing.heldBy = null
    thing.isGone = true
    if (plan) plan.until = Math.max(Math.min(plan.until, world.now.getTime()), plan.from + 1)
  }
  loan.version += 1
}

export function bookOutcome(world: World, thing: Thing, plan: Plan): Outcome {
  const { placement } = thing
  const review = placement?.dueOn ? endOf(placement.dueOn) : 0
  const isInPool = placement !== null && (plan.from < review || plan.wardId !== null)
  const mustBe = isInPool ? wardOf(world, placement) : null
  const isTaken = thing.isGone || plan.wardId !== mustBe || thing.plans.some((other) => overlap(other, plan))
  return unless(isTaken, 'Taken')
}

/** What the lists say of it. */
export function stateOf(world: World, { isGone, heldBy, isBeingMadeReady, placement }: Thing): string {
  const isLate = (line: Line) => line.dueOn !== null && line.dueOn < today(world)
  if (isGone) return 'gone'
  if (heldBy) return isLate(heldBy) ? 'overdue' : 'on-loan'
  if (isBeingMadeReady) return 'turnaround'
  if (placement) return isLate(placement) ? 'overdue' : 'on-ward'
  return 'available'
}

export function loanStateOf(world: World, { lines }: Loan): string {
  const open = lines.filter((line) => line.isOpen)
  if (open.length === 0) return 'closed'
  if (open.some((line) => line.dueOn !== null && line.dueOn < today(world))) return 'overdue'
  return open.length < lines.length ? 'partly-returned' : 'open'
}

export function poolOf(world: World, { placement }: Thing): number | null {
  return placement && wardOf(world, placement)
}

function wardOf(world: World, placement: Line): number | null {
  return world.loans.find((loan) => loan.lines.includes(placement))?.wardId ?? null
}

function overlap(one: { from: number; until: number }, other: { from: number; until: number }): boolean {
  return one.from < other.until && other.from < one.until
}

function isPlannedOutside(thing: Thing, wardId: number | null, from: number, until: number): boolean {
  return thing.plans.some((plan) => plan.isToCome && plan.wardId !== wardId && overlap(plan, { from, until }))
}

function isPromised(thing: Thing, now: number): boolean {
  return thing.plans.some((plan) => plan.isToCome && plan.until > now)
}
