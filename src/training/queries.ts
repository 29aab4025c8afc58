import { type RawBuilder, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import { asLists } from '../database/lists.ts'
import type { Actor } from '../lib/actor.ts'
import { contactFactsOf } from '../safe-contact/facts-queries.ts'
import type { ContactFacts } from '../safe-contact/kinds-rules.ts'
import { isPersonInReach } from '../service-users/reach-queries.ts'
import { type GroupRow, groupsSince } from './group-queries.ts'

const columns = sql`entry.id, entry.service_user_id, entry.way, entry.starts_at, entry.ends_at, entry.cancelled_at,
  entry.champion_id, entry.version as entry_version, session.topics, session.supporter_joins,
  session.interpreter_joins, entry.group_entry_id, session.supporter_id, session.agreed_ways, session.could_before,
  session.could_after, session.came, session.confidence_before, session.confidence_after, session.wants_more,
  session.note, session.told_at, session.version`

export interface TrainingRecord {
  id: number
  service_user_id: number
  way: string
  starts_at: string
  ends_at: string
  cancelled_at: string | null
  champion_id: number
  entry_version: number
  topics: string[]
  supporter_joins: boolean
  interpreter_joins: boolean
  /** The group that it is a place in. */
  group_entry_id: number | null
  supporter_id: number | null
  agreed_ways: boolean | null
  could_before: string[] | null
  could_after: string[] | null
  came: boolean | null
  confidence_before: number | null
  confidence_after: number | null
  wants_more: boolean | null
  note: string
  told_at: string | null
  version: number
}

export interface TrainingDetail extends TrainingRecord {
  service_user: string
  language: string
  state: string
  parent_contact: string | null
  contact_instruction: string
  contact: ContactFacts
  champion: string
  told_by: string | null
  /** Whom it is for, where it is for somebody who supports them. */
  supporter: string | null
}

/** One session with somebody in reach, with what whoever gives it has to know. */
export async function findTraining(db: Database, actor: Actor, id: number): Promise<TrainingDetail | undefined> {
  const { rows } = await sql<TrainingDetail>`
    select ${columns}, who.name as service_user, who.language, person.state, person.parent_contact,
           who.contact_instruction, champion.name as champion, teller.name as told_by, supporting.name as supporter,
           (select ${contactFactsOf('person.id')} from service_user_details details
            where details.service_user_id = person.id) as contact
    from diary_entries entry
    join training_sessions session on session.diary_entry_id = entry.id
    join service_users person on person.id = entry.service_user_id
    join service_user_details who on who.service_user_id = person.id
    join staff champion on champion.id = entry.champion_id
    left join staff teller on teller.id = session.told_by
    left join supporter_details supporting on supporting.supporter_id = session.supporter_id
    where entry.id = ${id} and entry.organisation_id = ${actor.organisationId}
      and ${isPersonInReach(actor, 'entry.service_user_id')}
  `.execute(db)
  return rows[0]
}

/** The same as it stands, with its entry in the diary, held against other changes until this transaction ends. */
export async function lockTraining(trx: InTransaction, actor: Actor, id: number): Promise<TrainingRecord | undefined> {
  const { rows } = await sql<TrainingRecord>`
    select ${columns} from diary_entries entry
    join training_sessions session on session.diary_entry_id = entry.id
    where entry.id = ${id} and entry.organisation_id = ${actor.organisationId}
      and ${isPersonInReach(actor, 'entry.service_user_id')}
    for no key update of entry, session
  `.execute(trx)
  return rows[0]
}

export interface TrainingRow {
  id: number
  service_user_id: number
  service_user: string
  /** Whom it is for, where it is for somebody who supports them; and whether it is a place in a group. */
  supporter: string | null
  is_in_group: boolean
  champion: string
  way: string
  topics: string[]
  starts_at: string
  ends_at: string
  cancelled_at: string | null
  came: boolean | null
  confidence_before: number | null
  confidence_after: number | null
}

function rowsWhere(actor: Actor, which: RawBuilder<unknown>) {
  return sql`
    select entry.id, entry.service_user_id, who.name as service_user, champion.name as champion, entry.way,
           supporting.name as supporter, entry.group_entry_id is not null as is_in_group,
           session.topics, entry.starts_at, entry.ends_at, entry.cancelled_at, session.came, session.confidence_before,
           session.confidence_after
    from diary_entries entry
    join training_sessions session on session.diary_entry_id = entry.id
    join service_user_details who on who.service_user_id = entry.service_user_id
    join staff champion on champion.id = entry.champion_id
    left join supporter_details supporting on supporting.supporter_id = session.supporter_id
    where entry.organisation_id = ${actor.organisationId} and ${isPersonInReach(actor, 'entry.service_user_id')}
      and ${which}`
}

/** A group stays listed for four weeks after it: until then its sheet is filled in. */
const GROUPS_SINCE = 28 * 86_400_000

export interface TrainingLists {
  toCome: TrainingRow[]
  waiting: TrainingRow[]
  over: TrainingRow[]
  /** Those of groups, and no word of who is in them. */
  groups: GroupRow[]
}

/** Sessions with people in reach: those to come, those of which nobody wrote down how they went, the newest that are over. */
export async function listTraining(db: Database, actor: Actor, { now, most }: { now: Date; most: number }) {
  // whoever is in a group stands on its own page
  const isOpen = sql`entry.cancelled_at is null and session.came is null and entry.group_entry_id is null`
  const { rows } = await asLists<TrainingLists>({
    toCome: rowsWhere(
      actor,
      sql`${isOpen} and entry.ends_at > ${now} order by entry.starts_at, entry.id limit ${most}`,
    ),
    waiting: rowsWhere(
      actor,
      sql`${isOpen} and entry.ends_at <= ${now} order by entry.starts_at, entry.id limit ${most}`,
    ),
    groups: groupsSince(actor, new Date(now.getTime() - GROUPS_SINCE), most),
    over: rowsWhere(
      actor,
      sql`session.came is not null and entry.group_entry_id is null order by entry.starts_at desc, entry.id desc limit ${most}`,
    ),
  }).execute(db)
  return rows[0] ?? { toCome: [], waiting: [], over: [], groups: [] }
}

export interface PlanFacts {
  /** Whether they want an interpreter. */
  person: { interpreter: string | null }[]
  champions: { id: number; name: string }[]
  /** Who supports them and may be told about training. */
  supporters: { id: number; name: string; relation: string }[]
  sessions: TrainingRow[]
}

/** Who could give a session to somebody, whose record is in reach, and the sessions that there were. */
export async function findPlanFacts(db: Database, actor: Actor, serviceUserId: number): Promise<PlanFacts> {
  const { rows } = await asLists<PlanFacts>({
    person: sql`
      select interpreter from service_users where id = ${serviceUserId} and organisation_id = ${actor.organisationId}`,
    champions: sql`
      select id, name from staff
      where organisation_id = ${actor.organisationId} and role = 'champion' and disabled_at is null order by name, id`,
    supporters: sql`
      select supporters.id, who.name, who.relation from supporters
      join supporter_details who on who.supporter_id = supporters.id
      where supporters.service_user_id = ${serviceUserId} and supporters.organisation_id = ${actor.organisationId}
        and supporters.ended_at is null and supporters.consent = 'given'
        and supporters.may_be_told && '{training,everything}'::text[]
      order by who.name, supporters.id`,
    sessions: rowsWhere(
      actor,
      sql`entry.service_user_id = ${serviceUserId} order by entry.starts_at desc, entry.id desc`,
    ),
  }).execute(db)
  return rows[0] ?? { person: [], champions: [], supporters: [], sessions: [] }
}
