import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'

/** What somebody has to sign in with on their ward's tablets. */
export interface TabletKeys {
  pin_set_at: string | null
  /** Five wrong PINs were typed: it works no more. */
  is_pin_locked: boolean
  badge_issued_at: string | null
  badge_used_at: string | null
}

export async function findTabletKeys(db: Database, staffId: number): Promise<TabletKeys> {
  const { rows } = await sql<TabletKeys>`
    select pins.set_at as pin_set_at, coalesce(pins.tries_left = 0, false) as is_pin_locked,
           badges.issued_at as badge_issued_at, badges.last_used_at as badge_used_at
    from (select ${staffId}::bigint as staff_id) asked
    left join staff_pins pins on pins.staff_id = asked.staff_id and pins.ended_at is null
    left join staff_badges badges on badges.staff_id = asked.staff_id and badges.ended_at is null`.execute(db)
  const [keys] = rows
  if (!keys) throw new Error('One row is always there')
  return keys
}

export interface Pin {
  id: number
  pin_hash: string
}

export async function findPin(db: Database, staffId: number): Promise<Pin | null> {
  const row = await db
    .selectFrom('staff_pins')
    .select(['id', 'pin_hash'])
    .where('staff_id', '=', staffId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return row === undefined || row.pin_hash === null ? null : { id: row.id, pin_hash: row.pin_hash }
}
