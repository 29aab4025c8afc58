import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '../lib/actor.ts'
import { countedIn, waitBand } from './counted-queries.ts'
import type { Fact } from './figures-rules.ts'
import type { Span } from './span-rules.ts'

/** First remote appointments by how they went, and by what was ready when they began. */
export function countFirstAppointments({ organisationId }: Scope, span: Span): RawBuilder<Fact> {
  return sql<Fact>`
    with first as (
      select appointment.id, service_user_id, way, coalesce(outcome, 'not-known') as outcome, disruption, starts_at as at
      from appointments appointment
      where organisation_id = ${organisationId} and is_first and cancelled_at is null
        and way = any('{phone,video,text}') and starts_at >= ${span.from} and starts_at < ${span.until}
    )
    ${countedIn(
      sql`
      select line, counted, at
      from first
      cross join lateral (
        select exists (
          select from loans join loan_lines line on line.loan_id = loans.id join items on items.id = line.item_id
          where loans.service_user_id = first.service_user_id and line.cancelled_at is null
            and items.category = any('{tablet,smartphone,laptop}') and line.taken_at <= first.at
            and (line.ended_at is null or line.ended_at > first.at or line.ended_as = 'given')
        ) as device, exists (
          select from diary_entries entry join training_sessions session on session.diary_entry_id = entry.id
          where entry.service_user_id = first.service_user_id and session.came and entry.starts_at < first.at
            and session.supporter_id is null
        ) as training, exists (
          select from diary_entries entry join trial_calls call on call.diary_entry_id = entry.id
          where entry.service_user_id = first.service_user_id and entry.starts_at < first.at
            and call.outcome = any('{passed,passed-with-help}')
        ) as trial
      ) ready
      cross join lateral (values
        ('first', first.id), ('first-outcome:' || outcome, first.id), ('first-way:' || way, first.id),
        ('first-device:' || case when device then 'yes' else 'no' end, first.id),
        ('first-training:' || case when training then 'yes' else 'no' end, first.id),
        ('first-trial:' || case when trial then 'yes' else 'no' end, first.id),
        ('first-went:' || disruption, first.id),
        (case when outcome = 'attended' then 'first-people' end, service_user_id)
      ) lines (line, counted)`,
      span,
    )}`
}

/** Appointments where they met, by what the person had said suits them, and by how long it took. */
export function countChoice({ organisationId }: Scope, span: Span): RawBuilder<Fact> {
  const days = sql`((met.at at time zone 'Europe/London')::date - (made_at at time zone 'Europe/London')::date)`
  return sql<Fact>`
    with met as (
      select appointment.id, service_user_id, made_at, met_by, starts_at as at,
        case when is_first then 'first-meeting' else purpose end as purpose,
        case when met_by = any('{face-to-face,home-visit}') then 'in-person' else 'remote' end as how
      from appointments appointment
      where organisation_id = ${organisationId} and outcome = 'attended'
        and starts_at >= ${span.from} and starts_at < ${span.until}
    )
    ${countedIn(
      sql`
      select line, met.id as counted, met.at
      from met
      left join lateral (
        select ways from meeting_preferences preference
        where preference.service_user_id = met.service_user_id and preference.purpose = met.purpose and preference.at <= met.at
        order by preference.id desc limit 1
      ) said on true
      cross join lateral unnest(array[
        'met', 'met-how:' || how, 'wait-' || how || ':' || ${waitBand(days)},
        'choice:' || case when ways is null then 'not-asked' when ways[1] = met_by then 'first-choice'
          when met_by = any(ways) then 'other-choice' else 'not-chosen' end
      ]) line`,
      span,
    )}`
}
