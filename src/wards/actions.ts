import type { Change } from '../database/change.ts'
import { changedValues } from '../lib/changed-values.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { findObstacles, lockWard } from './admin-queries.ts'
import { isEmptyWard, type WardDetails } from './rules.ts'
import { lockSite } from './site-queries.ts'

/** Adds a site. A name that another has is refused by `sites_name_key`. */
export async function addSite(change: Change, name: string): Promise<{ id: number }> {
  const site = await change.trx
    .insertInto('sites')
    .values({ organisation_id: change.by.organisationId, name })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'site:added', subject: ['site', site.id], details: { new: { name } } })
  return site
}

/** Gives a site another name, as somebody saw it at `version`. */
export async function renameSite(change: Change, id: number, version: number, name: string): Promise<void> {
  const site = await lockSite(change.trx, change.by, id)
  if (!site) throw new NotFound()
  if (site.version !== version) throw new Stale()
  await change.trx
    .updateTable('sites')
    .set({ name, version: version + 1 })
    .where('id', '=', id)
    .execute()
  change.audit({ verb: 'site:renamed', subject: ['site', id], details: changedValues(site, { name }) })
}

/** Adds a ward. Its name and its code are nobody else's: `wards_name_key`, `wards_code_key`. Refuses (NotFound) a site that is not ours. */
export async function addWard(change: Change, details: WardDetails): Promise<{ id: number }> {
  await requireSite(change, details.site_id)
  const ward = await change.trx
    .insertInto('wards')
    .values({ ...details, organisation_id: change.by.organisationId })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'ward:added', subject: ['ward', ward.id], details: { new: details } })
  return ward
}

/** Changes a ward as somebody saw it at `version`, closed or not. */
export async function changeWard(change: Change, id: number, version: number, details: WardDetails): Promise<void> {
  const ward = await requireWard(change, id)
  if (ward.version !== version) throw new Stale()
  await requireSite(change, details.site_id)
  await change.trx
    .updateTable('wards')
    .set({ ...details, version: version + 1 })
    .where('id', '=', id)
    .execute()
  change.audit({ verb: 'ward:updated', subject: ['ward', id], details: changedValues(ward, details) })
}

/**
 * From now on nothing is put there, and no list to choose from offers it; what happened there stays. Refuses (RuleBroken)
 * while anything is there: PostgreSQL asks the same (`ward_closes_empty`).
 */
export async function closeWard(change: Change, id: number): Promise<void> {
  const ward = await requireWard(change, id)
  if (ward.closed_at !== null) throw new RuleBroken(`${ward.name} is closed already.`)
  if (!isEmptyWard(await findObstacles(change.trx, change.by, id))) throw notEmpty(ward)
  await setClosed(change, ward, { closed_at: change.now(), closed_by: change.by.staffId })
  change.audit({ verb: 'ward:closed', subject: ['ward', id] })
}

export async function openWard(change: Change, id: number): Promise<void> {
  const ward = await requireWard(change, id)
  if (ward.closed_at === null) throw new RuleBroken(`${ward.name} is in use already.`)
  await setClosed(change, ward, { closed_at: null, closed_by: null })
  change.audit({ verb: 'ward:opened', subject: ['ward', id] })
}

function setClosed(
  { trx }: Change,
  { id, version }: { id: number; version: number },
  closed: { closed_at: Date | null; closed_by: number | null },
) {
  return trx
    .updateTable('wards')
    .set({ ...closed, version: version + 1 })
    .where('id', '=', id)
    .execute()
}

const notEmpty = ({ name }: { name: string }) => new RuleBroken(`${name} cannot be closed yet.`)

async function requireWard({ trx, by }: Change, id: number) {
  const ward = await lockWard(trx, by, id)
  if (!ward) throw new NotFound()
  return ward
}

async function requireSite({ trx, by }: Change, id: number): Promise<void> {
  const { organisationId } = by
  await trx
    .selectFrom('sites')
    .select('id')
    .where('id', '=', id)
    .where('organisation_id', '=', organisationId)
    .executeTakeFirstOrThrow(() => new NotFound())
}
