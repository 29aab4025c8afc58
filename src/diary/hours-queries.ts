import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import type { WeekdayHours } from './hours-rules.ts'

export interface ExceptionRow {
  id: number
  kind: string
  first_on: string
  last_on: string
  from_minute: number | null
  until_minute: number | null
}

export interface ChampionHours {
  id: number
  name: string
  hours: WeekdayHours[]
  exceptions: ExceptionRow[]
}

/** When a champion works, and what is otherwise from a day on. */
export async function findHours(
  db: Database,
  actor: Actor,
  championId: number,
  today: string,
): Promise<ChampionHours | undefined> {
  const { rows } = await sql<ChampionHours>`
    select staff.id, staff.name,
           coalesce((
             select json_agg(json_build_object('weekday', weekday, 'from', from_minute, 'until', until_minute)
                             order by weekday, from_minute)
             from diary_hours where organisation_id = staff.organisation_id and champion_id = staff.id
           ), '[]') as hours,
           coalesce((
             select json_agg(exception order by first_on, id) from (
               select id, kind, first_on, last_on, from_minute, until_minute from diary_exceptions
               where organisation_id = staff.organisation_id and champion_id = staff.id and cancelled_at is null
                 and last_on >= ${today}
               order by first_on, id limit 200
             ) exception
           ), '[]') as exceptions
    from staff
    where staff.id = ${championId} and staff.organisation_id = ${actor.organisationId} and staff.role = 'champion'
      and staff.disabled_at is null
  `.execute(db)
  return rows[0]
}

/** A champion, held so that two people who change their hours in the same moment come one after the other. */
export async function lockChampion(trx: InTransaction, actor: Actor, id: number) {
  return await trx
    .selectFrom('staff')
    .select(['id', 'name'])
    .where('id', '=', id)
    .where('organisation_id', '=', actor.organisationId)
    .where('role', '=', 'champion')
    .where('disabled_at', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst()
}
