import type { Database } from '../../src/database/connection.ts'
import type { Actor, Role } from '../../src/lib/actor.ts'
import { roles } from '../../src/lib/actor.ts'
import { hashPassword } from '../../src/lib/passwords.ts'

export const password = 'a kettle and two mugs'

/** Two organisations, each with two wards and one member of staff a role: what nearly every test stands on. */
export interface People {
  organisationId: number
  otherOrganisationId: number
  /** The ward staff of the first organisation work on `ward` and not on `otherWard`. */
  ward: { id: number; code: string }
  otherWard: { id: number; code: string }
  foreignWard: { id: number; code: string }
  actors: Record<Role, Actor>
  foreignActors: Record<Role, Actor>
}

export async function addPeople(db: Database, now: Date): Promise<People> {
  const hash = await hashPassword(password)
  const here = await addOrganisation(db, 'HERE', 'Here NHS Foundation Trust', hash, now)
  const other = await addOrganisation(db, 'THERE', 'There NHS Trust', hash, now)
  return {
    organisationId: here.organisationId,
    otherOrganisationId: other.organisationId,
    ward: here.wards[0],
    otherWard: here.wards[1],
    foreignWard: other.wards[0],
    actors: here.actors,
    foreignActors: other.actors,
  }
}

async function addOrganisation(db: Database, code: string, name: string, hash: string, now: Date) {
  const organisation = { code, name, created_at: now }
  const { id: organisationId } = await db
    .insertInto('organisations')
    .values(organisation)
    .returning('id')
    .executeTakeFirstOrThrow()
  const site = { organisation_id: organisationId, name: 'Main site' }
  const { id: siteId } = await db.insertInto('sites').values(site).returning('id').executeTakeFirstOrThrow()
  const [first, second] = await db
    .insertInto('wards')
    .values(
      ['ash', 'birch'].map((wardCode) => ({
        organisation_id: organisationId,
        site_id: siteId,
        code: wardCode,
        name: `${wardCode === 'ash' ? 'Ash' : 'Birch'} Ward`,
        kind: 'inpatient ward',
        longest_cable_cm: 100,
      })),
    )
    .returning(['id', 'code'])
    .execute()
  if (!first || !second) throw new Error('no wards')
  const agreement = {
    organisation_id: organisationId,
    number: 1,
    body: 'Look after it. Bring it back when we ask.',
    created_at: now,
  }
  await db.insertInto('agreement_versions').values(agreement).execute()
  // most tests are about something else, and sign in with the password alone
  const secondStep = roles.map((role) => ({ organisation_id: organisationId, role, is_required: false }))
  await db.insertInto('second_step_rules').values(secondStep).execute()
  const actors = {} as Record<Role, Actor>
  for (const role of roles)
    actors[role] = await addStaff(db, {
      organisationId,
      organisationName: name,
      role,
      code,
      hash,
      wardId: first.id,
      now,
    })
  return { organisationId, wards: [first, second] as const, actors }
}

interface NewStaff {
  organisationId: number
  organisationName: string
  role: Role
  code: string
  hash: string
  wardId: number
  now: Date
}

async function addStaff(db: Database, who: NewStaff): Promise<Actor> {
  const row = {
    organisation_id: who.organisationId,
    name: `${who.code} ${who.role}`,
    email: `${who.role}@${who.code.toLowerCase()}.example`,
    role: who.role,
    password_hash: who.hash,
    created_at: who.now,
  }
  const { id: staffId } = await db.insertInto('staff').values(row).returning('id').executeTakeFirstOrThrow()
  const wardIds = who.role === 'ward-staff' || who.role === 'care-team' ? [who.wardId] : []
  for (const wardId of wardIds) {
    const link = { organisation_id: who.organisationId, staff_id: staffId, ward_id: wardId }
    await db.insertInto('staff_wards').values(link).execute()
  }
  const { name, email, role } = row
  return {
    staffId,
    organisationId: who.organisationId,
    organisationName: who.organisationName,
    name,
    email,
    role,
    isLeadChampion: false,
    caseloadOnly: false,
    openedIds: [],
    wardIds,
  }
}
