import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import { asList } from '../database/lists.ts'
import type { Scope } from '../lib/actor.ts'

export interface SiteWithWards {
  id: number
  name: string
  wards: { id: number; code: string; name: string; is_closed: boolean }[]
}

const sitesWithWards = ({ organisationId }: Scope) => sql`
  select sites.id, sites.name, ${asList<SiteWithWards['wards'][number]>(sql`
    select wards.id, wards.code, wards.name, closed_at is not null as is_closed from wards
    where wards.site_id = sites.id order by lower(wards.name), wards.id`)} as wards
  from sites where sites.organisation_id = ${organisationId}`

/** A site with all its wards, closed ones too: what was booked there was booked. */
export async function findSiteWithWards(db: Database, scope: Scope, id: number): Promise<SiteWithWards | undefined> {
  const { rows } = await sql<SiteWithWards>`${sitesWithWards(scope)} and sites.id = ${id}`.execute(db)
  return rows[0]
}

/** Every site that has a ward. */
export async function listSitesWithWards(db: Database, scope: Scope): Promise<SiteWithWards[]> {
  const { rows } = await sql<SiteWithWards>`
    ${sitesWithWards(scope)} and exists (select from wards where wards.site_id = sites.id)
    order by lower(sites.name), sites.id`.execute(db)
  return rows
}
