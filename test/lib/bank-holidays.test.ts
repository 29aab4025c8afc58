import { describe, expect, it } from '@jest/globals'
import { bankHolidays, easterSunday, isBankHoliday } from '../../src/lib/bank-holidays.ts'
import { weekdayOf } from '../../src/lib/calendar.ts'

/** As published for England and Wales at https://www.gov.uk/bank-holidays, month and day. */
const published: Record<number, string> = {
  2019: '01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26',
  2020: '01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28',
  2021: '01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28',
  2022: '01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27',
  2023: '01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26',
  2024: '01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26',
  2025: '01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26',
  2026: '01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28',
  2027: '01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28',
  2028: '01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26',
}

describe('the bank holidays of England', () => {
  it.each(Object.entries(published))('of %s are those that were published', (year, days) => {
    const dates = bankHolidays(Number(year)).map(({ date }) => date)
    expect(dates).toEqual(days.split(' ').map((day) => `${year}-${day}`))
  })

  it('name the days that were held once', () => {
    expect(bankHolidays(2023).find(({ date }) => date === '2023-05-08')?.name).toBe('Coronation of King Charles III')
    expect(isBankHoliday('2022-09-19')).toBe(true)
    expect(isBankHoliday('2023-09-19')).toBe(false)
    expect(isBankHoliday('2020-05-04')).toBe(false)
  })

  it('put Easter on the earliest and the latest day it can have', () => {
    expect(easterSunday(1818)).toBe('1818-03-22')
    expect(easterSunday(2038)).toBe('2038-04-25')
    expect(easterSunday(2000)).toBe('2000-04-23')
  })

  it('are 8 a year, all different and none at a weekend, for the years to come', () => {
    for (let year = 2024; year < 2200; year++) {
      const dates = bankHolidays(year).map(({ date }) => date)
      expect(new Set(dates).size).toBe(8)
      for (const date of dates) expect([1, 2, 3, 4, 5]).toContain(weekdayOf(date))
    }
  })
})
