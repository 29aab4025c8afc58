import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { Staff as StaffTable } from '../../src/database/schema.ts'
import type { Actor, Role } from '../../src/lib/actor.ts'
import { hashPassword } from '../../src/lib/passwords.ts'
import { insertAll, insertOne, longAgo, nextNumber } from './example.ts'
import { organisationIdOr, type Ward } from './places.ts'

export type Staff = Selectable<StaffTable>

/** The password of every member of staff that a test makes without naming another. */
export const examplePassword = 'teapot-lantern-orchard'

export type StaffOverrides = Partial<Omit<Insertable<StaffTable>, 'role' | 'password_hash'>> & {
  role?: Role
  /** null: invited, and not here yet. */
  password?: string | null
  wards?: Pick<Ward, 'id'>[]
}

/** A digital champion who can sign in, unless another role is named. */
export async function staffMember(db: Database, overrides: StaffOverrides = {}): Promise<Staff> {
  const { password = examplePassword, wards = [], ...columns } = overrides
  const organisation_id = await organisationIdOr(db, columns.organisation_id)
  const number = nextNumber()
  const made = await insertOne(db, 'staff', {
    name: `Sam Example-Staff ${number}`,
    email: `staff-${number}@trust.example`,
    role: 'champion',
    created_at: longAgo,
    ...columns,
    organisation_id,
    password_hash: password === null ? null : await hashOnce(password),
  })
  const places = wards.map((ward) => ({ organisation_id, staff_id: made.id, ward_id: ward.id }))
  await insertAll(db, 'staff_wards', places)
  return made
}

/** Somebody who asks: a member of staff as the app sees one after signing in. */
export async function actorFor(db: Database, staff: Staff): Promise<Actor> {
  const { name: organisationName } = await db
    .selectFrom('organisations')
    .select('name')
    .where('id', '=', staff.organisation_id)
    .executeTakeFirstOrThrow()
  const places = await db.selectFrom('staff_wards').select('ward_id').where('staff_id', '=', staff.id).execute()
  return {
    staffId: staff.id,
    organisationId: staff.organisation_id,
    organisationName,
    name: staff.name,
    email: staff.email,
    role: staff.role as Role,
    isLeadChampion: staff.is_lead_champion,
    caseloadOnly: staff.caseload_only,
    openedIds: [],
    wardIds: places.map((place) => place.ward_id),
  }
}

const hashes = new Map<string, Promise<string>>()

/** Hashing is slow on purpose, so a password that many share is hashed once. */
function hashOnce(password: string): Promise<string> {
  const hash = hashes.get(password) ?? hashPassword(password)
  hashes.set(password, hash)
  return hash
}
