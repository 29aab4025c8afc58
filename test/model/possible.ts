import type { Line, Outcome, Stay, Thing, World } from './world.ts'
import * as by from './world.ts'

/** What is written down now can have been: nobody had it while somebody else did, and every ward used what it had. */
function isPossible(world: World, thing: Thing): boolean {
  const lines = by.linesOf(world, thing)
  const had = [...lines.filter((line) => !by.isPlacement(line)), ...thing.stays.filter(wasSo)].map(spanOf)
  const placements = lines.filter(by.isPlacement)
  const placed = placements.map(spanOf)
  return (
    areApart(had) &&
    areApart(placed) &&
    areApart(by.plansOf(world, thing)) &&
    !placed.some(({ from }) => had.some((span) => span.from < from && from < span.until)) &&
    lines.every((line) => by.isPlacement(line) || line.poolId === poolAt(world, thing, line.from))
  )
}

/** A stay that never began was in nobody's way. */
export const wasSo = ({ endedAs }: Stay) => endedAs !== 'not-returned'
const spanOf = ({ from, until }: { from: number; until: number | null }) => ({
  from,
  until: until ?? Number.POSITIVE_INFINITY,
})

function areApart(spans: { from: number; until: number }[]): boolean {
  return spans.every((one, at) => !spans.slice(at + 1).some((other) => by.overlap(one, other)))
}

/** In whose pool it was at a moment. */
export function poolAt(world: World, thing: Thing, at: number): number | null {
  const placement = by.linesOf(world, thing).find((line) => {
    const { from, until } = spanOf(line)
    return by.isPlacement(line) && from <= at && at < until
  })
  return placement?.loan.wardId ?? null
}

/** What a correction says of its lines: that they are open from now on, another review, or only another day gone by. */
export type Said = 'open' | 'review' | 'day'

/** What a ward turns out to have is in nobody's hands at this moment, and nobody outside the ward is to have it. */
function isWithSomebodyElse(world: World, line: Line, said: Said): boolean {
  if (said === 'day' || !by.isPlacement(line) || !by.isOpen(line) || line.dueOn === null) return false
  if (said === 'open' && by.isInHands(world, line.thing)) return true
  return by.isBookedOutside(line.thing, line.loan.wardId, { from: line.from, until: by.endOf(line.dueOn) })
}

/**
 * Makes a correction, looks whether what is written down then can have been, and puts everything back where it cannot.
 * `make` gives the lines that tell the truth.
 */
export function outcomeOf(world: World, things: Thing[], make: () => Line[], said: Said = 'open'): Outcome {
  const before = copyOf(world)
  const made = make()
  const isElsewhere = made.some((line) => isWithSomebodyElse(world, line, said))
  const isFine = !isElsewhere && things.every((thing) => isPossible(world, thing))
  before.restore()
  return by.unless(!isFine, 'Taken')
}

/** What a correction may change, to be put back. */
function copyOf(world: World) {
  const loans = world.loans.map((loan) => ({ loan, was: { ...loan, lines: [...loan.lines], told: [...loan.told] } }))
  const lines = world.loans.flatMap((loan) => loan.lines).map((line) => ({ line, was: { ...line } }))
  const things = world.things.map((thing) => ({
    thing,
    was: { ...thing, told: [...thing.told], stays: thing.stays.map((stay) => ({ ...stay })) },
  }))
  const restore = () => {
    for (const { loan, was } of loans) Object.assign(loan, was)
    for (const { line, was } of lines) Object.assign(line, was)
    for (const { thing, was } of things) Object.assign(thing, was)
    world.loans.length = loans.length
  }
  return { restore }
}
