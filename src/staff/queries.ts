import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Role, Scope } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'

export interface StaffRow {
  id: number
  name: string
  email: string
  role: Role
  is_lead_champion: boolean
  caseload_only: boolean
  has_password: boolean
  disabled_at: string | null
  created_at: string
  last_signed_in_at: string | null
  version: number
  /** When the phone for the second step was set up; null: there is none. */
  second_step_at: string | null
  /** When their badge for ward tablets was made; null: there is none. */
  badge_at: string | null
  wards: { id: number; name: string }[]
}

const staffRows = (scope: Scope) => sql`
  select staff.id, staff.name, staff.email, staff.role, staff.is_lead_champion,
         staff.caseload_only, staff.password_hash is not null as has_password,
         staff.disabled_at, staff.created_at, staff.last_signed_in_at, staff.version,
         (select confirmed_at from second_steps where staff_id = staff.id and ended_at is null) as second_step_at,
         (select issued_at from staff_badges where staff_id = staff.id and ended_at is null) as badge_at,
         (select coalesce(json_agg(json_build_object('id', wards.id, 'name', wards.name) order by wards.name), '[]')
          from staff_wards join wards on wards.id = staff_wards.ward_id
          where staff_wards.staff_id = staff.id and wards.closed_at is null) as wards
  from staff where staff.organisation_id = ${scope.organisationId}`

export type StaffFilter = 'open' | 'closed'

/** One page of accounts by name. A cursor is an account's id. */
export async function listStaff(db: Database, scope: Scope, filter: StaffFilter, asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const isBackwards = asked.before !== undefined
  const from =
    cursor === undefined
      ? sql``
      : sql`and (lower(staff.name), staff.id) ${isBackwards ? sql`<` : sql`>`} (
          select lower(name), id from staff where id = ${Number(cursor)} and organisation_id = ${scope.organisationId})`
  const { rows } = await sql<StaffRow>`
    ${staffRows(scope)} and staff.disabled_at is ${filter === 'open' ? sql`null` : sql`not null`} ${from}
    order by lower(staff.name) ${isBackwards ? sql`desc` : sql``}, staff.id ${isBackwards ? sql`desc` : sql``}
    limit ${rowsToRead(asked)}`.execute(db)
  return pageOf(rows, asked, (row) => String(row.id))
}

export async function findStaff(db: Database, scope: Scope, id: number): Promise<StaffRow | undefined> {
  const { rows } = await sql<StaffRow>`${staffRows(scope)} and staff.id = ${id}`.execute(db)
  return rows[0]
}

/** Everybody who can sign in or is invited, for the review: role by role, and who has not been here for longest first. */
export async function listForReview(db: Database, scope: Scope): Promise<StaffRow[]> {
  const { rows } = await sql<StaffRow>`
    ${staffRows(scope)} and staff.disabled_at is null
    order by staff.role, staff.last_signed_in_at nulls first, staff.id`.execute(db)
  return rows
}
