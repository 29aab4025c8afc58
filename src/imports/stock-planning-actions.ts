import { listStockKnown } from '../data-allowances/stock-queries.ts'
import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import type { Mapping } from './mapping-rules.ts'
import { type Row, rowReader } from './rows-rules.ts'
import type { PlanOptions, Sheet } from './sheet-actions.ts'
import { type StockValues, stockCells } from './stock-cells-rules.ts'
import { type StockPlan, StockPlanner } from './stock-plan-rules.ts'
import type { Vocabulary } from './words-rules.ts'

/** Works out what a file of stock would do: two queries, however many rows. */
export async function planStock(
  db: Database,
  scope: Scope,
  { sheet, mapping }: { sheet: Sheet; mapping: Mapping },
  { vocabulary, onProgress = () => {} }: PlanOptions & { vocabulary: Vocabulary },
): Promise<StockPlan> {
  const read = rowReader(stockCells, sheet.headings, mapping.columns, vocabulary)
  const rows: Row<StockValues>[] = []
  await sheet.eachRow((row) => rows.push(read(row)))
  const sims = rows.flatMap(({ values }) => values.simNumber ?? [])
  const hashes = rows.flatMap(({ values }) => values.code?.hash ?? [])
  const known = await listStockKnown(db, scope, { sims, hashes })
  const planner = new StockPlanner({ ...known, today: vocabulary.today })
  for (const row of rows) planner.add(row)
  onProgress(rows.length)
  return planner.finish()
}
