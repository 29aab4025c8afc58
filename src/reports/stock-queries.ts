import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '../lib/actor.ts'
import { countedIn, endsOf, endsWithin, midnightOf, monthBit, periodsOf, standingAt } from './counted-queries.ts'
import type { Fact } from './figures-rules.ts'
import type { Span } from './span-rules.ts'

/** Where items were at each end, and which were bought and left between. */
export function countStock({ organisationId }: Scope, span: Span): RawBuilder<Fact> {
  return sql<Fact>`
    with owned as materialized (
      select id, category, kept_at_ward_id, created_at, left_at, left_as, bought_on
      from items where organisation_id = ${organisationId}
    ),
    placed as (
      select nth, hold.item_id,
        min(case when kind <> 'loan' then 4 when loans.service_user_id is not null then 1 when loans.staff_id is not null then 2 else 3 end) as place,
        bool_or(${midnightOf('line.due_on')} + interval '1 day' <= (${endsOf(span)})[nth]) as is_overdue
      from item_holds hold
      left join loan_lines line on line.id = hold.loan_line_id
      left join loans on loans.id = line.loan_id
      cross join lateral ${endsWithin(sql`hold.taken_at`, sql`hold.ended_at`, span)}
      where hold.organisation_id = ${organisationId} and hold.cancelled_at is null and kind <> 'booking'
        and hold.taken_at < ${span.until} and (hold.ended_at is null or hold.ended_at >= ${span.from})
      group by nth, hold.item_id
    ),
    stood as (
      select owned.nth, category, coalesce(is_overdue, false) as is_overdue,
        case place when 1 then 'people' when 2 then 'staff' when 3 then 'wards' when 4 then 'being-readied'
          else case when kept_at_ward_id is null then 'idle' else 'wards' end end as place,
        count(*) as times
      from (select owned.*, nth from owned cross join lateral ${endsWithin(sql`created_at`, sql`left_at`, span)}) owned
      left join placed on placed.item_id = owned.id and placed.nth = owned.nth
      group by 1, 2, 3, 4
    )
    (${countedIn(
      sql`
      select 'left' as line, id as counted, left_at as at from owned
      union all select 'left-as:' || left_as, id, left_at from owned
      union all select 'bought', id, ${midnightOf('bought_on')} from owned`,
      span,
    )})
    union all
    (${standingAt(
      sql`
      select line, nth, sum(times) as n
      from stood
      cross join lateral unnest(array[
        'stock', 'stock-where:' || place, 'stock-category:' || category, case when is_overdue then 'stock-overdue' end
      ]) line
      where line is not null
      group by line, nth`,
      span,
    )})`
}

/** What was paid for in each period, and for how many pounds. */
export function countMoney({ organisationId }: Scope, span: Span): RawBuilder<Fact> {
  const paid = sql`
    select 'items' as what, id, cost_pence, ${midnightOf('bought_on')} as at from items
    where organisation_id = ${organisationId} and cost_pence is not null
    union all
    select 'data', id, cost_pence, ${midnightOf('starts_on')} from data_allowances
    where organisation_id = ${organisationId} and cost_pence is not null and cancelled_at is null
    union all
    select 'repairs', hold.id, cost_pence, hold.ended_at
    from repairs join item_holds hold on hold.id = repairs.hold_id
    where repairs.organisation_id = ${organisationId} and cost_pence is not null and hold.cancelled_at is null`
  return sql<Fact>`
    with paid as materialized (
      select what, id, cost_pence, at from (${paid}) paid where at >= ${span.from} and at < ${span.until}
    )
    (${countedIn(sql`select 'paid-' || what as line, id as counted, at from paid`, span)})
    union all
    select 'pounds-' || what, period, round(sum(pence) / 100.0)::int
    from (select what, ${monthBit(sql`at`, span)} as bit, sum(cost_pence) as pence from paid group by 1, 2) monthly
    join ${periodsOf(span)} on months & bit <> 0
    group by what, period`
}
