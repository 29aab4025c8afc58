import { writeImportedReadings, writeStock } from '../data-allowances/stock-actions.ts'
import type { Author, Change } from '../database/change.ts'
import type { Writing } from './item-write-actions.ts'
import type { ReadingPlan } from './reading-plan-rules.ts'
import type { StockPlan } from './stock-plan-rules.ts'

/** Writes the SIMs and vouchers of a plan that has no problems. */
export async function writeStockPlan(
  change: Change<Author>,
  { created }: StockPlan,
  { importId, onProgress = () => {} }: Writing,
): Promise<void> {
  await writeStock(change, importId, created)
  onProgress(created.length)
}

/** Writes the readings of a plan that has no problems. */
export async function writeReadingPlan(
  change: Change<Author>,
  { readings }: ReadingPlan,
  { onProgress = () => {} }: Writing,
): Promise<void> {
  await writeImportedReadings(change, readings)
  onProgress(readings.length)
}
