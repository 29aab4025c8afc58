import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { countedIn, endsOf, midnightOf, months, periodKey, type Span, waitBand } from './counted-queries.ts'
import type { Fact } from './figures-rules.ts'

/**
 * Referrals that asked for a device: made, met by the first device handed over since, ended before; how many wait at each
 * end, and after how many days half and nine of ten of those who got one had it.
 */
export async function countReferrals(db: Database, { organisationId }: Scope, span: Span): Promise<Fact[]> {
  const days = sql`((device_at at time zone 'Europe/London')::date - referred_on)`
  const { rows } = await sql<Fact>`
    with asked as (
      select referral.id, service_user_id, referred_on, ${midnightOf('referred_on')} as at, ended_at, ended_as, ended_why
      from referrals referral
      where organisation_id = ${organisationId}
        and exists (select from referral_asks asks where asks.referral_id = referral.id and ask = 'device')
    ),
    became as (
      select asked.*, got.device_at
      from asked
      left join lateral (
        select min(line.taken_at) as device_at
        from loans join loan_lines line on line.loan_id = loans.id join items on items.id = line.item_id
        where loans.service_user_id = asked.service_user_id and line.cancelled_at is null
          and items.category = any('{tablet,smartphone,laptop}') and line.taken_at >= asked.at
      ) got on asked.ended_at is null or got.device_at < asked.ended_at
    ),
    happened (line, counted, at) as (
      select 'referrals', id, at from became
      union all select 'referral-got', id, device_at from became where device_at is not null
      union all select 'referral-wait:' || ${waitBand(days)}, id, device_at from became where device_at is not null
      union all select 'referral-' || ended_as, id, ended_at from became where device_at is null and ended_at is not null
      union all select 'referral-why:' || ended_why, id, ended_at from became where device_at is null and ended_as = 'declined'
    )
    ${countedIn(sql`select * from happened`, span)}
    union all
    select 'referral-waiting', period, count(*)::int
    from ${endsOf(span)}
    join became on became.at < ends.at and (device_at is null or device_at >= ends.at)
      and (ended_at is null or ended_at >= ends.at or device_at is not null)
    group by period
    union all
    select line, period, days
    from (
      select ${periodKey} as period, percentile_disc(0.5) within group (order by days) as half,
        percentile_disc(0.9) within group (order by days) as ninety
      from (
        select ${days} as days, ${months} from (select *, device_at as at from (select referred_on, device_at from became) b) got
        where at >= ${span.from} and at < ${span.until}
      ) waited
      group by grouping sets ((month), (quarter), (year))
    ) middle
    cross join lateral (values ('referral-median', half), ('referral-ninety', ninety)) lines (line, days)`.execute(db)
  return rows
}
