import type { Database } from '../database/connection.ts'

/** How long a file waits for somebody to finish. It may hold names that have no place here. */
const DAYS_KEPT = 7

/**
 * Lets go of files that nobody finished, of every organisation, and of the rows that stopped one that was. What was brought
 * in is kept, without its file.
 */
export async function forgetOldImports(db: Database, now: Date): Promise<void> {
  const before = new Date(now.getTime() - DAYS_KEPT * 86_400_000)
  await db
    .deleteFrom('imports')
    .where('applied_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('import_runs')
            .select('import_runs.id')
            .whereRef('import_runs.import_id', '=', 'imports.id')
            .where('import_runs.ended_at', 'is', null),
        ),
      ),
    )
    .where('created_at', '<', before.toISOString())
    .execute()
  await db
    .updateTable('import_runs')
    .set({ problems: null })
    .where('problems', 'is not', null)
    .where('ended_at', '<', before.toISOString())
    .execute()
}
