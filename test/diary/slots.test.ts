import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DateTime } from 'luxon'
import { nearestTime } from '../../src/diary/nearest-rules.ts'
import {
  type Condition,
  conditionsIn,
  type Diary,
  type Slot,
  type SlotQuestion,
} from '../../src/diary/slot-conditions-rules.ts'
import { everyTime, findSlots } from '../../src/diary/slot-rules.ts'
import { isWorkingDay } from '../../src/lib/working-days.ts'

const ZONE = 'Europe/London'
const MINUTE = 60_000
const london = (text: string) => DateTime.fromISO(text, { zone: ZONE }).toJSDate()
const known = new Map<number, DateTime>()
/** Kept, since the properties ask for the same few days over and over. */
function inLondon(at: Date): DateTime {
  const shownAt = known.get(at.getTime()) ?? DateTime.fromJSDate(at, { zone: ZONE })
  known.set(at.getTime(), shownAt)
  return shownAt
}
const shown = (slots: Slot[]) => slots.map(({ startsAt }) => inLondon(startsAt).toFormat('yyyy-MM-dd HH:mm'))

const nineToFive = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: 9 * 60, until: 17 * 60 }))
const diary = (more: Partial<Diary> = {}): Diary => ({
  ...{ championId: 1, hours: nineToFive, exceptions: [], busy: [], ...more },
})

/** Half an hour's call, from a Monday morning on, with one champion who works from nine to five. */
const question = (more: Partial<SlotQuestion> = {}): SlotQuestion => ({
  ...{ from: london('2026-08-03T10:30'), days: 14, minutes: 30, travelMinutes: 0, breakMinutes: 15 },
  ...{ diaries: [diary()], safeTimes: null, personBusy: [], ...more },
})
const span = (from: string, until: string) => ({ from: london(from).getTime(), until: london(until).getTime() })
const first = (more: Partial<SlotQuestion>) => shown(findSlots(question(more)).slots)[0]

describe('a time for a call', () => {
  it('is the earliest at which everything fits, and two more that do not overlap it', () => {
    expect(shown(findSlots(question()).slots)).toEqual(['2026-08-03 10:30', '2026-08-03 11:00', '2026-08-03 11:30'])
  })

  it('leaves a break on either side of what is planned, and the way there and back', () => {
    const busy = [span('2026-08-03T10:30', '2026-08-03T11:00'), span('2026-08-03T12:00', '2026-08-03T16:00')]
    expect(first({ diaries: [diary({ busy })] })).toBe('2026-08-03 11:15')
    expect(first({ diaries: [diary({ busy })], travelMinutes: 30 })).toBe('2026-08-04 09:30')
  })

  it('is in the hours of the champion, with what is otherwise on a day', () => {
    const on = (kind: 'leave' | 'away' | 'extra', from: number | null, until: number | null, day = '2026-08-03') => [
      diary({ exceptions: [{ kind, firstOn: day, lastOn: day, from, until }] }),
    ]
    expect(first({ diaries: on('leave', null, null) })).toBe('2026-08-04 09:00')
    expect(first({ diaries: on('away', 600, 780) })).toBe('2026-08-03 13:00')
    expect(first({ diaries: on('extra', 1020, 1110), from: london('2026-08-03T16:40') })).toBe('2026-08-03 16:45')
  })

  it('is inside the person’s safe times, after the device, the training and the notice of an interpreter', () => {
    expect(first({ safeTimes: { fromHour: 14, untilHour: 16, days: [3] } })).toBe('2026-08-05 14:00')
    expect(first({ device: london('2026-08-06T11:10') })).toBe('2026-08-06 11:15')
    expect(first({ trainedBy: london('2026-08-06T15:00') })).toBe('2026-08-06 15:00')
    expect(first({ interpreterFrom: '2026-08-07' })).toBe('2026-08-07 09:00')
    expect(first({ personBusy: [span('2026-08-03T10:00', '2026-08-03T15:20')] })).toBe('2026-08-03 15:30')
  })

  it('is the next champion’s when the first one is not free, at the earliest time of all', () => {
    const busy = [span('2026-08-03T09:00', '2026-08-03T17:00')]
    const [slot] = findSlots(question({ diaries: [diary({ busy }), diary({ championId: 2 })] })).slots
    expect(slot).toMatchObject({ championId: 2, startsAt: london('2026-08-03T10:30') })
  })

  it.each([
    ['the Sunday on which the clocks go forward', '2027-03-27T12:00', '2027-03-30 09:00'], // the Monday is Easter Monday
    ['the Sunday on which the clocks go back', '2026-10-24T12:00', '2026-10-26 09:00'],
    ['29 February', '2028-02-28T17:00', '2028-02-29 09:00'],
    ['Christmas, with the days in lieu', '2026-12-24T17:00', '2026-12-29 09:00'],
    ['New Year’s Day', '2026-12-31T17:00', '2027-01-04 09:00'],
    ['Easter', '2026-04-02T17:00', '2026-04-07 09:00'],
  ])('is right across %s', (_what, from, expected) => {
    expect(first({ from: london(from) })).toBe(expected)
  })

  it('says which condition stands in the way, and what loosening it would give', () => {
    const appointment = { lastOn: '2026-08-04', startsAt: london('2026-08-06T10:00') }
    const leave = { kind: 'leave' as const, firstOn: '2026-08-03', lastOn: '2026-08-04', from: null, until: null }
    const { slots, loosenings } = findSlots(question({ appointment, diaries: [diary({ exceptions: [leave] })] }))
    expect(slots).toEqual([])
    expect(loosenings.map(({ conditions, slot }) => [conditions, shown([slot])[0]])).toEqual([
      [['leave'], '2026-08-03 10:30'],
      [['before-appointment'], '2026-08-05 09:00'],
    ])
  })

  it('names two conditions where neither alone is enough, and none after the appointment', () => {
    const appointment = { lastOn: '2026-08-04', startsAt: london('2026-08-06T10:00') }
    const { loosenings } = findSlots(question({ appointment, device: null, trainedBy: null }))
    expect(loosenings).toHaveLength(1)
    expect(loosenings[0]!.conditions).toEqual(['device', 'training'])
    expect(findSlots(question({ diaries: [] }))).toEqual({ slots: [], loosenings: [] })
  })
})

/** What each condition means, said once more in other words, with another library's calendar. */
const oracle: Record<Condition, (slot: Slot, asked: SlotQuestion) => boolean> = {
  hours: (slot, asked) => minutesOf(slot, asked).every((at) => isWorking(diaryOf(slot, asked), at)),
  leave: (slot, asked) => minutesOf(slot, asked).every((at) => !isOff(diaryOf(slot, asked), at)),
  busy: (slot, asked) => isFree(diaryOf(slot, asked).busy, slot, asked.travelMinutes),
  break: (slot, asked) =>
    !isFree(diaryOf(slot, asked).busy, slot, asked.travelMinutes) ||
    isFree(diaryOf(slot, asked).busy, slot, asked.travelMinutes + asked.breakMinutes),
  'working-day': ({ startsAt }) => isWorkingDay(inLondon(startsAt).toISODate()!),
  'safe-times': ({ startsAt, endsAt }, { safeTimes }) => {
    if (!safeTimes) return true
    const [from, until] = [inLondon(startsAt), inLondon(new Date(endsAt.getTime() - 1))]
    const isDay = safeTimes.days.length === 0 || safeTimes.days.includes(from.weekday)
    return isDay && from.hour >= (safeTimes.fromHour ?? 0) && until.hour < (safeTimes.untilHour ?? 24)
  },
  'person-busy': (slot, { personBusy }) => isFree(personBusy, slot, 0),
  device: ({ startsAt }, { device }) => device === undefined || (device !== null && startsAt >= device),
  training: ({ startsAt }, { trainedBy }) => trainedBy === undefined || (trainedBy !== null && startsAt >= trainedBy),
  interpreter: ({ startsAt }, { interpreterFrom }) => inLondon(startsAt).toISODate()! >= (interpreterFrom ?? ''),
  'before-appointment': ({ startsAt }, { appointment }) =>
    !appointment || inLondon(startsAt).toISODate()! <= appointment.lastOn,
}

const diaryOf = (slot: Slot, { diaries }: SlotQuestion) => diaries.find((one) => one.championId === slot.championId)!

/** Every fifth minute from leaving until being back; all times of these tests are whole fives. */
function minutesOf({ startsAt, endsAt }: Slot, { travelMinutes }: SlotQuestion): DateTime[] {
  const [from, until] = [startsAt.getTime() - travelMinutes * MINUTE, endsAt.getTime() + travelMinutes * MINUTE]
  return Array.from({ length: (until - from) / (5 * MINUTE) }, (_, at) => inLondon(new Date(from + at * 5 * MINUTE)))
}

const minuteOf = (at: DateTime) => at.hour * 60 + at.minute
const within = (at: DateTime, range: { from: number | null; until: number | null }) =>
  minuteOf(at) >= (range.from ?? 0) && minuteOf(at) < (range.until ?? 1440)

function exceptionsAt({ exceptions }: Diary, at: DateTime) {
  const date = at.toISODate()!
  return exceptions.filter((one) => one.firstOn <= date && date <= one.lastOn && within(at, one))
}

const isWorking = (of: Diary, at: DateTime) =>
  of.hours.some((hours) => hours.weekday === at.weekday && within(at, hours)) ||
  exceptionsAt(of, at).some(({ kind }) => kind === 'extra')
const isOff = (of: Diary, at: DateTime) => exceptionsAt(of, at).some(({ kind }) => kind !== 'extra')

const isFree = (busy: { from: number; until: number }[], { startsAt, endsAt }: Slot, around: number) =>
  busy.every(
    ({ from, until }) => until <= startsAt.getTime() - around * MINUTE || from >= endsAt.getTime() + around * MINUTE,
  )

const brokenBy = (slot: Slot, asked: SlotQuestion) =>
  (Object.keys(oracle) as Condition[]).filter((condition) => !oracle[condition](slot, asked))

/** Every quarter of an hour there is, found by walking the clock of another library. */
function* bruteForce(asked: SlotQuestion): Generator<Slot> {
  const firstDay = inLondon(asked.from).startOf('day')
  for (let ahead = 0; ahead < asked.days; ahead += 1) {
    const day = firstDay.plus({ days: ahead })
    for (let quarter = 0; quarter < 96; quarter += 1) {
      const at = day.set({ hour: Math.floor(quarter / 4), minute: (quarter % 4) * 15 })
      const startsAt = at.toJSDate()
      const endsAt = at.plus({ minutes: asked.minutes }).toJSDate()
      const isInDay = at.hour >= 8 && at.plus({ minutes: asked.minutes }) <= day.set({ hour: 20 })
      const isInTime = startsAt >= asked.from && (!asked.appointment || endsAt <= asked.appointment.startsAt)
      if (isInDay && isInTime) for (const { championId } of asked.diaries) yield { championId, startsAt, endsAt }
    }
  }
}

const starts = ['2026-03-28', '2026-10-23', '2028-02-28', '2026-12-24', '2026-04-02', '2026-08-03']
const five = (most: number) => fc.integer({ min: 0, max: most / 5 }).map((fives) => fives * 5)
const DAYS = 3

function questions(): fc.Arbitrary<SlotQuestion> {
  return fc.constantFrom(...starts).chain((start) => {
    const midnight = DateTime.fromISO(start, { zone: ZONE })
    const date = fc.integer({ min: 0, max: DAYS }).map((days) => midnight.plus({ days }).toISODate()!)
    const moment = fc.tuple(fc.integer({ min: 0, max: DAYS }), five(1435)).map(([days, minute]) =>
      midnight
        .plus({ days })
        .set({ hour: Math.floor(minute / 60), minute: minute % 60 })
        .toJSDate(),
    )
    const spans = fc.array(
      fc
        .tuple(moment, five(300))
        .map(([from, length]) => ({ from: from.getTime(), until: from.getTime() + (length + 5) * MINUTE })),
      { maxLength: 4 },
    )
    const range = fc
      .tuple(five(1200), five(600))
      .map(([from, length]) => ({ from, until: Math.min(1440, from + length + 5) }))
    const exception = fc
      .record({ kind: fc.constantFrom('leave', 'away', 'extra'), day: date, range })
      .map(({ kind, day, range: times }) =>
        kind === 'leave'
          ? { kind: 'leave' as const, firstOn: start, lastOn: day, from: null, until: null }
          : { kind: kind as 'away' | 'extra', firstOn: day, lastOn: day, ...times },
      )
    const weekly = fc.tuple(fc.integer({ min: 1, max: 7 }), range).map(([weekday, times]) => ({ weekday, ...times }))
    const hours = fc.oneof(fc.constant(nineToFive), fc.array(weekly, { maxLength: 5 }))
    const diaries = fc
      .array(fc.record({ hours, exceptions: fc.array(exception, { maxLength: 2 }), busy: spans }), { maxLength: 3 })
      .map((all) => all.map((one, at) => ({ championId: at + 1, ...one })))
    const perhaps = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined, freq: 2 })
    return fc.record({
      ...{ from: moment, days: fc.constant(DAYS), minutes: fc.constantFrom(15, 30, 60), diaries },
      ...{ travelMinutes: fc.constantFrom(0, 0, 20), breakMinutes: fc.constantFrom(0, 15), personBusy: spans },
      safeTimes: fc.option(
        fc.record({
          fromHour: fc.option(fc.integer({ min: 0, max: 12 })),
          untilHour: fc.option(fc.integer({ min: 13, max: 24 })),
          days: fc.subarray([1, 2, 3, 4, 5, 6, 7]),
        }),
      ),
      ...{ device: perhaps(fc.option(moment)), trainedBy: perhaps(fc.option(moment)), interpreterFrom: perhaps(date) },
      appointment: perhaps(fc.record({ lastOn: date, startsAt: moment })),
    })
  })
}

const keyOf = ({ championId, startsAt }: Slot) => `${startsAt.toISOString()} ${championId}`

describe('over days that are not like others', () => {
  it.each([
    ['the clocks go forward', '2026-03-27T16:45', '2026-03-30 09:00', '2026-03-30T08:00:00.000Z'],
    ['the clocks go back', '2026-10-23T16:45', '2026-10-26 09:00', '2026-10-26T09:00:00.000Z'],
    ['there is a 29 February', '2028-02-28T16:45', '2028-02-29 09:00', '2028-02-29T09:00:00.000Z'],
    ['there is none', '2027-02-26T16:45', '2027-03-01 09:00', '2027-03-01T09:00:00.000Z'],
    ['Christmas, Boxing Day and a weekend', '2026-12-24T16:45', '2026-12-29 09:00', '2026-12-29T09:00:00.000Z'],
    ['Easter, from Good Friday to Monday', '2026-04-02T16:45', '2026-04-07 09:00', '2026-04-07T08:00:00.000Z'],
  ])('%s: the next time is the one the clock shows', (_, from, next, instant) => {
    const [slot] = findSlots(question({ from: london(from) })).slots
    expect([shown(slot ? [slot] : []), slot?.startsAt.toISOString()]).toEqual([[next], instant])
  })
})

describe('whatever the diaries', () => {
  it('the time that is offered in place of one that does not fit is as near as any that fits', () => {
    fc.assert(
      fc.property(questions(), fc.integer({ min: 0, max: 95 }), (asked, quarter) => {
        const startsAt = new Date(asked.from.getTime() + quarter * 15 * MINUTE)
        const near = (at: Date) => Math.abs(at.getTime() - startsAt.getTime())
        const { minutes, travelMinutes, breakMinutes, diaries, safeTimes, personBusy } = asked
        const own = { minutes, travelMinutes, breakMinutes, diaries, safeTimes, personBusy }
        const nearest = nearestTime(own, startsAt, asked.from)
        const fitting = everyTime({ ...own, from: asked.from, days: 12 }).filter(({ broken }) => broken === 0)
        if (nearest === null) return void expect(fitting).toEqual([])
        expect(fitting.every(({ slot }) => near(slot.startsAt) >= near(nearest))).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  it('each time breaks what another reading of the conditions says it breaks: none offered breaks any, and none is missed', () => {
    fc.assert(
      fc.property(questions(), (asked) => {
        const expected = new Map([...bruteForce(asked)].map((slot) => [keyOf(slot), brokenBy(slot, asked).sort()]))
        const found = new Map(
          [...everyTime(asked)].map(({ slot, broken }) => [keyOf(slot), conditionsIn(broken).sort()]),
        )
        expect(found).toEqual(expected)
        const fitting = [...expected]
          .filter(([, broken]) => broken.length === 0)
          .map(([key]) => key.slice(0, 24))
          .sort()
        const { slots } = findSlots(asked)
        expect(slots[0]?.startsAt.toISOString()).toBe(fitting[0])
        for (const slot of slots) expect(brokenBy(slot, asked)).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  it('loosening a condition never removes a time, and what it is said to give is what it gives', () => {
    const loosened: Partial<Record<Condition, (asked: SlotQuestion) => SlotQuestion>> = {
      'safe-times': (asked) => ({ ...asked, safeTimes: null }),
      device: ({ device: _, ...asked }) => asked,
      training: ({ trainedBy: _, ...asked }) => asked,
      interpreter: ({ interpreterFrom: _, ...asked }) => asked,
      'person-busy': (asked) => ({ ...asked, personBusy: [] }),
      break: (asked) => ({ ...asked, breakMinutes: 0 }),
    }
    const fitting = (asked: SlotQuestion) =>
      new Set([...everyTime(asked)].filter(({ broken }) => broken === 0).map(({ slot }) => keyOf(slot)))
    fc.assert(
      fc.property(questions(), fc.constantFrom(...(Object.keys(loosened) as Condition[])), (asked, condition) => {
        const without = loosened[condition]!(asked)
        const [before, after] = [fitting(asked), fitting(without)]
        expect([...before].filter((key) => !after.has(key))).toEqual([])
        const told = findSlots(asked).loosenings.find(({ conditions }) => conditions.join() === condition)
        if (told) expect(findSlots(without).slots[0]?.startsAt).toEqual(told.slot.startsAt)
      }),
      { numRuns: 100 },
    )
  })
})
