import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import type { CaseloadCount } from './rules.ts'

/** Every count of these days. */
export async function listCountsOn(db: Database, scope: Scope, days: readonly string[]): Promise<CaseloadCount[]> {
  const { rows } = await sql<CaseloadCount>`
    select counted_on as "countedOn", ward_id as "wardId", breakdown, people_group as "group", people
    from caseload_counts
    where organisation_id = ${scope.organisationId} and counted_on = any(${days}::date[])`.execute(db)
  return rows
}

/** The counts of one place and day, as one line of the list. */
export interface CountSet {
  countedOn: string
  wardId: number | null
  place: string | null
  /** null: nobody said how many there are in all. */
  everybody: number | null
  breakdowns: string[]
}

/** One page of places and days, the newest day first; on each the whole organisation, then the places as they came. */
export async function listCountSets(db: Database, scope: Scope, asked: PageAsked) {
  const cursor = placeOf(asked)
  const isBackwards = asked.before !== undefined
  const from = !cursor
    ? sql``
    : isBackwards
      ? sql`and (counted_on, -coalesce(ward_id, 0)) > (${cursor.day}::date, ${-cursor.ward}::bigint)`
      : sql`and (counted_on, -coalesce(ward_id, 0)) < (${cursor.day}::date, ${-cursor.ward}::bigint)`
  const { rows } = await sql<CountSet>`
    select sets.*, wards.name as place
    from (
      select counted_on as "countedOn", ward_id as "wardId",
             max(people) filter (where breakdown = 'everybody') as everybody,
             array_agg(distinct breakdown) as breakdowns
      from caseload_counts
      where organisation_id = ${scope.organisationId} ${from}
      group by counted_on, ward_id
      order by counted_on ${isBackwards ? sql`asc` : sql`desc`}, coalesce(ward_id, 0) ${isBackwards ? sql`desc` : sql`asc`}
      limit ${rowsToRead(asked)}
    ) sets
    left join wards on wards.id = sets."wardId"
    order by sets."countedOn" ${isBackwards ? sql`asc` : sql`desc`}, coalesce(sets."wardId", 0) ${isBackwards ? sql`desc` : sql`asc`}
  `.execute(db)
  return pageOf(rows, asked, ({ countedOn, wardId }) => `${countedOn} ${wardId ?? 0}`)
}

/** A cursor is the day and the ward's id, 0 for the whole organisation. What is no such cursor counts as none. */
function placeOf({ after, before }: PageAsked): { day: string; ward: number } | undefined {
  const [, day, ward] =
    /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|\d{4}-(?:0[1-9]|1[0-2])-(?:29|3[01])) (\d{1,15})$/.exec(
      before ?? after ?? '',
    ) ?? []
  return day === undefined || Number.isNaN(Date.parse(day)) ? undefined : { day, ward: Number(ward) }
}

export interface CountsOfSet {
  place: string | null
  counts: CaseloadCount[]
}

/** Every count of one place and day. None: there is no such set. */
export async function findCountSet(
  db: Database,
  scope: Scope,
  { countedOn, wardId }: Pick<CaseloadCount, 'countedOn' | 'wardId'>,
): Promise<CountsOfSet | undefined> {
  const { rows } = await sql<CaseloadCount & { place: string | null }>`
    select counted_on as "countedOn", ward_id as "wardId", breakdown, people_group as "group", people, wards.name as place
    from caseload_counts counts
    left join wards on wards.id = counts.ward_id
    where counts.organisation_id = ${scope.organisationId} and counted_on = ${countedOn}
      and counts.ward_id is not distinct from ${wardId}`.execute(db)
  return rows[0] && { place: rows[0].place, counts: rows.map(({ place: _, ...count }) => count) }
}
