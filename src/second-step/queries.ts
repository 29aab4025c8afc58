import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Role, Scope } from '../lib/actor.ts'

export interface SecondStep {
  id: number
  organisation_id: number
  staff_id: number
  /** Sealed; see {@link aboutSecretOf}. */
  secret: Buffer
  confirmed_at: string
  codes_left: number
}

/** What a secret is sealed as, so that it is worth nothing beside another name. */
export function aboutSecretOf(staffId: number): string {
  return `secret of ${staffId}`
}

export async function findSecondStep(db: Database, staffId: number): Promise<SecondStep | null> {
  const { rows } = await sql<SecondStep>`
    select id, organisation_id, staff_id, secret, confirmed_at,
           (select count(*)::int from recovery_codes
            where second_step_id = second_steps.id and used_at is null and cancelled_at is null) as codes_left
    from second_steps where staff_id = ${staffId} and ended_at is null`.execute(db)
  return rows[0] ?? null
}

export interface SignsIn {
  id: number
  organisation_id: number
  name: string
  email: string
  version: number
  has_second_step: boolean
  /** Whether the organisation asks people of this role for a second step. */
  is_required: boolean
}

/** Somebody who has given the right password. Before signing in there is no scope. */
export async function findWhoSignsIn(db: Database, staffId: number): Promise<SignsIn | null> {
  const { rows } = await sql<SignsIn>`
    select id, organisation_id, name, email, version,
           exists (select from second_steps where staff_id = staff.id and ended_at is null) as has_second_step,
           second_step_is_required(organisation_id, role) as is_required
    from staff where id = ${staffId} and disabled_at is null and password_hash is not null`.execute(db)
  return rows[0] ?? null
}

export async function isSecondStepRequired(db: Database, { organisationId }: Scope, role: string): Promise<boolean> {
  const { rows } = await sql<{ is_required: boolean }>`
    select second_step_is_required(${organisationId}, ${role}) as is_required`.execute(db)
  return rows[0]?.is_required ?? true
}

export interface RoleRule {
  role: Role
  is_required: boolean
  /** Who can sign in with that role, and how many of them have set up a second step. */
  people: number
  set_up: number
}

/** What the organisation asks of each role, and how far its people are. */
export async function listSecondStepRules(
  db: Database,
  { organisationId }: Scope,
  roles: readonly Role[],
): Promise<RoleRule[]> {
  const { rows } = await sql<RoleRule>`
    select asked.role, second_step_is_required(${organisationId}, asked.role) as is_required,
           count(staff.id)::int as people, count(second_steps.id)::int as set_up
    from unnest(${[...roles]}::text[]) with ordinality as asked (role, place)
    left join staff on staff.organisation_id = ${organisationId} and staff.role = asked.role
      and staff.disabled_at is null and staff.password_hash is not null
    left join second_steps on second_steps.staff_id = staff.id and second_steps.ended_at is null
    group by asked.role, asked.place order by asked.place`.execute(db)
  return rows
}
