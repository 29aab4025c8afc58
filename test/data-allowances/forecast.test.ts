import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Contact, costOf } from '../../src/data-allowances/contacts-rules.ts'
import { type DataFacts, dataFor, forecast, MOST_DAYS_OLD } from '../../src/data-allowances/forecast-rules.ts'
import { forecastInWords } from '../../src/data-allowances/forecast-words-rules.ts'
import { parseMegabytes } from '../../src/data-allowances/megabytes-rules.ts'
import { mendFor } from '../../src/data-allowances/mend-rules.ts'
import { renewalsBetween } from '../../src/data-allowances/renewal-rules.ts'
import { addDays, daysBetween, londonDate, londonMidnight } from '../../src/lib/dates.ts'

const now = new Date('2026-08-03T09:30:00Z')
const rates = { video: 10, phone: 0, text: 1, day: 100 }

function sim(more: Partial<DataFacts> = {}): DataFacts {
  return {
    ...{ id: 1, megabytes: 5_000, period: 'once', starts_on: '2026-08-01', ends_on: null, suspended_at: null },
    ...{ cancelled_at: null, readings: [{ at: '2026-08-03T09:00:00Z', left: 1_000 }], top_ups: [], ...more },
  }
}

function video(id: number, starts_at: string, minutes = 50, more: Partial<Contact> = {}): Contact {
  const ends_at = new Date(Date.parse(starts_at) + minutes * 60_000).toISOString()
  return { kind: 'appointment', id, way: 'video', starts_at, ends_at, platform: null, platform_mb: null, ...more }
}

const renewsOn = (day: string, plan: { starts_on: string; period: string }) =>
  renewalsBetween(addDays(day, -1), day, plan).includes(day)

const friday = video(1, '2026-08-07T09:00:00Z')

describe('the forecast of a data allowance', () => {
  it('says on which day it runs out and before which contact, and a top-up clears it', () => {
    const short = forecast(sim({ readings: [{ at: '2026-08-03T09:00:00Z', left: 850 }] }), [friday], rates, now)
    expect(short).toMatchObject({ status: 'not-enough', runsOutOn: '2026-08-07', before: { id: 1 } })
    expect(forecastInWords(short)).toBe(
      'Runs out on Friday 7 August 2026, before the end of the video appointment on Friday 7 August 2026 at 10am.',
    )
    const topped = sim({
      readings: [{ at: '2026-08-03T09:00:00Z', left: 850 }],
      top_ups: [{ at: '2026-08-03T09:15:00Z', megabytes: 1_000 }],
    })
    expect(forecast(topped, [friday], rates, now)).toMatchObject({ status: 'enough', before: null })
  })

  it('takes the platform’s own figure, and nothing for a phone call', () => {
    expect(costOf(friday, rates)).toBe(500)
    expect(costOf({ ...friday, platform: 'Attend', platform_mb: 4 }, rates)).toBe(200)
    expect(costOf({ ...friday, way: 'phone', platform_mb: 4 }, rates)).toBe(0)
    expect(costOf({ ...friday, way: 'face-to-face' }, rates)).toBe(0)
  })

  it('knows nothing without a reading, or with an old one, however much was given', () => {
    expect(forecast(sim({ readings: [] }), [friday], rates, now).status).toBe('not-known')
    const old = new Date(now.getTime() - (MOST_DAYS_OLD + 1) * 86_400_000).toISOString()
    const told = forecast(sim({ starts_on: '2026-07-01', readings: [{ at: old, left: 900_000 }] }), [], rates, now)
    expect(told).toMatchObject({ status: 'not-known', why: 'old-reading' })
  })

  it('is not enough where it is suspended, over, or ends before the contact', () => {
    const status = (more: Partial<DataFacts>) => forecast(sim({ megabytes: null, ...more }), [friday], rates, now)
    expect(status({})).toMatchObject({ status: 'enough', runsOutOn: null })
    expect(status({ suspended_at: '2026-08-03T00:00:00Z' }).why).toBe('suspended')
    expect(status({ ends_on: '2026-08-02' }).why).toBe('over')
    expect(status({ ends_on: '2026-08-06' })).toMatchObject({ why: 'ends', runsOutOn: '2026-08-07', before: { id: 1 } })
    expect(status({ ends_on: '2026-08-07' }).status).toBe('enough')
    expect(status({ starts_on: '2026-08-08' }).why).toBe('not-begun')
  })

  it('has as much again when it renews, and never less than was there', () => {
    const monthly = sim({
      period: 'month',
      starts_on: '2026-07-05',
      readings: [{ at: '2026-08-03T09:00:00Z', left: 250 }],
    })
    expect(forecast(monthly, [friday], rates, now).status).toBe('enough')
    expect(forecast({ ...monthly, starts_on: '2026-07-09' }, [friday], rates, now).status).toBe('not-enough')
    expect(renewsOn('2028-02-29', { starts_on: '2027-12-31', period: 'month' })).toBe(true)
    expect(renewsOn('2027-02-28', { starts_on: '2026-12-31', period: 'month' })).toBe(true)
    expect(renewsOn('2028-02-28', { starts_on: '2027-12-31', period: 'month' })).toBe(false)
  })

  it('measures their use from readings a day or more apart, with what was added between', () => {
    const readings = [
      { at: '2026-08-03T09:00:00Z', left: 800 },
      { at: '2026-08-01T09:00:00Z', left: 1_000 },
    ]
    const told = forecast(sim({ readings }), [], rates, now)
    expect(told.use).toEqual({ perDay: 100, isMeasured: true })
    const added = sim({ readings, top_ups: [{ at: '2026-08-02T09:00:00Z', megabytes: 600 }] })
    expect(forecast(added, [], rates, now).use.perDay).toBe(400)
  })

  it('of several allowances one that lasts is enough, and what is not known is not refused', () => {
    const person = (...allowances: DataFacts[]) => dataFor(friday, { allowances, contacts: [friday], rates }, now)
    const unread = sim({ readings: [] })
    const empty = sim({ readings: [{ at: '2026-08-03T09:00:00Z', left: 0 }] })
    expect(person()).toBeNull()
    expect(person(empty, sim())).toBe('enough')
    expect(person(empty, unread)).toBe('not-known')
    expect(person(empty)).toBe('not-enough')
  })
})

describe('what mends data that falls short of a contact', () => {
  const person = (...allowances: DataFacts[]) => mendFor(friday, { allowances, contacts: [friday], rates }, now)
  const empty = sim({ readings: [{ at: '2026-08-03T09:00:00Z', left: 0 }] })

  it('is nothing where one allowance lasts, or there is none', () => {
    expect(person()).toBeNull()
    expect(person(empty, sim({ id: 2 }))).toBeNull()
  })

  it('is a step on the page of the one that falls short', () => {
    expect(person(empty)?.href).toBe('/data-allowances/1?do=top-ups')
    expect(person(sim({ readings: [] }), empty)?.href).toBe('/data-allowances/1?do=readings')
    expect(person(sim({ ends_on: '2026-08-05' }))?.href).toBe('/data-allowances/1?do=end')
    const suspended = sim({ id: 2, suspended_at: '2026-08-03T08:00:00Z' })
    expect(person(suspended)?.href).toBe('/data-allowances/2?do=resumption')
    expect(person(suspended, empty)?.href).toBe('/data-allowances/1?do=top-ups')
  })
})

const days = fc.integer({ min: 0, max: 60 })
const amounts = fc.integer({ min: 0, max: 30_000 })
const contacts = fc
  .array(fc.tuple(days, fc.integer({ min: 5, max: 120 })), { maxLength: 6 })
  .map((list) =>
    list.map(([day, minutes], at) =>
      video(at, new Date(now.getTime() + day * 86_400_000 + 3_600_000).toISOString(), minutes),
    ),
  )
const plans = fc.record({
  left: amounts,
  period: fc.constantFrom('once', 'day', 'week', 'month'),
  age: fc.integer({ min: 0, max: 20 }),
})
const planned = ({ left, period, age }: { left: number; period: string; age: number }, more: Partial<DataFacts> = {}) =>
  sim({
    ...{ period, starts_on: '2026-07-01' },
    readings: [{ at: new Date(now.getTime() - age * 86_400_000).toISOString(), left }],
    ...more,
  })
const order = ['not-enough', 'not-known', 'enough']
const rank = (status: string) => order.indexOf(status)
const lastsUntil = (day: string | null) => day ?? '9999'

describe('the forecast, whatever is told', () => {
  it('never lasts longer for more use, be it each day or by another contact', () => {
    fc.assert(
      fc.property(plans, contacts, days, fc.integer({ min: 0, max: 2_000 }), (plan, booked, day, more) => {
        const before = forecast(planned(plan), booked, rates, now)
        const another = video(99, new Date(now.getTime() + day * 86_400_000 + 7_200_000).toISOString())
        for (const after of [
          forecast(planned(plan), booked, { ...rates, day: rates.day + more }, now),
          forecast(planned(plan), [...booked, another], rates, now),
        ]) {
          expect(lastsUntil(after.runsOutOn) <= lastsUntil(before.runsOutOn)).toBe(true)
          for (const [key, verdict] of before.byContact) {
            expect(rank(after.byContact.get(key) ?? '')).toBeLessThanOrEqual(rank(verdict))
          }
        }
      }),
    )
  })

  it('never lasts longer where a reading says that more went', () => {
    fc.assert(
      fc.property(plans, contacts, amounts, (plan, booked, went) => {
        const readings = (left: number) => [
          { at: '2026-08-02T09:00:00Z', left },
          { at: '2026-07-27T09:00:00Z', left: plan.left },
        ]
        const told = (left: number) => forecast(planned(plan, { readings: readings(left) }), booked, rates, now)
        const [less, more] = [told(Math.max(0, plan.left - went)), told(plan.left)]
        // where it renewed between them nobody knows what went, and both are told by our own figure
        expect(less.use.perDay).toBeGreaterThanOrEqual(more.use.perDay)
        expect(lastsUntil(less.runsOutOn) <= lastsUntil(more.runsOutOn)).toBe(true)
        expect(rank(less.status)).toBeLessThanOrEqual(rank(more.status))
      }),
    )
  })

  it('is told by a later reading as if there were no earlier one, but for the use that both tell', () => {
    fc.assert(
      fc.property(plans, contacts, amounts, (plan, booked, older) => {
        const newest = planned(plan).readings
        // of the same day: too close to tell the use
        const before = { at: new Date(Date.parse(newest[0]?.at ?? '') - 3_600_000).toISOString(), left: older }
        const both = forecast(planned(plan, { readings: [...newest, before] }), booked, rates, now)
        expect(both).toEqual(forecast(planned(plan), booked, rates, now))
      }),
    )
  })

  it('keeps every megabyte: a top-up in parts is one top-up, and what was added is not taken for use', () => {
    const at = '2026-08-03T09:05:00Z'
    const parts = fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(parts, contacts, amounts, (added, booked, left) => {
        const total = added.reduce((sum, one) => sum + one, 0)
        const readings = [{ at: '2026-08-03T09:00:00Z', left }]
        const told = (...amounts: number[]) =>
          forecast(sim({ readings, top_ups: amounts.map((megabytes) => ({ at, megabytes })) }), booked, rates, now)
        expect(told(...added)).toEqual(told(total))
        expect(told(...added).balance?.left).toBe(left + total)
        const used = (newer: number, between: number[]) =>
          forecast(
            sim({
              readings: [
                { at, left: newer },
                { at: '2026-07-30T09:05:00Z', left: 4_000 },
              ],
              top_ups: between.map((megabytes) => ({ at: '2026-08-01T09:00:00Z', megabytes })),
            }),
            [],
            rates,
            now,
          ).use
        expect(used(3_000 + total, added)).toEqual(used(3_000, []))
      }),
    )
  })

  it('is told by the newest reading alone how much is left, with every top-up since and no other', () => {
    fc.assert(
      fc.property(
        amounts,
        amounts,
        fc.array(fc.integer({ min: 1, max: 9_000 }), { maxLength: 4 }),
        (left, older, added) => {
          const top_ups = added.flatMap((megabytes) => [
            { at: '2026-08-03T09:10:00Z', megabytes },
            { at: '2026-08-02T09:10:00Z', megabytes: 77 },
          ])
          const readings = [
            { at: '2026-08-03T09:00:00Z', left },
            { at: '2026-08-02T09:00:00Z', left: older },
          ]
          const total = left + added.reduce((sum, one) => sum + one, 0)
          expect(forecast(sim({ readings, top_ups }), [], rates, now).balance?.left).toBe(total)
        },
      ),
    )
  })

  it('never says enough of what is not known', () => {
    fc.assert(
      fc.property(plans, contacts, (plan, booked) => {
        const unread = forecast(planned(plan, { readings: [] }), booked, rates, now)
        expect(unread.status).not.toBe('enough')
        expect([...unread.byContact.values()]).not.toContain('enough')
        if (plan.age > MOST_DAYS_OLD) expect(forecast(planned(plan), booked, rates, now).status).not.toBe('enough')
        const allowances = [planned(plan, { readings: [] }), planned(plan, { suspended_at: '2026-08-01T09:00:00Z' })]
        for (const contact of booked) {
          expect(dataFor(contact, { allowances, contacts: booked, rates }, now)).not.toBe('enough')
        }
      }),
    )
  })

  it('renews on the same day of each week and once in each month, over leap days and changes of the clocks', () => {
    const begins = fc.integer({ min: 0, max: 1_500 }).map((days) => addDays('2025-01-01', days))
    fc.assert(
      fc.property(begins, fc.integer({ min: 1, max: 800 }), (starts_on, days) => {
        const day = addDays(starts_on, days)
        expect(renewsOn(day, { starts_on, period: 'week' })).toBe(days % 7 === 0)
        const renewals = renewalsBetween(starts_on, addDays(starts_on, 400), { starts_on, period: 'month' })
        const months = Map.groupBy(renewals, (one) => one.slice(0, 7))
        expect(months.size).toBeGreaterThanOrEqual(12)
        expect([...months.values()].every((days) => days.length === 1)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('counts days of London: neither a leap day nor a change of the clocks shifts any', () => {
    const begins = fc.constantFrom('2026-03-25', '2026-10-21', '2028-02-25', '2026-12-29')
    fc.assert(
      fc.property(begins, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 22 }), (day, lasts, hour) => {
        const at = new Date(londonMidnight(day).getTime() + hour * 3_600_000)
        const facts = sim({ starts_on: day, readings: [{ at: at.toISOString(), left: lasts * 100 }] })
        const { runsOutOn } = forecast(facts, [], rates, at)
        expect(runsOutOn).toBe(addDays(day, lasts + 1))
        expect(daysBetween(londonDate(at), runsOutOn ?? '')).toBe(lasts + 1)
      }),
    )
  })
})

describe('an amount of data', () => {
  it('is read in the unit that was chosen, and never guessed', () => {
    expect(parseMegabytes('1.5', 'gb', 1).value).toBe(1_500)
    expect(parseMegabytes('1,500', 'mb', 1).value).toBe(1_500)
    const why = (text: string, unit: string) => parseMegabytes(text, unit, 1).error?.reason
    expect(why('20', '')).toBe('no-unit')
    expect(why('-5', 'mb')).toBe('negative')
    expect(why('2000', 'gb')).toBe('too-large')
    expect(why('0', 'mb')).toBe('too-little')
    expect(why('20GB', 'gb')).toBe('not-a-number')
    // a comma for a point is refused, and not taken for 15
    expect(why('1,5', 'gb')).toBe('not-a-number')
    expect(why('2', 'tb')).toBe('no-unit')
    expect(parseMegabytes('0', 'mb', 0).value).toBe(0)
  })
})
