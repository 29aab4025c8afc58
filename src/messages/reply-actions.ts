import { type Author, makeChange } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import { makeContactTask } from '../safe-contact/actions.ts'
import { stopTexts } from '../safe-contact/said-actions.ts'
import { listPeopleAtNumber } from './reply-queries.ts'
import type { Reply } from './reply-rules.ts'

/**
 * Somebody answered a text. STOP is a no to texts, at once and for everybody whose number it is, until a person asks them again. Anything
 * else is a task, to ring them: nobody reads texts here. From a number that is nobody's it changes nothing.
 */
export async function noteReply(
  { db, clock }: { db: Database; clock: () => Date },
  { id, number, isStop }: Reply,
): Promise<void> {
  const people = await listPeopleAtNumber(db, number)
  for (const [organisationId, theirs] of Map.groupBy(people, ({ organisation_id }) => organisation_id)) {
    const by: Author = { organisationId, staffId: null }
    await makeChange({ db, by, clock }, async (change) => {
      for (const { service_user_id: serviceUserId, supporter_id: supporterId } of theirs) {
        if (isStop) {
          await stopTexts(change, serviceUserId, supporterId)
          continue
        }
        const task = { cause: `text-answered:${id}:${serviceUserId}:${supporterId ?? 0}`, kind: 'text-answered' }
        const about = {
          serviceUserId,
          supporterId,
          channel: 'text',
          purpose: 'information',
          reason: 'by-hand',
        } as const
        await makeContactTask({ trx: change.trx, by, at: change.now() }, { ...about, ...task })
        change.audit({ verb: 'safe-contact:text-answered', subject: ['service-user', serviceUserId], serviceUserId })
      }
    })
  }
}
