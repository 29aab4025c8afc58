import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { countedIn, midnightOf } from './counted-queries.ts'
import type { Fact } from './figures-rules.ts'
import type { Period } from './period-rules.ts'
import type { TeamReferring } from './referred-rules.ts'
import type { Span } from './span-rules.ts'

/**
 * How many people were referred, in all and by each group they are in, and by how many wards and teams. Their age is that on the last day
 * of the financial year, so that nobody is in two groups of one year.
 */
export function countReferred({ organisationId }: Scope, span: Span): RawBuilder<Fact> {
  return sql<Fact>`
    with referred as (
      select service_user_id, team_id, ${midnightOf('referred_on')} as at,
        make_date(extract(year from referred_on - interval '3 months')::int + 1, 3, 31) as year_end
      from referrals where organisation_id = ${organisationId}
    )
    ${countedIn(
      sql`
      select line, referred.service_user_id as counted, at
      from referred
      join service_users person on person.id = referred.service_user_id
      left join service_user_details details on details.service_user_id = person.id
      cross join lateral (select extract(year from age(year_end, details.date_of_birth)) as years) age
      cross join lateral unnest(array[
        'referred-people',
        'referred-age:' || case
          when years is null then 'not-known' when years < 18 then '0-17' when years < 25 then '18-24'
          when years < 35 then '25-34' when years < 45 then '35-44' when years < 55 then '45-54' when years < 65 then '55-64'
          when years < 75 then '65-74' else '75-and-over' end,
        'referred-gender:' || coalesce(nullif(gender, 'prefer-not'), 'not-known'),
        'referred-ethnicity:' || coalesce(nullif(ethnicity, 'prefer-not'), 'not-known'),
        'referred-disability:' || coalesce(nullif(disability, 'prefer-not'), 'not-known'),
        'referred-language:' || coalesce(nullif(interpreter, 'prefer-not'), 'not-known'),
        'referred-housing:' || coalesce(nullif(housing, 'prefer-not'), 'not-known'),
        'referred-asylum:' || coalesce(nullif(asylum, 'prefer-not'), 'not-known'),
        'referred-deprivation:' || coalesce(deprivation_decile, 'not-known')
      ]) line
      union all
      select 'referring-teams', team_id, at from referred where team_id is not null`,
      span,
    )}`
}

/** The wards and teams that were open in a period, with their caseload as it was last counted before its end. */
export async function listTeamsReferring(
  db: Database,
  { organisationId }: Scope,
  { from, until }: Pick<Period, 'from' | 'until'>,
): Promise<TeamReferring[]> {
  const { rows } = await sql<TeamReferring>`
    select wards.name, wards.closed_at is not null as "isClosed", counted.people as caseload, coalesce(referred.people, 0)::int as referred
    from wards
    left join (
      select distinct on (ward_id) ward_id, people from caseload_counts
      where organisation_id = ${organisationId} and breakdown = 'everybody' and ward_id is not null and counted_on < ${until}
      order by ward_id, counted_on desc
    ) counted on counted.ward_id = wards.id
    left join (
      select team_id, count(distinct service_user_id) as people from referrals
      where organisation_id = ${organisationId} and referred_on >= ${from} and referred_on < ${until}
      group by team_id
    ) referred on referred.team_id = wards.id
    where wards.organisation_id = ${organisationId} and wards.kind <> 'hub'
      and (wards.closed_at is null or wards.closed_at >= (${from}::timestamp at time zone 'Europe/London'))
    order by wards.name, wards.id`.execute(db)
  return rows
}
