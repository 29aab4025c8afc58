import fc from 'fast-check'
import { availableItem, model, serviceUser } from '../../seeds/factories.ts'
import { bookItems } from '../../src/bookings/actions.ts'
import { cancelBooking, extendBooking, handOutBooked, moveBooking, takeBack } from '../../src/bookings/going-actions.ts'
import { releaseUncollected } from '../../src/bookings/release-actions.ts'
import { repeatBooking } from '../../src/bookings/repeat-actions.ts'
import { addMinutes, CLEANING_MINUTES } from '../../src/bookings/rules.ts'
import { type Change, makeChange } from '../../src/database/change.ts'
import { type Database, openDatabase } from '../../src/database/connection.ts'
import type { Actor } from '../../src/lib/actor.ts'
import { londonMidnightAfter } from '../../src/lib/dates.ts'
import { lendItems } from '../../src/loans/actions.ts'
import { returnItems } from '../../src/loans/line-actions.ts'
import { swapItem } from '../../src/loans/swap-actions.ts'
import { brokenRules } from '../holds/invariants.ts'
import { startApp, startOfTest, type TestApp } from '../support/app.ts'
import { openTestPool } from '../support/database.ts'
import { comeBack, type Expected, expectOutcome, isFree, isHere, outcome, withCleaning } from './expected.ts'

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
  'repeat',
  'swap',
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

const QUARTER = 15
const dueOn = '2026-08-10'
const WEEK = 7 * 24 * 60

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
  const versionIn = async (table: 'bookings' | 'loans', id: number) =>
    (await app.db.selectFrom(table).select('version').where('id', '=', id).executeTakeFirstOrThrow()).version
  const versionOf = (id: number) => versionIn('bookings', id)
  const lineOf = (loanId: number, itemId: number) =>
    app.db
      .selectFrom('loan_lines')
      .select('id')
      .where('loan_id', '=', loanId)
      .where('item_id', '=', itemId)
      .where('ended_at', 'is', null)
      .executeTakeFirstOrThrow()

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
          const line = await lineOf(loanId, item)
          world.lent.set(item, { loanId, lineId: line.id, plan })
        }
        break
      }
      case 'return': {
        const lent = world.lent.get(item)
        if (!lent || lent === 'turnaround') break
        const order = { lineIds: [lent.lineId], returnedOn: null, version: await versionIn('loans', lent.loanId) }
        expectOutcome(
          step,
          await outcome(() => as(db, actors.champion, (change) => returnItems(change, lent.loanId, order))),
          true,
        )
        comeBack(world, item, lent.plan)
        break
      }
      case 'repeat': {
        if (!booking || (booking.state !== 'planned' && booking.state !== 'out')) break
        const later = (at: Date) => addMinutes(at, WEEK)
        const plan = { from: later(booking.plan.from), until: later(booking.plan.until) }
        const mayBe = isFree(world, booking.item, plan)
        const order = { weeks: 1, leavesOut: false }
        expectOutcome(step, await outcome(() => nurse((change) => repeatBooking(change, booking.id, order))), mayBe)
        if (!mayBe) break
        const made = await app.db.selectFrom('bookings').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()
        const again = { from: plan.from, until: addMinutes(plan.until, -CLEANING_MINUTES) }
        world.bookings.push({ ...booking, id: made.id, use: again, plan, state: 'planned' })
        break
      }
      case 'swap': {
        const lent = world.lent.get(item)
        if (!lent || lent === 'turnaround') break
        const other = ids[step.pick % ids.length] ?? 0
        const plan = { from: world.now, until: lent.plan.until }
        const order = { lineId: lent.lineId, itemId: other, version: await versionIn('loans', lent.loanId) }
        const swap = { ...order, old: 'returned' as const, story: '', withoutCharger: true, unsupportedReason: null }
        const mayBe = isHere(world, other) && isFree(world, other, plan)
        expectOutcome(
          step,
          await outcome(() => as(db, actors.champion, (change) => swapItem(change, lent.loanId, swap))),
          mayBe,
        )
        if (!mayBe) break
        comeBack(world, item, lent.plan)
        const line = await lineOf(lent.loanId, other)
        world.lent.set(other, { loanId: lent.loanId, lineId: line.id, plan })
        break
      }
    }
    const broken = await brokenRules(app.db)
    if (Object.keys(broken).length > 0) throw new Error(`${JSON.stringify(step)} broke ${JSON.stringify(broken)}`)
  }
  // a ward has no more items than its timetable shows, however many stories are told
  await app.db.updateTable('items').set({ kept_at_ward_id: null }).where('id', 'in', ids).execute()
}
