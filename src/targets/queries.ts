import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import type { Good } from './rules.ts'

/** A target as it was set once; without a value there is none any more. */
export interface TargetSet {
  figure: string
  id: number
  good: Good | null
  quarterly: number | null
  setAt: string
  setBy: string
}

/** The targets that count in a financial year, by the figure they are of. */
export async function listTargets(db: Database, { organisationId }: Scope, year: number): Promise<TargetSet[]> {
  const { rows } = await sql<TargetSet>`
    select distinct on (figure) figure, target.id, good, quarterly, set_at as "setAt", staff.name as "setBy"
    from report_targets target
    join staff on staff.id = set_by
    where target.organisation_id = ${organisationId} and year = ${year}
    order by figure, target.id desc`.execute(db)
  return rows
}

/** Every target that a figure had in a year, the newest first. */
export async function listTargetHistory(
  db: Database,
  { organisationId }: Scope,
  { figure, year }: { figure: string; year: number },
): Promise<TargetSet[]> {
  const { rows } = await sql<TargetSet>`
    select figure, target.id, good, quarterly, set_at as "setAt", staff.name as "setBy"
    from report_targets target
    join staff on staff.id = set_by
    where target.organisation_id = ${organisationId} and figure = ${figure} and year = ${year}
    order by target.id desc`.execute(db)
  return rows
}
