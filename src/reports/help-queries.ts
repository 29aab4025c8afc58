import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { countedIn, midnightOf, type Span } from './counted-queries.ts'
import type { Fact } from './figures-rules.ts'

/** Bookings on wards by what became of them and when, and devices in lockers. */
export async function countWards(db: Database, { organisationId }: Scope, span: Span): Promise<Fact[]> {
  const { rows } = await sql<Fact>`
    with booked as (
      select booking.id, booking.cancelled_as, min(lower(hold.plan)) as at, bool_or(hold.taken_at is not null) as is_used
      from bookings booking join item_holds hold on hold.booking_id = booking.id
      where booking.organisation_id = ${organisationId}
      group by booking.id
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
      select 'deposits', id, deposited_at from locker_deposits where organisation_id = ${organisationId}`,
      span,
    )}`.execute(db)
  return rows
}

/** Data allowances of people: what was given, and what ran out. */
export async function countData(db: Database, { organisationId }: Scope, span: Span): Promise<Fact[]> {
  const { rows } = await sql<Fact>`
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
    )}`.execute(db)
  return rows
}

/** Training sessions with people, whether they came, and whether they were surer afterwards. */
export async function countTraining(db: Database, { organisationId }: Scope, span: Span): Promise<Fact[]> {
  const { rows } = await sql<Fact>`
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
    )}`.execute(db)
  return rows
}
