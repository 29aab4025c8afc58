import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  formatClock,
  formatDate,
  formatDue,
  formatLongDate,
  formatRelativeDate,
  formatShortDate,
  formatShortDay,
} from '../../src/lib/date-formats.ts'
import { anyDate } from './any-date.ts'

const long = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
})

describe('a date in words', () => {
  it('is written as the NHS writes it, in long and short forms', () => {
    expect(formatDate('2026-08-03')).toBe('3 August 2026')
    expect(formatLongDate('2026-08-03')).toBe('Monday 3 August 2026')
    expect(formatShortDate('2026-08-03')).toBe('3 Aug 2026')
    expect(formatShortDay('2026-08-03')).toBe('Mon 3 Aug')
    expect(formatLongDate('2024-02-29')).toBe('Thursday 29 February 2024')
    expect(formatShortDate('2026-12-31')).toBe('31 Dec 2026')
  })

  it('says the same as the platform does, for any day', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        const expected = long.format(new Date(`${date}T00:00:00Z`)).replace(',', '')
        expect(formatLongDate(date)).toBe(expected)
        expect(formatLongDate(date)).toBe(expected)
      }),
    )
  })

  it('is not made up for what is no date', () => {
    for (const wrong of ['', '2026-02-30', 'infinity']) {
      for (const format of [formatDate, formatLongDate, formatShortDate, formatShortDay]) {
        expect(() => format(wrong)).toThrow(RangeError)
      }
    }
  })
})

describe('a time in words', () => {
  it('uses am and pm, leaves out :00, and says midday and midnight', () => {
    const said = [
      [0, 0, 'midnight'],
      [0, 5, '12:05am'],
      [9, 0, '9am'],
      [11, 59, '11:59am'],
      [12, 0, 'midday'],
      [12, 30, '12:30pm'],
      [14, 30, '2:30pm'],
      [23, 59, '11:59pm'],
    ] as const
    for (const [hour, minute, words] of said) expect(formatClock(hour, minute)).toBe(words)
  })
})

describe('how far off a date is', () => {
  it('is said in words that need no sum', () => {
    const today = '2026-12-31'
    expect(formatRelativeDate('2026-12-31', today)).toBe('today')
    expect(formatRelativeDate('2027-01-01', today)).toBe('tomorrow')
    expect(formatRelativeDate('2026-12-30', today)).toBe('yesterday')
    expect(formatRelativeDate('2027-01-03', today)).toBe('in 3 days')
    expect(formatRelativeDate('2026-12-28', today)).toBe('3 days ago')
  })

  it('is said as lateness for something that was due', () => {
    const today = '2024-03-01'
    expect(formatDue('2024-03-01', today)).toBe('today')
    expect(formatDue('2024-03-02', today)).toBe('tomorrow')
    expect(formatDue('2024-03-08', today)).toBe('in 7 days')
    expect(formatDue('2024-02-29', today)).toBe('1 day late')
    expect(formatDue('2024-02-27', today)).toBe('3 days late')
  })
})
