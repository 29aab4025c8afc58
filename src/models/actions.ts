import type { Change } from '../database/change.ts'
import { changedValues } from '../lib/changed-values.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { lockModel } from './queries.ts'
import type { ModelDetails } from './rules.ts'

/** Adds a model. A name that its category has already is refused by `models_name_key`. */
export async function createModel(change: Change, details: ModelDetails): Promise<number> {
  const { id } = await change.trx
    .insertInto('models')
    .values({ ...details, organisation_id: change.by.organisationId, created_at: change.now() })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'model:created', subject: ['model', id], details: { new: details } })
  return id
}

/**
 * Changes a model as somebody saw it at `version`. Its items go with it: PostgreSQL carries a new category over to each
 * of them.
 */
export async function editModel(change: Change, id: number, version: number, details: ModelDetails): Promise<void> {
  const model = await lockModel(change.trx, change.by, id)
  if (!model) throw new NotFound()
  if (model.version !== version) throw new Stale()
  await change.trx
    .updateTable('models')
    .set({ ...details, version: version + 1 })
    .where('id', '=', id)
    .execute()
  change.audit({ verb: 'model:updated', subject: ['model', id], details: changedValues(model, details) })
}
