import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { addDays, addWeeks, dateOf, daysBetween, isDate, weekdayOf } from '../../src/lib/calendar.ts'
import { anyDate } from './any-date.ts'

describe('days on the calendar', () => {
  it('know leap years: 2024 and 2000 have a 29 February, 2026 and 2100 do not', () => {
    expect(isDate('2024-02-29')).toBe(true)
    expect(isDate('2000-02-29')).toBe(true)
    expect(isDate('2026-02-29')).toBe(false)
    expect(isDate('2100-02-29')).toBe(false)
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
    expect(addDays('2024-02-29', 366)).toBe('2025-03-01')
  })

  it('go from 31 December to 1 January and back', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2027-01-01', -1)).toBe('2026-12-31')
    expect(daysBetween('2026-12-31', '2027-01-01')).toBe(1)
  })

  it('are not moved by a change of the clocks', () => {
    expect(addDays('2026-03-28', 1)).toBe('2026-03-29')
    expect(addDays('2026-03-29', 1)).toBe('2026-03-30')
    expect(addDays('2026-10-25', 1)).toBe('2026-10-26')
    expect(addWeeks('2026-03-23', 12)).toBe('2026-06-15')
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2)
  })

  it('know their weekday', () => {
    expect(weekdayOf('2026-08-03')).toBe(1)
    expect(weekdayOf('1970-01-01')).toBe(4)
    expect(weekdayOf('1969-12-28')).toBe(0)
  })

  it('are refused when they are no day', () => {
    const wrong = ['', '2026-8-3', '2026-00-10', '2026-13-01', '2026-04-31', '0999-01-01', 'infinity', '2026-08-03 ']
    for (const text of wrong) {
      expect(isDate(text)).toBe(false)
      expect(() => addDays(text, 1)).toThrow(RangeError)
    }
    expect(dateOf(2026, 4, 31)).toBeUndefined()
    expect(dateOf(2026, 4.5, 1)).toBeUndefined()
    expect(() => addDays('9999-12-31', 1)).toThrow(RangeError)
    expect(() => addDays('2026-01-01', Number.NaN)).toThrow(RangeError)
  })

  it('come back after any number of days forward and the same number back', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -40_000, max: 40_000 }), (date, days) => {
        const other = addDays(date, days)
        expect(isDate(other)).toBe(true)
        expect(daysBetween(date, other)).toBe(days)
        expect(addDays(other, -days)).toBe(date)
        expect(weekdayOf(addWeeks(date, 3))).toBe(weekdayOf(date))
      }),
    )
  })
})
