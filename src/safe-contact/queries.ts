import { sql } from 'kysely'
import type { Author } from '../database/change.ts'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Actor, Scope } from '../lib/actor.ts'
import { peopleWithStory } from '../service-users/queries.ts'
import { isPersonInReach, peopleInReach, type Reach } from '../service-users/reach-queries.ts'
import { contactFacts } from './facts-queries.ts'
import type { Channel, Purpose, Refused } from './kinds-rules.ts'

/**
 * A person with all that decides about contact, held until this transaction ends. In two statements: one that waited for the
 * lock would read the answers as they were before it.
 */
export async function lockContact(trx: InTransaction, actor: Actor, id: number) {
  const held = await peopleWithStory(trx, actor, id).forNoKeyUpdate('service_users').executeTakeFirst()
  return held && findContact(trx, actor, held.id)
}

/**
 * Whom a message would go to, with all that decides whether it may. For the door that messages go through, which works for
 * everybody of an organisation and shows nothing to anybody.
 */
export function findContact(db: Database, { organisationId }: Scope, id: number) {
  return db
    .selectFrom('service_users')
    .innerJoin('service_user_details as details', 'details.service_user_id', 'service_users.id')
    .select(['service_users.id', 'service_users.state', 'service_users.parent_contact'])
    .select(['details.name', 'details.known_as', contactFacts.as('contact')])
    .where('service_users.id', '=', sql<number>`survivor_of(${id})`)
    .where('service_users.organisation_id', '=', organisationId)
    .executeTakeFirst()
}

/** As {@link findContact}, for many people of any organisation in one question: what falls due is found for all at once. */
export function listContacts(db: Database, ids: number[]) {
  return db
    .selectFrom('service_users')
    .innerJoin('service_user_details as details', 'details.service_user_id', 'service_users.id')
    .select(['service_users.id', 'service_users.state', 'service_users.parent_contact'])
    .select(['details.name', 'details.known_as', contactFacts.as('contact')])
    .where('service_users.id', '=', sql<number>`any(${ids}::bigint[])`)
    .execute()
}

export interface ContactTask {
  id: number
  service_user_id: number
  supporter_id: number | null
  kind: string
  channel: Channel
  purpose: Purpose
  reason: Refused | 'too-late' | 'by-hand' | 'refused'
  created_at: string
}

/** What could not be sent to one person and is still to be done in another way, and what was sent to them lately. */
export async function readMessagesOf(db: Database, scope: Scope, id: number, most: number) {
  const { rows } = await sql<{ tasks: ContactTask[]; messages: SentMessage[] }>`
    select coalesce((
      select json_agg(task order by task.id) from (
        select id, service_user_id, supporter_id, kind, channel, purpose, reason, created_at from contact_tasks
        where service_user_id = ${id} and organisation_id = ${scope.organisationId} and done_at is null
        order by id limit ${most}
      ) task
    ), '[]') as tasks, coalesce((
      select json_agg(message order by message.id desc) from (
        select messages.id, messages.kind, messages.channel, messages.created_at, contents.to_name, last.outcome
        from messages
        left join message_contents contents on contents.message_id = messages.id
        left join lateral (
          select outcome from deliveries where message_id = messages.id order by id desc limit 1 offset 0
        ) last on true
        where messages.service_user_id = ${id} and messages.organisation_id = ${scope.organisationId}
        order by messages.id desc limit ${most}
      ) message
    ), '[]') as messages`.execute(db)
  return rows[0] ?? { tasks: [], messages: [] }
}

export interface SentMessage {
  id: number
  kind: string
  channel: Channel
  created_at: string
  to_name: string | null
  outcome: string | null
}

export interface DueContactRow {
  id: number
  service_user_id: number
  service_user: string
  kind: string
  channel: Channel
  reason: ContactTask['reason']
  created_at: string
}

/** What could not be sent to people in reach and is to be done in another way, the oldest first. */
export function dueContacts(asked: Reach, limit: number) {
  return sql<DueContactRow>`
    select task.id, task.service_user_id, person.name as service_user, task.kind, task.channel, task.reason, task.created_at
    from contact_tasks task
    join ${peopleInReach(asked)} person on person.service_user_id = task.service_user_id
    where task.organisation_id = ${asked.organisationId} and task.done_at is null
      and ${isPersonInReach(asked, 'task.service_user_id')}
    order by task.id
    limit ${limit}`
}

/** Who wrote down an answer, and when: to be shown to whoever was slower. */
export function findAnswerWriter(db: Database, { organisationId }: Pick<Author, 'organisationId'>, answerId: number) {
  return db
    .selectFrom('contact_answers')
    .leftJoin('staff', 'staff.id', 'contact_answers.recorded_by')
    .select('contact_answers.at')
    .select(sql<string>`coalesce(staff.name, 'A text from them')`.as('staff_member'))
    .where('contact_answers.id', '=', answerId)
    .where('contact_answers.organisation_id', '=', organisationId)
    .executeTakeFirst()
}
