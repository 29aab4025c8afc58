import type { Database } from '../database/connection.ts'
import { findMessageToSend } from './queries.ts'
import { isOver, type Outcome } from './rules.ts'

/** Hands one email over; see createMailer. */
export type SendEmail = (email: {
  messageId: string
  to: { name: string; address: string }
  subject: string
  body: string
}) => Promise<'sent' | 'kept'>

/** What sending throws when it is known why it failed. */
export interface KnownProblem {
  isRefusal: boolean
  reason: string
}

export interface Sending {
  db: Database
  clock: () => Date
  send: SendEmail
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
  const { db, clock, send } = sending
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
  await note('trying')
  try {
    const to = { name: to_name ?? '', address: to_address }
    const outcome = await send({ messageId: `<message-${id}@${sending.host}>`, to, subject, body })
    await note(outcome)
    if (outcome === 'sent') await emptySecret(db, message)
  } catch (error) {
    const problem = knownProblem(error)
    if (problem?.isRefusal) return void (await note('refused', problem.reason))
    await note(sending.isLastTry ? 'gave-up' : 'failed', problem?.reason)
    throw error
  }
}

/** What opens a door is not kept once it has been handed over or is of no more use. */
async function emptySecret(db: Database, { id, is_secret }: { id: number; is_secret: boolean }): Promise<void> {
  if (!is_secret) return
  await db.updateTable('message_contents').set({ body: null }).where('message_id', '=', id).execute()
}

function knownProblem(error: unknown): KnownProblem | null {
  const isKnown = typeof error === 'object' && error !== null && 'isRefusal' in error && 'reason' in error
  return isKnown ? (error as KnownProblem) : null
}
