import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor, Scope } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import type { CaseloadChampion } from './rules.ts'

const TWO_WEEKS = 14 * 24 * 3_600_000

/** Everybody who may look after people, and whoever still does, with how many. */
export async function listCaseloads(db: Database, scope: Scope, now: Date): Promise<CaseloadChampion[]> {
  const { rows } = await sql<CaseloadChampion>`
    select staff.id, staff.name, staff.caseload_only, staff.is_lead_champion,
           staff.role <> 'champion' or staff.disabled_at is not null as is_gone, coalesce(held.people, 0) as people,
           coalesce(busy.planned, 0) as planned
    from staff
    left join (
      select staff_id, count(*)::int as people from caseload_entries
      where organisation_id = ${scope.organisationId} and ended_at is null
      group by staff_id
    ) held on held.staff_id = staff.id
    left join (
      select champion_id, count(*)::int as planned from diary_entries
      where organisation_id = ${scope.organisationId} and cancelled_at is null and group_entry_id is null
        and starts_at >= ${now}
        and starts_at < ${new Date(now.getTime() + TWO_WEEKS)}
      group by champion_id
    ) busy on busy.champion_id = staff.id
    where staff.organisation_id = ${scope.organisationId}
      and (held.people > 0 or staff.role = 'champion' and staff.disabled_at is null)
    order by staff.name, staff.id
  `.execute(db)
  return rows
}

export interface CaseloadPerson {
  id: number
  name: string
  date_of_birth: string | null
  nhs_number: string | null
}

/** Whether the person at hand is on this champion's caseload, or on nobody's. */
function isOnCaseload(staffId: number | null): RawBuilder<unknown> {
  const open = sql`select from caseload_entries
    where service_user_id = details.service_user_id and ended_at is null`
  return staffId === null ? sql`not exists (${open})` : sql`exists (${open} and staff_id = ${staffId})`
}

/** One page of the people on a caseload, by name, or of those on nobody's. A cursor is an id. */
export async function listCaseloadPeople(db: Database, actor: Actor, staffId: number | null, asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const isBackwards = asked.before !== undefined
  const from =
    cursor === undefined
      ? sql``
      : sql`and (details.name_key, details.service_user_id) ${isBackwards ? sql`<` : sql`>`} (
          select name_key, service_user_id from service_user_details
          where service_user_id = ${Number(cursor)} and organisation_id = ${actor.organisationId}
        )`
  const order = isBackwards ? sql`desc` : sql`asc`
  const { rows } = await sql<CaseloadPerson>`
    select details.service_user_id as id, details.name, details.date_of_birth, details.nhs_number
    from service_user_details details
    where details.organisation_id = ${actor.organisationId} and not details.is_merged
      and not details.is_emptied and ${isOnCaseload(staffId)} ${from}
    order by details.name_key ${order}, details.service_user_id ${order}
    limit ${rowsToRead(asked)}
  `.execute(db)
  return pageOf(rows, asked, (row) => String(row.id))
}

/** Who looks after a person: null where nobody does. */
export async function findCarerOf(db: Database, actor: Actor, personId: number) {
  const { rows } = await sql<{ staff_id: number; name: string }>`
    select staff.id as staff_id, staff.name from caseload_entries entry join staff on staff.id = entry.staff_id
    where entry.service_user_id = ${personId} and entry.organisation_id = ${actor.organisationId}
      and entry.ended_at is null
  `.execute(db)
  return rows[0] ?? null
}

export interface EntryLeft {
  id: number
  service_user: string
  starts_at: string
}

const MOST_LEFT = 100

/** What a champion has planned with people who are on somebody else's caseload by now: it could not go along with them. */
export async function listEntriesLeft(db: Database, actor: Actor, championId: number, now: Date): Promise<EntryLeft[]> {
  const { rows } = await sql<EntryLeft>`
    select entry.id, details.name as service_user, entry.starts_at
    from diary_entries entry
    join service_user_details details on details.service_user_id = entry.service_user_id
    where entry.champion_id = ${championId} and entry.organisation_id = ${actor.organisationId}
      and entry.cancelled_at is null and entry.group_entry_id is null and entry.starts_at > ${now}
      and exists (
        select from caseload_entries held
        where held.service_user_id = entry.service_user_id and held.ended_at is null and held.staff_id <> ${championId}
      )
    order by entry.starts_at, entry.id
    limit ${MOST_LEFT}
  `.execute(db)
  return rows
}
