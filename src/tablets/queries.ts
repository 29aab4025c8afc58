import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'

export interface TabletRow {
  id: number
  name: string
  ward_id: number
  ward: string
  made_at: string
  /** Whose code it is, or was. */
  enrolled_by: string
  enrolled_at: string | null
  code_until: string | null
  last_used_at: string | null
  revoked_at: string | null
  revoked_by: string | null
}

const tabletRows = (scope: Scope) => sql`
  select tablet.id, tablet.name, tablet.ward_id, wards.name as ward, tablet.made_at, enroller.name as enrolled_by,
         tablet.enrolled_at, tablet.code_until, tablet.last_used_at, tablet.revoked_at, revoker.name as revoked_by
  from ward_tablets tablet
  join wards on wards.id = tablet.ward_id
  join staff enroller on enroller.id = tablet.code_by
  left join staff revoker on revoker.id = tablet.revoked_by
  where tablet.organisation_id = ${scope.organisationId}`

export type TabletFilter = 'open' | 'revoked'

/** One page of tablets by name. A cursor is a tablet's id. */
export async function listTablets(db: Database, scope: Scope, filter: TabletFilter, asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const isBackwards = asked.before !== undefined
  const from =
    cursor === undefined
      ? sql``
      : sql`and (lower(tablet.name), tablet.id) ${isBackwards ? sql`<` : sql`>`} (
          select lower(name), id from ward_tablets
          where id = ${Number(cursor)} and organisation_id = ${scope.organisationId})`
  const { rows } = await sql<TabletRow>`
    ${tabletRows(scope)} and tablet.revoked_at is ${filter === 'open' ? sql`null` : sql`not null`} ${from}
    order by lower(tablet.name) ${isBackwards ? sql`desc` : sql``}, tablet.id ${isBackwards ? sql`desc` : sql``}
    limit ${rowsToRead(asked)}`.execute(db)
  return pageOf(rows, asked, (row) => String(row.id))
}

export async function findTablet(db: Database, scope: Scope, id: number): Promise<TabletRow | undefined> {
  const { rows } = await sql<TabletRow>`${tabletRows(scope)} and tablet.id = ${id}`.execute(db)
  return rows[0]
}

/** The tablet that asks, as its cookie has it. Before signing in there is no scope. */
export interface AskingTablet {
  id: number
  organisation_id: number
  name: string
  ward: string
  revoked_at: string | null
}

export async function findAskingTablet(db: Database, tokenHash: Buffer): Promise<AskingTablet | null> {
  const { rows } = await sql<AskingTablet>`
    select tablet.id, tablet.organisation_id, tablet.name, wards.name as ward, tablet.revoked_at
    from ward_tablets tablet join wards on wards.id = tablet.ward_id
    where tablet.token_hash = ${tokenHash}`.execute(db)
  return rows[0] ?? null
}

export interface TabletPerson {
  id: number
  name: string
  has_pin: boolean
  is_pin_locked: boolean
}

/** Who may sign in on a tablet, by name: the staff of its ward who have joined. */
export async function listTabletPeople(db: Database, tabletId: number): Promise<TabletPerson[]> {
  const { rows } = await sql<TabletPerson>`
    select staff.id, staff.name, pins.id is not null as has_pin, coalesce(pins.tries_left = 0, false) as is_pin_locked
    from ward_tablets tablet
    join staff_wards on staff_wards.ward_id = tablet.ward_id
    join staff on staff.id = staff_wards.staff_id
    left join staff_pins pins on pins.staff_id = staff.id and pins.ended_at is null
    where tablet.id = ${tabletId} and tablet.revoked_at is null and staff.role = 'ward-staff'
      and staff.disabled_at is null and staff.password_hash is not null
    order by lower(staff.name), staff.id`.execute(db)
  return rows
}

export interface ChosenPerson extends TabletPerson {
  organisation_id: number
  email: string
}

/** Somebody who may sign in on this tablet; null: nobody who may. */
export async function findTabletPerson(db: Database, tabletId: number, staffId: number): Promise<ChosenPerson | null> {
  const { rows } = await sql<ChosenPerson>`
    select staff.id, staff.organisation_id, staff.name, staff.email, pins.id is not null as has_pin,
           coalesce(pins.tries_left = 0, false) as is_pin_locked
    from staff left join staff_pins pins on pins.staff_id = staff.id and pins.ended_at is null
    where staff.id = ${staffId} and staff.password_hash is not null
      and may_use_tablet(staff.id, ${tabletId})`.execute(db)
  return rows[0] ?? null
}

export interface BadgeOwner {
  badge_id: number
  staff_id: number
  organisation_id: number
  /** The organisation asks ward staff for a second step, and two things that one has are none. */
  needs_pin: boolean
}

/** Whose badge it is, if they may sign in on this tablet. */
export async function findBadgeOwner(db: Database, tabletId: number, codeHash: Buffer): Promise<BadgeOwner | null> {
  const { rows } = await sql<BadgeOwner>`
    select badges.id as badge_id, badges.staff_id, badges.organisation_id,
           second_step_is_required(badges.organisation_id, 'ward-staff') as needs_pin
    from staff_badges badges
    where badges.code_hash = ${codeHash} and badges.ended_at is null
      and may_use_tablet(badges.staff_id, ${tabletId})`.execute(db)
  return rows[0] ?? null
}
