import type { Change } from '../database/change.ts'
import { changedValues } from '../lib/changed-values.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { findModelCategory, findWard, lockItem } from './edit-queries.ts'
import type { ItemDetails } from './edit-rules.ts'
import { claimItemTags } from './tag-actions.ts'

/**
 * Adds an item to the stock. A tag, IMEI or ICCID that another item has is refused by `items_tag_key`, `items_imei_key`
 * or `items_iccid_key`, the tag of a kit by `item_tag_is_a_kits`.
 */
export async function createItem(change: Change, details: ItemDetails): Promise<{ id: number; tag: string }> {
  await claimItemTags(change, [details.tag])
  const category = await checkParents(change, details)
  const { id } = await change.trx
    .insertInto('items')
    .values({ ...details, category, organisation_id: change.by.organisationId, created_at: change.now() })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'item:created', subject: ['item', id], details: { new: details } })
  return { id, tag: details.tag }
}

/** Changes what is said about an item, as somebody saw it at `version`. Who has it and which kit it is in stay. */
export async function editItem(change: Change, id: number, version: number, details: ItemDetails): Promise<void> {
  await claimItemTags(change, [details.tag])
  const item = await lockItem(change.trx, change.by, id)
  if (!item) throw new NotFound()
  if (item.version !== version) throw new Stale()
  const category = await checkParents(change, details)
  await change.trx
    .updateTable('items')
    .set({ ...details, category, version: version + 1 })
    .where('id', '=', id)
    .execute()
  change.audit({ verb: 'item:updated', subject: ['item', id], details: changedValues(item, details) })
}

/** The model and the ward must be this organisation's: another's is refused like one that does not exist. */
async function checkParents(change: Change, { model_id, kept_at_ward_id }: ItemDetails): Promise<string> {
  const model = await findModelCategory(change.trx, change.by, model_id)
  if (!model) throw new NotFound()
  if (kept_at_ward_id !== null && !(await findWard(change.trx, change.by, kept_at_ward_id))) throw new NotFound()
  return model.category
}
