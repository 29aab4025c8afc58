import { type RawBuilder, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import type { Obstacles, WardDetails } from './rules.ts'

/** A ward as whoever looks after wards sees it. */
export interface WardInFull {
  id: number
  code: string
  name: string
  kind: string
  version: number
  closed_at: string | null
  closer: string | null
  site_id: number
  site: string
  longest_cable_cm: number | null
  area_level: number | null
  /** Items that are kept there, and those that are placed with it; an item may be both. */
  kept: number
  placed: number
  /** Those who work there and whose account is not closed. */
  staff: number
  /** Enrolled or waiting to be. */
  tablets: number
}

const columns = sql`
  wards.id, wards.code, wards.name, wards.kind, wards.version, wards.closed_at, wards.closed_by, wards.site_id,
  wards.longest_cable_cm, wards.area_level,
  sites.name as site`

const place = sql`lower(sites.name), lower(wards.name), wards.id`
const placeBackwards = sql`lower(sites.name) desc, lower(wards.name) desc, wards.id desc`

/** The wards first, and then what is counted of all of them at once. */
function withCounts(scope: Scope, page: RawBuilder<unknown>) {
  return sql<WardInFull>`
    with page as materialized (${page}),
    kept as (
      select kept_at_ward_id as ward_id, count(*)::int as count from items
      where organisation_id = ${scope.organisationId} and kept_at_ward_id = any(array(select id from page))
        and left_at is null
      group by kept_at_ward_id
    ),
    placed as (
      select placed_with_ward_id as ward_id, count(*)::int as count from loan_lines
      where placed_with_ward_id = any(array(select id from page)) and taken_at is not null and ended_at is null
      group by placed_with_ward_id
    ),
    working as (
      select staff_wards.ward_id, count(*)::int as count
      from staff_wards join staff on staff.id = staff_wards.staff_id
      where staff_wards.ward_id = any(array(select id from page)) and staff.disabled_at is null
      group by staff_wards.ward_id
    ),
    enrolled as (
      select ward_id, count(*)::int as count from ward_tablets
      where ward_id = any(array(select id from page)) and revoked_at is null
      group by ward_id
    )
    select page.*, closer.name as closer, coalesce(kept.count, 0) as kept, coalesce(placed.count, 0) as placed,
           coalesce(working.count, 0) as staff, coalesce(enrolled.count, 0) as tablets
    from page
    left join staff closer on closer.id = page.closed_by
    left join kept on kept.ward_id = page.id
    left join placed on placed.ward_id = page.id
    left join working on working.ward_id = page.id
    left join enrolled on enrolled.ward_id = page.id`
}

export type WardFilter = 'open' | 'closed'

/** One page of wards by site and name. A cursor is a ward's id. */
export async function listWardsInFull(db: Database, scope: Scope, filter: WardFilter, asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const isBackwards = asked.before !== undefined
  const from =
    cursor === undefined
      ? sql``
      : sql`and (${place}) ${isBackwards ? sql`<` : sql`>`} (
          select lower(site.name), lower(ward.name), ward.id from wards ward join sites site on site.id = ward.site_id
          where ward.id = ${Number(cursor)} and ward.organisation_id = ${scope.organisationId})`
  const { rows } = await sql<WardInFull>`
    ${withCounts(
      scope,
      sql`
        select ${columns} from wards join sites on sites.id = wards.site_id
        where wards.organisation_id = ${scope.organisationId}
          and wards.closed_at is ${filter === 'open' ? sql`null` : sql`not null`} ${from}
        order by ${isBackwards ? placeBackwards : place}
        limit ${rowsToRead(asked)}`,
    )}
    order by ${
      isBackwards
        ? sql`lower(page.site) desc, lower(page.name) desc, page.id desc`
        : sql`lower(page.site), lower(page.name), page.id`
    }`.execute(db)
  return pageOf(rows, asked, (row) => String(row.id))
}

/** One ward. Another organisation's: none. */
export async function findWardInFull(db: Database, scope: Scope, id: number): Promise<WardInFull | undefined> {
  const { rows } = await withCounts(
    scope,
    sql`
      select ${columns} from wards join sites on sites.id = wards.site_id
      where wards.id = ${id} and wards.organisation_id = ${scope.organisationId}`,
  ).execute(db)
  return rows[0]
}

/** The ward as it stands, held against other changes until this transaction ends: nothing is put there meanwhile. */
export function lockWard(trx: InTransaction, scope: Scope, id: number) {
  return trx
    .selectFrom('wards')
    .select(['id', 'name', 'code', 'kind', 'site_id', 'version', 'closed_at', 'longest_cable_cm', 'area_level'])
    .where('id', '=', id)
    .where('organisation_id', '=', scope.organisationId)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** What keeps a ward from being closed: the same that `ward_closes_empty` asks for. */
export async function findObstacles(db: Database, scope: Scope, wardId: number): Promise<Obstacles> {
  const { rows } = await sql<Obstacles>`
    select
      (select count(*)::int from items
       where organisation_id = ${scope.organisationId} and kept_at_ward_id = ${wardId} and left_at is null) as kept,
      (select count(*)::int from loan_lines
       where placed_with_ward_id = ${wardId} and organisation_id = ${scope.organisationId}
         and taken_at is not null and ended_at is null) as placed,
      (select coalesce(json_agg(json_build_object('id', staff.id, 'name', staff.name) order by staff.name), '[]')
       from staff_wards join staff on staff.id = staff_wards.staff_id
       where staff_wards.ward_id = ${wardId} and staff.organisation_id = ${scope.organisationId}
         and staff.disabled_at is null and staff.role in ('ward-staff', 'care-team')
         and not exists (
           select from staff_wards other join wards on wards.id = other.ward_id
           where other.staff_id = staff.id and other.ward_id <> ${wardId} and wards.closed_at is null
         )) as staff,
      (select coalesce(json_agg(json_build_object('id', id, 'name', name) order by name), '[]')
       from ward_tablets
       where ward_id = ${wardId} and organisation_id = ${scope.organisationId} and revoked_at is null) as tablets,
      (select coalesce(json_agg(json_build_object('id', id)), '[]')
       from stock_checks
       where ward_id = ${wardId} and organisation_id = ${scope.organisationId} and finished_at is null) as "stockChecks"
  `.execute(db)
  const [found] = rows
  if (!found) throw new Error('A select without from gives one row')
  return found
}

/** The other wards that have the name, whatever its capitals, or the code. */
export async function listWardsLike(db: Database, scope: Scope, { name, code }: WardDetails, exceptId: number | null) {
  const { rows } = await sql<{
    id: number
    name: string
    closed_at: string | null
    has_name: boolean
    has_code: boolean
  }>`
    select id, name, closed_at, lower(name) = lower(${name}) as has_name, code = ${code} as has_code
    from wards
    where organisation_id = ${scope.organisationId} and (lower(name) = lower(${name}) or code = ${code})
      and id is distinct from ${exceptId}::bigint
    order by id`.execute(db)
  return rows
}
