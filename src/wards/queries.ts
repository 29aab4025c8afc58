import type { InferResult } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'

/** The organisation's wards, teams and hubs, for a filter or a form. Ward staff: their own. */
export function wardsOf(
  db: Database,
  { role, organisationId, wardIds }: Pick<Actor, 'role' | 'organisationId' | 'wardIds'>,
) {
  const wards = db
    .selectFrom('wards')
    .select(['id', 'code', 'name', 'kind'])
    .where('organisation_id', '=', organisationId)
    .orderBy('name')
  return role === 'ward-staff' ? wards.where((eb) => eb('id', '=', eb.fn.any(eb.val(wardIds)))) : wards
}

export type WardRow = InferResult<ReturnType<typeof wardsOf>>[number]

export function listWards(db: Database, actor: Actor): Promise<WardRow[]> {
  return wardsOf(db, actor).execute()
}
