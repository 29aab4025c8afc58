import { listSimsRead } from '../data-allowances/stock-queries.ts'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import type { Mapping } from './mapping-rules.ts'
import { type ReadingValues, readingCells } from './reading-cells-rules.ts'
import { type ReadingPlan, ReadingPlanner } from './reading-plan-rules.ts'
import { type Row, rowReader } from './rows-rules.ts'
import type { PlanOptions, Sheet } from './sheet-actions.ts'
import type { Vocabulary } from './words-rules.ts'

/** Works out what a file of readings would do: one query, however many rows. Where it is written, their rows are held. */
export async function planReadings(
  db: Database,
  scope: Scope,
  { sheet, mapping }: { sheet: Sheet; mapping: Mapping },
  { now, lockIn, vocabulary, onProgress = () => {} }: PlanOptions & { vocabulary: Vocabulary },
): Promise<ReadingPlan> {
  const read = rowReader(readingCells, sheet.headings, mapping.columns, vocabulary)
  const rows: Row<ReadingValues>[] = []
  await sheet.eachRow((row) => rows.push(read(row)))
  const sims = [...new Set(rows.flatMap(({ values }) => values.simNumber ?? []))]
  const planner = new ReadingPlanner(await listSimsRead(db, scope, sims, lockIn !== undefined), now)
  for (const row of rows) planner.add(row)
  onProgress(rows.length)
  return planner.finish()
}
