import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import type { Numbers } from './rules.ts'

/** What stands in the row of the organisation itself, for the page of all settings. */
export async function readSettings(db: Database, { organisationId }: Scope) {
  return await db
    .selectFrom('organisations')
    .select([
      'crisis_line',
      'help_line',
      'break_minutes',
      'trial_call_days',
      'interpreter_days',
      'data_mb_video',
      'data_mb_day',
      'data_suspend_after_days',
    ])
    .where('id', '=', organisationId)
    .executeTakeFirstOrThrow()
}

/** Whom people can call, as the organisation wrote it down. */
export async function readNumbersToCall(db: Database, { organisationId }: Scope): Promise<Numbers> {
  return await db
    .selectFrom('organisations')
    .select(['crisis_line', 'help_line'])
    .where('id', '=', organisationId)
    .executeTakeFirstOrThrow()
}

/** Whom somebody can call in a crisis; never empty. */
export async function readCrisisLine(db: Database, actor: Scope): Promise<string> {
  return (await readNumbersToCall(db, actor)).crisis_line
}
