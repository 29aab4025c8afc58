import { type SqlBool, sql } from 'kysely'
import { requireOwnWard } from '../bookings/actions.ts'
import type { Change } from '../database/change.ts'
import { isInReach } from '../items/reach-queries.ts'
import { londonToday } from '../lib/dates.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { giveTriesBack } from '../pins/actions.ts'
import { isWithInpatient } from './queries.ts'
import { type PermitForm, permitUntil } from './rules.ts'

/**
 * The nurse in charge lets a longer cable be used on the ward for a time. Refuses (NotFound) what is not ours; PostgreSQL refuses
 * whoever does not work there (`cable_permit_is_signed_on_the_ward`).
 */
export async function signForCable(
  change: Change,
  { wardId, pinId, ...form }: Omit<PermitForm, 'pin'> & { wardId: number; pinId: number },
): Promise<{ id: number }> {
  const { trx, by } = change
  requireOwnWard(change, wardId)
  if (!(await giveTriesBack(change.trx, pinId))) throw new RuleBroken('That PIN was changed or locked meanwhile.')
  const item = await trx
    .selectFrom('items')
    .select('tag')
    .where('id', '=', form.itemId)
    .where('organisation_id', '=', by.organisationId)
    .where(sql<SqlBool>`(${isInReach(by)} or ${isWithInpatient(wardId)})`)
    .executeTakeFirst()
  if (!item) throw new NotFound()
  const now = change.now()
  const permit = await trx
    .insertInto('cable_permits')
    .values({
      organisation_id: by.organisationId,
      ward_id: wardId,
      item_id: form.itemId,
      because: form.because,
      signed_at: now,
      signed_by: form.signerId,
      asked_by: by.staffId,
      until: permitUntil(londonToday(now), form.length.days),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({
    verb: 'ward:cable-permitted',
    subject: ['ward', wardId],
    details: { items: [item.tag], signedBy: form.signerId, because: form.because },
  })
  return permit
}
