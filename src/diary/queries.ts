import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { isEntryInReach } from './entry-queries.ts'

export interface Champion {
  id: number
  name: string
}

/** Whoever has a diary: the champions who work here now. */
export async function listChampions(db: Database, actor: Actor): Promise<Champion[]> {
  return await db
    .selectFrom('staff')
    .select(['id', 'name'])
    .where('organisation_id', '=', actor.organisationId)
    .where('role', '=', 'champion')
    .where('disabled_at', 'is', null)
    .orderBy('name')
    .orderBy('id')
    .execute()
}

export interface EntryRow {
  id: number
  kind: string
  way: string
  starts_at: string
  ends_at: string
  travel_minutes: number
  note: string
  service_user_id: number | null
  service_user: string | null
  /** Whether it is about nobody, or about somebody in reach. Of all else no more is told than the time. */
  is_in_reach: boolean
}

/** What a champion has planned between two moments, the earliest first. */
export async function listEntries(
  db: Database,
  actor: Actor,
  { championId, from, until }: { championId: number; from: Date; until: Date },
): Promise<EntryRow[]> {
  const { rows } = await sql<EntryRow>`
    select entry.id, entry.kind, entry.way, entry.starts_at, entry.ends_at, entry.travel_minutes, entry.note,
           entry.service_user_id, details.name as service_user, ${isEntryInReach(actor, 'entry')} as is_in_reach
    from diary_entries entry
    left join service_user_details details on details.service_user_id = entry.service_user_id
    where entry.organisation_id = ${actor.organisationId} and entry.champion_id = ${championId}
      and entry.cancelled_at is null and entry.group_entry_id is null and entry.starts_at >= ${from} and entry.starts_at < ${until}
    order by entry.starts_at, entry.id
  `.execute(db)
  return rows
}
