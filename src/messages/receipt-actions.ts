import type { Database } from '../database/connection.ts'
import { TooBusy } from '../lib/refusals.ts'
import { makeContactTask } from '../safe-contact/actions.ts'
import { findMessageToSend, lockMessage } from './queries.ts'
import type { Receipt } from './receipt-rules.ts'

/**
 * Writes down what became of a text. Told again, told of a text that never left, or of one that is not ours, it changes nothing.
 * What did not arrive becomes a task: somebody tells the person in another way. Refuses (TooBusy) what comes while the text is being
 * handed over.
 */
export async function noteArrival(
  { db, clock }: { db: Database; clock: () => Date },
  { messageId, arrival, reason }: Receipt,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockMessage(trx, messageId)
    const message = await findMessageToSend(trx, messageId)
    if (message?.channel !== 'text') return
    // it is quicker than our own note that the text is handed over: it is told again in a while
    if (message.outcome === 'trying') throw new TooBusy()
    if (message.outcome !== 'sent') return
    const at = clock()
    const { organisation_id, service_user_id: serviceUserId, supporter_id: supporterId, purpose, cause, kind } = message
    await trx
      .insertInto('deliveries')
      .values({ organisation_id, message_id: messageId, at, outcome: arrival, reason })
      .execute()
    if (arrival === 'delivered' || serviceUserId === null || purpose === null) return
    const about = { serviceUserId, supporterId, cause, kind, channel: message.channel, purpose }
    const why = arrival === 'turned-away' ? 'refused' : 'undelivered'
    await makeContactTask({ trx, by: { organisationId: organisation_id }, at }, { ...about, reason: why })
  })
}
