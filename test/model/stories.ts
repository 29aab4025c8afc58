import fc from 'fast-check'
import { expectSameHistories, expectSameWorld } from './comparison.ts'
import * as correct from './correction-steps.ts'
import * as loan from './loan-steps.ts'
import { beginAgain, type Service } from './service.ts'
import { type LinesChoice, type Step, step } from './steps.ts'
import * as stock from './stock-steps.ts'

const MINUTE = 60_000
export const DAY = 24 * 60

export function wait(minutes: number): Step {
  return step(`wait ${minutes} minutes`, async (world, { app }) => {
    world.now = new Date(world.now.getTime() + minutes * MINUTE)
    await expectSameWorld(world, app)
  })
}

const often = <T>(arbitrary: fc.Arbitrary<T>, seldom: fc.Arbitrary<T>, weight: number) =>
  fc.oneof({ weight, arbitrary }, { weight: 1, arbitrary: seldom })
const place = fc.nat({ max: 3 })
const places = fc.subarray([0, 1, 2, 3], { minLength: 1, maxLength: 2 })
const days = often(fc.integer({ min: 1, max: 60 }), fc.constant(0), 12)
const laterDays = often(fc.integer({ min: 20, max: 150 }), days, 4)
const borrower = fc.nat({ max: 3 })
const choice: fc.Arbitrary<LinesChoice> = fc.record({
  back: fc.nat({ max: 3 }),
  bits: fc.oneof(fc.constant(3), fc.integer({ min: 1, max: 3 })),
  isOpenOnly: often(fc.constant(true), fc.constant(false), 9),
  isStale: often(fc.constant(false), fc.constant(true), 19),
})
const oneLine = choice.map((of) => ({ ...of, bits: 1 }))
/** What is put right may be over long ago. */
const wrongLines = choice.map((of) => ({ ...of, isOpenOnly: of.back === 3 }))
const share = fc.double({ min: 0, max: 1.2, noNaN: true })
const whose = fc.constantFrom('nobody' as const, 'its ward' as const, 'its ward' as const, 'a ward' as const)
const kind = fc.constantFrom('lost' as const, 'stolen' as const, 'damaged' as const, 'repairable' as const)

const all = <T extends unknown[]>(make: (...of: T) => Step, ...of: { [Key in keyof T]: fc.Arbitrary<T[Key]> }) =>
  fc.tuple(...of).map((values) => make(...(values as unknown as T)))

/** How often each is tried, and with what. */
const steps: [number, fc.Arbitrary<Step>][] = [
  [6, all(loan.lend, places, fc.nat({ max: 1 }), days)],
  [4, all(loan.lend, places, fc.integer({ min: 2, max: 3 }), days)],
  [1, all(loan.lend, fc.tuple(place), borrower, fc.constant(null))],
  [2, all(loan.extend, choice, laterDays)],
  [
    1,
    all(loan.extendMany, fc.integer({ min: 1, max: 255 }), often(fc.constant(true), fc.constant(false), 4), laterDays),
  ],
  [3, all(loan.takeBack, choice, fc.constant(null))],
  [3, all(loan.takeBack, choice, share)],
  [2, all(loan.scanBack, places, often(fc.constant(null), fc.nat({ max: 9 }), 2))],
  [1, all(loan.give, oneLine)],
  [3, all(loan.swap, oneLine, place, fc.boolean())],
  [3, all(loan.transfer, choice, borrower)],
  [1, all(loan.handOver, choice)],
  [1, all(loan.handOverAll, fc.nat({ max: 1 }))],
  [2, all(loan.book, place, whose, fc.nat({ max: 50 }), fc.integer({ min: 1, max: 72 }))],
  [8, all(stock.makeReady, place)],
  [3, all(stock.report, places, kind)],
  [4, all(stock.find, fc.nat({ max: 2 }), fc.nat({ max: 1 }))],
  [2, all(stock.sendToRepair, place)],
  [2, all(stock.backFromRepair, place)],
  [1, all(stock.retire, place)],
  [1, all(stock.bringBack, place)],
  [2, all(stock.planOnward, choice)],
  [2, all(stock.save, place)],
  [3, all(correct.borrower, wrongLines, borrower)],
  [2, all(correct.date, wrongLines, fc.constant('lent'), fc.integer({ min: -9, max: 3 }))],
  [2, all(correct.date, wrongLines, fc.constant('returned'), fc.integer({ min: -5, max: 5 }))],
  [1, all(correct.date, choice, fc.constant('review'), fc.integer({ min: -20, max: 60 }))],
  [3, all(correct.item, wrongLines, place)],
  [3, all(correct.undo, wrongLines, fc.integer({ min: -9, max: 60 }))],
  [2, all(wait, fc.integer({ min: 1, max: DAY }))],
  [2, all(wait, fc.integer({ min: DAY, max: 30 * DAY }))],
]
const anyStep = fc.oneof(...steps.map(([weight, arbitrary]) => ({ weight, arbitrary })))

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

/** Any story of up to 30 steps comes out as the model says, and so do all its histories in the end. */
export function everyStory(service: Service) {
  // left to itself, fast-check tells mostly short ones
  const story = fc.noBias(fc.array(anyStep, { minLength: 10, maxLength: 30, size: 'max' }))
  return fc.asyncProperty(fc.constantFrom(...beginnings), story, async (beginning, told) => {
    const world = await beginAgain(service, new Date(beginning))
    await fc.asyncModelRun(() => ({ model: world, real: service }), told)
    await expectSameHistories(world, service.app)
  })
}
