import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { askedOn, isPersonToMeet } from './queries.ts'
import type { Wait } from './waiting-rules.ts'

const MOST_WAITS = 1_000

/** How long each of the people in reach waited who met somebody for the first time since then, the newest first. */
export async function listWaits(db: Database, actor: Actor, since: Date): Promise<Wait[]> {
  const { rows } = await sql<Wait>`
    select appointment.met_by, appointment.starts_at, ${askedOn} as asked_on
    from appointments appointment
    join service_users person on person.id = appointment.service_user_id
    where appointment.organisation_id = ${actor.organisationId} and appointment.outcome is not null
      and appointment.met_by is not null and appointment.is_first and appointment.starts_at >= ${since}
      and ${isPersonToMeet(actor, 'person')}
    order by appointment.starts_at desc, appointment.id desc
    limit ${MOST_WAITS}
  `.execute(db)
  return rows
}
