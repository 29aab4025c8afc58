import type { Change } from '../database/change.ts'
import { NotAllowed, NotFound, RuleBroken } from '../lib/refusals.ts'
import { findCircle } from './private-queries.ts'
import { mayKnowWhy } from './private-rules.ts'
import { lockContact } from './queries.ts'

/**
 * Writes down why contact may not be safe. PostgreSQL pauses everything in the same moment (`risk_pauses_contact`), and a
 * history tells of the pause alone, which anybody may begin for any reason. Who wrote the note is for the audit, and for
 * those who may read it; what it says is in neither.
 */
export async function addPrivateNote(change: Change, serviceUserId: number, note: string): Promise<void> {
  const { trx, by } = change
  if (!(await lockContact(trx, by, serviceUserId))) throw new NotFound()
  const { id } = await trx
    .insertInto('contact_risks')
    .values({
      organisation_id: by.organisationId,
      service_user_id: serviceUserId,
      recorded_at: change.now(),
      recorded_by: by.staffId,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx.insertInto('contact_risk_notes').values({ risk_id: id, organisation_id: by.organisationId, note }).execute()
  change.audit({ verb: 'safe-contact:paused', subject: ['service-user', serviceUserId], serviceUserId })
  change.audit({ verb: 'safe-contact:private-written', subject: ['service-user', serviceUserId], serviceUserId })
}

/**
 * Somebody who may know says by name that it holds no more, and how they know. What was paused stays paused until each
 * number and address is confirmed. Refuses whoever may not know (NotAllowed), and what was cleared before (RuleBroken).
 */
export async function clearPrivateNote(
  change: Change,
  { serviceUserId, riskId }: { serviceUserId: number; riskId: number },
  why: string,
): Promise<void> {
  const { trx, by } = change
  if (!(await lockContact(trx, by, serviceUserId))) throw new NotFound()
  if (!mayKnowWhy(by, await findCircle(trx, by, serviceUserId))) throw new NotAllowed()
  const risk = await trx
    .selectFrom('contact_risks')
    .select('cleared_at')
    .where('id', '=', riskId)
    .where('service_user_id', '=', serviceUserId)
    .where('organisation_id', '=', by.organisationId)
    .forUpdate()
    .executeTakeFirst()
  if (!risk) throw new NotFound()
  if (risk.cleared_at !== null) throw new RuleBroken('This was cleared already.')
  await trx
    .updateTable('contact_risks')
    .set({ cleared_at: change.now(), cleared_by: by.staffId })
    .where('id', '=', riskId)
    .execute()
  await trx.updateTable('contact_risk_notes').set({ cleared_note: why }).where('risk_id', '=', riskId).execute()
  change.audit({ verb: 'safe-contact:private-written', subject: ['service-user', serviceUserId], serviceUserId })
}
