import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import type { StaffSession } from './staff-form.ts'

/**
 * Writes down who of a ward came to a session for staff. Refuses (RuleBroken) somebody who is not on the ward, or who stands there
 * for that day already. Gives how many came.
 */
export async function writeStaffSession(
  change: Change,
  wardId: number,
  session: StaffSession,
): Promise<{ count: number }> {
  const { trx, by } = change
  const { topic, trainedOn, staffIds } = session
  const ward = await trx
    .selectFrom('wards')
    .select('id')
    .where('id', '=', wardId)
    .where('organisation_id', '=', by.organisationId)
    .executeTakeFirst()
  if (!ward) throw new NotFound()
  const { rows: members } = await sql<{ is_on_ward: boolean }>`
    select exists (select from staff_wards where staff_id = staff.id and ward_id = ${wardId}) as is_on_ward
    from staff where organisation_id = ${by.organisationId} and id = any(${staffIds}::bigint[])
  `.execute(trx)
  // somebody of another organisation is nobody
  if (members.length < staffIds.length) throw new NotFound()
  if (members.some(({ is_on_ward }) => !is_on_ward)) {
    throw new RuleBroken('Somebody of these is not on this ward. Only who is on it can be ticked.')
  }
  const now = change.now()
  const { rows } = await sql<{ id: number }>`
    insert into staff_trainings (organisation_id, staff_id, topic, trained_on, recorded_at, recorded_by)
    select ${by.organisationId}, staff_id, ${topic}, ${trainedOn}, ${now}, ${by.staffId}
    from unnest(${staffIds}::bigint[]) as staff_id
    on conflict do nothing returning id
  `.execute(trx)
  if (rows.length < staffIds.length) {
    throw new RuleBroken('For somebody of these it is written down for that day already. Leave them out.')
  }
  const details = { new: { topic, trained_on: trainedOn, staff_ids: staffIds } }
  change.audit({ verb: 'training:staff-written', subject: ['ward', wardId], details })
  return { count: rows.length }
}

/** Takes off what was written down wrong. It stays readable in the audit. */
export async function takeOffStaffTraining(change: Change, id: number): Promise<void> {
  const { trx, by } = change
  const found = await trx
    .selectFrom('staff_trainings')
    .select(['cancelled_at', 'staff_id', 'topic', 'trained_on'])
    .where('id', '=', id)
    .where('organisation_id', '=', by.organisationId)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (!found) throw new NotFound()
  if (found.cancelled_at !== null) throw new Stale()
  const cancelled = { cancelled_at: change.now(), cancelled_by: by.staffId }
  await trx.updateTable('staff_trainings').set(cancelled).where('id', '=', id).execute()
  const { topic, trained_on } = found
  change.audit({
    ...{ verb: 'training:staff-taken-off', subject: ['staff', found.staff_id] },
    details: { old: { topic, trained_on } },
  })
}
