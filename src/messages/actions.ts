import type { Author, Change } from '../database/change.ts'
import { addJob } from '../database/jobs.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { findMessage } from './queries.ts'
import { MOST_TRIES, messageState } from './rules.ts'

export interface EmailOrder {
  /** What it is sent for, such as `invitation:12`: one cause, one message. */
  cause: string
  kind: string
  to: { staffId: number | null; name: string; address: string }
  subject: string
  body: string
  /** After this it is worth nothing to whoever gets it, and is not sent any more. */
  sendUntil: Date
  /** It opens a door, as a link to set a password does: nobody reads it here, and it is emptied once it is sent. */
  isSecret: boolean
}

/**
 * Writes an email in the transaction of what causes it, with the job that sends it: both are there when it is committed,
 * and neither when it is not. Asked for a second time, the same cause adds nothing. Gives the message's id.
 */
export async function queueEmail(change: Change<Author>, order: EmailOrder): Promise<{ id: number } | null> {
  const { trx, by } = change
  const message = await trx
    .insertInto('messages')
    .values({
      organisation_id: by.organisationId,
      cause: order.cause,
      kind: order.kind,
      channel: 'email',
      staff_id: order.to.staffId,
      created_at: change.now(),
      send_until: order.sendUntil,
      is_secret: order.isSecret,
    })
    .onConflict((conflict) => conflict.column('cause').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!message) return null
  await trx
    .insertInto('message_contents')
    .values({
      message_id: message.id,
      to_name: order.to.name,
      to_address: order.to.address,
      subject: order.subject,
      body: order.body,
    })
    .execute()
  await queueSending({ trx }, message.id)
  return message
}

/** Tries a message again that was given up. Refuses one that is on its way, was sent, or has come to nothing by now. */
export async function sendAgain(change: Change, id: number): Promise<void> {
  const { trx, by } = change
  await trx
    .selectFrom('messages')
    .select('id')
    .where('id', '=', id)
    .where('organisation_id', '=', by.organisationId)
    .forUpdate()
    .executeTakeFirstOrThrow(() => new NotFound())
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

function queueSending({ trx }: Pick<Change, 'trx'>, messageId: number): Promise<void> {
  return addJob(trx, 'send-message', { messageId }, { key: `send-message:${messageId}`, maxAttempts: MOST_TRIES })
}
