import type { Change } from '../database/change.ts'
import { changedValues } from '../lib/changed-values.ts'
import { londonToday } from '../lib/dates.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import type { SignpostDetails } from './form.ts'
import { lockSignpost } from './queries.ts'

export async function addSignpost(change: Change, details: SignpostDetails): Promise<{ id: number }> {
  const { trx, by } = change
  const { id } = await trx
    .insertInto('signposts')
    .values({ ...details, organisation_id: by.organisationId, checked_by: by.staffId })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'signpost:added', subject: ['signpost', id], details: { new: details } })
  return { id }
}

/** Changes an entry, as somebody saw it at `version`. */
export async function editSignpost(
  change: Change,
  id: number,
  version: number,
  details: SignpostDetails,
): Promise<void> {
  const { trx, by } = change
  const before = await lockSignpost(trx, by, id)
  if (!before) throw new NotFound()
  if (before.version !== version) throw new Stale()
  await trx
    .updateTable('signposts')
    .set({ ...details, checked_by: by.staffId, version: version + 1 })
    .where('id', '=', id)
    .execute()
  change.audit({ verb: 'signpost:changed', subject: ['signpost', id], details: changedValues(before, details) })
}

/** Somebody looked, and all of it is still right. */
export async function checkSignpost(change: Change, id: number): Promise<void> {
  const { trx, by } = change
  if (!(await lockSignpost(trx, by, id))) throw new NotFound()
  const checked = { checked_on: londonToday(change.now()), checked_by: by.staffId }
  await trx.updateTable('signposts').set(checked).where('id', '=', id).execute()
  change.audit({ verb: 'signpost:checked', subject: ['signpost', id] })
}

/** It is there no more. The row stays: what was printed is told by it. */
export async function endSignpost(change: Change, id: number): Promise<void> {
  const { trx, by } = change
  if (!(await lockSignpost(trx, by, id))) throw new NotFound()
  await trx.updateTable('signposts').set({ ended_at: change.now() }).where('id', '=', id).execute()
  change.audit({ verb: 'signpost:ended', subject: ['signpost', id] })
}
