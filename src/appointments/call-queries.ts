import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { isPersonToMeet } from './queries.ts'

export interface NowRow {
  id: number
  service_user: string
  way: string
  starts_at: string
  ends_at: string
  clinician: string
  team: string | null
}

const HOUR = 3_600_000
/** No appointment is longer (appointment_has_a_length), so what began before cannot go on. */
const LONGEST_HOURS = 12

/** Who meets somebody now or in the next hour, of the people in reach; whoever ran over a little is still there. */
export async function listNow(db: Database, actor: Actor, now: Date, most: number): Promise<NowRow[]> {
  const hoursFrom = (hours: number) => new Date(now.getTime() + hours * HOUR)
  const { rows } = await sql<NowRow>`
    select appointment.id, who.name as service_user, appointment.way, appointment.starts_at, appointment.ends_at,
           details.clinician, team.name as team
    from appointments appointment
    join appointment_details details on details.appointment_id = appointment.id
    join service_users person on person.id = appointment.service_user_id
    join service_user_details who on who.service_user_id = person.id
    left join wards team on team.id = appointment.team_id
    where appointment.organisation_id = ${actor.organisationId} and appointment.cancelled_at is null
      and appointment.outcome is null and appointment.starts_at > ${hoursFrom(-LONGEST_HOURS)}
      and appointment.starts_at <= ${hoursFrom(1)} and appointment.ends_at > ${hoursFrom(-0.25)}
      and ${isPersonToMeet(actor, 'person')}
    order by appointment.starts_at, who.name, appointment.id
    limit ${most}
  `.execute(db)
  return rows
}
