import { hash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { StaffPins, WardTablets } from '../../src/database/schema.ts'
import { hashPassword } from '../../src/lib/passwords.ts'
import { badgeHash } from '../../src/pins/actions.ts'
import { codeHash } from '../../src/tablets/actions.ts'
import { exampleNow, insertOne, longAgo, nextNumber } from './example.ts'

/** The PIN of every member of staff that a test gives one without naming another. */
export const examplePin = '7391'

interface TabletOf {
  ward: { id: number }
  by: { id: number; organisation_id: number }
  name?: string
}

/** A tablet that waits for its code, which is good for a day. */
export function waitingTablet(
  db: Database,
  { ward, by, name, code, until }: TabletOf & { code: string; until?: Date },
): Promise<Selectable<WardTablets>> {
  return insertOne(db, 'ward_tablets', {
    ...columnsOf({ ward, by, name }),
    code_hash: inHex(codeHash(code)),
    code_until: until ?? new Date(exampleNow.getTime() + 86_400_000),
  })
}

/** A tablet that is enrolled. `token` is what its cookie holds. */
export async function enrolledTablet(
  db: Database,
  { ward, by, name }: TabletOf,
): Promise<Selectable<WardTablets> & { token: string }> {
  const token = `tablet-${nextNumber()}`.padEnd(43, '-')
  const tablet = await insertOne(db, 'ward_tablets', {
    ...columnsOf({ ward, by, name }),
    token_hash: inHex(hash('sha256', token, 'buffer')),
    enrolled_at: longAgo,
  })
  return { ...tablet, token }
}

function columnsOf({ ward, by, name = `Example tablet ${nextNumber()}` }: TabletOf) {
  return {
    organisation_id: by.organisation_id,
    ward_id: ward.id,
    name,
    made_at: longAgo,
    made_by: by.id,
    code_by: by.id,
  }
}

export async function pinOf(
  db: Database,
  staff: { id: number; organisation_id: number },
  pin: string = examplePin,
): Promise<Selectable<StaffPins>> {
  const row = { organisation_id: staff.organisation_id, staff_id: staff.id, set_at: longAgo }
  return await insertOne(db, 'staff_pins', { ...row, pin_hash: await hashPassword(pin), tries_left: 5 })
}

/** A badge with this code, of 20 letters. */
export function badgeOf(db: Database, staff: { id: number; organisation_id: number }, code: string) {
  const row = { organisation_id: staff.organisation_id, staff_id: staff.id, issued_at: longAgo }
  return insertOne(db, 'staff_badges', { ...row, code_hash: inHex(badgeHash(code)) })
}

/** As rows are given to PostgreSQL in JSON. */
function inHex(bytes: Buffer): Buffer {
  return `\\x${bytes.toString('hex')}` as unknown as Buffer
}
