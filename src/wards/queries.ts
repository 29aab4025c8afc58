import { type InferResult, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor, Scope } from '../lib/actor.ts'

/** The organisation's wards, teams and hubs that are not closed, for a filter or a form. Ward staff: their own. */
export function wardsOf(
  db: Database,
  { role, organisationId, wardIds }: Pick<Actor, 'role' | 'organisationId' | 'wardIds'>,
) {
  const wards = db
    .selectFrom('wards')
    .select(['id', 'code', 'name', 'kind'])
    .where('organisation_id', '=', organisationId)
    .where('closed_at', 'is', null)
    .orderBy('name')
  return role === 'ward-staff' ? wards.where((eb) => eb('id', '=', eb.fn.any(eb.val(wardIds)))) : wards
}

export type WardRow = InferResult<ReturnType<typeof wardsOf>>[number]

export function listWards(db: Database, actor: Actor): Promise<WardRow[]> {
  return wardsOf(db, actor).execute()
}

/**
 * What a form offers that may stand at a ward which was closed since: those that are open, and of the closed ones those
 * with these ids, so that saving something else takes nothing away.
 */
export function listWardsWith(db: Database, scope: Scope, ids: (number | null)[]): Promise<WardRow[]> {
  const present = ids.filter((id) => id !== null)
  return db
    .selectFrom('wards')
    .select(['id', 'code', 'kind'])
    .select(sql<string>`name || case when closed_at is null then '' else ' (closed)' end`.as('name'))
    .where('organisation_id', '=', scope.organisationId)
    .where((eb) => eb.or([eb('closed_at', 'is', null), eb('id', '=', eb.fn.any(eb.val(present)))]))
    .orderBy('wards.name')
    .execute()
}
