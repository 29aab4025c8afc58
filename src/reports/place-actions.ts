import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import type { MadeReport } from './actions.ts'
import { definitions } from './definition-rules.ts'
import { trueFigures } from './figures-rules.ts'
import { countWards } from './help-queries.ts'
import { comparedWith, type Period } from './period-rules.ts'
import { plannedReport } from './plan-rules.ts'
import { spanOf } from './span-rules.ts'

/**
 * How some wards use their devices, counted now: true numbers, for those who work there and those who run it. Who may ask is for
 * the caller to say. Nothing of a ward is ever published.
 */
export async function readWardsReport(
  db: Database,
  scope: Scope,
  onlyWards: readonly number[],
  period: Period,
): Promise<MadeReport> {
  const compared = comparedWith(period)
  const { rows } = await countWards(scope, spanOf([period, ...compared]), onlyWards).execute(db)
  const report = plannedReport(definitions.wards, { figures: trueFigures(rows), period, compared })
  return { report, areTrue: true, profile: null, asOf: null }
}
