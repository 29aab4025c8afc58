import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import type { ChampionHours } from './hours-queries.ts'

export type TeamRow = ChampionHours & {
  /** How many things they have planned, by the days on which they have any. */
  planned: { day: string; count: number }[]
}

/** When everybody works in these days, and how much they have planned, in one question however many they are. */
export async function listTeam(
  db: Database,
  actor: Actor,
  { first, last, from, until }: { first: string; last: string; from: Date; until: Date },
): Promise<TeamRow[]> {
  const { rows } = await sql<TeamRow>`
    with weekly as (
      select champion_id, json_agg(json_build_object('weekday', weekday, 'from', from_minute, 'until', until_minute)
                                   order by weekday, from_minute) as hours
      from diary_hours where organisation_id = ${actor.organisationId} group by champion_id
    ), otherwise as (
      select champion_id, json_agg(json_build_object('id', id, 'kind', kind, 'first_on', first_on, 'last_on', last_on,
                                   'from_minute', from_minute, 'until_minute', until_minute)) as exceptions
      from diary_exceptions
      where organisation_id = ${actor.organisationId} and cancelled_at is null and last_on >= ${first}
        and first_on <= ${last}
      group by champion_id
    ), planned as (
      select champion_id, json_agg(json_build_object('day', day, 'count', count)) as planned
      from (
        select champion_id, (starts_at at time zone 'Europe/London')::date as day, count(*) as count from diary_entries
        where organisation_id = ${actor.organisationId} and cancelled_at is null and group_entry_id is null
          and starts_at >= ${from}
          and starts_at < ${until}
        group by 1, 2
      ) by_day
      group by champion_id
    )
    select staff.id, staff.name, coalesce(weekly.hours, '[]') as hours, coalesce(otherwise.exceptions, '[]') as exceptions,
           coalesce(planned.planned, '[]') as planned
    from staff
    left join weekly on weekly.champion_id = staff.id
    left join otherwise on otherwise.champion_id = staff.id
    left join planned on planned.champion_id = staff.id
    where staff.organisation_id = ${actor.organisationId} and staff.role = 'champion' and staff.disabled_at is null
    order by staff.name, staff.id
  `.execute(db)
  return rows
}
