import { CompiledQuery } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'

export interface SessionRow {
  staff_id: number | null
  tablet_id: number | null
  data: object
  created_at: string
  seen_at: string
  idle_until: string
  ends_at: string
  staff: Actor | null
  /** In hexadecimal. */
  tablet_token_hash: string | null
  tablet_revoked_at: string | null
}

/**
 * The session, and who it belongs to as they are now: role, wards, organisation, and nobody if disabled, or if they may not
 * use the ward's tablet that they signed in on any more. Every request asks this, so it is text: Kysely takes as long to put
 * it together as PostgreSQL to answer it.
 */
const SESSION_SQL = `
  select sessions.staff_id, sessions.tablet_id, sessions.data, sessions.created_at, sessions.seen_at, sessions.idle_until,
         sessions.ends_at, encode(ward_tablets.token_hash, 'hex') as tablet_token_hash,
         ward_tablets.revoked_at as tablet_revoked_at,
         case when staff.id is not null
                and (sessions.tablet_id is null or may_use_tablet(staff.id, sessions.tablet_id)) then json_build_object(
           'staffId', staff.id, 'organisationId', staff.organisation_id, 'organisationName', organisations.name,
           'name', staff.name, 'email', staff.email, 'role', staff.role, 'isLeadChampion', staff.is_lead_champion,
           'caseloadOnly', staff.caseload_only,
           'openedIds', array(
             select service_user_id from record_openings
             where record_openings.staff_id = staff.id and record_openings.ends_at > $2 and closed_at is null
               and sessions.tablet_id is null
           ),
           'wardIds', case when ward_tablets.id is not null then array[ward_tablets.ward_id]
             else array(select ward_id from staff_wards where staff_wards.staff_id = staff.id order by 1) end,
           'tablet', case when ward_tablets.id is not null then json_build_object(
             'id', ward_tablets.id, 'name', ward_tablets.name,
             'wardName', (select name from wards where wards.id = ward_tablets.ward_id)) end
         ) end as staff
  from sessions
  left join staff on staff.id = sessions.staff_id and staff.disabled_at is null
  left join organisations on organisations.id = staff.organisation_id
  left join ward_tablets on ward_tablets.id = sessions.tablet_id
  where sessions.id_hash = $1`

export async function findSession(db: Database, idHash: Buffer, now: Date): Promise<SessionRow | undefined> {
  const { rows } = await db.executeQuery<SessionRow>(CompiledQuery.raw(SESSION_SQL, [idHash, now]))
  return rows[0]
}
