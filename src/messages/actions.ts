import type { Insertable } from 'kysely'
import type { Author, Change } from '../database/change.ts'
import { addJob } from '../database/jobs.ts'
import { lockRow } from '../database/lock.ts'
import type { Messages } from '../database/schema.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { makeContactTask } from '../safe-contact/actions.ts'
import type { How, Purpose } from '../safe-contact/kinds-rules.ts'
import { findContact } from '../safe-contact/queries.ts'
import { addressToUse, howToContact, mayContact, recipientOf } from '../safe-contact/rules.ts'
import { findMessage } from './queries.ts'
import { MOST_TRIES, messageState } from './rules.ts'

interface EmailOrder {
  /** What it is sent for, such as `invitation:12`: one cause, one message. */
  cause: string
  kind: string
  /** After this it is worth nothing to whoever gets it, and is not sent any more. */
  sendUntil: Date
  /** It opens a door, as a link does that needs no sign-in: nobody reads it here, and it is emptied once it is sent. */
  isSecret: boolean
}

/** An email to a member of staff, for their work. */
export interface StaffEmail extends EmailOrder {
  to: { staffId: number; name: string; address: string }
  subject: string
  body: string
  /** A page to go with it, as HTML. */
  attached?: string
}

/**
 * An email to a service user or to somebody who supports them. It names no address: the door itself takes the one on the
 * record, so that nothing can be sent to another. What it says is written when it is known how it may be said.
 */
export interface PersonEmail extends EmailOrder {
  to: { serviceUserId: number; supporterId: number | null }
  purpose: Purpose
  write(how: How): { subject: string; body: string }
}

/**
 * Writes an email to a member of staff in the transaction of what causes it, with the job that sends it: both are there when
 * it is committed, and neither when it is not. Asked for a second time, the same cause adds nothing. Gives the message's id.
 */
export function queueEmail(change: Change<Author>, order: StaffEmail): Promise<{ id: number } | null> {
  const { staffId: staff_id, name, address } = order.to
  const words = { name, address, subject: order.subject, body: order.body, attached: order.attached ?? null }
  return writeMessage(change, { ...order, staff_id }, words)
}

/**
 * As {@link queueEmail}, to a service user or somebody who supports them: the one way to them. What `mayContact` says no to is
 * not written at all, and becomes a task that says what to do instead; what is only out of hours waits for its hour. It is
 * asked again before it is sent, and PostgreSQL asks too.
 */
export async function queueEmailToPerson(
  change: Change<Author>,
  order: PersonEmail,
): Promise<{ id: number } | { taskId: number } | null> {
  const { trx, by } = change
  const { to, purpose } = order
  const person = await findContact(trx, by, to.serviceUserId)
  if (!person) throw new NotFound()
  const recipient = recipientOf(person, person.contact, to.supporterId)
  const address = addressToUse(recipient, 'email')
  const verdict = mayContact(recipient, address, 'email', purpose, change.now())
  const later = verdict.yes ? null : (verdict.from ?? null)
  const how = howToContact(recipient, 'email')
  if (address === null || how === null || (!verdict.yes && (later === null || later >= order.sendUntil))) {
    const reason = verdict.yes || later !== null ? 'too-late' : verdict.reason
    const taskId = await makeContactTask({ trx, by, at: change.now() }, { ...order, ...to, channel: 'email', reason })
    return taskId === null ? null : { taskId }
  }
  const supporter = person.contact.supporters.find(({ id }) => id === to.supporterId)
  const columns = { service_user_id: to.serviceUserId, supporter_id: to.supporterId, purpose }
  const name = supporter?.name ?? (person.known_as || person.name)
  return writeMessage(change, { ...order, ...columns }, { name, address, ...order.write(how) }, later)
}

type Columns = Pick<Insertable<Messages>, 'staff_id' | 'service_user_id' | 'supporter_id' | 'purpose'>

async function writeMessage(
  change: Change<Author>,
  { cause, kind, sendUntil, isSecret, ...columns }: EmailOrder & Columns,
  words: { name: string; address: string; subject: string; body: string; attached?: string | null },
  runAt: Date | null = null,
): Promise<{ id: number } | null> {
  const { trx, by } = change
  const { staff_id = null, service_user_id = null, supporter_id = null, purpose = null } = columns
  const message = await trx
    .insertInto('messages')
    .values({
      ...{ organisation_id: by.organisationId, cause, kind, channel: 'email' },
      ...{ is_secret: isSecret, staff_id, service_user_id, supporter_id, purpose },
      created_at: change.now(),
      send_until: sendUntil,
    })
    .onConflict((conflict) => conflict.column('cause').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!message) return null
  const { name: to_name, address: to_address, subject, body, attached = null } = words
  await trx
    .insertInto('message_contents')
    .values({ message_id: message.id, to_name, to_address, subject, body, attached })
    .execute()
  await queueSending({ trx }, message.id, runAt)
  return message
}

/** Tries a message again that was given up. Refuses one that is on its way, was sent, or has come to nothing by now. */
export async function sendAgain(change: Change, id: number): Promise<void> {
  const { trx, by } = change
  await lockRow(change, 'messages', id)
  const message = await findMessage(trx, by, id)
  if (!message) throw new NotFound()
  const now = change.now()
  if (messageState(message.outcome) !== 'stuck') throw new RuleBroken('This message is on its way already.')
  if (new Date(message.send_until) <= now) {
    throw new RuleBroken('What this message says is no longer of use. Start again from where it was asked for.')
  }
  await trx
    .insertInto('deliveries')
    .values({ organisation_id: by.organisationId, message_id: id, at: now, outcome: 'again' })
    .execute()
  await queueSending(change, id)
  change.audit({ verb: 'message:sent-again', subject: ['message', id] })
}

/** Puts the sending of a message in the queue, for now or for a moment to come. */
export function queueSending(
  { trx }: Pick<Change, 'trx'>,
  messageId: number,
  runAt: Date | null = null,
): Promise<void> {
  const options = { key: `send-message:${messageId}`, maxAttempts: MOST_TRIES, ...(runAt && { runAt }) }
  return addJob(trx, 'send-message', { messageId }, options)
}
