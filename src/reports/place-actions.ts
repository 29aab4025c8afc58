import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import type { MadeReport } from './actions.ts'
import { countFacts } from './count-actions.ts'
import { definitions } from './definition-rules.ts'
import { trueFigures } from './figures-rules.ts'
import { comparedWith, type Period } from './period-rules.ts'
import { plannedReport } from './plan-rules.ts'

/**
 * How some wards use their devices, counted now: true numbers, for those who work there and those who run it. Who may ask is for
 * the caller to say. Nothing of a ward is ever published.
 */
export async function readWardsReport(
  db: Database,
  { organisationId }: Scope,
  onlyWards: readonly number[],
  period: Period,
): Promise<MadeReport> {
  const compared = comparedWith(period)
  const facts = await countFacts(db, { organisationId, onlyWards }, ['wards'], [period, ...compared])
  const report = plannedReport(definitions.wards, { figures: trueFigures(facts), period, compared })
  return { report, areTrue: true, profile: null, asOf: null }
}
