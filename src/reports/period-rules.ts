import { addDays, formatDate } from '../lib/dates.ts'

/** A whole month, quarter or financial year: all there is to choose from, so that no two periods overlap by a day. */
export interface Period {
  kind: 'month' | 'quarter' | 'year'
  /** As it stands in an address: month-2026-07, quarter-2026-3 (July to September), year-2026 (from April 2026). */
  key: string
  name: string
  from: string
  /** The first day after it. */
  until: string
}

const MONTHS_OF = { month: 1, quarter: 3, year: 12 } as const
const SHAPE = /^(?:(month)-(\d{4})-(0[1-9]|1[0-2])|(quarter)-(\d{4})-([1-4])|(year)-(\d{4}))$/
/** As far back as one may ask. */
const FIRST_YEAR = 2015

/** Reads the key of a period. What is none, or is not of these times, is undefined. */
export function periodOf(key: string): Period | undefined {
  const [matched, , monthYear, month, , quarterYear, quarter, , year] = SHAPE.exec(key) ?? []
  if (!matched) return undefined
  const startsIn = Number(monthYear ?? quarterYear ?? year)
  if (startsIn < FIRST_YEAR || startsIn > 2100) return undefined
  if (month) return made('month', startsIn, Number(month))
  if (quarter) return made('quarter', startsIn, 3 * Number(quarter) - 2)
  return made('year', startsIn, 4)
}

function made(kind: Period['kind'], year: number, month: number): Period {
  const from = firstOf(year, month)
  const until = firstOf(year, month + MONTHS_OF[kind])
  const [startsIn, startMonth] = [from.slice(0, 4), Number(from.slice(5, 7))]
  const keys = {
    month: `month-${from.slice(0, 7)}`,
    quarter: `quarter-${startsIn}-${Math.ceil(startMonth / 3)}`,
    year: `year-${startsIn}`,
  }
  return { kind, key: keys[kind], name: nameOf(kind, from, until), from, until }
}

/** The first day of a month; a month past December is one of the years after, and one before January of those before. */
function firstOf(year: number, month: number): string {
  const at = year * 12 + month - 1
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}-01`
}

function nameOf(kind: Period['kind'], from: string, until: string): string {
  const first = monthName(from)
  if (kind === 'month') return first
  const last = monthName(addDays(until, -1))
  return kind === 'quarter' ? `${first.split(' ')[0]} to ${last}` : `${first} to ${last}`
}

/** July 2026 */
function monthName(date: string): string {
  return formatDate(date).split(' ').slice(1).join(' ')
}

/** The period of the same kind that ended when this one began. */
export function periodBefore({ kind, from }: Period): Period {
  return made(kind, Number(from.slice(0, 4)), Number(from.slice(5, 7)) - MONTHS_OF[kind])
}

/** What a period is compared with: the one before, and the same a year ago. Of a year that is one. */
export function comparedWith(period: Period): Period[] {
  const before = periodBefore(period)
  if (period.kind === 'year') return [before]
  return [before, made(period.kind, Number(period.from.slice(0, 4)) - 1, Number(period.from.slice(5, 7)))]
}

/** The financial year, from April, that a day is in. */
export function yearOf(date: string): Period {
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))]
  return made('year', month < 4 ? year - 1 : year, 4)
}

/** The year itself with its quarters and months. */
export function periodsIn(year: Period): Period[] {
  const start = Number(year.from.slice(0, 4))
  const each = (kind: 'month' | 'quarter') =>
    Array.from({ length: 12 / MONTHS_OF[kind] }, (_, at) => made(kind, start, 4 + at * MONTHS_OF[kind]))
  return [...each('month'), ...each('quarter'), year]
}

/** Whether every day of it is past, so that what happened in it can be counted. */
export function isOver({ until }: Period, today: string): boolean {
  return until <= today
}

/** How long there is to write down what happened, before a period comes out for good. */
const DAYS_TO_WRITE_DOWN = 14

/** The day whose periods that are over have come out by today. */
export function publishedUntil(today: string): string {
  return addDays(today, -DAYS_TO_WRITE_DOWN)
}

const YEARS_OFFERED = 3

/** The financial years that there is to choose from, the newest first. */
export function yearsOffered(today: string): Period[] {
  const years = [yearOf(today)]
  while (years.length < YEARS_OFFERED) years.push(periodBefore(years.at(-1) as Period))
  return years
}

/** What there is to choose from, newest first: periods that have come out, and for whoever may see it what has only begun. */
export function periodsOffered(today: string, withUnfinished: boolean): Period[] {
  const periods = yearsOffered(today)
    .flatMap(periodsIn)
    .filter((period) => (withUnfinished ? period.from <= today : isOver(period, publishedUntil(today))))
  const order = { year: 0, quarter: 1, month: 2 }
  return periods.sort((a, b) => order[a.kind] - order[b.kind] || b.from.localeCompare(a.from))
}

/** What a report is about until somebody chooses: the last quarter that has come out. */
export function usualPeriod(today: string): Period {
  const quarter = periodsOffered(today, false).find(({ kind }) => kind === 'quarter')
  if (!quarter) throw new Error('In three years a quarter is over')
  return quarter
}

/** The period of an address that has none, or of one that is offered; undefined for what is to come, has not ended for this reader, or is none. */
export function periodAsked(key: string, offered: readonly Period[], today: string): Period | undefined {
  return key === '' ? usualPeriod(today) : offered.find((one) => one.key === key)
}
