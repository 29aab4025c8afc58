import type { Category } from '../../src/items/rules.ts'
import { daysBetween } from '../../src/lib/dates.ts'
import { stepsFor } from '../../src/turnaround/rules.ts'
import { dayOf } from './loan-model.ts'
import type { Incident, Line, Loan, Outcome, Thing, World } from './world.ts'
import * as by from './world.ts'

export type Kind = 'lost' | 'stolen' | 'damaged' | 'repairable'

/** The line that a report is about: of whoever has it, or else of the ward it is placed with. */
export function lineOfReport(world: World, thing: Thing): Line | undefined {
  return by.heldBy(world, thing) ?? by.placementOf(world, thing)
}

/** Things are reported together when one loan had them, or none. */
export function reportOutcome(world: World, things: Thing[]): Outcome {
  const isLost = ({ left }: Thing) => left?.as === 'lost' || left?.as === 'stolen'
  if (things.some(isLost)) return 'RuleBroken'
  const loan = lineOfReport(world, things[0] as Thing)?.loan
  const each = [...things].sort((one, other) => one.id - other.id)
  return by.firstOf(
    ...each.map((thing) =>
      by.firstOf(
        by.unless(thing.left !== null, 'RuleBroken'),
        by.unless(lineOfReport(world, thing)?.loan !== loan, 'Stale'),
      ),
    ),
  )
}

export function report(world: World, kind: Kind, things: Thing[], id: number): void {
  const now = by.timeOf(world)
  const loans = new Set<Loan>()
  for (const thing of things) {
    const [held, placement] = [by.heldBy(world, thing), by.placementOf(world, thing)]
    for (const line of [held, placement]) {
      if (!line) continue
      line.isReported = true
      loans.add(line.loan)
    }
    if (kind === 'repairable') goToBench(thing, held, now)
    else leave(thing, kind, [held, placement], now)
  }
  world.incidents.push({ id, kind, things, found: [], loans: [...loans] })
  by.tell(world, 'incident:reported', ...loans, ...things)
}

/** It stays in its ward's pool, since that is where it goes afterwards. */
function goToBench(thing: Thing, held: Line | undefined, now: number): void {
  if (held) by.endLine(held, now, 'returned')
  if (!by.openStay(thing)) by.beginStay(thing, 'turnaround', now)
}

/** What is lost from the bench was on the bench; nobody made it ready. */
function leave(thing: Thing, kind: Kind, lines: (Line | undefined)[], now: number): void {
  for (const line of lines) if (line) by.endLine(line, now, kind)
  if (by.openStay(thing)?.kind === 'repair') by.endStay(thing, now, kind)
  thing.left = { as: kind, at: now }
}

export const isLoss = ({ kind }: Incident) => kind === 'lost' || kind === 'stolen'

export function findOutcome(incident: Incident, thing: Thing): Outcome {
  return by.firstOf(by.unless(!isLoss(incident), 'NotFound'), by.unless(incident.found.includes(thing), 'AlreadySo'))
}

/** Back in the stock and on the bench. How its loan ended stays as it was. */
export function find(world: World, incident: Incident, thing: Thing): void {
  thing.left = null
  incident.found.push(thing)
  if (!by.openStay(thing)) by.beginStay(thing, 'turnaround', by.timeOf(world))
  by.tell(world, 'incident:found', ...incident.loans, thing)
}

export function sendToRepairOutcome(world: World, thing: Thing): Outcome {
  const isThere = by.openStay(thing)?.kind === 'repair'
  return by.unless(thing.left !== null || isThere || by.heldBy(world, thing) !== undefined, 'RuleBroken')
}

export function sendToRepair(world: World, thing: Thing): void {
  by.endStay(thing, by.timeOf(world), 'to-repair')
  by.beginStay(thing, 'repair', by.timeOf(world))
  by.tell(world, 'repair:sent', thing)
}

export function backFromRepair(world: World, thing: Thing): void {
  by.endStay(thing, by.timeOf(world), 'back')
  by.beginStay(thing, 'turnaround', by.timeOf(world))
  by.tell(world, 'repair:back', thing)
}

export function retireOutcome(world: World, thing: Thing): Outcome {
  const isSomebodys = by.heldBy(world, thing) ?? by.placementOf(world, thing)
  return by.unless(thing.left !== null || isSomebodys !== undefined || by.isPromised(world, thing), 'RuleBroken')
}

export function retire(world: World, thing: Thing): void {
  const now = by.timeOf(world)
  by.endStay(thing, now, by.openStay(thing)?.kind === 'repair' ? 'beyond-repair' : 'retired')
  thing.left = { as: 'retired', at: now }
  thing.retirement = { at: now, isUndone: false }
  by.tell(world, 'item:retired', thing)
}

export function bringBackOutcome(world: World, { retirement }: Thing): Outcome {
  if (!retirement) return 'NotFound'
  const isTooLate = daysBetween(dayOf(retirement.at), by.today(world)) > 30
  return by.unless(retirement.isUndone || isTooLate, 'RuleBroken')
}

export function bringBack(world: World, thing: Thing): void {
  thing.left = null
  thing.retirement = thing.retirement && { ...thing.retirement, isUndone: true }
  by.beginStay(thing, 'turnaround', by.timeOf(world))
  by.tell(world, 'item:brought-back', thing)
}

const holdsPhotos = ({ category }: Thing) => stepsFor(category as Category).includes('wiped')

/** What somebody wants to keep is saved before it is wiped. */
export function makeReadyOutcome(thing: Thing): Outcome {
  return by.unless(thing.isToBeSaved && holdsPhotos(thing), 'RuleBroken')
}

export function makeReady(world: World, thing: Thing): void {
  by.endStay(thing, by.timeOf(world), 'ready')
  by.tell(world, 'turnaround:step-done', thing)
  by.tell(world, 'turnaround:done', thing)
}

export function planOnwardOutcome({ loan, lines }: { loan: Loan; lines: Line[] }): Outcome {
  const isTheirs = (line: Line) => by.isOpen(line) && holdsPhotos(line.thing)
  return by.unless(loan.borrower !== 0 || !loan.lines.some(by.isOpen) || !lines.every(isTheirs), 'RuleBroken')
}

export function planOnward(world: World, { loan, lines }: { loan: Loan; lines: Line[] }): void {
  for (const { thing } of lines) thing.isToBeSaved = true
  by.tell(world, 'loan:onward-planned', loan)
}

export function save(world: World, thing: Thing): void {
  thing.isToBeSaved = false
  by.tell(world, 'turnaround:photos-saved', thing)
}
