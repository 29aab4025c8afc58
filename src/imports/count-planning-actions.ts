import { listCountsOn } from '../caseload-counts/queries.ts'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { type CountValues, countCells } from './count-cells-rules.ts'
import { type CountPlan, CountPlanner } from './count-plan-rules.ts'
import type { Mapping } from './mapping-rules.ts'
import { type Row, rowReader } from './rows-rules.ts'
import type { PlanOptions, Sheet } from './sheet-actions.ts'
import type { Vocabulary } from './words-rules.ts'

/** Works out what a file of caseload counts would do: one query, however many rows. */
export async function planCounts(
  db: Database,
  scope: Scope,
  { sheet, mapping }: { sheet: Sheet; mapping: Mapping },
  { vocabulary, onProgress = () => {} }: PlanOptions & { vocabulary: Vocabulary },
): Promise<CountPlan> {
  const read = rowReader(countCells, sheet.headings, mapping.columns, vocabulary)
  const rows: Row<CountValues>[] = []
  await sheet.eachRow((row) => rows.push(read(row)))
  const days = new Set(rows.flatMap(({ values }) => values.countedOn ?? []))
  const planner = new CountPlanner(await listCountsOn(db, scope, [...days]))
  for (const row of rows) planner.add(row)
  onProgress(rows.length)
  return planner.finish()
}
