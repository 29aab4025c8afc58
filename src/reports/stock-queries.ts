import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { countedIn, endsOf, midnightOf, months, periodKey, type Span } from './counted-queries.ts'
import type { Fact } from './figures-rules.ts'

/** Where items were at each end, and which were bought and left between. */
export async function countStock(db: Database, { organisationId }: Scope, span: Span): Promise<Fact[]> {
  const { rows } = await sql<Fact>`
    with owned as (
      select id, category, kept_at_ward_id, created_at, left_at, left_as, bought_on
      from items where organisation_id = ${organisationId}
    ),
    out as (
      select hold.item_id, hold.taken_at, hold.ended_at,
        case when kind <> 'loan' then null when loans.service_user_id is not null then 'people'
          when loans.staff_id is not null then 'staff' else 'wards' end as whose,
        line.due_on
      from item_holds hold
      left join loan_lines line on line.id = hold.loan_line_id
      left join loans on loans.id = line.loan_id
      where hold.organisation_id = ${organisationId} and hold.cancelled_at is null and hold.taken_at is not null
        and kind <> 'booking'
    ),
    placed as (
      select ends.period, item_id,
        min(case when whose = 'people' then 1 when whose = 'staff' then 2 when whose = 'wards' then 3 else 4 end) as place,
        bool_or(${midnightOf('due_on')} + interval '1 day' <= ends.at) as is_overdue
      from ${endsOf(span)}
      join out on taken_at < ends.at and (ended_at is null or ended_at >= ends.at)
      group by ends.period, item_id
    ),
    stood as (
      select ends.period, category, coalesce(is_overdue, false) as is_overdue,
        case place when 1 then 'people' when 2 then 'staff' when 3 then 'wards' when 4 then 'being-readied'
          else case when kept_at_ward_id is null then 'idle' else 'wards' end end as place
      from ${endsOf(span)}
      join owned on created_at < ends.at and (left_at is null or left_at >= ends.at)
      left join placed on placed.period = ends.period and placed.item_id = owned.id
    )
    ${countedIn(
      sql`
      select 'left' as line, id as counted, left_at as at from owned
      union all select 'left-as:' || left_as, id, left_at from owned
      union all select 'bought', id, ${midnightOf('bought_on')} from owned`,
      span,
    )}
    union all
    select line, period, count(*)::int
    from stood
    cross join lateral unnest(array[
      'stock', 'stock-where:' || place, 'stock-category:' || category, case when is_overdue then 'stock-overdue' end
    ]) line
    where line is not null
    group by line, period`.execute(db)
  return rows
}

/** What was paid for in each period, and for how many pounds. */
export async function countMoney(db: Database, { organisationId }: Scope, span: Span): Promise<Fact[]> {
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
  const { rows } = await sql<Fact>`
    with paid as (${paid})
    ${countedIn(sql`select 'paid-' || what as line, id as counted, at from paid`, span)}
    union all
    select 'pounds-' || line, period, round(pence / 100.0)::int
    from (
      select what as line, ${periodKey} as period, sum(cost_pence) as pence
      from (select what, cost_pence, ${months} from paid where at >= ${span.from} and at < ${span.until}) paid
      group by grouping sets ((what, month), (what, quarter), (what, year))
    ) sums`.execute(db)
  return rows
}
