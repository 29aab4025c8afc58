import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'

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

/** Somebody who may sign for something on a ward. */
export interface Signer {
  id: number
  name: string
}

const MOST_SIGNERS = 200

/** Who works on a ward and has a PIN to sign with, as one list of a statement. */
export function signersOf(
  { organisationId }: Pick<Actor, 'organisationId'>,
  wardId: RawBuilder<unknown>,
): RawBuilder<Signer> {
  return sql<Signer>`
    select staff.id, staff.name
    from staff
    join staff_wards own on own.staff_id = staff.id and own.ward_id = ${wardId}
    join staff_pins pins on pins.staff_id = staff.id and pins.ended_at is null and pins.locked_at is null
    where staff.organisation_id = ${organisationId} and staff.role = 'ward-staff' and staff.disabled_at is null
    order by staff.name, staff.id
    limit ${MOST_SIGNERS}`
}

/** Whoever signs, with where they are told when their PIN is locked. */
export async function findSigner(db: Database, { organisationId }: Actor, wardId: number, staffId: number) {
  return await db
    .selectFrom('staff')
    .innerJoin('staff_wards', 'staff_wards.staff_id', 'staff.id')
    .select(['staff.id', 'staff.name', 'staff.email'])
    .where('staff.id', '=', staffId)
    .where('staff_wards.ward_id', '=', wardId)
    .where('staff.organisation_id', '=', organisationId)
    .where('staff.role', '=', 'ward-staff')
    .where('staff.disabled_at', 'is', null)
    .executeTakeFirst()
}
