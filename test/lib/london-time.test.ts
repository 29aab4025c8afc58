import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { addDays } from '../../src/lib/calendar.ts'
import {
  formatInstant,
  formatShortInstant,
  formatTime,
  londonClock,
  londonDate,
  londonInstant,
  londonMidnight,
  londonMidnightAfter,
  londonToday,
  parseInstant,
} from '../../src/lib/london-time.ts'
import { anyDate } from './any-date.ts'

const HOUR = 3_600_000
const wallClock = new Intl.DateTimeFormat('sv-SE', {
  dateStyle: 'short',
  timeStyle: 'short',
  timeZone: 'Europe/London',
})

/** Instants of this century, and often within two hours of a change of the clocks. */
const anyInstant = fc.oneof(
  fc.date({ min: new Date('1980-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
  fc
    .tuple(
      fc.constantFrom('2025-03-30', '2025-10-26', '2026-03-29', '2026-10-25', '2027-03-28', '2027-10-31'),
      fc.integer({ min: -120, max: 120 }),
    )
    .map(([date, minutes]) => new Date(Date.parse(`${date}T01:00:00Z`) + minutes * 60_000)),
)

describe('what day it is', () => {
  it('is the day in London, which in summer begins an hour before the day of UTC', () => {
    expect(londonToday(new Date('2026-08-02T22:59:59.999Z'))).toBe('2026-08-02')
    expect(londonToday(new Date('2026-08-02T23:00:00Z'))).toBe('2026-08-03')
    expect(londonToday(new Date('2026-12-31T23:59:59Z'))).toBe('2026-12-31')
    expect(londonToday(new Date('2027-01-01T00:00:00Z'))).toBe('2027-01-01')
    expect(londonDate('2026-08-02 23:00:00+00')).toBe('2026-08-03')
  })
})

describe('midnight in London', () => {
  it('is when a due date ends, in summer, in winter, and at the end of the year', () => {
    expect(londonMidnightAfter('2026-08-03')).toEqual(new Date('2026-08-03T23:00:00Z'))
    expect(londonMidnightAfter('2026-12-31')).toEqual(new Date('2027-01-01T00:00:00Z'))
    expect(londonMidnightAfter('2024-02-28')).toEqual(new Date('2024-02-29T00:00:00Z'))
  })

  it('is 23 hours after the last one on the day the clocks go forward, and 25 on the day they go back', () => {
    expect(londonMidnight('2026-03-29')).toEqual(new Date('2026-03-29T00:00:00Z'))
    expect(londonMidnightAfter('2026-03-29')).toEqual(new Date('2026-03-29T23:00:00Z'))
    expect(londonMidnight('2026-10-25')).toEqual(new Date('2026-10-24T23:00:00Z'))
    expect(londonMidnightAfter('2026-10-25')).toEqual(new Date('2026-10-26T00:00:00Z'))
  })

  it('begins the day for any day: one moment before it is still the day before', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        const midnight = londonMidnight(date)
        expect(londonClock(midnight)).toEqual({ date, hour: 0, minute: 0 })
        expect(londonToday(new Date(midnight.getTime() - 1))).toBe(addDays(date, -1))
        expect([23, 24, 25]).toContain((londonMidnightAfter(date).getTime() - midnight.getTime()) / HOUR)
      }),
    )
  })
})

describe('a time on a day', () => {
  it('becomes the instant that London clocks show it', () => {
    expect(londonInstant('2026-08-03', '14:30')).toEqual({ value: new Date('2026-08-03T13:30:00Z') })
    expect(londonInstant('2026-12-03', '9:05')).toEqual({ value: new Date('2026-12-03T09:05:00Z') })
  })

  it('is refused in the hour that is left out when the clocks go forward, and taken right before and after it', () => {
    expect(londonInstant('2026-03-29', '00:59')).toEqual({ value: new Date('2026-03-29T00:59:00Z') })
    expect(londonInstant('2026-03-29', '01:00').error?.reason).toBe('no-such-time')
    expect(londonInstant('2026-03-29', '01:30').error?.text).toBe(
      '1:30am is left out on 29 March 2026: the clocks go forward. Choose a time before 1am or from 2am',
    )
    expect(londonInstant('2026-03-29', '02:00')).toEqual({ value: new Date('2026-03-29T01:00:00Z') })
  })

  it('is refused in the hour that comes twice when the clocks go back, and taken right before and after it', () => {
    expect(londonInstant('2026-10-25', '00:59')).toEqual({ value: new Date('2026-10-24T23:59:00Z') })
    expect(londonInstant('2026-10-25', '01:00').error?.reason).toBe('happens-twice')
    expect(londonInstant('2026-10-25', '01:59').error?.text).toBe(
      '1:59am comes twice on 25 October 2026: the clocks go back. Choose a time before 1am or from 2am',
    )
    expect(londonInstant('2026-10-25', '02:00')).toEqual({ value: new Date('2026-10-25T02:00:00Z') })
  })

  it('is refused when it is no time', () => {
    for (const time of ['', '24:00', '9', '9:5', '12:60', '-1:00', '2:30pm', '09:30:00']) {
      expect(londonInstant('2026-08-03', time).error?.reason).toBe('not-a-time')
    }
  })

  it('comes back as typed, for any instant outside the hour that comes twice', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        const [date = '', time = ''] = wallClock.format(instant).split(' ')
        const read = londonInstant(date, time)
        if (read.error) return expect(read.error.reason).toBe('happens-twice')
        expect(read.value.getTime()).toBe(Math.floor(instant.getTime() / 60_000) * 60_000)
      }),
    )
  })
})

describe('an instant in words', () => {
  it('is the time in London, from the text of the database or a Date', () => {
    expect(formatInstant('2026-08-03 13:30:00+00')).toBe('Monday 3 August 2026 at 2:30pm')
    expect(formatInstant('2026-08-03 13:30:00.123+00')).toBe('Monday 3 August 2026 at 2:30pm')
    expect(formatInstant(new Date('2026-08-03T13:30:00Z'))).toBe('Monday 3 August 2026 at 2:30pm')
    expect(formatInstant('2026-08-02 23:00:00+00')).toBe('Monday 3 August 2026 at midnight')
    expect(formatInstant('2026-12-31 12:00:00+00')).toBe('Thursday 31 December 2026 at midday')
    expect(formatShortInstant('2026-08-03 08:00:00+00')).toBe('3 Aug 2026 at 9am')
    expect(formatTime('2026-08-03 08:05:00+00')).toBe('9:05am')
  })

  it('understands other offsets, should a session have another time zone', () => {
    expect(formatTime('2026-08-03 14:30:00+01')).toBe('2:30pm')
    expect(formatTime('2026-08-03 19:00:00+05:30')).toBe('2:30pm')
    expect(formatTime('2026-08-03T13:30:00Z')).toBe('2:30pm')
  })

  it('says what the platform says, also in the hours around a change of the clocks', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        const text = instant.toISOString().replace('T', ' ').replace('Z', '+00')
        const { date, hour, minute } = londonClock(text)
        const shown = `${date} ${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
        expect(shown).toBe(wallClock.format(instant))
        expect(formatInstant(instant)).toBe(formatInstant(text))
        expect(parseInstant(text)).toEqual(instant)
      }),
    )
  })

  it('is not made up for what is no instant', () => {
    for (const wrong of [
      '',
      'infinity',
      '2026-08-03',
      '2026-08-03 13:30:00',
      '2026-13-03 13:30:00+00',
      new Date('x'),
    ]) {
      expect(() => formatInstant(wrong)).toThrow(RangeError)
    }
  })
})
