import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '../lib/actor.ts'
import { countedIn, endsWithin, midnightOf, monthBit, periodsOf, standingAt, waitBand } from './counted-queries.ts'
import type { Fact } from './figures-rules.ts'
import type { Span } from './span-rules.ts'

/**
 * Referrals that asked for a device: made, met by the first device handed over since, ended before; how many wait at each
 * end, and after how many days half and nine of ten of those who got one had it.
 */
export function countReferrals({ organisationId }: Scope, span: Span): RawBuilder<Fact> {
  const days = sql`((device_at at time zone 'Europe/London')::date - referred_on)`
  return sql<Fact>`
    with asked as materialized (
      select referral.id, service_user_id, referred_on, ${midnightOf('referred_on')} as at, ended_at, ended_as, ended_why
      from referrals referral
      where organisation_id = ${organisationId} and ${midnightOf('referred_on')} < ${span.until}
        and exists (select from referral_asks asks where asks.referral_id = referral.id and ask = 'device')
    ),
    devices as materialized (
      select loans.service_user_id, line.taken_at
      from loans join loan_lines line on line.loan_id = loans.id join items on items.id = line.item_id
      where loans.organisation_id = ${organisationId} and loans.service_user_id is not null and line.cancelled_at is null
        and items.category = any('{tablet,smartphone,laptop}') and line.taken_at < ${span.until}
    ),
    got as (
      select asked.id, min(taken_at) as device_at
      from asked join devices on devices.service_user_id = asked.service_user_id and taken_at >= asked.at
      group by asked.id
    ),
    became as materialized (
      select asked.*, got.device_at
      from asked left join got on got.id = asked.id and (asked.ended_at is null or got.device_at < asked.ended_at)
    ),
    happened (line, counted, at) as (
      select 'referrals', id, at from became
      union all select 'referral-got', id, device_at from became where device_at is not null
      union all select 'referral-wait:' || ${waitBand(days)}, id, device_at from became where device_at is not null
      union all select 'referral-' || ended_as, id, ended_at from became where device_at is null and ended_at is not null
      union all select 'referral-why:' || ended_why, id, ended_at from became where device_at is null and ended_as = 'declined'
    )
    (${countedIn(sql`select * from happened`, span)})
    union all
    (${standingAt(
      sql`
      select 'referral-waiting' as line, nth, count(*) as n
      from became cross join lateral ${endsWithin(sql`at`, sql`coalesce(device_at, ended_at)`, span)}
      group by nth`,
      span,
    )})
    union all
    select line, period, days
    from (
      select period, percentile_disc(0.5) within group (order by days) as half,
        percentile_disc(0.9) within group (order by days) as ninety
      from (
        select ${days} as days, ${monthBit(sql`device_at`, span)} as bit from became
        where device_at >= ${span.from} and device_at < ${span.until}
      ) waited
      join ${periodsOf(span)} on months & bit <> 0
      group by period
    ) middle
    cross join lateral (values ('referral-median', half), ('referral-ninety', ninety)) lines (line, days)`
}
