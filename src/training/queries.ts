import { type RawBuilder, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import { asLists } from '../database/lists.ts'
import type { Actor } from '../lib/actor.ts'
import { contactFactsOf } from '../safe-contact/facts-queries.ts'
import type { ContactFacts } from '../safe-contact/kinds-rules.ts'
import { isPersonInReach } from '../service-users/reach-queries.ts'

const columns = sql`entry.id, entry.service_user_id, entry.way, entry.starts_at, entry.ends_at, entry.cancelled_at,
  entry.champion_id, entry.version as entry_version, session.topics, session.supporter_joins,
  session.interpreter_joins, session.came, session.confidence_before, session.confidence_after, session.wants_more,
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
}

/** One session with somebody in reach, with what whoever gives it has to know. */
export async function findTraining(db: Database, actor: Actor, id: number): Promise<TrainingDetail | undefined> {
  const { rows } = await sql<TrainingDetail>`
    select ${columns}, who.name as service_user, who.language, person.state, person.parent_contact,
           who.contact_instruction, champion.name as champion, teller.name as told_by,
           (select ${contactFactsOf('person.id')} from service_user_details details
            where details.service_user_id = person.id) as contact
    from diary_entries entry
    join training_sessions session on session.diary_entry_id = entry.id
    join service_users person on person.id = entry.service_user_id
    join service_user_details who on who.service_user_id = person.id
    join staff champion on champion.id = entry.champion_id
    left join staff teller on teller.id = session.told_by
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
           session.topics, entry.starts_at, entry.ends_at, entry.cancelled_at, session.came, session.confidence_before,
           session.confidence_after
    from diary_entries entry
    join training_sessions session on session.diary_entry_id = entry.id
    join service_user_details who on who.service_user_id = entry.service_user_id
    join staff champion on champion.id = entry.champion_id
    where entry.organisation_id = ${actor.organisationId} and ${isPersonInReach(actor, 'entry.service_user_id')}
      and ${which}`
}

export interface TrainingLists {
  toCome: TrainingRow[]
  waiting: TrainingRow[]
  over: TrainingRow[]
}

/** Sessions with people in reach: those to come, those of which nobody wrote down how they went, the newest that are over. */
export async function listTraining(db: Database, actor: Actor, { now, most }: { now: Date; most: number }) {
  const isOpen = sql`entry.cancelled_at is null and session.came is null`
  const { rows } = await asLists<TrainingLists>({
    toCome: rowsWhere(
      actor,
      sql`${isOpen} and entry.ends_at > ${now} order by entry.starts_at, entry.id limit ${most}`,
    ),
    waiting: rowsWhere(
      actor,
      sql`${isOpen} and entry.ends_at <= ${now} order by entry.starts_at, entry.id limit ${most}`,
    ),
    over: rowsWhere(actor, sql`session.came is not null order by entry.starts_at desc, entry.id desc limit ${most}`),
  }).execute(db)
  return rows[0] ?? { toCome: [], waiting: [], over: [] }
}

export interface PlanFacts {
  /** Whether they want an interpreter. */
  person: { interpreter: string | null }[]
  champions: { id: number; name: string }[]
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
    sessions: rowsWhere(
      actor,
      sql`entry.service_user_id = ${serviceUserId} order by entry.starts_at desc, entry.id desc`,
    ),
  }).execute(db)
  return rows[0] ?? { person: [], champions: [], sessions: [] }
}
