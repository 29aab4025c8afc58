import { describe, expect, it } from '@jest/globals'
import { parseBooking, parseInstead, parseMove } from '../../src/bookings/form.ts'
import { isFree, offersInstead, startsNear } from '../../src/bookings/nearest-rules.ts'
import { repeatsOf } from '../../src/bookings/repeat-rules.ts'
import { bookingState, dayOf, type HoldFacts, timeProblem } from '../../src/bookings/rules.ts'
import { cellsOf, hoursOf, partAt, slotsOf } from '../../src/bookings/timetable-rules.ts'
import type { FieldError } from '../../src/lib/fields.ts'

const monday = '2026-08-03'
/** A time of Monday 3 August 2026 in London, when London is an hour ahead. */
const at = (time: string) => new Date(`2026-08-03T${time}:00+01:00`)
const now = at('10:30')

const form = (more: Record<string, string> = {}) => ({ on: monday, from: '14:00', length: '30', for: 'ward', ...more })
const errorsOf = (read: { errors: FieldError[] | undefined }) =>
  read.errors?.map(({ field, text }) => `${field}: ${text}`)
const refused = (more: Record<string, string>) => errorsOf(parseBooking(form(more), now))

describe('a form of a booking', () => {
  it('means a start and an end, whom for and what for', () => {
    expect(
      parseBooking({ ...form({ for: 'initials', initials: 'JB', purpose: 'tribunal' }), item: '7' }, now).value,
    ).toEqual({
      itemIds: [7],
      from: at('14:00'),
      until: at('14:30'),
      whom: { initials: 'JB' },
      purpose: 'tribunal',
    })
    expect(parseBooking(form({ for: 'person', person: '12' }), now).value?.whom).toEqual({ serviceUserId: 12 })
    expect(parseBooking(form({ length: 'other', until: '15:45' }), now).value?.until).toEqual(at('15:45'))
    // handed out now, it ends on a quarter of an hour all the same
    expect(parseBooking(form({ now: 'yes' }), at('10:37')).value).toMatchObject({ from: null, until: at('11:15') })
  })

  it('goes over midnight, and over the end of the year', () => {
    const over = parseBooking(form({ from: '23:45', length: 'other', until: '00:15' }), now).value
    expect(over?.until).toEqual(new Date('2026-08-03T23:15Z'))
    const eve = { on: '2026-12-31', from: '23:45', length: '30' }
    const value = parseBooking(form(eve), new Date('2026-12-01T12:00:00Z')).value
    expect([value?.from, value?.until]).toEqual([new Date('2026-12-31T23:45Z'), new Date('2027-01-01T00:15Z')])
  })

  it.each([
    [{ from: '09:00' }, 'from: This time has gone by. Choose a later one'],
    [{ from: '14:10' }, 'from: Time must be on a quarter of an hour, like 14:15'],
    [{ from: 'noon' }, 'from: Time must be like 09:30 or 14:30'],
    [{ on: 'x' }, 'from: Choose a day in the timetable'],
    [{ length: '7' }, 'length: Choose how long'],
    [{ length: 'other', until: '13:00' }, 'until: The end must be after the start, like 2:30pm'],
    [
      { from: '11:00', length: 'other', until: '23:45' },
      'from: A booking can take 12 hours at most. For longer, ask a digital champion to lend it',
    ],
    [{ on: '2026-12-01' }, 'from: Choose a day in the next 12 weeks'],
    [{ for: 'person' }, 'person: Choose whom it is for'],
    [{ for: 'initials' }, 'initials: Enter their initials'],
    [{ for: 'initials', initials: 'a long name' }, 'initials: Initials must be 10 characters or less'],
    [{ purpose: 'fun' }, 'purpose: Choose what it is for'],
  ])('%j is refused at its field', (more, error) => {
    expect(refused(more)).toEqual([error])
  })

  it('says which hour the clocks leave out, and which comes twice', () => {
    const shortlyBefore = (date: string) => new Date(`${date}T00:00:00Z`)
    expect(errorsOf(parseBooking(form({ on: '2026-03-29', from: '01:15' }), shortlyBefore('2026-03-28')))).toEqual([
      'from: 1:15am is left out on 29 March 2026: the clocks go forward. Choose a time before 1am or from 2am',
    ])
    expect(errorsOf(parseBooking(form({ on: '2026-10-25', from: '01:15' }), shortlyBefore('2026-10-24')))).toEqual([
      'from: 1:15am comes twice on 25 October 2026: the clocks go back. Choose a time before 1am or from 2am',
    ])
    // real minutes, not those of the clock on the wall
    const night = parseBooking(
      form({ on: '2026-10-25', from: '00:45', length: '120' }),
      shortlyBefore('2026-10-24'),
    ).value
    expect([night?.from, night?.until]).toEqual([new Date('2026-10-24T23:45Z'), new Date('2026-10-25T01:45Z')])
  })

  it('takes what is offered in its place, and a move to another day', () => {
    expect(parseInstead({ instead: '4,5@2026-08-03T13:15:00.000Z' })).toEqual({ itemIds: [4, 5], from: at('14:15') })
    expect(parseInstead({ instead: '4@whenever' })).toBeUndefined()
    const day = { 'on-day': '4', 'on-month': '8', 'on-year': '2026' }
    expect(parseMove({ ...form(), ...day, version: '2' }, now).value).toMatchObject({ version: 2 })
    expect(errorsOf(parseMove(form(), now))).toEqual(['on: Enter the day'])
  })
})

describe('a day', () => {
  it('has 96 quarters of an hour, 92 when the clocks go forward and 100 when they go back', () => {
    expect(['2026-08-03', '2026-03-29', '2026-10-25', '2026-12-31'].map((day) => slotsOf(day, 'day').length)).toEqual([
      96, 92, 100, 96,
    ])
    expect(hoursOf(slotsOf('2026-03-29', 'night')).map(({ text }) => text)).toEqual([
      'midnight',
      '2am',
      '3am',
      '4am',
      '5am',
    ])
    const back = hoursOf(slotsOf('2026-10-25', 'night'))
    expect(back.map(({ text, span }) => `${text} ${span}`).slice(0, 3)).toEqual([
      'midnight 4',
      '1am (first) 4',
      '1am (again) 4',
    ])
    // no form can tell the two apart, so nothing of them can be tapped
    expect(slotsOf('2026-10-25', 'night').filter(({ time }) => time === null)).toHaveLength(8)
    expect(slotsOf('2026-12-31', 'evening').at(-1)).toMatchObject({
      time: '23:45',
      until: new Date('2027-01-01T00:00Z'),
    })
  })

  it('begins with the part that is under way', () => {
    expect([partAt(monday, now), partAt('2026-08-04', now), partAt(monday, at('23:59'))]).toEqual([
      'morning',
      'morning',
      'evening',
    ])
  })

  it('is cells: what is gone by, what is free by the hour, and each plan once', () => {
    const plans = [
      { from: at('11:00'), until: at('11:45') },
      { from: at('11:45'), until: at('12:30') },
    ]
    const cells = cellsOf(slotsOf(monday, 'morning'), plans, now)
    expect(cells.map(({ kind, slots }) => `${kind} ${slots.length}`)).toEqual(['shut 18', 'free 2', 'busy 3', 'busy 1'])
    expect(cells.reduce((sum, { slots }) => sum + slots.length, 0)).toBe(24)
  })

  it('loses no plan of a few minutes, and none that began the day before', () => {
    const plans = [
      { from: at('05:00'), until: at('06:07') },
      { from: at('06:07'), until: at('06:09') },
      { from: at('06:09'), until: at('06:31') },
    ]
    const cells = cellsOf(slotsOf(monday, 'morning'), plans, at('05:30'))
    expect(cells.slice(0, 3).map((cell) => (cell.kind === 'busy' ? cell.plans.length : cell.kind))).toEqual([
      2,
      1,
      'free',
    ])
  })
})

describe('the nearest that is free', () => {
  const item = (id: number, model_id: number, busy: [string, string][] = []) => ({
    id,
    tag: `TAB-${id}`,
    category: 'tablet',
    model_id,
    busy: busy.map(([from, until]) => ({ from: at(from), until: at(until) })),
  })
  const bounds = { now, day: dayOf(monday) }

  it('touches and does not overlap', () => {
    const taken = item(1, 1, [['14:00', '14:45']])
    expect(
      [
        ['13:15', '14:00'],
        ['14:45', '15:30'],
        ['13:30', '14:15'],
      ].map(([from = '', until = '']) => isFree(taken, { from: at(from), until: at(until) })),
    ).toEqual([true, true, false])
  })

  it('is another of the kind then, one of the same model first; and the same thing a little later', () => {
    const wanted = item(1, 1, [['14:00', '14:45']])
    const others = [item(2, 2), item(3, 1), { ...item(4, 1), category: 'headset' }, item(5, 1, [['14:30', '15:00']])]
    expect(offersInstead(wanted, others, at('14:00'), 45, bounds)).toEqual([
      { items: [{ id: 3, tag: 'TAB-3' }], from: at('14:00') },
      { items: [{ id: 2, tag: 'TAB-2' }], from: at('14:00') },
      { items: [{ id: 1, tag: 'TAB-1' }], from: at('14:45') },
    ])
  })

  it('is never before now, and may be nothing', () => {
    expect(startsNear(at('09:00'), bounds)[0]).toEqual(at('10:30'))
    expect(offersInstead(item(1, 1, [['10:00', '23:59']]), [], at('14:00'), 45, bounds)).toEqual([])
  })
})

describe('a repeat', () => {
  it('is at the same time on the clock, and none where the clocks leave it out', () => {
    const night = { from: new Date('2026-03-22T01:15Z'), until: new Date('2026-03-22T01:45Z') }
    expect(repeatsOf(night, 2)).toEqual([
      { week: 1, date: '2026-03-29', problem: expect.stringContaining('1:15am is left out on 29 March 2026') },
      {
        week: 2,
        date: '2026-04-05',
        span: { from: new Date('2026-04-05T00:15Z'), until: new Date('2026-04-05T00:45Z') },
      },
    ])
  })
})

describe('where a booking stands', () => {
  const stamp = (time: string) => at(time).toISOString()
  const hold = (more: Partial<HoldFacts> = {}): HoldFacts => ({
    starts_at: stamp('10:00'),
    ends_at: stamp('10:45'),
    taken_at: null,
    ended_at: null,
    cancelled_at: null,
    ...more,
  })
  const booking = { cleaning_minutes: 15, cancelled_as: null }

  it.each([
    ['booked', [hold()], '09:59'],
    ['waiting', [hold()], '10:00'],
    ['out', [hold({ taken_at: stamp('10:02') }), hold()], '10:30'],
    ['late', [hold({ taken_at: stamp('10:02') })], '10:31'],
    ['back', [hold({ taken_at: stamp('10:02'), ended_at: stamp('10:20') })], '10:31'],
    ['cancelled', [hold({ cancelled_at: stamp('09:00') })], '10:31'],
  ] as const)('%s', (state, holds, time) => {
    expect(bookingState(booking, [...holds], at(time))).toBe(state)
  })

  it('is said to be not collected where that is why it was released', () => {
    const released = { ...booking, cancelled_as: 'not-collected' }
    expect(bookingState(released, [hold({ cancelled_at: stamp('10:30') })], now)).toBe('not-collected')
  })

  it('may begin in the quarter of an hour that is under way', () => {
    expect(timeProblem({ from: at('10:30'), until: at('11:00') }, at('10:44'))).toBeNull()
    expect(timeProblem({ from: at('10:15'), until: at('11:00') }, at('10:44'))).toContain('gone by')
  })
})
