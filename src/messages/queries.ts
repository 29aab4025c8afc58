import { type RawBuilder, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import type { Channel, Purpose } from '../safe-contact/kinds-rules.ts'

export interface Message {
  id: number
  kind: string
  created_at: string
  send_until: string
  is_secret: boolean
  to_name: string | null
  to_address: string | null
  subject: string | null
  /** Of its last delivery. */
  outcome: string | null
  reason: string | null
  outcome_at: string | null
}

export type MessageFilter = 'all' | 'stuck'

const columns = sql`
  messages.id, messages.kind, messages.created_at, messages.send_until, messages.is_secret,
  contents.to_name, contents.to_address, contents.subject, last.outcome, last.reason, last.at as outcome_at`

/** Whoever looks after the service sees what staff are sent. What people are sent is on their records, and nowhere else. */
const isToStaff = sql`messages.service_user_id is null`

/** `offset 0` has PostgreSQL look up the last delivery of the few messages it shows, not sort them all. */
const withLastDelivery = sql`
  left join message_contents contents on contents.message_id = messages.id
  left join lateral (
    select outcome, reason, at from deliveries where message_id = messages.id order by id desc limit 1 offset 0
  ) last on true`

/** One page of messages, the newest first: all, or those that nobody got and that are not tried any more. */
export async function listMessages(db: Database, scope: Scope, filter: MessageFilter, asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const isBackwards = asked.before !== undefined
  const conditions = [sql`messages.organisation_id = ${scope.organisationId} and ${isToStaff}`]
  if (cursor !== undefined) conditions.push(sql`messages.id ${isBackwards ? sql`>` : sql`<`} ${Number(cursor)}`)
  if (filter === 'stuck') conditions.push(isStuck(scope))
  const { rows } = await sql<Message>`
    select ${columns} from messages ${withLastDelivery}
    where ${sql.join(conditions, sql` and `)}
    order by messages.id ${isBackwards ? sql`` : sql`desc`}
    limit ${rowsToRead(asked)}`.execute(db)
  return pageOf(rows, asked, (row) => String(row.id))
}

/** Few are stuck: they are found by their own small index, and not by looking at each message. */
function isStuck({ organisationId }: Scope): RawBuilder<unknown> {
  return sql`messages.id in (
    select stuck.message_id from deliveries stuck
    where stuck.organisation_id = ${organisationId} and stuck.outcome in ('refused', 'gave-up', 'too-late')
      and not exists (select from deliveries later where later.message_id = stuck.message_id and later.id > stuck.id))`
}

export async function findMessage(db: Database, scope: Scope, id: number) {
  const { rows } = await sql<Message & { body: string | null }>`
    select ${columns}, contents.body from messages ${withLastDelivery}
    where messages.organisation_id = ${scope.organisationId} and messages.id = ${id} and ${isToStaff}`.execute(db)
  return rows[0]
}

export interface MessageToSend extends Message {
  organisation_id: number
  body: string | null
  /** A page that goes with it, as HTML. */
  attached: string | null
  cause: string
  channel: Channel
  service_user_id: number | null
  supporter_id: number | null
  purpose: Purpose | null
  /** Whether what it says is still so. */
  holds: boolean
  /** Whom the person knows, under whose name it is sent. */
  sender: string | null
  /** The session that it tells the time of, for a calendar file. */
  session: SessionTold | null
}

export interface SessionTold {
  id: number
  way: string
  starts_at: string
  ends_at: string
  version: number
}

/** For the job, which works for every organisation and asks nobody. */
export async function findMessageToSend(db: Database, id: number) {
  const { rows } = await sql<MessageToSend>`
    select ${columns}, contents.body, contents.attached, messages.organisation_id, messages.cause, messages.channel,
           messages.service_user_id, messages.supporter_id, messages.purpose, occasion_holds(messages.cause) as holds,
           sender.name as sender, case when entry.id is not null then json_build_object(
             'id', entry.id, 'way', entry.way, 'starts_at', entry.starts_at, 'ends_at', entry.ends_at, 'version', entry.version
           ) end as session
    from messages ${withLastDelivery}
    left join message_occasions occasion on occasion.cause = messages.cause
    left join staff sender on sender.id = occasion.sender_id
    left join diary_entries entry on entry.id = occasion.subject_id and occasion.rule like 'session-%'
    where messages.id = ${id}`.execute(db)
  return rows[0]
}

/** Holds a message against another who writes down what became of it. */
export async function lockMessage(trx: InTransaction, id: number): Promise<void> {
  await trx.selectFrom('messages').select('id').where('id', '=', id).forNoKeyUpdate().execute()
}

/** Where something of these people was turned away for good since then: nothing more goes there by itself. */
export async function listRefusedAddresses(db: Database, people: number[], since: Date) {
  const { rows } = await sql<{ service_user_id: number; to_address: string }>`
    select distinct messages.service_user_id, contents.to_address
    from messages
    join deliveries on deliveries.message_id = messages.id and deliveries.outcome in ('refused', 'turned-away')
      and deliveries.at > ${since}
    join message_contents contents on contents.message_id = messages.id and contents.to_address is not null
    where messages.service_user_id = any(${people}::bigint[])`.execute(db)
  return rows
}

/** Everything that was tried with one message, in the order it happened. */
export function listDeliveries(db: Database, scope: Scope, messageId: number) {
  return db
    .selectFrom('deliveries')
    .select(['at', 'outcome', 'reason'])
    .where('organisation_id', '=', scope.organisationId)
    .where('message_id', '=', messageId)
    .orderBy('id')
    .execute()
}

/** How sending goes just now, whoever's messages they are: what the last try that came to anything came to. */
export async function findLastTry(
  db: Database,
): Promise<{ outcome: string; reason: string | null; at: string } | undefined> {
  return db
    .selectFrom('deliveries')
    .select(['outcome', 'reason', 'at'])
    .where('outcome', 'in', ['sent', 'failed', 'gave-up', 'kept'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}
