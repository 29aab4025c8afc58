import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'

export interface SiteRow {
  id: number
  name: string
  version: number
  open_wards: number
  closed_wards: number
}

const siteRows = (scope: Scope) => sql`
  select sites.id, sites.name, sites.version,
         (select count(*)::int from wards where wards.site_id = sites.id and closed_at is null) as open_wards,
         (select count(*)::int from wards where wards.site_id = sites.id and closed_at is not null) as closed_wards
  from sites
  where sites.organisation_id = ${scope.organisationId}`

/** One page of sites by name. A cursor is a site's id. */
export async function listSites(db: Database, scope: Scope, asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const isBackwards = asked.before !== undefined
  const from =
    cursor === undefined
      ? sql``
      : sql`and (lower(sites.name), sites.id) ${isBackwards ? sql`<` : sql`>`} (
          select lower(name), id from sites where id = ${Number(cursor)} and organisation_id = ${scope.organisationId})`
  const { rows } = await sql<SiteRow>`
    ${siteRows(scope)} ${from}
    order by lower(sites.name) ${isBackwards ? sql`desc` : sql``}, sites.id ${isBackwards ? sql`desc` : sql``}
    limit ${rowsToRead(asked)}`.execute(db)
  return pageOf(rows, asked, (row) => String(row.id))
}

export async function findSite(db: Database, scope: Scope, id: number): Promise<SiteRow | undefined> {
  const { rows } = await sql<SiteRow>`${siteRows(scope)} and sites.id = ${id}`.execute(db)
  return rows[0]
}

/** All of them, to choose one from. */
export function listSiteNames(db: Database, scope: Scope): Promise<{ id: number; name: string }[]> {
  return db
    .selectFrom('sites')
    .select(['id', 'name'])
    .where('organisation_id', '=', scope.organisationId)
    .orderBy(sql`lower(name)`)
    .execute()
}

/** The site as it stands, held against other changes until this transaction ends. */
export function lockSite(trx: InTransaction, scope: Scope, id: number) {
  return trx
    .selectFrom('sites')
    .select(['id', 'name', 'version'])
    .where('id', '=', id)
    .where('organisation_id', '=', scope.organisationId)
    .forNoKeyUpdate()
    .executeTakeFirst()
}
