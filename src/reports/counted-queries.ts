import { type RawBuilder, sql } from 'kysely'
import type { Fact } from './figures-rules.ts'
import type { Span } from './span-rules.ts'

/** The number of the month that an instant is in, from 1. */
export function monthOf(at: RawBuilder<unknown>, { months }: Span): RawBuilder<number> {
  return sql`width_bucket(${at}, ${months.map(({ begins }) => begins)}::timestamptz[])`
}

/** Of an instant within the span: the bit of its month. */
export function monthBit(at: RawBuilder<unknown>, span: Span): RawBuilder<bigint> {
  return sql`(1::bigint << (${monthOf(at, span)} - 1))`
}

/** The last day of the financial year of each month, as an array in order. */
export function yearEndsOf({ months }: Span): RawBuilder<string[]> {
  return sql`${months.map(({ yearEnds }) => yearEnds)}::date[]`
}

/** The periods as rows (period, months), for those whose months are among those of a row: `join … on months & bits <> 0`. */
export function periodsOf({ periods }: Span): RawBuilder<unknown> {
  const [keys, months] = [periods.map(({ key }) => key), periods.map((period) => String(period.months))]
  return sql`unnest(${keys}::text[], ${months}::bigint[]) periods (period, months)`
}

/** Counts rows (line, bits) in every period of which they have a month. */
export function countedOf(rows: RawBuilder<unknown>, span: Span): RawBuilder<Fact> {
  return sql<Fact>`
    select line, period, sum(times)::int as n
    from (select line, bits, count(*) as times from (${rows}) rows where line is not null group by line, bits) together
    join ${periodsOf(span)} on months & bits <> 0
    group by line, period`
}

/** Counts what is different of each line in every period, of rows (line, counted, at): what is there twice in one is one. */
export function countedIn(happened: RawBuilder<unknown>, span: Span): RawBuilder<Fact> {
  return countedOf(
    sql`
    select line, bit_or(${monthBit(sql`at`, span)}) as bits
    from (${happened}) happened where at >= ${span.from} and at < ${span.until}
    group by line, counted`,
    span,
  )
}

/** The ends of the periods, as an array in order: what stands at one has its number, from 1. */
export function endsOf({ ends }: Span): RawBuilder<Date[]> {
  return sql`${ends.map(({ at }) => at)}::timestamptz[]`
}

/** The numbers of the ends at which what began and ended then stood, as rows (nth); null: it has not ended. */
export function endsWithin(began: RawBuilder<unknown>, ended: RawBuilder<unknown>, span: Span): RawBuilder<unknown> {
  return sql`generate_series(
    width_bucket(${began}, ${endsOf(span)}) + 1, coalesce(width_bucket(${ended}, ${endsOf(span)}), ${span.ends.length}::int)
  ) nth`
}

/** Rows (line, nth, n), of what stands at the end of that number, for every period that ends then. */
export function standingAt(rows: RawBuilder<unknown>, { ends }: Span): RawBuilder<Fact> {
  const named = ends.flatMap(({ periods }, at) => periods.map((period) => ({ nth: at + 1, period })))
  return sql<Fact>`
    select line, period, n::int
    from (${rows}) standing
    join unnest(${named.map(({ nth }) => nth)}::int[], ${named.map(({ period }) => period)}::text[]) ending (nth, period)
      using (nth)`
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
