import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { countedBy, countedIn, endsOf, months, type Span } from './counted-queries.ts'
import type { Fact } from './figures-rules.ts'

/**
 * How many people were handed something, in all and by each group they are in. Their age is that on the last day of the
 * financial year, so that nobody is in two groups of one year.
 */
export async function countPeople(db: Database, { organisationId }: Scope, { from, until }: Span): Promise<Fact[]> {
  const { rows } = await countedBy(sql`
    select month, quarter, year, person.id as counted, line
    from (
      select distinct loans.service_user_id, ${months}
      from (
        select loan_id, taken_at as at from loan_lines
        where organisation_id = ${organisationId} and cancelled_at is null and taken_at >= ${from} and taken_at < ${until}
      ) taken
      join loans on loans.id = taken.loan_id
      where loans.service_user_id is not null
    ) handed
    join service_users person on person.id = handed.service_user_id
    left join service_user_details details on details.service_user_id = person.id
    cross join lateral (
      select extract(year from age(make_date(right(year, 4)::int + 1, 3, 31), details.date_of_birth)) as years
    ) age
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
    ]) line`).execute(db)
  return rows
}

/** Loans to people that began, ended and were open at an end, and the items that were handed over, by category, and given to keep. */
export async function countLending(db: Database, { organisationId }: Scope, span: Span): Promise<Fact[]> {
  const { rows } = await sql<Fact>`
    with lines as (
      select line.id, loan_id, item_id, taken_at, ended_at, ended_as
      from loan_lines line
      join loans on loans.id = line.loan_id
      where line.organisation_id = ${organisationId} and loans.service_user_id is not null and cancelled_at is null
    ),
    whole as (
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
    ${countedIn(sql`select * from happened`, span)}
    union all
    select 'open', period, count(*)::int
    from ${endsOf(span)}
    join whole on began < at and (ended is null or ended >= at)
    group by period`.execute(db)
  return rows
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
