import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import type { Fact } from './figures-rules.ts'

export interface KeptCounts {
  facts: Fact[]
  countedAt: string
}

/** True numbers as they were counted at night; null where not all that is asked for was, so that it is counted now. */
export async function readKept(
  db: Database,
  { organisationId }: Scope,
  { names, periods }: { names: readonly string[]; periods: readonly string[] },
): Promise<KeptCounts | null> {
  const { rows } = await sql<{ set: string; period: string; countedAt: string; line: string | null; n: number | null }>`
    select line_set as "set", period, counted_at as "countedAt", line, n
    from kept_counts kept left join kept_figures figure using (organisation_id, line_set, period)
    where organisation_id = ${organisationId} and line_set = any(${[...names]}::text[]) and period = any(${[...periods]}::text[])
  `.execute(db)
  const [first] = rows
  const kept = new Set(rows.map(({ set, period }) => `${set} ${period}`))
  if (!first || kept.size < names.length * periods.length) return null
  return {
    countedAt: first.countedAt,
    facts: rows.flatMap(({ line, period, n }) => (line === null || n === null ? [] : [{ line, period, n }])),
  }
}

export async function listOrganisations(db: Database): Promise<number[]> {
  const rows = await db.selectFrom('organisations').select('id').orderBy('id').execute()
  return rows.map(({ id }) => id)
}

export interface CountedSet {
  name: string
  periods: readonly string[]
  facts: readonly Fact[]
}

/** Puts what was counted just now in the place of what was kept of an organisation; with nothing counted, nothing is kept. */
export async function replaceKept(
  trx: InTransaction,
  { organisationId }: Scope,
  { countedAt, sets }: { countedAt: Date; sets: readonly CountedSet[] },
): Promise<void> {
  const counts = sets.flatMap(({ name: set, periods }) => periods.map((period) => ({ set, period })))
  const figures = sets.flatMap(({ name: set, facts }) => facts.map((fact) => ({ set, ...fact })))
  await sql`delete from kept_counts where organisation_id = ${organisationId}`.execute(trx)
  await sql`
    insert into kept_counts (organisation_id, line_set, period, counted_at)
    select ${organisationId}, "set", period, ${countedAt}
    from json_to_recordset(${JSON.stringify(counts)}::json) as counts ("set" text, period text)`.execute(trx)
  await sql`
    insert into kept_figures (organisation_id, line_set, period, line, n)
    select ${organisationId}, "set", period, line, n
    from json_to_recordset(${JSON.stringify(figures)}::json) as figures ("set" text, period text, line text, n integer)
  `.execute(trx)
}
