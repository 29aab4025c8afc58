import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { formatInstant, londonDate, londonToday } from '../lib/dates.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { beginTurnaround, endStay } from '../repairs/actions.ts'
import { type ItemOnHand, lockItemOnHand } from '../repairs/queries.ts'
import { findKitOf, findLastDisposal, findNextPlan } from './queries.ts'
import { canBringBack, type DisposalDetails, whyNotRetired } from './rules.ts'

/**
 * Takes an item out of the stock on purpose, with the record of where it went and what became of its data. Its turnaround
 * or repair ends with that, and it leaves its kit. Refuses (RuleBroken) what somebody has, what a ward has and what is
 * promised to somebody.
 */
export async function retireItem(change: Change, itemId: number, details: DisposalDetails): Promise<{ tag: string }> {
  const { trx, by } = change
  const item = await lockItemOnHand(trx, by, itemId)
  if (!item) throw new NotFound()
  const refusal = whyNotRetired(item)
  if (refusal !== null) throw new RuleBroken(refusal)
  const now = change.now()
  const plan = await findNextPlan(trx, item.id, now)
  if (plan) {
    throw new RuleBroken(
      `${item.tag} is planned for somebody from ${formatInstant(plan.starts_at)}. Call that off first.`,
    )
  }

  await endStay(change, item, item.hold_kind === 'repair' ? 'beyond-repair' : 'retired', now)
  await leaveKit(change, item)
  await trx
    .updateTable('items')
    .set({ left_at: now, left_as: 'retired', kit_id: null, version: sql`version + 1` })
    .where('id', '=', item.id)
    .execute()
  await trx
    .insertInto('disposals')
    .values({
      ...details,
      organisation_id: by.organisationId,
      item_id: item.id,
      retired_at: now,
      retired_by: by.staffId,
    })
    .execute()
  change.audit({ verb: 'item:retired', subject: ['item', item.id], details: { new: details } })
  return { tag: item.tag }
}

async function leaveKit(change: Change, item: ItemOnHand): Promise<void> {
  if (item.kit_id === null) return
  const kit = await findKitOf(change.trx, change.by, item.kit_id)
  if (!kit) return
  change.audit({ verb: 'kit:item-removed', subject: ['kit', kit.id], details: { itemId: item.id, tag: item.tag } })
  change.audit({ verb: 'item:removed-from-kit', subject: ['item', item.id], details: { kitId: kit.id, kit: kit.tag } })
}

/** It is back already: a second click, or a colleague was quicker. */
export class BackAlready extends RuleBroken {}

/**
 * Undoes a retirement that was a mistake, while there is time: the item is ours again and on the bench, with every step to
 * do, because nobody knows what was done to it. The record stays. Gives the item's tag.
 */
export async function bringBack(change: Change, itemId: number, disposalId: number): Promise<{ tag: string }> {
  const { trx, by } = change
  const item = await lockItemOnHand(trx, by, itemId)
  const disposal = item && (await findLastDisposal(trx, by, item.id))
  if (!disposal || disposal.id !== disposalId) throw new NotFound()
  if (disposal.undone_at !== null) throw new BackAlready(`${item.tag} is ours again already.`)
  const now = change.now()
  if (!canBringBack(londonDate(disposal.retired_at), londonToday(now))) {
    throw new RuleBroken(`${item.tag} was retired too long ago to be brought back. Add it as a new item if it is here.`)
  }

  await trx
    .updateTable('disposals')
    .set({ undone_at: now, undone_by: by.staffId })
    .where('id', '=', disposal.id)
    .execute()
  await trx
    .updateTable('items')
    .set({ left_at: null, left_as: null, version: sql`version + 1` })
    .where('id', '=', item.id)
    .execute()
  await beginTurnaround(change, item.id, now)
  change.audit({ verb: 'item:brought-back', subject: ['item', item.id] })
  return { tag: item.tag }
}
