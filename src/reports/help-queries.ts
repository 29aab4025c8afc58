import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '../lib/actor.ts'
import { countedIn, midnightOf } from './counted-queries.ts'
import type { Fact } from './figures-rules.ts'
import type { Span } from './span-rules.ts'

/** What is booked together begins within days of each other. */
const LONGEST_BOOKING = '7 days'

/** Bookings on wards by what became of them and when, and devices in lockers: of all wards, or of some. */
export function countWards({ organisationId }: Scope, span: Span, onlyWards?: readonly number[]): RawBuilder<Fact> {
  const onWards = onlyWards === undefined ? sql`` : sql`and ward_id = any(${[...onlyWards]}::bigint[])`
  return sql<Fact>`
    with booked as (
      select booking.id, booking.cancelled_as, held.at, held.is_used
      from (
        select booking_id, min(lower(plan)) as at, bool_or(taken_at is not null) as is_used
        from item_holds
        where organisation_id = ${organisationId} and booking_id is not null
          and lower(plan) >= ${span.from}::timestamptz - ${LONGEST_BOOKING}::interval
          and lower(plan) < ${span.until}::timestamptz + ${LONGEST_BOOKING}::interval ${onWards}
        group by booking_id
      ) held
      join bookings booking on booking.id = held.booking_id
    ),
    became as (
      select id, at, extract(hour from at at time zone 'Europe/London') as hour,
        case when cancelled_as = 'cancelled' then 'cancelled' when is_used then 'used'
          when cancelled_as = 'not-collected' then 'not-collected' else 'not-known' end as became
      from booked
    )
    ${countedIn(
      sql`
      select line, id as counted, at
      from became
      cross join lateral unnest(case when became = 'cancelled' then array['booked-cancelled'] else array[
        'booked', 'booked-end:' || became,
        case when became = 'used' then 'used-hour:' || case when hour < 8 then 'night' when hour < 12 then 'morning'
          when hour < 16 then 'afternoon' when hour < 20 then 'evening' else 'late' end end
      ] end) line
      union all
      select 'deposits', id, deposited_at from locker_deposits
      where organisation_id = ${organisationId} ${onWards}`,
      span,
    )}`
}

/** Data allowances of people: what was given, and what ran out. */
export function countData({ organisationId }: Scope, span: Span): RawBuilder<Fact> {
  return sql<Fact>`
    with allowances as (
      select id, service_user_id, kind, cancelled_at, ${midnightOf('starts_on')} as at
      from data_allowances where organisation_id = ${organisationId} and service_user_id is not null
    )
    ${countedIn(
      sql`
      select line, counted, at
      from allowances
      cross join lateral (values
        ('granted', id), ('granted-kind:' || kind, id), ('granted-people', service_user_id)
      ) lines (line, counted)
      where cancelled_at is null
      union all
      select 'ran-out', allowances.id, reading.read_at
      from allowances join data_readings reading on reading.data_allowance_id = allowances.id
      where megabytes_left = 0`,
      span,
    )}`
}

/** Training sessions with people, whether they came, and whether they were surer afterwards. */
export function countTraining({ organisationId }: Scope, span: Span): RawBuilder<Fact> {
  return sql<Fact>`
    with sessions as (
      select entry.id, service_user_id, starts_at as at, came, confidence_before as before, confidence_after as after
      from diary_entries entry join training_sessions session on session.diary_entry_id = entry.id
      where entry.organisation_id = ${organisationId} and cancelled_at is null and service_user_id is not null
        and supporter_id is null
    )
    ${countedIn(
      sql`
      select line, counted, at
      from sessions
      cross join lateral (values
        ('sessions', id),
        ('session-end:' || case when came is null then 'not-known' when came then 'came' else 'did-not-come' end, id),
        (case when came then 'confidence:' || case when before is null or after is null then 'not-asked'
          when after > before then 'more' when after < before then 'less' else 'same' end end, id),
        (case when came then 'trained' end, service_user_id)
      ) lines (line, counted)`,
      span,
    )}`
}
