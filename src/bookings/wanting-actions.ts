import type { Change } from '../database/change.ts'
import { Taken } from '../lib/refusals.ts'
import { type BookingOrder, bookItems, lockItems, requireOwnWard } from './actions.ts'
import { candidatesOf } from './explained-rules.ts'
import { addMinutes, CLEANING_MINUTES } from './rules.ts'
import { listPlans, listWardItems } from './timetable-queries.ts'
import { MOST_TO_CHOOSE_FROM } from './timetable-rules.ts'
import { chooseSet, type Wants } from './wanting-rules.ts'

/** The refusal that says that no set is free then. */
export const NO_SET = 'no_set_is_free'

/**
 * Books one of each kind that somebody wants, all free together. Everything of these kinds on the ward is locked first, in the
 * order of its ids, and what is planned is read after that: so whoever comes next chooses from what is left, and nobody is told
 * that something is taken while the like of it is free. What has a longer cable than the ward permits is passed over. Refuses (Taken) where there is no such set.
 */
export async function bookWanted(
  change: Change,
  wants: Wants,
  order: Omit<BookingOrder, 'itemIds'>,
): Promise<{ id: number; tags: string[] }> {
  requireOwnWard(change, order.wardId)
  const { trx, by } = change
  const { categories } = wants
  const items = await listWardItems(trx, by, order.wardId, MOST_TO_CHOOSE_FROM, { categories })
  if (items.length === 0) throw new Taken(NO_SET, 'This ward has nothing of the kind.')
  await lockItems(
    change,
    items.map(({ id }) => id),
  )
  const now = change.now()
  const span = { from: order.from ?? now, until: addMinutes(order.until, CLEANING_MINUTES) }
  const plans = await listPlans(
    trx,
    by,
    items.map(({ id }) => id),
    span,
  )
  const set = chooseSet(candidatesOf(items, plans, now), wants, span)
  if (!set) throw new Taken(NO_SET, 'Nothing like this is free at that time.')
  const booking = await bookItems(change, { ...order, itemIds: set.map(({ id }) => id) })
  return { ...booking, tags: set.map(({ tag }) => tag) }
}
