import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Preference } from './rules.ts'

/** How the person whose id stands in this column wants to meet, for each purpose, as one column. */
export function preferencesOf(person: RawBuilder<unknown>): RawBuilder<Preference[]> {
  return sql<Preference[]>`(
    select coalesce(json_agg(json_build_object(
      'id', newest.id, 'purpose', newest.purpose, 'ways', newest.ways, 'camera', newest.camera, 'length', newest.length,
      'frequency', newest.frequency, 'times', newest.times, 'review_on', newest.review_on, 'at', newest.at,
      'staff_member', staff.name, 'joins', coalesce(said.joins, ''), 'notes', coalesce(said.notes, ''),
      'platforms', coalesce((
        select json_agg(json_build_object(
          'id', platform.id, 'name', platform.name, 'approval', platform.approval, 'risk', (
            select json_build_object('risk', taken.risk, 'accepted_at', taken.accepted_at, 'staff_member', taker.name)
            from platform_risks taken join staff taker on taker.id = taken.accepted_by
            where taken.platform_id = platform.id order by taken.id desc limit 1
          )
        ) order by platform.name)
        from meeting_preference_platforms known join platforms platform on platform.id = known.platform_id
        where known.preference_id = newest.id
      ), '[]')
    )), '[]')
    from (
      select distinct on (purpose) * from meeting_preferences
      where service_user_id = ${person} order by purpose, id desc
    ) newest
    join staff on staff.id = newest.recorded_by
    left join meeting_preference_words said on said.preference_id = newest.id
  )`
}

/** The same of one person, whose record is in reach. */
export async function listPreferences(db: Database, id: number): Promise<Preference[]> {
  const { rows } = await sql<{
    preferences: Preference[]
  }>`select ${preferencesOf(sql`${id}::bigint`)} as preferences`.execute(db)
  return rows[0]?.preferences ?? []
}
