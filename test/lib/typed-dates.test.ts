import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MONTHS } from '../../src/lib/calendar.ts'
import { parseTypedDate } from '../../src/lib/typed-dates.ts'
import { anyDate } from './any-date.ts'

describe('a date typed in three fields', () => {
  it('is read from numbers with or without noughts, and from the name of a month', () => {
    for (const month of ['8', '08', ' 8 ', 'August', 'aug', 'AUG', 'Augu']) {
      expect(parseTypedDate({ day: '3', month, year: '2026' })).toEqual({ value: '2026-08-03' })
    }
    expect(parseTypedDate({ day: '29', month: 'feb', year: '2024' })).toEqual({ value: '2024-02-29' })
    expect(parseTypedDate({ day: '1', month: 'sept', year: '2026' })).toEqual({ value: '2026-09-01' })
  })

  it('says what to enter when nothing was', () => {
    expect(parseTypedDate({}, 'Due date').error).toEqual({
      reason: 'missing',
      text: 'Enter the due date',
      parts: ['day', 'month', 'year'],
    })
    expect(parseTypedDate({ day: ' ', month: '', year: '' }, 'NHS start date').error?.text).toBe(
      'Enter the NHS start date',
    )
  })

  it('says which parts are missing', () => {
    expect(parseTypedDate({ day: '3', month: '', year: '2026' }, 'Due date').error).toEqual({
      reason: 'incomplete',
      text: 'Due date must include a month',
      parts: ['month'],
    })
    expect(parseTypedDate({ year: '2026' }, 'Due date').error?.text).toBe('Due date must include a day and month')
    expect(parseTypedDate({ day: '3', month: '8' }, 'Due date').error?.text).toBe('Due date must include a year')
  })

  it('wants all 4 numbers of the year and does not guess the century', () => {
    for (const year of ['26', '6', '026', '20266']) {
      expect(parseTypedDate({ day: '3', month: '8', year }).error).toEqual({
        reason: 'year-needs-4-numbers',
        text: 'Year must include 4 numbers',
        parts: ['year'],
      })
    }
  })

  it('must be a real date, and marks the part that cannot be', () => {
    function partsWrong(day: string, month: string, year: string) {
      const { error } = parseTypedDate({ day, month, year }, 'Date of birth')
      expect(error?.text).toBe('Date of birth must be a real date')
      return error?.parts
    }
    expect(partsWrong('32', '8', '2026')).toEqual(['day'])
    expect(partsWrong('3', '13', '2026')).toEqual(['month'])
    expect(partsWrong('3', 'ma', '2026')).toEqual(['month'])
    expect(partsWrong('3rd', 'Auguste', '2026')).toEqual(['day', 'month'])
    expect(partsWrong('3', '8', 'MMXX')).toEqual(['year'])
    expect(partsWrong('29', '2', '2026')).toEqual(['day', 'month', 'year'])
    expect(partsWrong('31', '4', '2026')).toEqual(['day', 'month', 'year'])
  })

  it('must be in a year that can be meant', () => {
    expect(parseTypedDate({ day: '1', month: '1', year: '1066' }).error?.reason).toBe('year-out-of-range')
    expect(parseTypedDate({ day: '1', month: '1', year: '1899' }).error?.parts).toEqual(['year'])
    expect(parseTypedDate({ day: '1', month: '1', year: '2200' }).error?.text).toBe(
      'Date must have a year from 1900 to 2199',
    )
  })

  it('takes a repeated parameter as left empty', () => {
    expect(parseTypedDate({ day: ['1', '2'], month: { a: '1' }, year: 2026 }).error?.reason).toBe('missing')
  })

  it('comes back as typed for any day', () => {
    fc.assert(
      fc.property(anyDate, fc.boolean(), (date, named) => {
        const [year = '', month = '', day = ''] = date.split('-')
        const typed = { day, month: named ? MONTHS[Number(month) - 1] : month, year }
        expect(parseTypedDate(typed)).toEqual({ value: date })
      }),
    )
  })
})
