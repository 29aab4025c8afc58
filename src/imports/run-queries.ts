import type { Database } from '../database/connection.ts'
import { NotFound } from '../lib/refusals.ts'
import type { ImportKind } from './kinds-rules.ts'
import type { ImportScope } from './queries.ts'
import type { RowProblem } from './rows-rules.ts'
import type { SeenRows } from './run-rules.ts'

export type RunEnd = 'done' | 'changed' | 'not-allowed' | 'failed'

/** An import and how far the last press of its button has come, without its file. */
export async function findProgress(db: Database, scope: ImportScope, importId: number) {
  const found = await db
    .selectFrom('imports')
    .leftJoin('import_runs as run', 'run.import_id', 'imports.id')
    .leftJoin('staff', 'staff.id', 'run.asked_by')
    .select(['imports.id', 'imports.file_name', 'imports.sheet', 'imports.applied_at'])
    .select(['staff.name as asked_by', 'run.asked_at', 'run.row_count', 'run.stage', 'run.done_count', 'run.of_count'])
    .select(['run.ended_as', 'run.problems', 'run.problem_count'])
    .where('imports.id', '=', importId)
    .where('imports.organisation_id', '=', scope.organisationId)
    .where('imports.kind', '=', scope.kind)
    .orderBy('run.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!found) throw new NotFound()
  return found as Pick<typeof found, 'id' | 'file_name' | 'sheet' | 'applied_at'> & (RunProgress | { asked_at: null })
}

export interface RunProgress {
  id: number
  file_name: string
  sheet: string | null
  asked_by: string
  asked_at: string
  row_count: number
  stage: 'waiting' | 'checking' | 'writing'
  done_count: number
  of_count: number
  /** null: it is not over. */
  ended_as: RunEnd | null
  problems: RowProblem[] | null
  problem_count: number
}

/** Whether an import is being brought in. Asked before its row is waited for, which the job holds until it is done. */
export async function isUnderWay(db: Database, importId: number): Promise<boolean> {
  const run = db.selectFrom('import_runs').select('id').where('import_id', '=', importId).where('ended_at', 'is', null)
  return (await run.executeTakeFirst()) !== undefined
}

export async function findRunToDo(db: Database, id: number) {
  const run = await db
    .selectFrom('import_runs as run')
    .innerJoin('imports', 'imports.id', 'run.import_id')
    .select(['run.id', 'run.organisation_id', 'run.import_id', 'run.asked_by', 'run.seen', 'run.seen_rows'])
    .select(['imports.kind', 'imports.file_name'])
    .where('run.id', '=', id)
    .where('run.ended_at', 'is', null)
    .executeTakeFirst()
  return run && { ...run, kind: run.kind as ImportKind, seen_rows: run.seen_rows as unknown as SeenRows }
}

export type RunToDo = NonNullable<Awaited<ReturnType<typeof findRunToDo>>>

/** Who pressed the button, as they are now; none whose account is closed. */
export function findImporter(db: Database, staffId: number) {
  return db
    .selectFrom('staff')
    .select(['id', 'organisation_id', 'role', 'caseload_only'])
    .where('id', '=', staffId)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
}
