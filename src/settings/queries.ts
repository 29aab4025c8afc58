import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'

/** Whom somebody can call in a crisis, in the organisation's own words; never empty. */
export async function readCrisisLine(db: Database, { organisationId }: Scope): Promise<string> {
  const row = await db
    .selectFrom('organisations')
    .select('crisis_line')
    .where('id', '=', organisationId)
    .executeTakeFirstOrThrow()
  return row.crisis_line
}
