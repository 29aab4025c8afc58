import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'

export interface FigureShare {
  id: number
  code: string
  name: string
  sharedAt: string
  sharedBy: string
  endedAt: string | null
  endedBy: string | null
}

/** With whom an organisation shares its published figures, and did, the newest first. */
export async function listFigureShares(db: Database, { organisationId }: Scope, limit: number): Promise<FigureShare[]> {
  const { rows } = await sql<FigureShare>`
    select share.id, shown_to.code, shown_to.name, shared_at as "sharedAt", sharer.name as "sharedBy",
      ended_at as "endedAt", ender.name as "endedBy"
    from figure_shares share
    join organisations shown_to on shown_to.id = with_organisation_id
    join staff sharer on sharer.id = shared_by
    left join staff ender on ender.id = ended_by
    where share.organisation_id = ${organisationId}
    order by ended_at is not null, share.id desc
    limit ${limit}`.execute(db)
  return rows
}

export interface SharedFigure {
  organisation: string
  isOwn: boolean
  profile: string | null
  /** null: nothing came out for these periods. */
  line: string | null
  period: string | null
  shown: number | null
}

/**
 * What came out of some lines for some periods, of the reader's own organisation and of those that share theirs with it. It reads
 * `published_figures` and nothing else of another organisation but its name and how it hides small numbers.
 */
export async function listSharedFigures(
  db: Database,
  { organisationId }: Scope,
  { lines, periods }: { lines: readonly string[]; periods: readonly string[] },
): Promise<SharedFigure[]> {
  const { rows } = await sql<SharedFigure>`
    select sharing.name as organisation, sharing.id = ${organisationId} as "isOwn", disclosure_profile as profile, line, period, shown
    from organisations sharing
    left join published_figures figures on figures.organisation_id = sharing.id
      and line = any(${[...lines]}::text[]) and period = any(${[...periods]}::text[])
    where sharing.id = ${organisationId} or sharing.id in (
      select organisation_id from figure_shares where with_organisation_id = ${organisationId} and ended_at is null
    )
    order by sharing.id <> ${organisationId}, sharing.name, sharing.id`.execute(db)
  return rows
}
