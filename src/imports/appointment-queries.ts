import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import type { KnownMeeting } from './appointment-plan-rules.ts'

/** Where these people are expected from now on: at their appointments, and at the calls and visits of our own. */
export async function listMeetings(
  db: Database,
  { organisationId }: Scope,
  { ids, now }: { ids: readonly number[]; now: Date },
): Promise<KnownMeeting[]> {
  const { rows } = await sql<KnownMeeting>`
    select service_user_id, true as is_appointment, starts_at, ends_at from appointments
    where service_user_id = any(${ids}::bigint[]) and organisation_id = ${organisationId}
      and ends_at > ${now} and cancelled_at is null
    union all
    select service_user_id, false, starts_at, ends_at from diary_entries
    where service_user_id = any(${ids}::bigint[]) and organisation_id = ${organisationId}
      and ends_at > ${now} and cancelled_at is null
    order by service_user_id, starts_at
  `.execute(db)
  return rows
}

/** Which of these people have died. */
export async function listDied(
  db: Database,
  { organisationId }: Scope,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ id: number }>`
    select id from service_users
    where id = any(${ids}::bigint[]) and organisation_id = ${organisationId} and state = 'died'
  `.execute(db)
  return new Set(rows.map(({ id }) => id))
}
