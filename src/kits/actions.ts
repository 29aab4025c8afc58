import type { Change } from '../database/change.ts'
import { leftAs } from '../items/rules.ts'
import { claimKitTag } from '../items/tag-actions.ts'
import { changedValues } from '../lib/changed-values.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { lockItemWithKit, lockKit } from './queries.ts'
import type { KitDetails } from './rules.ts'

/** Makes an empty kit. A tag that is taken is refused by `kits_tag_key`, that of an item by `kit_tag_is_an_items`. */
export async function createKit(change: Change, details: KitDetails): Promise<number> {
  await claimKitTag(change, details.tag)
  const { id } = await change.trx
    .insertInto('kits')
    .values({ ...details, organisation_id: change.by.organisationId, created_at: change.now() })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'kit:created', subject: ['kit', id], details: { new: details } })
  return id
}

/** Changes the tag, name and notes of a kit, as somebody saw it at `version`. What is in it stays. */
export async function editKit(change: Change, id: number, version: number, details: KitDetails): Promise<void> {
  await claimKitTag(change, details.tag)
  const kit = await lockKit(change.trx, change.by, id)
  if (!kit) throw new NotFound()
  if (kit.version !== version) throw new Stale()
  await change.trx
    .updateTable('kits')
    .set({ ...details, version: version + 1 })
    .where('id', '=', id)
    .execute()
  change.audit({ verb: 'kit:updated', subject: ['kit', id], details: changedValues(kit, details) })
}

/** The item is in another kit, and a kit is only complete with all that belongs to it: somebody has to say so. */
export class InAnotherKit extends RuleBroken {
  readonly item: { id: number; tag: string }
  readonly kit: { id: number; tag: string; name: string }
  constructor(item: InAnotherKit['item'], kit: InAnotherKit['kit']) {
    super(`${item.tag} is in the kit ${kit.name} (${kit.tag}).`)
    this.item = item
    this.kit = kit
  }
}

/**
 * Puts an item into a kit. An item is in one kit at most: taking it out of another is only done when `fromKitId` says
 * that this very kit was shown. Gives the item's tag.
 */
export async function addToKit(
  change: Change,
  kitId: number,
  itemId: number,
  fromKitId: number | null,
): Promise<string> {
  const kit = await lockKit(change.trx, change.by, kitId)
  const item = await lockItemWithKit(change.trx, change.by, itemId)
  if (!kit || !item) throw new NotFound()
  if (item.kit_id === kitId) throw new RuleBroken(`${item.tag} is in this kit already.`)
  if (item.left_as !== null) throw new RuleBroken(`${item.tag} is no longer ours (${reason(item.left_as)}).`)
  if (item.kit_id !== null && item.kit_id !== fromKitId) {
    throw new InAnotherKit(item, { id: item.kit_id, tag: item.kit_tag ?? '', name: item.kit ?? '' })
  }
  await change.trx.updateTable('items').set({ kit_id: kitId }).where('id', '=', itemId).execute()
  if (item.kit_id !== null) auditRemoval(change, { id: item.kit_id, tag: item.kit_tag }, item)
  change.audit({ verb: 'kit:item-added', subject: ['kit', kitId], details: { itemId, tag: item.tag } })
  change.audit({ verb: 'item:added-to-kit', subject: ['item', itemId], details: { kitId, kit: kit.tag } })
  return item.tag
}

/** Takes an item out of a kit. Gives the item's tag. */
export async function removeFromKit(change: Change, kitId: number, itemId: number): Promise<string> {
  const kit = await lockKit(change.trx, change.by, kitId)
  const item = await lockItemWithKit(change.trx, change.by, itemId)
  if (!kit || !item) throw new NotFound()
  if (item.kit_id !== kitId) throw new RuleBroken(`${item.tag} is not in this kit any more.`)
  await change.trx.updateTable('items').set({ kit_id: null }).where('id', '=', itemId).execute()
  auditRemoval(change, kit, item)
  return item.tag
}

function auditRemoval(
  change: Change,
  kit: { id: number; tag: string | null },
  item: { id: number; tag: string },
): void {
  change.audit({ verb: 'kit:item-removed', subject: ['kit', kit.id], details: { itemId: item.id, tag: item.tag } })
  change.audit({ verb: 'item:removed-from-kit', subject: ['item', item.id], details: { kitId: kit.id, kit: kit.tag } })
}

function reason(left: string): string {
  return (leftAs[left] ?? left).toLowerCase()
}
