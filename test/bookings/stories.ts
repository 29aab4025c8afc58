import fc from 'fast-check'
import { availableItem, model, serviceUser } from '../../seeds/factories.ts'
import { bookItems } from '../../src/bookings/actions.ts'
import { cancelBooking, extendBooking, handOutBooked, moveBooking, takeBack } from '../../src/bookings/going-actions.ts'
import { releaseUncollected } from '../../src/bookings/release-actions.ts'
import { addMinutes, CLEANING_MINUTES, overlaps, type Span } from '../../src/bookings/rules.ts'
import { type Change, makeChange } from '../../src/database/change.ts'
import { type Database, openDatabase } from '../../src/database/connection.ts'
import type { Actor } from '../../src/lib/actor.ts'
import { londonMidnightAfter } from '../../src/lib/dates.ts'
import { Refusal } from '../../src/lib/refusals.ts'
import { lendItems } from '../../src/loans/actions.ts'
import { returnItems } from '../../src/loans/line-actions.ts'
import { brokenRules } from '../holds/invariants.ts'
import { startApp, startOfTest, type TestApp } from '../support/app.ts'
import { openTestPool } from '../support/database.ts'

/** A ward, two nurses on two connections of their own as two processes have them, and a champion who lends from it. */
export interface Ward {
  app: TestApp
  nurses: [Database, Database]
  close(): Promise<void>
}

export async function startWard(): Promise<Ward> {
  const app = await startApp()
  const open = () => openDatabase(openTestPool({ url: app.appUrl, applicationName: 'nurse', connections: 4 }))
  const nurses: [Database, Database] = [open(), open()]
  return {
    app,
    nurses,
    close: async () => {
      for (const db of nurses) await db.destroy()
      await app.close()
    },
  }
}

const kinds = [
  'book',
  'book',
  'book',
  'now',
  'hand-out',
  'take-back',
  'move',
  'extend',
  'cancel',
  'wait',
  'lend',
  'return',
] as const

export interface Step {
  kind: (typeof kinds)[number]
  nurse: 0 | 1
  item: number
  /** A quarter of an hour, counted from now. */
  slot: number
  quarters: number
  /** Which of the bookings there are. */
  pick: number
}

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds),
    nurse: fc.constantFrom<0 | 1>(0, 1),
    item: fc.nat({ max: 2 }),
    slot: fc.nat({ max: 10 }),
    quarters: fc.integer({ min: 1, max: 4 }),
    pick: fc.nat({ max: 20 }),
  }),
  { minLength: 5, maxLength: 25 },
)

interface Booked {
  id: number
  item: number
  use: Span
  plan: Span
  state: 'planned' | 'out' | 'back' | 'gone'
}

/** What there should be, kept beside what there is. */
interface Expected {
  now: Date
  bookings: Booked[]
  /** By item: the loan that it is on, or that it is being made ready after one. */
  lent: Map<number, { loanId: number; lineId: number; plan: Span } | 'turnaround'>
  /** What was lent, for as long as it was planned. */
  past: { item: number; plan: Span }[]
}

const QUARTER = 15
const dueOn = '2026-08-10'

/** Tells one story: after each step the service has said yes or no as it should, and no rule of PostgreSQL's is broken. */
export async function tell({ app, nurses }: Ward, story: Step[]): Promise<void> {
  const { organisationId: organisation_id, ward, actors } = app.people
  app.setClock(startOfTest)
  const headset = await model(app.db, { organisation_id, category: 'headset' })
  const ids: number[] = []
  for (let at = 0; at < 3; at += 1) {
    ids.push((await availableItem(app.db, { organisation_id, model: headset, kept_at_ward_id: ward.id })).id)
  }
  const person = await serviceUser(app.db, { organisation_id })
  const world: Expected = { now: startOfTest, bookings: [], lent: new Map(), past: [] }
  const as = <T>(db: Database, by: Actor, work: (change: Change) => Promise<T>) =>
    makeChange({ db, by, clock: app.clock }, work)
  const versionOf = async (id: number) =>
    (await app.db.selectFrom('bookings').select('version').where('id', '=', id).executeTakeFirstOrThrow()).version

  for (const step of story) {
    const db = nurses[step.nurse]
    const nurse = (work: (change: Change) => Promise<unknown>) => as(db, actors['ward-staff'], work)
    const from = addMinutes(world.now, step.slot * QUARTER)
    const use = { from, until: addMinutes(from, step.quarters * QUARTER) }
    const booking = world.bookings[step.pick % Math.max(1, world.bookings.length)]
    const item = ids[step.item] ?? 0
    const whom = { whom: 'ward', purpose: 'not-said' } as const
    const order = { wardId: ward.id, itemIds: [item], until: use.until, ...whom }

    switch (step.kind) {
      case 'book':
      case 'now': {
        const isNow = step.kind === 'now'
        const meant = isNow ? { from: world.now, until: addMinutes(world.now, step.quarters * QUARTER) } : use
        const plan = withCleaning(meant)
        const mayBe = isFree(world, item, plan) && (!isNow || isHere(world, item))
        const made = await outcome(() =>
          nurse((change) => bookItems(change, { ...order, until: meant.until, from: isNow ? null : from })),
        )
        expectOutcome(step, made, mayBe)
        if (made.value) {
          const { id } = made.value as { id: number }
          world.bookings.push({ id, item, use: meant, plan, state: isNow ? 'out' : 'planned' })
        }
        break
      }
      case 'hand-out': {
        if (!booking) break
        const { now } = world
        const isTime = now >= addMinutes(booking.use.from, -30) && now < booking.use.until
        const mayBe = booking.state === 'planned' && isTime && isHere(world, booking.item)
        const version = await versionOf(booking.id)
        expectOutcome(
          step,
          await outcome(() =>
            nurse((change) => handOutBooked(change, booking.id, { version, isThere: false, at: null })),
          ),
          mayBe,
        )
        if (mayBe) booking.state = 'out'
        break
      }
      case 'take-back': {
        if (!booking) break
        const version = await versionOf(booking.id)
        const hold = await app.db
          .selectFrom('item_holds')
          .select('id')
          .where('booking_id', '=', booking.id)
          .executeTakeFirstOrThrow()
        const mayBe = booking.state === 'out'
        const order = { version, holdIds: [hold.id], isClean: step.slot % 2 === 0, at: null }
        expectOutcome(step, await outcome(() => nurse((change) => takeBack(change, booking.id, order))), mayBe)
        if (mayBe) {
          const free = order.isClean ? world.now : addMinutes(world.now, CLEANING_MINUTES)
          const end = new Date(
            Math.max(Math.min(booking.plan.until.getTime(), free.getTime()), booking.plan.from.getTime() + 1),
          )
          Object.assign(booking, { state: 'back', plan: { ...booking.plan, until: end } })
        }
        break
      }
      case 'move': {
        if (!booking) break
        const plan = withCleaning(use)
        const mayBe = booking.state === 'planned' && isFree(world, booking.item, plan, booking)
        const version = await versionOf(booking.id)
        expectOutcome(
          step,
          await outcome(() => nurse((change) => moveBooking(change, booking.id, { version, ...use }))),
          mayBe,
        )
        if (mayBe) Object.assign(booking, { use, plan })
        break
      }
      case 'extend': {
        if (!booking) break
        const until = addMinutes(world.now, step.quarters * QUARTER)
        const plan = withCleaning({ from: booking.plan.from, until })
        const mayBe = booking.state === 'out' && until > booking.plan.from && isFree(world, booking.item, plan, booking)
        const version = await versionOf(booking.id)
        expectOutcome(
          step,
          await outcome(() => nurse((change) => extendBooking(change, booking.id, { version, until }))),
          mayBe,
        )
        if (mayBe) Object.assign(booking, { use: { ...booking.use, until }, plan })
        break
      }
      case 'cancel': {
        if (!booking) break
        const mayBe = booking.state === 'planned'
        const version = await versionOf(booking.id)
        expectOutcome(step, await outcome(() => nurse((change) => cancelBooking(change, booking.id, version))), mayBe)
        if (mayBe) booking.state = 'gone'
        break
      }
      case 'wait': {
        world.now = addMinutes(world.now, step.quarters * QUARTER)
        app.setClock(world.now)
        const limit = addMinutes(world.now, -30)
        for (const one of world.bookings) {
          const isDue = one.state === 'planned' && one.plan.from <= limit
          if (isDue && (one.plan.until <= limit || isHere(world, one.item))) one.state = 'gone'
        }
        await releaseUncollected({ db, clock: app.clock })
        break
      }
      case 'lend': {
        const plan = { from: world.now, until: londonMidnightAfter(dueOn) }
        const mayBe = isFree(world, item, plan) && isHere(world, item)
        const loan = {
          borrower: { serviceUserId: person.id },
          ...{ itemIds: [item], dueOn, agreement: null, withoutCharger: true, unsupportedReason: null, notes: '' },
        }
        const made = await outcome(() => as(db, actors.champion, (change) => lendItems(change, loan)))
        expectOutcome(step, made, mayBe)
        if (made.value) {
          const { id: loanId } = made.value as { id: number }
          const line = await app.db
            .selectFrom('loan_lines')
            .select('id')
            .where('loan_id', '=', loanId)
            .executeTakeFirstOrThrow()
          world.lent.set(item, { loanId, lineId: line.id, plan })
        }
        break
      }
      case 'return': {
        const lent = world.lent.get(item)
        if (!lent || lent === 'turnaround') break
        const order = { lineIds: [lent.lineId], returnedOn: null, version: 1 }
        expectOutcome(
          step,
          await outcome(() => as(db, actors.champion, (change) => returnItems(change, lent.loanId, order))),
          true,
        )
        world.lent.set(item, 'turnaround')
        const until = new Date(Math.max(world.now.getTime(), lent.plan.from.getTime() + 1))
        world.past.push({ item, plan: { from: lent.plan.from, until } })
        break
      }
    }
    const broken = await brokenRules(app.db)
    if (Object.keys(broken).length > 0) throw new Error(`${JSON.stringify(step)} broke ${JSON.stringify(broken)}`)
  }
}

const withCleaning = ({ from, until }: Span): Span => ({ from, until: addMinutes(until, CLEANING_MINUTES) })

function isFree({ bookings, lent, past }: Expected, item: number, plan: Span, except?: Booked): boolean {
  const loan = lent.get(item)
  const taken = [
    ...bookings.filter((one) => one.item === item && one.state !== 'gone' && one !== except).map((one) => one.plan),
    ...(loan && loan !== 'turnaround' ? [loan.plan] : []),
    ...past.filter((one) => one.item === item).map((one) => one.plan),
  ]
  return !taken.some((other) => overlaps(other, plan))
}

/** In nobody's hands, and not being made ready. */
function isHere({ bookings, lent }: Expected, item: number): boolean {
  return !lent.has(item) && !bookings.some((one) => one.item === item && one.state === 'out')
}

async function outcome(work: () => Promise<unknown>): Promise<{ value?: unknown; refused?: Refusal }> {
  try {
    return { value: (await work()) ?? true }
  } catch (error) {
    if (error instanceof Refusal) return { refused: error }
    throw error
  }
}

function expectOutcome(step: Step, { refused }: { refused?: Refusal }, mayBe: boolean): void {
  if ((refused === undefined) === mayBe) return
  throw new Error(
    `${JSON.stringify(step)} ${refused ? `was refused: ${refused.message}` : 'was done, and should not be'}`,
  )
}
