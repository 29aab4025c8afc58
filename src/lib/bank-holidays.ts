import { addDays, dateOf, weekdayOf } from './calendar.ts'
import { remember } from './memo.ts'

/**
 * Bank holidays of England and Wales, by rule. Sources: the Banking and Financial Dealings Act 1971, schedule 1 (Easter
 * Monday, the last Mondays of May and August, 26 December, and 27 December when Christmas is at a weekend); royal
 * proclamations under it, every year, for New Year's Day and the first Monday of May; Good Friday and Christmas Day by
 * common law; and the list at https://www.gov.uk/bank-holidays for the days named in lieu. Right from 2000 on. A one-off
 * day is added to the tables below when it is proclaimed.
 */
export type BankHoliday = { date: string; name: string }

const ONE_OFF: readonly BankHoliday[] = [
  { date: '2002-06-03', name: 'Golden Jubilee' },
  { date: '2011-04-29', name: 'Wedding of Prince William' },
  { date: '2012-06-05', name: 'Diamond Jubilee' },
  { date: '2022-06-03', name: 'Platinum Jubilee' },
  { date: '2022-09-19', name: 'State funeral of Queen Elizabeth II' },
  { date: '2023-05-08', name: 'Coronation of King Charles III' },
]

/** Days that were moved for one year: from where the rule puts them, to where they were. */
const MOVED: Readonly<Record<string, string>> = {
  '2002-05-27': '2002-06-04',
  '2012-05-28': '2012-06-04',
  '2020-05-04': '2020-05-08', // 75 years after the end of the war in Europe
  '2022-05-30': '2022-06-02',
}

/** The bank holidays of a year, in order. */
export const bankHolidays = remember(50, (year: number): readonly BankHoliday[] => {
  const easter = easterSunday(year)
  const ruled: BankHoliday[] = [
    { date: nextWeekday(`${year}-01-01`), name: "New Year's Day" },
    { date: addDays(easter, -2), name: 'Good Friday' },
    { date: addDays(easter, 1), name: 'Easter Monday' },
    { date: mondayFrom(`${year}-05-01`), name: 'Early May bank holiday' },
    { date: mondayFrom(`${year}-05-25`), name: 'Spring bank holiday' },
    { date: mondayFrom(`${year}-08-25`), name: 'Summer bank holiday' },
    ...christmas(year),
  ]
  return ruled
    .map(({ date, name }) => ({ date: MOVED[date] ?? date, name }))
    .concat(ONE_OFF.filter(({ date }) => date.startsWith(`${year}-`)))
    .sort((one, other) => (one.date < other.date ? -1 : 1))
})

export function isBankHoliday(date: string): boolean {
  return datesIn(Number(date.slice(0, 4))).has(date)
}

const datesIn = remember(50, (year: number) => new Set(bankHolidays(year).map(({ date }) => date)))

/** Each of the two days that falls at a weekend is made up for on the first free weekday after both. */
function christmas(year: number): BankHoliday[] {
  const weekdays: Readonly<Record<number, readonly [string, string]>> = {
    0: ['27', '26'], // Christmas Day on a Sunday: Boxing Day keeps its Monday
    5: ['25', '28'],
    6: ['27', '28'],
  }
  const [first, second] = weekdays[weekdayOf(`${year}-12-25`)] ?? ['25', '26']
  return [
    { date: `${year}-12-${first}`, name: 'Christmas Day' },
    { date: `${year}-12-${second}`, name: 'Boxing Day' },
  ]
}

/** This day, or the Monday after when it is at a weekend. */
function nextWeekday(date: string): string {
  const weekday = weekdayOf(date)
  return weekday === 0 || weekday === 6 ? mondayFrom(date) : date
}

/** The first Monday on or after this day. From the 25th of a month of 31 days it is the last one. */
function mondayFrom(date: string): string {
  return addDays(date, (8 - weekdayOf(date)) % 7)
}

/**
 * The Sunday of Easter by the anonymous Gregorian algorithm (Nature, 20 April 1876; in Meeus, Astronomical Algorithms,
 * chapter 8). The letters are those of the source; nothing shorter says more.
 */
export function easterSunday(year: number): string {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor(b / 4)
  const e = b % 4
  const f = Math.floor((b + 8) / 25)
  const g = Math.floor((b - f + 1) / 3)
  const h = (19 * a + b - d - g + 15) % 30
  const i = Math.floor(c / 4)
  const k = c % 4
  const l = (32 + 2 * e + 2 * i - h - k) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const n = h + l - 7 * m + 114
  const date = dateOf(year, Math.floor(n / 31), (n % 31) + 1)
  if (date === undefined) throw new RangeError(`No Easter in the year ${year}`)
  return date
}
