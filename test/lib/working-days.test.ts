import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { addDays, daysBetween } from '../../src/lib/calendar.ts'
import { addWorkingDays, isWorkingDay, nextWorkingDay } from '../../src/lib/working-days.ts'
import { anyDate } from './any-date.ts'

describe('working days', () => {
  it('are Monday to Friday without bank holidays', () => {
    expect(isWorkingDay('2026-08-28')).toBe(true)
    expect(isWorkingDay('2026-08-29')).toBe(false)
    expect(isWorkingDay('2026-08-30')).toBe(false)
    expect(isWorkingDay('2026-08-31')).toBe(false)
    expect(isWorkingDay('2026-09-01')).toBe(true)
  })

  it('are where a due date lands: after a bank holiday weekend, Christmas and the end of the year', () => {
    expect(nextWorkingDay('2026-09-01')).toBe('2026-09-01')
    expect(nextWorkingDay('2026-08-29')).toBe('2026-09-01')
    expect(nextWorkingDay('2026-12-25')).toBe('2026-12-29')
    expect(nextWorkingDay('2026-04-03')).toBe('2026-04-07')
    expect(nextWorkingDay('2027-01-01')).toBe('2027-01-04')
    expect(nextWorkingDay('2020-02-29')).toBe('2020-03-02')
  })

  it('are counted forward and back over weekends and bank holidays', () => {
    expect(addWorkingDays('2026-08-28', 1)).toBe('2026-09-01')
    expect(addWorkingDays('2026-08-29', 1)).toBe('2026-09-01')
    expect(addWorkingDays('2026-09-01', -2)).toBe('2026-08-27')
    expect(addWorkingDays('2026-12-24', 2)).toBe('2026-12-30')
    expect(addWorkingDays('2026-08-29', 0)).toBe('2026-09-01')
    expect(addWorkingDays('2026-08-28', 0)).toBe('2026-08-28')
    expect(() => addWorkingDays('2026-08-28', 1.5)).toThrow(RangeError)
  })

  it('are never further off than the longest run of days off: Friday to Tuesday at Christmas or Easter', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        const next = nextWorkingDay(date)
        expect(isWorkingDay(next)).toBe(true)
        expect(daysBetween(date, next)).toBeLessThanOrEqual(4)
        for (let day = date; day < next; day = addDays(day, 1)) expect(isWorkingDay(day)).toBe(false)
      }),
    )
  })

  it('come back to the same working day after as many forward as back', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: 1, max: 300 }), (date, days) => {
        const start = nextWorkingDay(date)
        const end = addWorkingDays(start, days)
        expect(addWorkingDays(end, -days)).toBe(start)
        expect(addWorkingDays(addWorkingDays(start, days - 1), 1)).toBe(end)
      }),
    )
  })
})
