import type { Database } from '../database/connection.ts'
import { calendarFile } from '../diary/calendar-file-rules.ts'
import { NotFound } from '../lib/refusals.ts'
import { makeContactTask } from '../safe-contact/actions.ts'
import { findContact } from '../safe-contact/queries.ts'
import { mayContact, recipientOf } from '../safe-contact/rules.ts'
import { queueSending } from './actions.ts'
import { findMessageToSend, type MessageToSend } from './queries.ts'
import { isOver, type Outcome } from './rules.ts'

/** Hands one email over; see createMailer. */
export type SendEmail = (email: {
  messageId: string
  /** Whom they know; null: the service as it calls itself. */
  sender: string | null
  to: { name: string; address: string }
  subject: string
  body: string
  calendar: string | null
  attached: { filename: string; content: string } | null
}) => Promise<'sent' | 'kept'>

/** What sending throws when it is known why it failed. */
export interface KnownProblem {
  isRefusal: boolean
  reason: string
}

/** Hands one text over; see createTexter. */
export type SendText = (text: { reference: string; to: string; body: string }) => Promise<'sent' | 'kept'>

export interface Sending {
  db: Database
  clock: () => Date
  send: SendEmail
  sendText: SendText
  /** What stands after the @ of a message's own id. */
  host: string
  isLastTry: boolean
}

/**
 * Sends one message, and writes down each step before and after: one that was killed in between is sent again under the
 * same Message-ID, so a message that was committed goes out at least once, and twice only where a mail server took it and
 * could not say so. Throws what is to be tried again.
 */
export async function sendMessage(sending: Sending, id: number): Promise<void> {
  const { db, clock } = sending
  const message = await findMessageToSend(db, id)
  if (!message || isOver(message.outcome)) return
  const note = (outcome: Outcome, reason?: string) =>
    db
      .insertInto('deliveries')
      .values({
        organisation_id: message.organisation_id,
        message_id: id,
        at: clock(),
        outcome,
        reason: reason ?? null,
      })
      .execute()

  const { to_address, to_name, subject, body } = message
  if (new Date(message.send_until) <= clock() || to_address === null || subject === null || body === null) {
    await note('too-late')
    await emptySecret(db, message)
    return
  }
  if (!message.holds) {
    await note('overtaken')
    return await emptySecret(db, message)
  }
  if (!(await mayGoOut(sending, message))) return
  await note('trying')
  try {
    const outcome = await handOver(sending, message, { name: to_name ?? '', address: to_address }, { subject, body })
    await note(outcome)
    if (outcome === 'sent') await emptySecret(db, message)
    await emptyAttached(db, message)
  } catch (error) {
    const problem = knownProblem(error)
    if (problem?.isRefusal) {
      await note('refused', problem.reason)
      return await tellOfRefusal(sending, message)
    }
    await note(sending.isLastTry ? 'gave-up' : 'failed', problem?.reason)
    throw error
  }
}

function handOver(
  { send, sendText, clock, host }: Sending,
  { id, kind, channel, sender, session, attached }: MessageToSend,
  to: { name: string; address: string },
  words: { subject: string; body: string },
): Promise<'sent' | 'kept'> {
  if (channel === 'text') return sendText({ reference: `message-${id}`, to: to.address, body: words.body })
  const calendar = session && calendarFile({ ...session, cancelled_at: null }, clock())
  const page = attached === null ? null : { filename: `${kind}.html`, content: attached }
  return send({ messageId: `<message-${id}@${host}>`, sender, to, ...words, calendar, attached: page })
}

/**
 * Asks once more whether it may be sent, since things may have changed while it waited. What may not becomes a task, what may
 * not yet goes back into the queue until its hour.
 */
async function mayGoOut({ db, clock }: Sending, message: MessageToSend): Promise<boolean> {
  const { service_user_id: serviceUserId, supporter_id: supporterId, purpose, channel } = message
  if (serviceUserId === null || purpose === null) return true
  const by = { organisationId: message.organisation_id }
  const person = await findContact(db, by, serviceUserId)
  if (!person) throw new NotFound()
  const recipient = recipientOf(person, person.contact, supporterId)
  const verdict = mayContact(recipient, message.to_address, channel, purpose, clock())
  if (verdict.yes) return true
  const { from } = verdict
  const isInTime = from !== undefined && from < new Date(message.send_until)
  await db.transaction().execute(async (trx) => {
    if (isInTime) return queueSending({ trx }, message.id, from)
    const delivery = { organisation_id: by.organisationId, message_id: message.id, at: clock() }
    await trx
      .insertInto('deliveries')
      .values({ ...delivery, outcome: 'withheld', reason: verdict.reason })
      .execute()
    const reason = from === undefined ? verdict.reason : 'too-late'
    const { cause, kind } = message
    const task = { serviceUserId, supporterId, cause, kind, channel, purpose, reason }
    await makeContactTask({ trx, by, at: clock() }, task)
    await emptySecret(trx, message)
  })
  return false
}

/** An address that takes nothing is for a person to ask about; nothing falls due to it meanwhile (`listRefusedAddresses`). */
async function tellOfRefusal({ db, clock }: Sending, message: MessageToSend): Promise<void> {
  const { service_user_id: serviceUserId, supporter_id: supporterId, purpose, cause, kind, channel } = message
  if (serviceUserId === null || purpose === null) return
  const by = { organisationId: message.organisation_id }
  const task = { serviceUserId, supporterId, cause, kind, channel, purpose, reason: 'refused' }
  await db.transaction().execute((trx) => makeContactTask({ trx, by, at: clock() }, task))
}

/** What opens a door is not kept once it has been handed over or is of no more use. */
async function emptySecret(db: Database, { id, is_secret }: { id: number; is_secret: boolean }): Promise<void> {
  if (!is_secret) return
  await db.updateTable('message_contents').set({ body: null }).where('message_id', '=', id).execute()
}

/** The same stands on a page of ours: it is not kept twice. */
async function emptyAttached(db: Database, { id, attached }: MessageToSend): Promise<void> {
  if (attached === null) return
  await db.updateTable('message_contents').set({ attached: null }).where('message_id', '=', id).execute()
}

function knownProblem(error: unknown): KnownProblem | null {
  const isKnown = typeof error === 'object' && error !== null && 'isRefusal' in error && 'reason' in error
  return isKnown ? (error as KnownProblem) : null
}
