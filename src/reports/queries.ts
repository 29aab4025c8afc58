import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { countedIn, countedOf, endsWithin, monthBit, monthOf, standingAt, yearEndsOf } from './counted-queries.ts'
import type { Fact } from './figures-rules.ts'
import type { Span } from './span-rules.ts'

/**
 * How many people were handed something, in all and by each group they are in. Their age is that on the last day of the
 * financial year, so that nobody is in two groups of one year.
 */
export function countPeople({ organisationId }: Scope, span: Span): RawBuilder<Fact> {
  const { from, until } = span
  const month = monthOf(sql`taken_at`, span)
  return countedOf(
    sql`
    select line, handed.bits
    from (
      select loans.service_user_id, year_end, bit_or(bit) as bits
      from (
        select loan_id, ${monthBit(sql`taken_at`, span)} as bit, (${yearEndsOf(span)})[${month}] as year_end
        from loan_lines
        where organisation_id = ${organisationId} and cancelled_at is null and taken_at >= ${from} and taken_at < ${until}
      ) taken
      join loans on loans.id = taken.loan_id
      where loans.service_user_id is not null
      group by loans.service_user_id, year_end
    ) handed
    join service_users person on person.id = handed.service_user_id
    left join service_user_details details on details.service_user_id = person.id
    cross join lateral (select extract(year from age(year_end, details.date_of_birth)) as years) age
    cross join lateral unnest(array[
      'people',
      'age:' || case
        when years is null then 'not-known' when years < 18 then '0-17' when years < 25 then '18-24'
        when years < 35 then '25-34' when years < 45 then '35-44' when years < 55 then '45-54' when years < 65 then '55-64'
        when years < 75 then '65-74' else '75-and-over' end,
      'gender:' || coalesce(nullif(gender, 'prefer-not'), 'not-known'),
      'ethnicity:' || coalesce(nullif(ethnicity, 'prefer-not'), 'not-known'),
      'disability:' || coalesce(nullif(disability, 'prefer-not'), 'not-known'),
      'language:' || coalesce(nullif(interpreter, 'prefer-not'), 'not-known'),
      'housing:' || coalesce(nullif(housing, 'prefer-not'), 'not-known'),
      'asylum:' || coalesce(nullif(asylum, 'prefer-not'), 'not-known'),
      'deprivation:' || coalesce(deprivation_decile, 'not-known')
    ]) line`,
    span,
  )
}

/**
 * Loans to people that began, ended and were open at an end, and the items that were handed over, by category, and given to keep.
 * Of a loan that had ended before all lines are left out, and of any other none.
 */
export function countLending({ organisationId }: Scope, span: Span): RawBuilder<Fact> {
  return sql<Fact>`
    with lines as materialized (
      select line.id, line.loan_id, line.item_id, line.taken_at, line.ended_at, line.ended_as
      from loan_lines line
      join loans on loans.id = line.loan_id
      where line.organisation_id = ${organisationId} and loans.service_user_id is not null and cancelled_at is null
        and line.loan_id in (
          select loan_id from loan_lines
          where organisation_id = ${organisationId} and taken_at < ${span.until} and (ended_at is null or ended_at >= ${span.from})
        )
    ),
    whole as materialized (
      select loan_id, min(taken_at) as began, case when bool_and(ended_at is not null) then max(ended_at) end as ended
      from lines group by loan_id
    ),
    happened (line, counted, at) as (
      select 'loans', loan_id, began from whole
      union all select 'ended', loan_id, ended from whole
      union all select 'gifts', id, ended_at from lines where ended_as = 'given'
      union all select 'items', id, taken_at from lines
      union all select 'category:' || items.category, lines.id, taken_at from lines join items on items.id = lines.item_id
    )
    (${countedIn(sql`select * from happened`, span)})
    union all
    (${standingAt(
      sql`
      select 'open' as line, nth, count(*) as n
      from whole cross join lateral ${endsWithin(sql`began`, sql`ended`, span)}
      group by nth`,
      span,
    )})`
}

/** How an organisation hides small numbers; null: nobody has chosen, and nothing is published. */
export async function readProfile(db: Database, { organisationId }: Scope): Promise<string | null> {
  const { disclosure_profile: profile } = await db
    .selectFrom('organisations')
    .select('disclosure_profile')
    .where('id', '=', organisationId)
    .executeTakeFirstOrThrow()
  return profile
}

export interface Denominator {
  countedOn: string
  breakdown: string
  group: string
  people: number
}

/** The last counts of everybody that were made before a day, for the whole organisation. */
export async function lastCounts(db: Database, { organisationId }: Scope, until: string): Promise<Denominator[]> {
  const { rows } = await sql<Denominator>`
    select counted_on as "countedOn", breakdown, people_group as "group", people
    from caseload_counts
    where organisation_id = ${organisationId} and ward_id is null and counted_on = (
      select max(counted_on) from caseload_counts
      where organisation_id = ${organisationId} and ward_id is null and counted_on < ${until}
    )`.execute(db)
  return rows
}
