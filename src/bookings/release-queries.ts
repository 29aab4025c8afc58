import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'

/** More than wait at once anywhere; the next run does the rest. */
const MOST = 500

/**
 * Bookings of every organisation that should have been collected by then, and whose things are there to be collected, or whose
 * time is over altogether. Found among what is planned and not taken, which is little, however many bookings there were.
 */
export async function listUncollected(
  db: Database,
  by: Date,
  exceptPurposes: string[],
): Promise<{ id: number; organisation_id: number }[]> {
  const { rows } = await sql<{ id: number; organisation_id: number }>`
    select distinct bookings.id, bookings.organisation_id
    from organisations
    join item_holds hold on hold.organisation_id = organisations.id
      and hold.taken_at is null and hold.cancelled_at is null and lower(hold.plan) <= ${by}
    join bookings on bookings.id = hold.booking_id
    where not (bookings.purpose = any(${exceptPurposes}::text[]))
      and (upper(hold.plan) <= ${by} or not exists (
        select from item_holds other
        where other.item_id = hold.item_id and other.taken_at is not null and other.ended_at is null
      ))
    order by bookings.id
    limit ${MOST}
  `.execute(db)
  return rows
}
