import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import type { Whom } from './rules.ts'

interface Met {
  wardId: number
  itemIds: number[]
  from: Date | null
  until: Date
  whom: Whom
}

/**
 * Locks what somebody waited for whom these things are booked for then: they need wait for it no longer, however it came to be
 * booked. Locked before the items, as whoever takes up an offer does. Of what is for the ward itself nobody knows whether it
 * is the same.
 */
export async function lockWaitsMet(change: Change, { wardId, itemIds, from, until, whom }: Met): Promise<number[]> {
  if (whom === 'ward') return []
  const isTheirs =
    'serviceUserId' in whom
      ? sql`wait.service_user_id = ${whom.serviceUserId}`
      : sql`wait.service_user_id is null and lower(wait.initials) = lower(${whom.initials})`
  const { rows } = await sql<{ id: number }>`
    select wait.id from booking_waits wait
    where wait.ward_id = ${wardId} and wait.ended_at is null and ${isTheirs}
      and wait.earliest_at <= ${from ?? change.now()} and wait.latest_at >= ${until}
      and (wait.item_id = any(${itemIds}::bigint[]) or wait.item_id is null and wait.connector is null
        and wait.categories <@ array(select category from items where id = any(${itemIds}::bigint[])))
    order by wait.id
    for no key update`.execute(change.trx)
  return rows.map(({ id }) => id)
}

/** They have what they waited for. */
export async function endWaits(change: Change, ids: number[], bookingId: number): Promise<void> {
  if (ids.length === 0) return
  await change.trx
    .updateTable('booking_waits')
    .set({ ended_at: change.now(), ended_as: 'booked', ended_by: change.by.staffId, booking_id: bookingId })
    .where((eb) => eb('id', '=', eb.fn.any(eb.val(ids))))
    .where('ended_at', 'is', null)
    .execute()
}
