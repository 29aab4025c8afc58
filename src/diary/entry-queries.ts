import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { isPersonInReach } from '../service-users/reach-queries.ts'

export interface EntryRecord {
  id: number
  champion_id: number
  service_user_id: number | null
  appointment_id: number | null
  kind: string
  way: string
  starts_at: string
  ends_at: string
  travel_minutes: number
  leaves_at: string
  back_at: string
  note: string
  cancelled_at: string | null
  version: number
  /** The session of a group that it is a place in. */
  group_entry_id: number | null
}

export interface EntryDetail extends EntryRecord {
  champion: string
  service_user: string | null
  contact_instruction: string | null
  /** It is the session of a group. */
  is_group: boolean
}

export const entryColumns = sql`entry.id, entry.champion_id, entry.service_user_id, entry.appointment_id, entry.kind,
  entry.way, entry.starts_at, entry.ends_at, entry.travel_minutes, entry.leaves_at, entry.back_at, entry.note,
  entry.cancelled_at, entry.version, entry.group_entry_id`

/**
 * Whether whoever asks sees what an entry is about: it is about somebody in reach, or about nobody. Of all else they see that
 * the champion has no time.
 */
export function isEntryInReach(by: Actor, entry: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref(`${entry}.service_user_id`)} is null or ${isPersonInReach(by, `${entry}.service_user_id`)})`
}

/** One entry whose person is in reach. */
export async function findEntry(db: Database, actor: Actor, id: number): Promise<EntryDetail | undefined> {
  const { rows } = await sql<EntryDetail>`
    select ${entryColumns}, champion.name as champion, details.name as service_user, details.contact_instruction,
           exists (select from group_sessions where diary_entry_id = entry.id) as is_group
    from diary_entries entry
    join staff champion on champion.id = entry.champion_id
    left join service_user_details details on details.service_user_id = entry.service_user_id
    where entry.id = ${id} and entry.organisation_id = ${actor.organisationId} and ${isEntryInReach(actor, 'entry')}
  `.execute(db)
  return rows[0]
}

/** The same as it stands, held against other changes until this transaction ends. */
export async function lockEntry(trx: InTransaction, actor: Actor, id: number): Promise<EntryRecord | undefined> {
  const { rows } = await sql<EntryRecord>`
    select ${entryColumns} from diary_entries entry
    where entry.id = ${id} and entry.organisation_id = ${actor.organisationId} and ${isEntryInReach(actor, 'entry')}
    for no key update of entry
  `.execute(trx)
  return rows[0]
}

/** A person in reach, held until this transaction ends; what is to come for them is decided one by one. */
export async function lockPerson(trx: InTransaction, actor: Actor, id: number) {
  const { rows } = await sql<{ id: number; state: string }>`
    select person.id, person.state from service_users person
    where person.id = survivor_of(${id}) and person.organisation_id = ${actor.organisationId}
      and ${isPersonInReach(actor, 'person.id')}
    for no key update of person
  `.execute(trx)
  return rows[0]
}
