import type { Change } from '../database/change.ts'
import { NotUnique, Stale } from '../lib/refusals.ts'
import type { TargetTyped } from './form.ts'
import { listTargetHistory } from './queries.ts'

/** Sets what a figure should come to, or that it has no target. Refuses (Stale) where somebody else set it meanwhile. */
export async function setTarget(
  change: Change,
  { figure, year }: { figure: string; year: number },
  { target, version }: TargetTyped,
): Promise<void> {
  const { trx, by } = change
  const [before] = await listTargetHistory(trx, by, { figure, year })
  if ((before?.id ?? 0) !== version) throw new Stale()
  const is = { good: target?.good ?? null, quarterly: target?.quarterly ?? null }
  await trx
    .insertInto('report_targets')
    .values({
      ...{ organisation_id: by.organisationId, figure, year, replaces: before?.id ?? null },
      ...{ ...is, set_at: change.now(), set_by: by.staffId },
    })
    .execute()
  const old = { good: before?.good ?? null, quarterly: before?.quarterly ?? null }
  change.audit({ verb: 'settings:target-set', details: { figure, year, old, new: is } })
}

/** Two who set it in the same moment: the second is told so. */
export function isOvertaken(error: unknown): error is Stale | NotUnique {
  return error instanceof Stale || error instanceof NotUnique
}
