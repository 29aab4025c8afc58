import type { Change } from '../database/change.ts'
import { RuleBroken, Stale } from '../lib/refusals.ts'
import { lockOpen, note, set } from './actions.ts'
import { readOverdue } from './overdue-queries.ts'
import { overdueStep, whyNotSuspend } from './overdue-rules.ts'
import type { Because } from './words-rules.ts'

/** Suspends it, with why. For being overdue only as the organisation decided: after a warning, and before no call (RuleBroken). */
export async function suspendAllowance(change: Change, id: number, version: number, because: Because): Promise<void> {
  const allowance = await lockOpen(change, id, version)
  if (allowance.suspended_at !== null) throw new Stale()
  const now = change.now()
  if (because === 'overdue') {
    const facts = await readOverdue(change.trx, id, now)
    const why = facts && whyNotSuspend(facts, now)
    if (why !== null) throw new RuleBroken(why ?? 'It is not overdue.')
  }
  await set(change, allowance, { suspended_at: now, suspended_because: because })
  await note(change, allowance, 'suspended', {}, { new: { because } })
}

export async function resumeAllowance(change: Change, id: number, version: number): Promise<void> {
  const allowance = await lockOpen(change, id, version)
  if (allowance.suspended_at === null) throw new Stale()
  await set(change, allowance, { suspended_at: null, suspended_because: null })
  await note(change, allowance, 'resumed')
}

/** Somebody told them that it will be suspended. Refuses (RuleBroken) where there is nothing to warn of. */
export async function warnOfSuspension(change: Change, id: number, version: number): Promise<void> {
  const allowance = await lockOpen(change, id, version)
  const now = change.now()
  const facts = await readOverdue(change.trx, id, now)
  if (!facts || overdueStep(facts, now) !== 'warn') throw new RuleBroken('There is nothing to warn them of now.')
  await set(change, allowance, {})
  await note(change, allowance, 'warned')
}
