import { type RawBuilder, sql } from 'kysely'
import type { Fact } from './figures-rules.ts'

/** From the first midnight until the second, in London. */
export interface Span {
  from: Date
  until: Date
  /** Ends of periods, for what is counted as it stood at a moment. */
  ends: readonly { period: string; at: Date }[]
}

/** A month, and the quarter and financial year that it is in, of what has an instant `at`. */
const londonDay = sql`(at at time zone 'Europe/London')`
export const months = sql`
  to_char(${londonDay}, '"month-"YYYY-MM') as month, to_char(${londonDay}, '"quarter-"YYYY-Q') as quarter,
  to_char(${londonDay} - interval '3 months', '"year-"YYYY') as year`

/** The period that a row of `everyPeriod` is about. */
export const periodKey = sql`coalesce(month, quarter, year)`

/** Counts what is different of each line, in every month, quarter and year at once: what is counted twice in a month or year is one there. */
export function countedBy(facts: RawBuilder<unknown>): RawBuilder<Fact> {
  return sql<Fact>`
    select line, ${periodKey} as period, count(distinct counted)::int as n
    from (${facts}) facts
    where line is not null
    group by grouping sets ((line, month), (line, quarter), (line, year))`
}

/** The same of rows (line, counted, at), of which those within a span count. */
export function countedIn(happened: RawBuilder<unknown>, { from, until }: Span): RawBuilder<Fact> {
  return countedBy(sql`
    select line, counted, ${months} from (${happened}) happened where at >= ${from} and at < ${until}`)
}

/** The ends of periods as rows (period, at). */
export function endsOf({ ends }: Span): RawBuilder<unknown> {
  return sql`unnest(${ends.map(({ period }) => period)}::text[], ${ends.map(({ at }) => at)}::timestamptz[]) ends (period, at)`
}

/** The midnight in London at which a day begins. */
export function midnightOf(column: string): RawBuilder<unknown> {
  return sql`(${sql.ref(column)}::timestamp at time zone 'Europe/London')`
}

/** In words of `waitBands`, how many days there were. */
export function waitBand(days: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`case when ${days} <= 7 then 'week' when ${days} <= 14 then 'fortnight' when ${days} <= 28 then 'month'
    when ${days} <= 56 then 'two-months' else 'longer' end`
}
