import { expect } from '@jest/globals'
import { listItems } from '../../src/items/list-queries.ts'
import { findItemWithHistory } from '../../src/items/queries.ts'
import { itemState } from '../../src/items/rules.ts'
import { listLoans } from '../../src/loans/list-queries.ts'
import { listLoanEvents } from '../../src/loans/queries.ts'
import { loanState } from '../../src/loans/rules.ts'
import { brokenRules } from '../holds/invariants.ts'
import type { TestApp } from '../support/app.ts'
import type { Loan, Thing, Told, World } from './world.ts'
import * as by from './world.ts'

const MANY = 1_000

/** Nothing is broken, every list says what the model says, and so does the history of whatever has one more line. */
export async function expectSameWorld(world: World, app: TestApp): Promise<void> {
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
  await expectSameHistories(world, app, isNews)
}

/** The last line of its history is of this very moment. */
const isNews = (world: World, { told }: { told: Told[] }) => told.at(-1)?.at === by.timeOf(world)

/** What the pages of a loan and of an item tell: what was done, in order, and who had it from when until when. */
export async function expectSameHistories(
  world: World,
  app: TestApp,
  isAsked: (world: World, one: { told: Told[] }) => boolean = () => true,
): Promise<void> {
  const news = world.loans.filter((loan) => isAsked(world, loan))
  const ofTheirs = (thing: Thing) => news.some(({ lines }) => lines.some((line) => line.thing === thing))
  const things = world.things.filter((thing) => isAsked(world, thing) || ofTheirs(thing))
  await Promise.all([
    ...news.map((loan) => expectSameLoanHistory(app, loan)),
    ...things.map((thing) => expectSameItemHistory(world, app, thing)),
  ])
}

async function expectSameLoanHistory({ db, people }: TestApp, loan: Loan): Promise<void> {
  const events = await listLoanEvents(db, people.actors.champion, loan.id)
  expect([loan.id, events.map(toldBy)]).toEqual([loan.id, newestFirst(loan.told)])
}

const newestFirst = (told: Told[]) => told.map(({ what, at }) => `${what} ${inWords(at)}`).reverse()
const toldBy = ({ verb, at }: { verb: string; at: string }) => `${verb} ${inWords(at)}`
const inWords = (at: number | string | null) => (at === null ? 'now' : new Date(at).toISOString())

async function expectSameItemHistory(world: World, { db, people }: TestApp, thing: Thing): Promise<void> {
  const item = await findItemWithHistory(db, people.actors.champion, thing.tag, MANY)
  const { holds, events } = item ?? { holds: [], events: [] }
  expect([thing.tag, events.map(toldBy)]).toEqual([thing.tag, newestFirst(thing.told)])
  const had = holds.filter(({ kind }) => kind !== 'booking')
  const from = had.map(({ taken_at }) => Date.parse(taken_at ?? ''))
  expect([thing.tag, from]).toEqual([thing.tag, [...from].sort((one, other) => other - one)])
  const periods = had.map((hold) =>
    period(hold.kind, hold.taken_at, hold.ended_at, hold.ended_as, hold.due_on, hold.loan_id),
  )
  expect([thing.tag, periods.sort()]).toEqual([thing.tag, periodsOf(world, thing).sort()])
}

/** Every time that somebody had it, or that it was on the bench or away for repair. */
function periodsOf(world: World, thing: Thing): string[] {
  const lines = by.linesOf(world, thing)
  return [
    ...lines.map((line) => period('loan', line.from, line.until, line.endedAs, line.dueOn, line.loan.id)),
    ...thing.stays.map(({ kind, from, until, endedAs }) => period(kind, from, until, endedAs, null, null)),
  ]
}

function period(
  kind: string,
  from: number | string | null,
  until: number | string | null,
  endedAs: string | null,
  dueOn: string | null,
  loanId: number | null,
): string {
  return `${inWords(from)} ${kind} of loan ${loanId} until ${inWords(until)} as ${endedAs}, review ${dueOn}`
}
