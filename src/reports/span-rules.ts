import { londonMidnight } from '../lib/dates.ts'
import { type Period, periodsIn, yearOf } from './period-rules.ts'

/**
 * What is counted for: some periods, each of whole months. A month is a bit, and a period the bits of its months, so that
 * PostgreSQL reads every row once for all of them, and who comes twice in a period is one there.
 */
export interface Span {
  /** From the first midnight in London until the second. */
  from: Date
  until: Date
  /** When each month begins, in order, and the last day of the financial year that it is in. */
  months: readonly { begins: Date; yearEnds: string }[]
  periods: readonly { key: string; months: bigint }[]
  /** The moments at which periods end, in order, each with those that do. */
  ends: readonly { at: Date; periods: readonly string[] }[]
}

/** The span of some periods, of which there is at least one. No two may be more than five years apart. */
export function spanOf(periods: readonly Period[]): Span {
  const from = periods.map((period) => period.from).sort()[0] as string
  const until = periods
    .map((period) => period.until)
    .sort()
    .at(-1) as string
  const months: Period[] = []
  for (let year = yearOf(from); year.from < until; year = yearOf(year.until)) {
    months.push(...periodsIn(year).filter((one) => one.kind === 'month' && one.from >= from && one.until <= until))
  }
  const bits = (period: Period) =>
    months.reduce((sum, month, at) => (isWithin(month, period) ? sum | (1n << BigInt(at)) : sum), 0n)
  const byEnd = [...Map.groupBy(periods, (period) => period.until)].sort(([one], [other]) => one.localeCompare(other))
  return {
    from: londonMidnight(from),
    until: londonMidnight(until),
    months: months.map((month) => ({ begins: londonMidnight(month.from), yearEnds: lastDayOf(yearOf(month.from)) })),
    periods: periods.map((period) => ({ key: period.key, months: bits(period) })),
    ends: byEnd.map(([end, ending]) => ({ at: londonMidnight(end), periods: ending.map(({ key }) => key) })),
  }
}

function isWithin(month: Period, period: Period): boolean {
  return month.from >= period.from && month.until <= period.until
}

function lastDayOf({ until }: Period): string {
  return `${until.slice(0, 4)}-03-31`
}
