import { expect } from '@jest/globals'
import fc from 'fast-check'
import pg from 'pg'
import { availableItem, model, serviceUser } from '../../seeds/factories.ts'
import { type Change, makeChange } from '../../src/database/change.ts'
import { listItems } from '../../src/items/queries.ts'
import { type Category, itemState } from '../../src/items/rules.ts'
import { Refusal } from '../../src/lib/refusals.ts'
import { type Borrower, lendItems } from '../../src/loans/actions.ts'
import { extendLoan, giveItems, returnItems } from '../../src/loans/line-actions.ts'
import { listLoans } from '../../src/loans/queries.ts'
import { loanState } from '../../src/loans/rules.ts'
import { doSteps } from '../../src/turnaround/actions.ts'
import { stepsFor } from '../../src/turnaround/rules.ts'
import { brokenRules } from '../holds/invariants.ts'
import { startApp, type TestApp } from '../support/app.ts'
import type { Line, Loan, Outcome, Plan, Thing, World } from './lending-model.ts'
import * as by from './lending-model.ts'

/** The real service: its actions over PostgreSQL, with four things on the shelf and four who may borrow them. */
export interface Service {
  app: TestApp
  owner: pg.Client
  itemIds: number[]
  borrowers: Borrower[]
}

const MINUTE = 60_000
const DAY = 24 * 60
const categories: Category[] = ['tablet', 'charger', 'sim', 'headset']

export async function startService(): Promise<Service> {
  const app = await startApp()
  const owner = new pg.Client({ connectionString: app.ownerUrl })
  await owner.connect()
  const { organisationId: organisation_id, ward, otherWard, actors } = app.people
  const itemIds: number[] = []
  for (const category of categories) {
    const supported = await model(app.db, { organisation_id, category, support_ends_on: null })
    itemIds.push((await availableItem(app.db, { organisation_id, model: supported })).id)
  }
  const person = await serviceUser(app.db, { organisation_id })
  const borrowers: Borrower[] = [
    { serviceUserId: person.id },
    { staffId: actors['care-team'].staffId },
    { wardId: ward.id },
    { wardId: otherWard.id },
  ]
  return { app, owner, itemIds, borrowers }
}

export async function stopService({ app, owner }: Service): Promise<void> {
  await owner.end()
  await app.close()
}

/** Everything back on the shelf, as if nothing had been. Only the owner of the tables can do that. */
export async function beginAgain(service: Service, now: Date): Promise<World> {
  await service.owner.query('truncate loans cascade')
  await service.owner.query('update items set left_at = null, left_as = null')
  const things = service.itemIds.map(
    (id): Thing => ({
      id,
      heldBy: null,
      isBeingMadeReady: false,
      placement: null,
      isGone: false,
      lastUsedAt: 0,
      plans: [],
    }),
  )
  return { now, things, loans: [] }
}

/** Every step takes a minute. */
async function tryAndCompare<T>(
  world: World,
  service: Service,
  expected: Outcome,
  work: (change: Change) => Promise<T>,
  done: (result: T) => unknown,
): Promise<void> {
  const { outcome, result } = await attempt(world, service, work)
  expect(outcome).toBe(expected)
  if (outcome === 'done') await done(result as T)
  await expectSameWorld(world, service)
  world.now = new Date(world.now.getTime() + MINUTE)
}

async function attempt<T>({ now }: World, { app }: Service, work: (change: Change) => Promise<T>) {
  try {
    const result = await makeChange({ db: app.db, by: app.people.actors.champion, clock: () => now }, work)
    return { outcome: 'done', result }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { outcome: error.constructor.name, result: undefined }
  }
}

async function expectSameWorld(world: World, { app }: Service): Promise<void> {
  const { champion } = app.people.actors
  const day = by.today(world)
  const [broken, items, loans] = await Promise.all([
    brokenRules(app.db),
    listItems(app.db, champion, {}, day, { size: 50 }),
    listLoans(app.db, champion, 'all', day, day, { size: 200 }),
  ])
  expect(broken).toEqual({})
  const states = items.rows.map((row) => [row.id, itemState(row, day)] as const)
  expect(new Map(states)).toEqual(new Map(world.things.map((thing) => [thing.id, by.stateOf(world, thing)])))
  const loanStates = loans.rows.map((row) => [row.id, loanState(row, day)] as const)
  expect(new Map(loanStates)).toEqual(new Map(world.loans.map((loan) => [loan.id, by.loanStateOf(world, loan)])))
}

/** What somebody tries, in words; where there is nothing to try it on, the step is left out. */
function step(
  words: string,
  run: (world: World, service: Service) => Promise<void>,
  check: (world: World) => boolean = () => true,
): Step {
  return { check, run, toString: () => words, [fc.toStringMethod]: () => words }
}

type Step = fc.AsyncCommand<World, Service> & { [fc.toStringMethod](): string }

const who = ['a person', 'staff', 'a ward', 'another ward']

function lend(places: number[], borrowerAt: number, days: number | null): Step {
  const words = `lend ${places} to ${who[borrowerAt]} ${days === null ? 'to keep' : `for ${days} days`}`
  return step(words, (world, service) => {
    const borrower = service.borrowers[borrowerAt]!
    const asked = {
      things: places.map((place) => world.things[place]!),
      wardId: 'wardId' in borrower ? borrower.wardId : null,
      dueOn: days === null ? null : by.daysAhead(world, days),
    }
    const order = {
      borrower,
      itemIds: asked.things.map((thing) => thing.id),
      dueOn: asked.dueOn,
      agreement: null,
      withoutCharger: true,
      unsupportedReason: null,
      notes: '',
    }
    const lendThem = (change: Change) => lendItems(change, order)
    return tryAndCompare(world, service, by.lendOutcome(world, asked), lendThem, async ({ id }) =>
      by.lend(world, asked, id, await lineIdsOf(service, id)),
    )
  })
}

async function lineIdsOf({ app }: Service, loanId: number): Promise<Map<number, number>> {
  const rows = await app.db.selectFrom('loan_lines').select(['id', 'item_id']).where('loan_id', '=', loanId).execute()
  return new Map(rows.map((row) => [row.item_id, row.id]))
}

/** Which loan, counted from the newest, and which of its lines: by their bits, of the open ones alone or of all. */
interface LinesChoice {
  back: number
  bits: number
  isOpenOnly: boolean
  isStale: boolean
}

interface Chosen {
  loan: Loan
  lines: Line[]
  isStale: boolean
  form: { lineIds: number[]; version: number }
}

function chosenLines(world: World, { back, bits, isOpenOnly, isStale }: LinesChoice): Chosen | undefined {
  const loans = isOpenOnly ? world.loans.filter(({ lines }) => lines.some((line) => line.isOpen)) : world.loans
  const loan = loans.at(-1 - (back % Math.max(loans.length, 1)))
  const offered = loan?.lines.filter((line) => line.isOpen || !isOpenOnly) ?? []
  const lines = offered.filter((_, at) => (bits >> at) % 2 === 1)
  if (!loan || lines.length === 0) return undefined
  const form = { lineIds: lines.map((line) => line.id), version: isStale ? loan.version - 1 : loan.version }
  return { loan, lines, isStale, form }
}

/** Something done to some lines of a loan. */
function linesStep(
  what: string,
  choice: LinesChoice,
  run: (world: World, service: Service, asked: Chosen) => Promise<void>,
): Step {
  const { back, bits, isOpenOnly, isStale } = choice
  const which = `lines ${bits.toString(2)}${isOpenOnly ? ' of the open ones' : ''} of the loan ${back} back`
  return step(
    `${what}: ${which}${isStale ? ', from an old page' : ''}`,
    (world, service) => run(world, service, chosenLines(world, choice)!),
    (world) => chosenLines(world, choice) !== undefined,
  )
}

function extend(choice: LinesChoice, days: number): Step {
  return linesStep(`extend to ${days} days from now`, choice, (world, service, asked) => {
    const dueOn = by.daysAhead(world, days)
    const extendThem = (change: Change) => extendLoan(change, asked.loan.id, { ...asked.form, dueOn })
    return tryAndCompare(world, service, by.extendOutcome(world, asked, dueOn), extendThem, () =>
      by.extend(asked, dueOn),
    )
  })
}

/** `share`: how far back between the day it was lent and today it came, beyond 1 too far; null: now. */
function takeBack(choice: LinesChoice, share: number | null): Step {
  const when = share === null ? '' : `, ${share.toFixed(2)} of the time ago`
  return linesStep(`take back${when}`, choice, (world, service, asked) => {
    const returnedOn = share === null ? null : by.dayBetween(asked.lines[0]!.takenAt, world.now, share)
    const takeThem = (change: Change) => returnItems(change, asked.loan.id, { ...asked.form, returnedOn })
    return tryAndCompare(world, service, by.returnOutcome(world, asked, returnedOn), takeThem, () =>
      by.takeBack(world, asked, returnedOn),
    )
  })
}

function give(choice: LinesChoice): Step {
  return linesStep('give', choice, (world, service, asked) => {
    const giveThem = (change: Change) => giveItems(change, asked.loan.id, asked.form)
    return tryAndCompare(world, service, by.giveOutcome(world, asked), giveThem, () => by.give(world, asked))
  })
}

function makeReady(place: number): Step {
  const chosen = (world: World) => {
    const waiting = world.things.filter((thing) => thing.isBeingMadeReady)
    return waiting[place % Math.max(waiting.length, 1)]
  }
  const run = (world: World, service: Service) => {
    const thing = chosen(world)!
    const doAll = (change: Change) => doAllSteps(change, thing.id, categories[world.things.indexOf(thing)]!)
    return tryAndCompare(world, service, 'done', doAll, () => by.madeReady(world, thing))
  }
  return step(`make ready number ${place} of those that wait`, run, (world) => chosen(world) !== undefined)
}

async function doAllSteps(change: Change, itemId: number, category: Category): Promise<void> {
  const hold = await change.trx
    .selectFrom('item_holds')
    .select('id')
    .where('item_id', '=', itemId)
    .where('kind', '=', 'turnaround')
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow()
  const ticked = stepsFor(category).map((name) => ({
    step: name,
    method: name === 'wiped' ? ('factory-reset' as const) : null,
    note: '',
  }))
  await doSteps(change, itemId, hold.id, ticked)
}

type Whose = 'nobody' | 'its ward' | 'a ward' | 'another ward'

/** Somebody plans to have it for some hours: for no ward, for the one in whose pool it is, or for one of the two. */
function book(place: number, whose: Whose, days: number, hours: number): Step {
  return step(`book ${place} for ${whose} in ${days} days, ${hours} hours`, (world, service) => {
    const thing = world.things[place]!
    const { ward, otherWard } = service.app.people
    const wards = { nobody: null, 'a ward': ward.id, 'another ward': otherWard.id, 'its ward': by.poolOf(world, thing) }
    const from = world.now.getTime() + days * DAY * MINUTE
    const plan = { from, until: from + hours * 60 * MINUTE, wardId: wards[whose], isToCome: true }
    const addPlan = (change: Change) => addBooking(change, thing.id, plan)
    return tryAndCompare(world, service, by.bookOutcome(world, thing, plan), addPlan, () => thing.plans.push(plan))
  })
}

async function addBooking(change: Change, itemId: number, { from, until, wardId }: Plan): Promise<void> {
  await change.trx
    .insertInto('item_holds')
    .values({
      organisation_id: change.by.organisationId,
      item_id: itemId,
      kind: 'booking',
      plan: `[${new Date(from).toISOString()},${new Date(until).toISOString()})`,
      ward_id: wardId,
    })
    .execute()
  change.audit({ verb: 'item:updated', subject: ['item', itemId] })
}

function wait(minutes: number): Step {
  return step(`wait ${minutes} minutes`, async (world, service) => {
    world.now = new Date(world.now.getTime() + minutes * MINUTE)
    await expectSameWorld(world, service)
  })
}

const often = <T>(arbitrary: fc.Arbitrary<T>, seldom: fc.Arbitrary<T>, weight: number) =>
  fc.oneof({ weight, arbitrary }, { weight: 1, arbitrary: seldom })
const place = fc.nat({ max: 3 })
const places = fc.subarray([0, 1, 2, 3], { minLength: 1, maxLength: 2 })
const days = often(fc.integer({ min: 1, max: 60 }), fc.constant(0), 12)
const choice: fc.Arbitrary<LinesChoice> = fc.record({
  back: fc.nat({ max: 3 }),
  bits: fc.oneof(fc.constant(3), fc.integer({ min: 1, max: 3 })),
  isOpenOnly: often(fc.constant(true), fc.constant(false), 9),
  isStale: often(fc.constant(false), fc.constant(true), 19),
})
const share = fc.double({ min: 0, max: 1.2, noNaN: true })
const whose = fc.constantFrom<Whose>('nobody', 'its ward', 'its ward', 'a ward', 'another ward')

const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary })
const anyStep = fc.oneof(
  weighted(
    5,
    fc.tuple(places, fc.nat({ max: 1 }), days).map((of) => lend(...of)),
  ),
  weighted(
    3,
    fc.tuple(places, fc.integer({ min: 2, max: 3 }), days).map((of) => lend(...of)),
  ),
  weighted(
    1,
    fc.tuple(place, fc.nat({ max: 3 })).map(([what, to]) => lend([what], to, null)),
  ),
  weighted(
    2,
    fc.tuple(choice, often(fc.integer({ min: 20, max: 150 }), days, 4)).map((of) => extend(...of)),
  ),
  weighted(
    4,
    choice.map((of) => takeBack(of, null)),
  ),
  weighted(
    3,
    fc.tuple(choice, share).map((of) => takeBack(...of)),
  ),
  weighted(
    1,
    choice.map((of) => give({ ...of, bits: 1 })),
  ),
  weighted(6, place.map(makeReady)),
  weighted(
    3,
    fc.tuple(place, whose, fc.nat({ max: 50 }), fc.integer({ min: 1, max: 72 })).map((of) => book(...of)),
  ),
  weighted(2, fc.integer({ min: 1, max: DAY }).map(wait)),
  weighted(2, fc.integer({ min: DAY, max: 30 * DAY }).map(wait)),
)

/** Before the clocks go forward and back, in the middle of a night, at the end of a year and of February. */
const beginnings = [
  '2026-08-03T09:30:00Z',
  '2026-03-27T17:00:00Z',
  '2026-03-29T00:59:00Z',
  '2026-10-23T09:00:00Z',
  '2026-10-25T00:30:00Z',
  '2026-07-31T22:45:00Z',
  '2026-12-30T23:50:00Z',
  '2028-02-28T12:00:00Z',
]

/** Any story of up to 30 steps comes out as the model says. */
export function everyStory(service: Service) {
  // left to itself, fast-check tells mostly short ones
  const story = fc.noBias(fc.array(anyStep, { minLength: 10, maxLength: 30, size: 'max' }))
  return fc.asyncProperty(fc.constantFrom(...beginnings), story, async (beginning, told) => {
    const world = await beginAgain(service, new Date(beginning))
    await fc.asyncModelRun(() => ({ model: world, real: service }), told)
  })
}

const newest: LinesChoice = { back: 0, bits: 3, isOpenOnly: true, isStale: false }

/** Stories that once came out wrong, or that chance seldom tells. */
export const remembered: [string, Step[]][] = [
  // a ward's item comes back on a day when it was lent on: noon of that day is not when it came back
  [
    '2026-08-03T09:30:00Z',
    [
      lend([0], 2, 60),
      wait(DAY),
      lend([0], 0, 5),
      wait(2 * DAY),
      takeBack(newest, null),
      makeReady(0),
      wait(3 * DAY),
    ].concat([0.9, 0.6, 0.5, 0.2].map((share) => takeBack(newest, share))),
  ],
  // on the very day of its last use, and before noon
  [
    '2026-08-03T06:30:00Z',
    [
      lend([3], 2, 60),
      lend([3], 0, 5),
      wait(DAY + 600),
      takeBack(newest, null),
      makeReady(0),
      wait(DAY),
      takeBack(newest, 0.5),
    ],
  ],
  // late over the night the clocks go back, taken back a day late in the books, and lent again at once
  [
    '2026-10-23T22:50:00Z',
    [lend([0, 1], 0, 1), wait(4 * DAY), takeBack(newest, 0.3), makeReady(0), makeReady(0), lend([1, 0], 1, 30)],
  ],
  // what is given while its ward counts on it, and while somebody else is promised it
  ['2026-08-03T09:30:00Z', [lend([0], 2, 60), lend([0], 0, 30), give(newest), takeBack(newest, null), makeReady(0)]],
  [
    '2026-08-03T09:30:00Z',
    [lend([0], 0, 10), book(0, 'nobody', 30, 5), give(newest), extend(newest, 40), wait(35 * DAY), give(newest)],
  ],
  // the ward's own plans do not stop its placement, other people's do
  [
    '2028-02-28T12:00:00Z',
    [
      lend([0], 2, 10),
      book(0, 'its ward', 3, 5),
      book(0, 'nobody', 3, 5),
      book(0, 'nobody', 30, 5),
      extend(newest, 20),
      extend(newest, 60),
    ],
  ],
]
