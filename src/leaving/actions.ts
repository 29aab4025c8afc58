import { sql } from 'kysely'
import { lockItems, requireOwnWard } from '../bookings/actions.ts'
import { cancelBooking } from '../bookings/going-actions.ts'
import type { Change } from '../database/change.ts'
import { RuleBroken } from '../lib/refusals.ts'

/**
 * Cancels everything that a ward has booked for somebody and not handed out. Gives how many bookings. Refuses (RuleBroken)
 * where there is none: somebody else was quicker.
 */
export async function cancelComing(
  change: Change,
  { wardId, serviceUserId }: { wardId: number; serviceUserId: number },
): Promise<number> {
  requireOwnWard(change, wardId)
  const bookings = await lockComing(change, wardId, serviceUserId)
  if (bookings.length === 0) throw new RuleBroken('They have no booking to come on this ward any more.')
  const itemIds = bookings.flatMap(({ item_ids }) => item_ids)
  // all of them in the order of their ids, so that two who cancel and book never wait in a ring
  if (itemIds.length > 0) await lockItems(change, itemIds)
  for (const { id, version } of bookings) await cancelBooking(change, id, version)
  return bookings.length
}

interface Coming {
  id: number
  version: number
  item_ids: number[]
}

async function lockComing(change: Change, wardId: number, serviceUserId: number): Promise<Coming[]> {
  const { trx, by } = change
  const at = change.now()
  const { rows } = await sql<Coming>`
    select bookings.id, bookings.version, coming.item_ids
    from bookings
    cross join lateral (
      select array_agg(item_id order by item_id) as item_ids from item_holds
      where booking_id = bookings.id and taken_at is null and cancelled_at is null and upper(plan) > ${at}
    ) coming
    where bookings.organisation_id = ${by.organisationId} and bookings.ward_id = ${wardId}
      and bookings.service_user_id = ${serviceUserId} and bookings.cancelled_at is null and coming.item_ids is not null
    order by bookings.id
    for update of bookings`.execute(trx)
  return rows
}
