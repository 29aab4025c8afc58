import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'

/** The organisation's wards, teams and hubs, for a filter or a form. */
export function listWards(db: Database, actor: Actor) {
  let query = db
    .selectFrom('wards')
    .select(['id', 'code', 'name', 'kind'])
    .where('organisation_id', '=', actor.organisationId)
    .orderBy('name')
  if (actor.role === 'ward-staff') query = query.where('id', 'in', actor.wardIds.length > 0 ? actor.wardIds : [0])
  return query.execute()
}
