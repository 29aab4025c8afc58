import { londonDate, londonInstant } from '../../src/lib/dates.ts'
import { nextWorkingDay } from '../../src/lib/working-days.ts'
import type { Line, Loan, Outcome, Plan, Thing, World } from './world.ts'
import * as by from './world.ts'

interface LendAsked {
  things: Thing[]
  borrower: number
  wardId: number | null
  /** null: a gift. */
  dueOn: string | null
}

/** Whether somebody could have it from now until then. */
function isFree(world: World, thing: Thing, wardId: number | null, until: number, except: Line[] = []): boolean {
  const now = by.timeOf(world)
  const held = by.heldBy(world, thing)
  const placement = by.placementOf(world, thing)
  const isPlaced = placement !== undefined && !except.includes(placement)
  if (thing.left || by.openStay(thing) || (held && !except.includes(held))) return false
  if (wardId !== null) return !isPlaced && !by.isBookedOutside(thing, wardId, { from: now, until })
  // what a line takes that ends now is over now
  return !by.plansOf(world, thing, except).some((plan) => by.overlap(plan, { from: now, until }))
}

export function lendOutcome(world: World, { things, wardId, dueOn }: LendAsked): Outcome {
  if (dueOn === null && wardId !== null) return 'RuleBroken'
  if (dueOn !== null && dueOn <= by.today(world)) return 'RuleBroken'
  if (dueOn === null) {
    const mayGo = (thing: Thing) => !by.placementOf(world, thing) && !by.isPromised(world, thing)
    return by.unless(
      !things.every((thing) => mayGo(thing) && isFree(world, thing, null, by.timeOf(world) + 1)),
      'Taken',
    )
  }
  const until = by.endOf(nextWorkingDay(dueOn))
  return by.unless(!things.every((thing) => isFree(world, thing, wardId, until)), 'Taken')
}

type NewLoan = Pick<Loan, 'id' | 'borrower' | 'wardId'>

/** An empty loan; its lines are added to it. */
export function addLoan(world: World, { id, borrower, wardId }: NewLoan): Loan {
  const loan: Loan = { id, borrower, wardId, carer: 0, lines: [], told: [] }
  world.loans.push(loan)
  return loan
}

interface NewLine {
  id: number
  thing: Thing
  dueOn: string | null
  follows: Line | null
}

function addLine(world: World, loan: Loan, { id, thing, dueOn, follows }: NewLine): Line {
  const line: Line = {
    id,
    loan,
    thing,
    from: by.timeOf(world),
    dueOn,
    until: null,
    endedAs: null,
    poolId: loan.wardId === null ? by.poolOf(world, thing) : null,
    follows,
    neverWas: false,
    isReported: false,
  }
  loan.lines.push(line)
  return line
}

export type LineIds = Map<number, number>

export function lend(world: World, asked: LendAsked, id: number, lineIds: LineIds): void {
  const loan = addLoan(world, { ...asked, id })
  const dueOn = asked.dueOn === null ? null : nextWorkingDay(asked.dueOn)
  for (const thing of asked.things) {
    const line = addLine(world, loan, { id: lineIds.get(thing.id) ?? 0, thing, dueOn, follows: null })
    if (dueOn === null) leaveAsGift(world, line)
  }
  by.tell(world, dueOn === null ? 'loan:given' : 'loan:lent', loan)
}

function leaveAsGift(world: World, line: Line): void {
  by.endLine(line, by.timeOf(world), 'given')
  line.thing.left = { as: 'given', at: by.timeOf(world) }
}

export interface LinesAsked {
  loan: Loan
  lines: Line[]
  isStale: boolean
}

export function linesOutcome({ lines, isStale }: LinesAsked): Outcome {
  return by.firstOf(by.unless(isStale, 'Stale'), by.unless(!lines.every(by.isOpen), 'NotFound'))
}

function runsInto(world: World, line: Line, until: number): boolean {
  const longer = { from: line.from, until }
  if (by.isPlacement(line)) return by.isBookedOutside(line.thing, line.loan.wardId, longer)
  return by.plansOf(world, line.thing, [line]).some((other) => by.overlap(other, longer))
}

export function extendOutcome(world: World, asked: LinesAsked, dueOn: string): Outcome {
  const due = nextWorkingDay(dueOn)
  const { lines } = asked
  return by.firstOf(
    linesOutcome(asked),
    by.unless(dueOn <= by.today(world), 'RuleBroken'),
    by.unless(!lines.every((line) => line.dueOn !== null && line.dueOn < due), 'RuleBroken'),
    by.unless(
      lines.some((line) => runsInto(world, line, by.endOf(due))),
      'Taken',
    ),
  )
}

export function extend(world: World, lines: Line[], dueOn: string): void {
  for (const line of lines) line.dueOn = nextWorkingDay(dueOn)
  by.tell(world, 'loan:extended', ...lines.map(({ loan }) => loan))
}

/** Lines of any loans at once; each that cannot be is told apart, and none is done. */
export function extendManyOutcome(world: World, lines: Line[], dueOn: string): Outcome {
  const due = nextWorkingDay(dueOn)
  const cannot = (line: Line) => !by.isOpen(line) || (line.dueOn ?? '') >= due || runsInto(world, line, by.endOf(due))
  return by.unless(dueOn <= by.today(world) || lines.some(cannot), 'RuleBroken')
}

export function returnOutcome(world: World, asked: LinesAsked, returnedOn: string | null): Outcome {
  const day = returnedOn ?? by.today(world)
  const wasUsedLater = ({ from, thing }: Line) => day < dayOf(from) || day < dayOf(by.lastUsedAt(world, thing))
  // what the ward has lent on, or is making ready, is not on the ward to be taken back
  const isElsewhere = (line: Line) => by.isPlacement(line) && by.isInHands(world, line.thing)
  return by.firstOf(
    linesOutcome(asked),
    by.unless(returnedOn !== null && asked.lines.some(wasUsedLater), 'RuleBroken'),
    by.unless(asked.lines.some(isElsewhere), 'Taken'),
  )
}

export const dayOf = (time: number) => londonDate(new Date(time))

export function takeBack(world: World, { loan, lines }: LinesAsked, returnedOn: string | null): void {
  const at = timeOfReturn(world, lines, returnedOn)
  for (const line of lines) comeBack(line, at)
  by.tell(world, 'loan:returned', loan)
}

function comeBack(line: Line, at: number): void {
  by.endLine(line, at, 'returned')
  by.beginStay(line.thing, 'turnaround', at)
}

/** Noon on the day it came back; not before it was lent or last in use, and now when that is today. */
function timeOfReturn(world: World, lines: Line[], returnedOn: string | null): number {
  if (returnedOn === null) return by.timeOf(world)
  const noon = returnedOn === by.today(world) ? by.timeOf(world) : noonOf(returnedOn)
  return Math.max(noon, ...lines.flatMap(({ from, thing }) => [from, by.lastUsedAt(world, thing)]))
}

export function noonOf(day: string): number {
  return (londonInstant(day, '12:00').value as Date).getTime()
}

/** Whatever of the scanned things somebody has comes back from whoever has it; the rest is left as it is. */
export function takeBackScanned(world: World, things: Thing[], returnedOn: string | null): void {
  const back = things.flatMap((thing) => {
    const line = by.heldBy(world, thing) ?? (by.openStay(thing) ? undefined : by.placementOf(world, thing))
    if (!line || (returnedOn !== null && returnedOn < dayOf(Math.max(line.from, by.lastUsedAt(world, thing)))))
      return []
    return [{ line, at: timeOfReturn(world, [line], returnedOn) }]
  })
  for (const { line, at } of back) comeBack(line, at)
  by.tell(world, 'loan:returned', ...back.map(({ line }) => line.loan))
}

export function giveOutcome(world: World, asked: LinesAsked): Outcome {
  const isSpokenFor = ({ thing }: Line) => by.placementOf(world, thing) !== undefined || by.isPromised(world, thing)
  return by.firstOf(
    linesOutcome(asked),
    by.unless(asked.loan.wardId !== null, 'RuleBroken'),
    by.unless(asked.lines.some(isSpokenFor), 'Taken'),
  )
}

export function give(world: World, { loan, lines }: LinesAsked): void {
  for (const line of lines) leaveAsGift(world, line)
  by.tell(world, 'loan:given', loan)
}

/** The same review as before, or today where that has gone by. */
function reviewGoingOn(world: World, line: Line): string {
  return line.dueOn !== null && line.dueOn > by.today(world) ? line.dueOn : by.today(world)
}

export interface SwapAsked extends LinesAsked {
  thing: Thing
}

export function swapOutcome(world: World, { loan, lines, isStale, thing }: SwapAsked): Outcome {
  const [line] = lines as [Line]
  // what the ward has lent on, or what is on the bench, is not there to be swapped
  const isElsewhere = by.isPlacement(line) && by.isInHands(world, line.thing)
  const until = by.endOf(reviewGoingOn(world, line))
  return by.firstOf(
    linesOutcome({ loan, lines, isStale }),
    by.unless(line.thing === thing, 'RuleBroken'),
    by.unless(isElsewhere || !isFree(world, thing, loan.wardId, until), 'Taken'),
  )
}

/** The old one goes to the bench the moment the new one takes its place. */
export function swap(world: World, { loan, lines, thing }: SwapAsked, newLineId: number): Line {
  const [line] = lines as [Line]
  const dueOn = reviewGoingOn(world, line)
  if (by.isOpen(line)) by.endLine(line, by.timeOf(world), 'returned')
  if (!by.openStay(line.thing)) by.beginStay(line.thing, 'turnaround', by.timeOf(world))
  by.tell(world, 'loan:swapped', loan)
  return addLine(world, loan, { id: newLineId, thing, dueOn, follows: line })
}

export interface TransferAsked extends LinesAsked {
  borrower: number
  wardId: number | null
}

export function transferOutcome(world: World, asked: TransferAsked): Outcome {
  const { loan, lines, borrower, wardId } = asked
  const mayGoOn = (line: Line) => {
    const isLentOn = by.isPlacement(line) && by.isInHands(world, line.thing)
    return !isLentOn && isFree(world, line.thing, wardId, by.endOf(reviewGoingOn(world, line)), [line])
  }
  return by.firstOf(
    linesOutcome(asked),
    by.unless(loan.borrower === borrower, 'RuleBroken'),
    by.unless(!lines.every(mayGoOn), 'Taken'),
  )
}

export function transfer(world: World, asked: TransferAsked, id: number, lineIds: LineIds): void {
  const { loan, lines } = asked
  const next = addLoan(world, { ...asked, id })
  for (const line of lines) {
    const dueOn = reviewGoingOn(world, line)
    by.endLine(line, by.timeOf(world), 'returned')
    addLine(world, next, { id: lineIds.get(line.thing.id) ?? 0, thing: line.thing, dueOn, follows: line })
  }
  by.tell(world, 'loan:transferred', loan)
  by.tell(world, 'loan:taken-over', next)
}

/** One loan, from whoever looks after it as far as the form knew. */
export function handOverOutcome(loan: Loan, from: number): Outcome {
  return by.unless(loan.carer !== from, 'Stale')
}

/** Every open loan of one champion. */
export function caseloadOf(world: World, champion: number): Loan[] {
  return world.loans.filter(({ carer, lines }) => carer === champion && lines.some(by.isOpen))
}

export function handOver(world: World, loans: Loan[], to: number): void {
  for (const loan of loans) loan.carer = to
  by.tell(world, 'loan:handed-over', ...loans)
}

export function bookOutcome(world: World, thing: Thing, plan: Plan): Outcome {
  const placement = by.placementOf(world, thing)
  const review = placement?.dueOn ? by.endOf(placement.dueOn) : 0
  const isInPool = placement !== undefined && (plan.from < review || plan.wardId !== null)
  const mustBe = isInPool ? placement.loan.wardId : null
  const isTaken = by.plansOf(world, thing).some((other) => by.overlap(other, plan))
  return by.unless(thing.left !== null || plan.wardId !== mustBe || isTaken, 'Taken')
}
