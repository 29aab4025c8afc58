import type { Change } from '../database/change.ts'
import { changedValues } from '../lib/changed-values.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import type { PlatformDetails } from './form.ts'
import { lockPlatform } from './queries.ts'

/** Adds a platform. Refuses (NotUnique) a name there is. */
export async function addPlatform(change: Change, details: PlatformDetails): Promise<{ id: number }> {
  const { id } = await change.trx
    .insertInto('platforms')
    .values({ ...details, organisation_id: change.by.organisationId })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'platform:added', subject: ['platform', id], details: { new: details } })
  return { id }
}

/** Changes a platform, as somebody saw it at `version`. */
export async function editPlatform(
  change: Change,
  id: number,
  version: number,
  details: PlatformDetails,
): Promise<void> {
  const before = await lockPlatform(change.trx, change.by, id)
  if (!before) throw new NotFound()
  if (before.version !== version) throw new Stale()
  await change.trx
    .updateTable('platforms')
    .set({ ...details, version: version + 1 })
    .where('id', '=', id)
    .execute()
  change.audit({ verb: 'platform:changed', subject: ['platform', id], details: changedValues(before, details) })
}

/** Somebody takes the risk of a platform on, by name. */
export async function acceptRisk(change: Change, id: number, risk: string): Promise<{ id: number }> {
  const platform = await lockPlatform(change.trx, change.by, id)
  if (!platform) throw new NotFound()
  await change.trx
    .insertInto('platform_risks')
    .values({
      ...{ organisation_id: change.by.organisationId, platform_id: id, risk },
      ...{ accepted_at: change.now(), accepted_by: change.by.staffId },
    })
    .execute()
  change.audit({ verb: 'platform:risk-accepted', subject: ['platform', id], details: { new: { risk } } })
  return { id }
}
