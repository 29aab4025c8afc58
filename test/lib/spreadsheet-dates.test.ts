import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatDate, formatLongDate, formatShortDate } from '../../src/lib/date-formats.ts'
import { parseSpreadsheetDate } from '../../src/lib/spreadsheet-dates.ts'
import { anyDate } from './any-date.ts'

function errorFor(text: string) {
  return parseSpreadsheetDate(text).error
}

describe('a date in a spreadsheet', () => {
  it('is read in every way that leaves no doubt', () => {
    const ways = [
      '2026-08-03',
      '2026-8-3',
      '2026/08/03',
      '2026-08-03 00:00:00',
      '2026-08-03T14:30',
      '2026-08-03 14:30:00.000',
      '3/8/2026',
      '03/08/2026',
      '03/08/2026 14:30',
      '03/08/2026, 2:30 pm',
      '03-08-2026',
      '3.8.2026',
      '3 Aug 2026',
      '3 aug. 2026',
      '3-Aug-2026',
      '3 August 2026',
      '3rd August, 2026',
      'Mon 3 Aug 2026',
      'Monday, 3 August 2026',
      'August 3, 2026',
      'Aug 3rd 2026',
      '  3   August 2026 ',
    ]
    for (const way of ways) expect({ way, ...parseSpreadsheetDate(way) }).toEqual({ way, value: '2026-08-03' })
  })

  it('is read as Snipe-IT exports it', () => {
    expect(parseSpreadsheetDate('2023-05-01 00:00:00')).toEqual({ value: '2023-05-01' })
    expect(parseSpreadsheetDate('Mon May 01, 2023 12:00AM')).toEqual({ value: '2023-05-01' })
  })

  it('is the day in London when it is an instant with a zone', () => {
    expect(parseSpreadsheetDate('2026-08-02T23:00:00.000Z')).toEqual({ value: '2026-08-03' })
    expect(parseSpreadsheetDate('2026-12-31T23:59:59Z')).toEqual({ value: '2026-12-31' })
    expect(parseSpreadsheetDate('2026-08-03 00:30:00+01')).toEqual({ value: '2026-08-03' })
    expect(errorFor('2026-02-30T00:00:00Z')?.reason).toBe('not-a-real-date')
    expect(errorFor('2026-02-03T25:00:00Z')?.reason).toBe('not-a-real-date')
  })

  it('is refused with a two-digit year: nobody can know the century', () => {
    for (const text of ['3/8/26', '03-08-26', '26-08-03', '3 Aug 26', '3-Aug-26', 'Aug 3, 26', '08/23/26']) {
      expect(errorFor(text)?.reason).toBe('two-digit-year')
    }
    expect(errorFor('3/8/26')?.text).toBe('3/8/26 has a year with 2 numbers. Write all 4, like 3/8/2026')
  })

  it('is refused when it only works month first, showing how to write it', () => {
    expect(errorFor('08/23/2026')).toEqual({
      reason: 'month-first',
      text: '08/23/2026 has the month first. Write the day first: 23/8/2026',
    })
    expect(errorFor('2-29-2024')?.reason).toBe('month-first')
  })

  it('is refused when it is no real date either way round', () => {
    for (const text of [
      '30/02/2026',
      '02/30/2026',
      '31/4/2026',
      '0/8/2026',
      '13/13/2026',
      '2026-02-29',
      '31 Jun 2026',
    ]) {
      expect(errorFor(text)?.reason).toBe('not-a-real-date')
    }
  })

  it('is refused as a count of days when Excel left its own number', () => {
    for (const text of ['46237', '46237.5', '45047,25']) expect(errorFor(text)?.reason).toBe('excel-serial')
    expect(errorFor('46237')?.text).toContain('Change the format of the column to Date')
  })

  it('is refused when the weekday is another one', () => {
    expect(errorFor('Tue 3 Aug 2026')).toEqual({
      reason: 'wrong-weekday',
      text: '3 August 2026 is a Monday. Check the date',
    })
  })

  it('is refused when it is missing, out of range or no date at all', () => {
    expect(errorFor(' ')?.reason).toBe('missing')
    expect(errorFor('1/1/1066')?.reason).toBe('year-out-of-range')
    for (const text of [
      'tomorrow',
      'August 2026',
      '2026',
      '3/8-2026',
      '3/8/026',
      'n/a',
      '3 Foo 2026',
      'Foo 3 Aug 2026',
    ]) {
      expect(errorFor(text)?.reason).toBe('not-a-date')
    }
    expect(errorFor('9'.repeat(100_000))?.reason).toBe('not-a-date')
  })

  it('comes back for any day, in any of the ways we or a spreadsheet write it', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        const [year, month, day] = date.split('-')
        const ways = [date, `${day}/${month}/${year}`, `${Number(day)}.${Number(month)}.${year}`]
        for (const way of [...ways, formatDate(date), formatLongDate(date), formatShortDate(date)]) {
          expect(parseSpreadsheetDate(way)).toEqual({ value: date })
        }
      }),
    )
  })

  it('is always an answer and never an exception, whatever is in the cell', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9/:. TZ+-]{0,30}$/)), (text) => {
        const read = parseSpreadsheetDate(text)
        expect(read.error === undefined).toBe(read.value !== undefined)
      }),
    )
  })
})
