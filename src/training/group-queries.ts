import { type RawBuilder, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import { asList } from '../database/lists.ts'
import type { Actor } from '../lib/actor.ts'
import { contactFactsOf } from '../safe-contact/facts-queries.ts'
import type { ContactFacts } from '../safe-contact/kinds-rules.ts'
import { isPersonInReach } from '../service-users/reach-queries.ts'
import type { GroupFacts } from './group-rules.ts'

export interface GroupRecord extends GroupFacts {
  id: number
  way: string
  champion_id: number
  /** Of its entry in the diary. */
  version: number
  /** Of what it is about, where it is and how many may come. */
  plan_version: number
  leaves_at: string
  back_at: string
  topics: string[]
  place: string
  materials: string
}

export type GroupRow = GroupRecord & { champion: string }

const columns = sql`entry.id, entry.way, entry.champion_id, entry.version, entry.starts_at, entry.ends_at, entry.leaves_at,
  entry.back_at, entry.cancelled_at, team.topics, team.places, team.place, team.materials,
  team.version as plan_version`

const counted = sql`
  (select count(*)::int from diary_entries place where place.group_entry_id = entry.id and place.cancelled_at is null) as taken,
  (select count(*)::int from diary_entries place join training_sessions session on session.diary_entry_id = place.id
   where place.group_entry_id = entry.id and place.cancelled_at is null and session.came is null) as untold`

/** The groups of the organisation: those to come or over since a moment, the soonest first. Who is in them is not among it. */
export function groupsSince(actor: Actor, since: Date, most: number): RawBuilder<unknown> {
  return sql`
    select ${columns}, ${counted}, champion.name as champion
    from diary_entries entry
    join group_sessions team on team.diary_entry_id = entry.id
    join staff champion on champion.id = entry.champion_id
    where entry.organisation_id = ${actor.organisationId} and entry.cancelled_at is null and entry.starts_at > ${since}
    order by entry.starts_at, entry.id limit ${most}`
}

/** A group that is over, of whose people nobody wrote down yet who came. */
export interface UntoldGroupRow {
  id: number
  starts_at: string
  topics: string[]
  untold: number
}

/** Groups that whoever asks gave and that wait for their sheet, the longest ago first. Who is in them is not among it. */
export function groupsWithoutSheet(
  actor: Pick<Actor, 'organisationId' | 'staffId'>,
  { now, limit }: { now: Date; limit: number },
): RawBuilder<UntoldGroupRow> {
  return sql<UntoldGroupRow>`
    select entry.id, entry.starts_at, team.topics, count(*)::int as untold
    from group_sessions team
    join diary_entries entry on entry.id = team.diary_entry_id and entry.cancelled_at is null
    join diary_entries place on place.group_entry_id = entry.id and place.cancelled_at is null
    join training_sessions session on session.diary_entry_id = place.id and session.came is null
    where entry.organisation_id = ${actor.organisationId} and entry.champion_id = ${actor.staffId} and entry.ends_at <= ${now}
    group by entry.id, team.topics
    order by entry.starts_at, entry.id
    limit ${limit}`
}

/** One place in a group. Whoever is out of reach of who asks has a place, and no name. */
export interface PlaceRow {
  id: number
  service_user_id: number | null
  service_user: string | null
  /** Who comes in their place: somebody who supports them. */
  supporter: string | null
  supporter_id: number | null
  /** What to do or leave when in touch with them; null where they are out of reach. */
  reached_by: Pick<PersonToInvite, 'state' | 'parent_contact' | 'contact_instruction' | 'contact'> | null
  interpreter_joins: boolean
  came: boolean | null
  agreed_ways: boolean | null
  /** What was written down of how it went for them, beyond that they came. */
  is_told: boolean
  version: number
}

export type GroupDetail = GroupRow & { people: PlaceRow[] }

/** One group, with whoever is in it, as far as they are in reach. */
export async function findGroup(db: Database, actor: Actor, id: number): Promise<GroupDetail | undefined> {
  const isInReach = isPersonInReach(actor, 'place.service_user_id')
  const ifInReach = (column: string) => sql`case when ${isInReach} then ${sql.ref(column)} end`
  const people = sql`
    select place.id, ${ifInReach('place.service_user_id')} as service_user_id, ${ifInReach('details.name')} as service_user,
           ${ifInReach('supporting.name')} as supporter, session.supporter_id,
           case when ${isInReach} then json_build_object(
             'state', person.state, 'parent_contact', person.parent_contact,
             'contact_instruction', details.contact_instruction, 'contact', ${contactFactsOf('person.id')}
           ) end as reached_by,
           session.interpreter_joins, session.came, session.agreed_ways, session.version,
           num_nonnulls(session.confidence_before, session.confidence_after, session.could_after) > 0 as is_told
    from diary_entries place
    join training_sessions session on session.diary_entry_id = place.id
    join service_users person on person.id = place.service_user_id
    join service_user_details details on details.service_user_id = person.id
    left join supporter_details supporting on supporting.supporter_id = session.supporter_id
    where place.group_entry_id = entry.id and place.cancelled_at is null
    order by details.name_key, place.id`
  const { rows } = await sql<GroupDetail>`
    select ${columns}, ${counted}, champion.name as champion, ${asList(people)} as people
    from diary_entries entry
    join group_sessions team on team.diary_entry_id = entry.id
    join staff champion on champion.id = entry.champion_id
    where entry.id = ${id} and entry.organisation_id = ${actor.organisationId}
  `.execute(db)
  return rows[0]
}

/** The same without whoever is in it. */
export async function findGroupToChange(db: Database, actor: Actor, id: number): Promise<GroupRecord | undefined> {
  const { rows } = await sql<GroupRecord>`
    select ${columns}, ${counted} from diary_entries entry
    join group_sessions team on team.diary_entry_id = entry.id
    where entry.id = ${id} and entry.organisation_id = ${actor.organisationId}
  `.execute(db)
  return rows[0]
}

/** The same as it stands, held against whoever takes a place in it or moves it until this transaction ends. */
export async function lockGroup(trx: InTransaction, actor: Actor, id: number): Promise<GroupRecord | undefined> {
  const { rows } = await sql<{ id: number }>`
    select entry.id from diary_entries entry
    join group_sessions team on team.diary_entry_id = entry.id
    where entry.id = ${id} and entry.organisation_id = ${actor.organisationId}
    for no key update of entry
  `.execute(trx)
  if (rows.length === 0) return undefined
  // asked once it is held: how many places are taken is counted as it stands then
  const held = await sql<GroupRecord>`
    select ${columns}, ${counted} from diary_entries entry
    join group_sessions team on team.diary_entry_id = entry.id where entry.id = ${id}
  `.execute(trx)
  return held.rows[0]
}

/** What has to be known of somebody before they are invited. */
export interface PersonToInvite {
  id: number
  name: string
  state: string
  parent_contact: string | null
  contact_instruction: string
  contact: ContactFacts
  interpreter: string | null
  /** How they want to meet in a group, or otherwise; empty where nobody asked. */
  ways: string[]
}

/** Of these people those in reach, in order of their names. */
export async function listPeopleToInvite(
  db: Database,
  actor: Actor,
  ids: readonly number[],
): Promise<PersonToInvite[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<PersonToInvite>`
    select person.id, details.name, person.state, person.parent_contact, details.contact_instruction, person.interpreter,
           ${contactFactsOf('person.id')} as contact,
           coalesce((
             select to_json(ways) from meeting_preferences
             where service_user_id = person.id and purpose = 'group' order by id desc limit 1
           ), '[]') as ways
    from service_users person
    join service_user_details details on details.service_user_id = person.id
    where person.id = any(${ids}::bigint[]) and person.organisation_id = ${actor.organisationId}
      and ${isPersonInReach(actor, 'person.id')}
    order by details.name_key, person.id
  `.execute(db)
  return rows
}

/** The places of a group as they stand, also those that are free again, held until this transaction ends. */
export async function lockPlaces(trx: InTransaction, actor: Actor, groupId: number) {
  const { rows } = await sql<{
    id: number
    service_user_id: number
    name: string
    cancelled_at: string | null
    came: boolean | null
    agreed_ways: boolean | null
    version: number
    is_in_reach: boolean
  }>`
    select place.id, place.service_user_id, who.name, place.cancelled_at, session.came, session.agreed_ways, session.version,
           ${isPersonInReach(actor, 'place.service_user_id')} as is_in_reach
    from diary_entries place
    join training_sessions session on session.diary_entry_id = place.id
    join service_user_details who on who.service_user_id = place.service_user_id
    where place.group_entry_id = ${groupId}
    order by place.id for no key update of place, session
  `.execute(trx)
  return rows
}
