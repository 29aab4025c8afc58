import { addDays } from '../../src/lib/dates.ts'
import { nextWorkingDay } from '../../src/lib/working-days.ts'
import { addLoan, dayOf, type LineIds, type LinesAsked, noonOf } from './loan-model.ts'
import { outcomeOf, poolAt, wasSo } from './possible.ts'
import type { Line, Loan, Outcome, Stay, Thing, World } from './world.ts'
import * as by from './world.ts'

export type DateKind = 'lent' | 'returned' | 'review'

/** A correction of somebody else's form, or of what was corrected away. */
function askedOutcome({ lines, isStale }: LinesAsked): Outcome {
  return by.firstOf(
    by.unless(isStale, 'Stale'),
    by.unless(
      lines.some(({ neverWas }) => neverWas),
      'NotFound',
    ),
  )
}

/** A swap and a transfer share a moment, which is not corrected on one side alone. */
function goesOn(world: World, line: Line): boolean {
  return world.loans.some(({ lines }) => lines.some(({ follows }) => follows === line))
}

const isLinked = (world: World, line: Line) => line.follows !== null || goesOn(world, line)

/** The turnaround that a return began. */
function benchOf({ thing, until, endedAs }: Line): Stay | undefined {
  if (endedAs !== 'returned') return undefined
  return thing.stays.find(
    (stay) => stay.kind === 'turnaround' && stay.from === until && stay.endedAs !== 'not-returned',
  )
}

/** Nothing has come of the return yet. */
function isUntouched(line: Line): boolean {
  const bench = benchOf(line)
  return bench !== undefined && bench.until === null && line.thing.left === null
}

function tellAll(world: World, loan: Loan, things: Thing[]): void {
  by.tell(world, 'loan:corrected', loan)
  by.tell(world, 'item:loan-corrected', ...things)
}

export function borrowerOutcome(world: World, asked: LinesAsked, borrower: number, wardId: number | null): Outcome {
  const { loan, lines } = asked
  const stays = (line: Line) => isLinked(world, line) || line.isReported || line.endedAs === 'given'
  const refused = by.firstOf(askedOutcome(asked), by.unless(loan.borrower === borrower, 'RuleBroken'))
  if (refused !== 'done' || isRenamed(asked, wardId)) return refused
  const things = lines.map(({ thing }) => thing)
  if (lines.some(stays)) return 'RuleBroken'
  return outcomeOf(world, things, () => moveLines(world, asked, { id: 0, borrower, wardId }, new Map()))
}

/** All of it, and no ward comes in. */
function isRenamed({ loan, lines }: LinesAsked, wardId: number | null): boolean {
  return wardId === null && loan.wardId === null && lines.length === loan.lines.filter((line) => !line.neverWas).length
}

type NewLoan = Pick<Loan, 'id' | 'borrower' | 'wardId'>

export function correctBorrower(world: World, asked: LinesAsked, to: NewLoan, lineIds: LineIds): void {
  tellAll(
    world,
    asked.loan,
    asked.lines.map(({ thing }) => thing),
  )
  if (isRenamed(asked, to.wardId)) asked.loan.borrower = to.borrower
  else moveLines(world, asked, to, lineIds)
}

/** They never were, and a new loan tells what was. */
function moveLines(world: World, { loan, lines }: LinesAsked, to: NewLoan, lineIds: LineIds): Line[] {
  const other = addLoan(world, to)
  other.carer = loan.carer
  for (const line of lines) line.neverWas = true
  for (const line of lines) {
    const poolId = to.wardId === null ? poolAt(world, line.thing, line.from) : null
    other.lines.push({ ...line, id: lineIds.get(line.thing.id) ?? 0, loan: other, poolId, neverWas: false })
  }
  by.tell(world, 'loan:made-by-correction', other)
  return other.lines
}

function dateOf(kind: DateKind, line: Line): string | null {
  if (kind === 'lent') return dayOf(line.from)
  if (kind === 'review') return line.endedAs === null ? line.dueOn : null
  return line.endedAs === 'returned' ? dayOf(line.until as number) : null
}

const isGiftAtOnce = ({ dueOn, endedAs }: Line) => dueOn === null && endedAs === 'given'

function isWrongDay(world: World, kind: DateKind, line: Line, day: string): boolean {
  if (kind === 'review') return day < dayOf(line.from) || day > addDays(by.today(world), 3640)
  if (day > by.today(world)) return true
  if (kind === 'lent') {
    if (line.follows) return true
    const isOver = line.until !== null && day > dayOf(line.until)
    return !isGiftAtOnce(line) && (isOver || (line.dueOn !== null && day > line.dueOn))
  }
  const bench = benchOf(line)
  const isLate = bench?.until != null && day > dayOf(bench.until)
  return goesOn(world, line) || line.isReported || !bench || day < dayOf(line.from) || isLate
}

export function dateOutcome(world: World, asked: LinesAsked, kind: DateKind, askedDay: string): Outcome {
  const day = kind === 'review' ? nextWorkingDay(askedDay) : askedDay
  const wrong = asked.lines.filter((line) => dateOf(kind, line) !== day)
  const refused = by.firstOf(
    askedOutcome(asked),
    by.unless(asked.lines.some((line) => dateOf(kind, line) === null) || wrong.length === 0, 'RuleBroken'),
    by.unless(
      wrong.some((line) => isWrongDay(world, kind, line, day)),
      'RuleBroken',
    ),
  )
  if (refused !== 'done') return refused
  // what went missing from the bench is found first
  if (kind === 'returned' && wrong.some((line) => line.thing.left && benchOf(line)?.until === null)) return 'Taken'
  const things = wrong.map(({ thing }) => thing)
  return outcomeOf(world, things, () => moveDates(world, wrong, kind, day), kind === 'review' ? 'review' : 'day')
}

export function correctDate(world: World, { loan, lines }: LinesAsked, kind: DateKind, askedDay: string): void {
  const day = kind === 'review' ? nextWorkingDay(askedDay) : askedDay
  const wrong = lines.filter((line) => dateOf(kind, line) !== day)
  tellAll(
    world,
    loan,
    wrong.map(({ thing }) => thing),
  )
  moveDates(world, wrong, kind, day)
}

function moveDates(world: World, lines: Line[], kind: DateKind, day: string): Line[] {
  if (kind === 'review') for (const line of lines) line.dueOn = day
  if (kind === 'returned') for (const line of lines) moveReturn(world, line, day)
  if (kind === 'lent') moveBeginnings(world, lines, day)
  return lines
}

/** Noon of that day, but not before what was before on that very day, and not after what came after. */
function momentOn(day: string, before: number[], after: number[]): number {
  const earliest = Math.max(...before)
  const latest = Math.min(...after)
  const noon = dayOf(latest) === day ? Math.min(noonOf(day), latest) : noonOf(day)
  return Number.isFinite(earliest) && dayOf(earliest) === day ? Math.max(noon, earliest) : noon
}

function moveReturn(world: World, line: Line, day: string): void {
  const bench = benchOf(line) as Stay
  line.until = momentOn(day, [line.from], [by.timeOf(world), bench.until ?? Number.POSITIVE_INFINITY])
  bench.from = line.until
}

function moveBeginnings(world: World, lines: Line[], day: string): void {
  const before = lines.flatMap((line) => lastEndBefore(world, line))
  const ends = lines.flatMap((line) => (line.until === null || isGiftAtOnce(line) ? [] : [line.until]))
  const at = momentOn(day, before, [by.timeOf(world), ...ends])
  for (const line of lines) {
    line.from = at
    if (!isGiftAtOnce(line)) continue
    line.until = at
    if (line.thing.left?.as === 'given') line.thing.left = { as: 'given', at }
  }
}

/** When whoever had it before was done with it. */
function lastEndBefore(world: World, line: Line): number[] {
  const lines = by.linesOf(world, line.thing).filter((other) => other !== line && !by.isPlacement(other))
  const ends = [...lines, ...line.thing.stays.filter(wasSo)].flatMap(({ until }) => until ?? [])
  const before = ends.filter((until) => until <= line.from)
  return before.length === 0 ? [] : [Math.max(...before)]
}

export function itemOutcome(world: World, asked: LinesAsked, thing: Thing): Outcome {
  const [line] = asked.lines as [Line]
  const stays = line.isReported || line.endedAs === 'given' || isLinked(world, line)
  const isTouched = line.endedAs === 'returned' && !isUntouched(line)
  const refused = by.firstOf(
    askedOutcome(asked),
    by.unless(line.thing === thing || thing.left !== null || stays || isTouched, 'RuleBroken'),
  )
  return refused === 'done' ? outcomeOf(world, [line.thing, thing], () => moveItem(world, line, thing)) : refused
}

export function correctItem(world: World, { loan, lines: [line] }: LinesAsked, thing: Thing): void {
  if (!line) return
  tellAll(world, loan, [line.thing, thing])
  moveItem(world, line, thing)
}

function moveItem(world: World, line: Line, thing: Thing): Line[] {
  const bench = benchOf(line)
  if (bench) neverBegan(bench)
  line.thing = thing
  line.poolId = by.isPlacement(line) ? null : poolAt(world, thing, line.from)
  if (line.endedAs === 'returned') by.beginStay(thing, 'turnaround', line.until as number)
  return [line]
}

function neverBegan(bench: Stay): void {
  Object.assign(bench, { until: bench.from, endedAs: 'not-returned' })
}

/** A return or a gift that never was. */
export function undoOutcome(world: World, asked: LinesAsked, dueOn: string): Outcome {
  const cannot = (line: Line) => {
    if (goesOn(world, line)) return true
    if (line.endedAs === 'returned') return line.isReported || !isUntouched(line)
    const isStillGiven =
      line.endedAs === 'given' && line.thing.left?.as === 'given' && line.thing.left.at === line.until
    return !isStillGiven || (line.dueOn === null && dueOn < dayOf(line.from))
  }
  const refused = by.firstOf(askedOutcome(asked), by.unless(asked.lines.some(cannot), 'RuleBroken'))
  return refused === 'done'
    ? outcomeOf(
        world,
        asked.lines.map(({ thing }) => thing),
        () => reopen(asked.lines, dueOn),
      )
    : refused
}

export function undoReturn(world: World, { loan, lines }: LinesAsked, dueOn: string): void {
  tellAll(
    world,
    loan,
    lines.map(({ thing }) => thing),
  )
  reopen(lines, dueOn)
}

function reopen(lines: Line[], dueOn: string): Line[] {
  for (const line of lines) {
    const bench = benchOf(line)
    if (bench) neverBegan(bench)
    if (line.endedAs === 'given') line.thing.left = null
    Object.assign(line, { until: null, endedAs: null, dueOn: line.dueOn ?? nextWorkingDay(dueOn) })
  }
  return lines
}
