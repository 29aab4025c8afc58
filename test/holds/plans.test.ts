import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  addHold,
  addLine,
  august,
  type BySql,
  correctLine,
  endHold,
  endLine,
  overlaps,
  planner,
  planners,
  startBySql,
  userNames,
  users,
  verdict,
} from './by-sql.ts'

let by: BySql

beforeAll(async () => {
  by = await startBySql()
})
afterAll(() => by.close())

const pairs = planners.flatMap((first) => planners.map((second) => [first, second] as const))

describe.each(pairs)('an item planned for %s, and then for %s', (first, second) => {
  const plannedFrom10To20 = async () => {
    const itemId = await by.item()
    await planner(first).plan(by, itemId, august(10), august(20))
    return itemId
  }

  it.each([
    ['for the same time', 10, 20],
    ['that begins before the other ends', 19, 25],
    ['that ends after the other begins', 5, 11],
    ['inside the other', 12, 13],
    ['around the other', 5, 25],
  ])('is refused a plan %s', async (_how, from, until) => {
    const itemId = await plannedFrom10To20()
    expect(await verdict(planner(second).plan(by, itemId, august(from), august(until)))).toBe(overlaps)
  })

  it('may begin the moment the other ends, and end the moment the other begins', async () => {
    const itemId = await plannedFrom10To20()
    expect(await verdict(planner(second).plan(by, itemId, august(20), august(22)))).toBe('accepted')
    expect(await verdict(planner(second).plan(by, itemId, august(8), august(10)))).toBe('accepted')
  })

  it('may be planned after the due date of what is out now, and not a moment before', async () => {
    const itemId = await by.item()
    await planner(first).takeNow(by, itemId, august(3), august(20))
    expect(await verdict(planner(second).plan(by, itemId, august(19), august(25)))).toBe(overlaps)
    expect(await verdict(planner(second).plan(by, itemId, august(20), august(25)))).toBe('accepted')
  })

  it('is free again when the first plan is cancelled, and the first cannot come back over the second', async () => {
    const itemId = await by.item()
    const table = first === 'a loan' ? 'loan_lines' : 'item_holds'
    const id = await planner(first).plan(by, itemId, august(10), august(20))
    await by.run(`update ${table} set cancelled_at = $2 where id = $1`, [id, august(4)])
    expect(await verdict(planner(second).plan(by, itemId, august(10), august(20)))).toBe('accepted')
    expect(await verdict(by.run(`update ${table} set cancelled_at = null where id = $1`, [id]))).toBe(overlaps)
  })

  it('cannot be moved onto the time of the other', async () => {
    const itemId = await plannedFrom10To20()
    const id = await planner(second).plan(by, itemId, august(22), august(25))
    const move =
      second === 'a loan'
        ? by.run('update loan_lines set from_at = $2 where id = $1', [id, august(19)])
        : by.run('update item_holds set plan = tstzrange($2, upper(plan)) where id = $1', [id, august(19)])
    expect(await verdict(move)).toBe(overlaps)
  })
})

describe.each(userNames)('an item that is away for %s', (name) => {
  it.each(planners)('may be planned for %s later on', async (next) => {
    const itemId = await by.item()
    await users[name].takeNow(by, itemId, august(3), august(10))
    expect(await verdict(planner(next).plan(by, itemId, august(12), august(14)))).toBe('accepted')
  })
})

describe('a loan that is extended', () => {
  it('goes up to the day before somebody else is to have the item, and no further', async () => {
    const itemId = await by.item()
    const lineId = await users['a loan'].takeNow(by, itemId, august(3), august(10))
    await planner('a booking').plan(by, itemId, '2026-08-20T13:00:00Z', '2026-08-20T13:45:00Z')
    const extendTo = (dueOn: string) => by.run('update loan_lines set due_on = $2 where id = $1', [lineId, dueOn])
    expect(await verdict(extendTo('2026-08-20'))).toBe(overlaps)
    expect(await verdict(extendTo('2026-08-19'))).toBe('accepted')
  })

  it.each([
    ['2026-10-24', '2026-10-24 23:00:00+00', 'the last midnight of summer time'],
    ['2026-10-25', '2026-10-26 00:00:00+00', 'a day of 25 hours'],
    ['2027-03-27', '2027-03-28 00:00:00+00', 'the last midnight of winter time'],
    ['2027-03-28', '2027-03-28 23:00:00+00', 'a day of 23 hours'],
    ['2028-02-29', '2028-03-01 00:00:00+00', 'a leap day'],
    ['2026-12-31', '2027-01-01 00:00:00+00', 'the last day of a year'],
  ])('until %s is away until %s: %s', async (dueOn, until) => {
    const lineId = await addLine(by, { itemId: await by.item(), from: august(3), dueOn, takenAt: august(3) })
    expect(await planOf(lineId)).toMatchObject({ until })
  })
})

describe('a use that ends', () => {
  it('gives a loan’s days back when it ends early, so that somebody else can plan them', async () => {
    const itemId = await by.item()
    const lineId = await users['a loan'].takeNow(by, itemId, august(3), august(31))
    expect(await verdict(planner('a booking').plan(by, itemId, august(12), august(13)))).toBe(overlaps)
    await endLine(by, lineId, '2026-08-10 15:20:00+00')
    expect(await planOf(lineId)).toEqual({ since: '2026-08-02 23:00:00+00', until: '2026-08-10 15:20:00+00' })
    expect(await verdict(planner('a booking').plan(by, itemId, august(12), august(13)))).toBe('accepted')
  })

  it('leaves the plan of a loan that ended late as it was, with somebody else’s right behind it', async () => {
    const itemId = await by.item()
    const lineId = await users['a loan'].takeNow(by, itemId, august(3), august(10))
    await planner('a booking').plan(by, itemId, august(10), august(11))
    expect(await verdict(endLine(by, lineId, august(14)))).toBe('accepted')
    expect(await planOf(lineId)).toEqual({ since: '2026-08-02 23:00:00+00', until: '2026-08-09 23:00:00+00' })
  })

  it('has its plan back when it turns out not to have ended, unless somebody else has planned those days', async () => {
    const itemId = await by.item()
    const lineId = await users['a loan'].takeNow(by, itemId, august(3), august(31))
    const reopen = () => correctLine(by, lineId, 'ended_at = null, ended_as = null')
    await endLine(by, lineId, august(10))
    expect(await verdict(reopen())).toBe('accepted')
    expect(await planOf(lineId)).toMatchObject({ until: '2026-08-30 23:00:00+00' })
    await endLine(by, lineId, august(10))
    await planner('a booking').plan(by, itemId, august(12), august(13))
    expect(await verdict(reopen())).toBe(overlaps)
  })

  it('leaves a loan that ended the moment it began a plan all the same', async () => {
    const itemId = await by.item()
    const lineId = await users['a loan'].takeNow(by, itemId, august(3), august(31))
    expect(await verdict(endLine(by, lineId, august(3)))).toBe('accepted')
    expect(await verdict(planner('a booking').plan(by, itemId, august(4), august(5)))).toBe('accepted')
  })

  it('lets a booking that ended early be shortened, with the time to clean up still in it', async () => {
    const itemId = await by.item()
    const id = await users['a booking'].takeNow(by, itemId, '2026-08-03T13:00:00Z', '2026-08-03T13:45:00Z')
    await by.run(
      `update item_holds set ended_at = $2, ended_as = 'back', plan = tstzrange(lower(plan), $3) where id = $1`,
      [id, '2026-08-03T13:10:00Z', '2026-08-03T13:25:00Z'],
    )
    const plan = (from: string) => planner('a booking').plan(by, itemId, `2026-08-03T${from}Z`, '2026-08-03T13:45:00Z')
    expect(await verdict(plan('13:20:00'))).toBe(overlaps)
    expect(await verdict(plan('13:25:00'))).toBe('accepted')
  })
})

describe('a plan that is no plan', () => {
  const halfOpen = '23514 plan_is_half_open'
  const realTimes = '23514 hold_has_real_times'
  it.each([
    ['is empty', 'empty', halfOpen],
    ['ends when it begins', '[2026-08-03 10:00+00,2026-08-03 10:00+00)', halfOpen],
    ['holds its last moment', '[2026-08-03 10:00+00,2026-08-03 11:00+00]', halfOpen],
    ['does not hold its first moment', '(2026-08-03 10:00+00,2026-08-03 11:00+00)', halfOpen],
    ['never began', '(,2026-08-03 11:00+00)', halfOpen],
    ['never ends', '[2026-08-03 10:00+00,)', realTimes],
    ['began at minus infinity', '[-infinity,2026-08-03 11:00+00)', realTimes],
    ['ends at infinity', '[2026-08-03 10:00+00,infinity)', realTimes],
    ['is all of time', '(,)', realTimes],
    ['ends before it begins', '[2026-08-03 11:00+00,2026-08-03 10:00+00)', '22000'],
    ['is no time at all', '[soon,later)', '22007'],
  ])('is refused when it %s', async (_what, plan, refusal) => {
    expect(await verdict(addHold(by, { itemId: await by.item(), kind: 'booking', plan }))).toBe(refusal)
  })

  it('is asked of a booking, and refused to what promises no end but has begun', async () => {
    const itemId = await by.item()
    const plan = '[2026-08-03 10:00+00,2026-08-03 11:00+00)'
    const takenAt = august(3)
    expect(await verdict(addHold(by, { itemId, kind: 'booking', takenAt }))).toBe('23514 hold_kind_has_its_plan')
    for (const kind of ['turnaround', 'repair']) {
      expect(await verdict(addHold(by, { itemId, kind, plan, takenAt }))).toBe('23514 hold_kind_has_its_plan')
      expect(await verdict(addHold(by, { itemId, kind }))).toBe('23514 hold_is_planned_or_taken')
    }
  })

  const lineTimes = '23514 line_has_real_times'
  it.each([
    ['no due date', { dueOn: null }, '23514 only_a_gift_has_no_due_date'],
    [
      'no due date although it came back',
      { dueOn: null, takenAt: august(3), endedAt: august(4), endedAs: 'returned' },
      '23514 only_a_gift_has_no_due_date',
    ],
    ['a due date before it begins', { dueOn: '2026-08-02' }, '23514 due_after_start'],
    ['a due date at infinity', { dueOn: 'infinity' }, lineTimes],
    ['a beginning at minus infinity', { from: '-infinity' }, lineTimes],
    ['an end at infinity', { takenAt: august(3), endedAt: 'infinity', endedAs: 'returned' }, lineTimes],
    ['a hand-over at minus infinity', { takenAt: '-infinity' }, lineTimes],
  ])('is refused to a loan with %s', async (_what, line, refusal) => {
    const itemId = await by.item()
    expect(await verdict(addLine(by, { itemId, from: august(3), dueOn: '2026-08-20', ...line }))).toBe(refusal)
  })

  it('lets a gift go without a due date, and a loan be due on the very day it begins', async () => {
    const gift = { dueOn: null, takenAt: august(3), endedAt: august(3), endedAs: 'given' }
    expect(await verdict(addLine(by, { itemId: await by.item(), from: august(3), ...gift }))).toBe('accepted')
    const short = { from: '2026-08-03 09:00+00', dueOn: '2026-08-03' }
    expect(await verdict(addLine(by, { itemId: await by.item(), ...short }))).toBe('accepted')
  })
})

describe('the times of a use', () => {
  it.each([
    ['ends before it was taken', `taken_at = '2026-08-04', ended_at = '2026-08-03', ended_as = 'back'`],
    ['ends without having been taken', `ended_at = '2026-08-03', ended_as = 'back'`],
    ['ends with no word of how', `taken_at = '2026-08-03', ended_at = '2026-08-04'`],
    ['is cancelled after it was taken', `taken_at = '2026-08-03', cancelled_at = '2026-08-04'`],
  ])('are refused when it %s', async (_what, change) => {
    const id = await planner('a booking').plan(by, await by.item(), august(3), august(5))
    expect(await verdict(by.run(`update item_holds set ${change} where id = $1`, [id]))).toMatch(/^23514 /)
    const lineId = await planner('a loan').plan(by, await by.item(), august(3), august(5))
    const ofLine = change.replace('back', 'returned')
    expect(await verdict(by.run(`update loan_lines set ${ofLine} where id = $1`, [lineId]))).toMatch(/^23514 /)
  })

  it('keep a booking that was not collected, and is cancelled, from being handed out', async () => {
    const id = await planner('a booking').plan(by, await by.item(), august(3), august(5))
    await by.run('update item_holds set cancelled_at = $2 where id = $1', [id, august(4)])
    expect(await verdict(planner('a booking').take(by, id, august(4)))).toMatch(/^23514 /)
    expect(await verdict(endHold(by, id, august(4)))).toMatch(/^23514 /)
  })
})

async function planOf(lineId: number) {
  const [row] = await by.run(
    'select lower(plan) as since, upper(plan) as until from item_holds where loan_line_id = $1',
    [lineId],
  )
  return row
}
