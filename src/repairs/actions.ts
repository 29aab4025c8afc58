import type { Change } from '../database/change.ts'
import { changedValues } from '../lib/changed-values.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { findRepair, type ItemOnHand, lockItemOnHand, type Repair } from './queries.ts'
import { type RepairDetails, whyNotToRepair } from './rules.ts'

/**
 * Sends an item to repair, from the shelf, from a ward's pool or from the bench, where its turnaround ends with that.
 * Gives the repair's id. Refuses (RuleBroken) what somebody has, what is in repair already and what is no longer ours.
 */
export async function sendToRepair(change: Change, itemId: number, details: RepairDetails): Promise<{ id: number }> {
  const { trx, by } = change
  const item = await lockItemOnHand(trx, by, itemId)
  if (!item) throw new NotFound()
  const refusal = whyNotToRepair(item)
  if (refusal !== null) throw new RuleBroken(refusal)

  const now = change.now()
  await endStay(change, item, 'to-repair', now)
  const { id } = await trx
    .insertInto('item_holds')
    .values({ organisation_id: by.organisationId, item_id: item.id, kind: 'repair', taken_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('repairs')
    .values({ ...details, hold_id: id, organisation_id: by.organisationId, sent_by: by.staffId })
    .execute()
  change.audit({ verb: 'repair:sent', subject: ['item', item.id], details: { new: details } })
  return { id }
}

/** Changes what is said about a repair, as somebody saw it at `version`; also when it is over, since bills come late. */
export async function changeRepair(change: Change, id: number, version: number, details: RepairDetails): Promise<void> {
  const { repair } = await lockRepair(change, id)
  if (repair.version !== version) throw new Stale()
  await change.trx
    .updateTable('repairs')
    .set({ ...details, version: version + 1 })
    .where('hold_id', '=', id)
    .execute()
  change.audit({ verb: 'repair:changed', subject: ['item', repair.item_id], details: changedValues(repair, details) })
}

/** It is over already: a second click, or a colleague was quicker. */
export class NotInRepair extends RuleBroken {
  readonly repair: Repair
  constructor(repair: Repair) {
    super(`${repair.tag} is no longer in this repair.`)
    this.repair = repair
  }
}

/**
 * Takes an item back from repair: it is made ready anew, since strangers had it. Gives the item. Refuses (NotInRepair)
 * what is back already.
 */
export async function takeBackFromRepair(change: Change, id: number): Promise<ItemOnHand> {
  const { repair, item } = await lockRepair(change, id)
  if (repair.ended_at !== null) throw new NotInRepair(repair)
  const now = change.now()
  await endStay(change, item, 'back', now)
  await beginTurnaround(change, item.id, now)
  change.audit({ verb: 'repair:back', subject: ['item', item.id] })
  return item
}

/** Ends what keeps an item away where nobody has it: its turnaround or its repair. Of an item on the shelf: nothing. */
export async function endStay(
  { trx }: Change,
  { hold_id }: Pick<ItemOnHand, 'hold_id'>,
  endedAs: string,
  at: Date,
): Promise<void> {
  if (hold_id === null) return
  await trx.updateTable('item_holds').set({ ended_at: at, ended_as: endedAs }).where('id', '=', hold_id).execute()
}

/** Puts an item on the bench, with every step to do. */
export async function beginTurnaround({ trx, by }: Change, itemId: number, at: Date): Promise<void> {
  await trx
    .insertInto('item_holds')
    .values({ organisation_id: by.organisationId, item_id: itemId, kind: 'turnaround', taken_at: at })
    .execute()
}

/** The item first, as everything that writes a hold does, and only then its repair. */
async function lockRepair({ trx, by }: Change, id: number) {
  const seen = await findRepair(trx, by, id)
  const item = seen && (await lockItemOnHand(trx, by, seen.item_id))
  const repair = item && (await findRepair(trx, by, id))
  if (!repair) throw new NotFound()
  return { repair, item }
}
