import { writeCounts } from '../caseload-counts/actions.ts'
import type { Author, Change } from '../database/change.ts'
import type { CountPlan } from './count-plan-rules.ts'
import type { Writing } from './item-write-actions.ts'

/** Writes the counts of a plan that has no problems. */
export async function writeCountPlan(
  change: Change<Author>,
  { created, updated }: CountPlan,
  { importId, onProgress = () => {} }: Writing,
): Promise<void> {
  await writeCounts(change, importId, [...created, ...updated])
  onProgress(created.length + updated.length)
}
