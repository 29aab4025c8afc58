import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'

/** What stands in the row of the organisation itself, for the page of all settings. */
export async function readSettings(db: Database, { organisationId }: Scope) {
  return await db
    .selectFrom('organisations')
    .select(['crisis_line', 'break_minutes', 'trial_call_days', 'interpreter_days'])
    .where('id', '=', organisationId)
    .executeTakeFirstOrThrow()
}

/** Whom somebody can call in a crisis, in the organisation's own words; never empty. */
export async function readCrisisLine(db: Database, { organisationId }: Scope): Promise<string> {
  const row = await db
    .selectFrom('organisations')
    .select('crisis_line')
    .where('id', '=', organisationId)
    .executeTakeFirstOrThrow()
  return row.crisis_line
}
