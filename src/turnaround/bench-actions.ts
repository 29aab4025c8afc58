import type { Change } from '../database/change.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { AlreadySo, lockTurnaround, tickSteps } from './actions.ts'
import { type BenchWork, type ScanOutcome, scanOutcome } from './bench-rules.ts'
import { isOnHand } from './queries.ts'
import { stepsFor, stepText, stopsData } from './rules.ts'

/** The last scan of somebody, as UNDO needs it. */
export interface LastScan {
  itemId: number
  holdId: number
  tag: string
  steps: string[]
}

/**
 * Ticks for one scanned item what of the work it needs and what its time has come for; with the last step it is ready.
 * Gives what was done, what waits and what is left. A scan that does nothing writes nothing (AlreadySo, with why).
 */
export async function scanItem(
  change: Change,
  itemId: number,
  holdId: number,
  work: BenchWork,
): Promise<ScanOutcome & { last: LastScan }> {
  const { item, hold } = await lockTurnaround(change, itemId, holdId)
  const outcome = scanOutcome(work, stepsFor(item.category, hold.has_data), hold.done)
  if (hold.ended_at !== null || outcome.ticked.length === 0) throw new AlreadySo<ScanOutcome>(outcome)
  await tickSteps(change, { item, hold }, outcome.ticked, outcome.left)
  const steps = outcome.ticked.map(({ step }) => step)
  return { ...outcome, last: { itemId: item.id, holdId: hold.id, tag: item.tag, steps } }
}

/**
 * Takes back what one scan did, also when the item was ready with it: then it is being made ready again. Refuses
 * (RuleBroken) when somebody has the item by now, and when a later step builds on what was done. Data that was stopped
 * stays stopped.
 */
export async function undoScan(change: Change, { itemId, holdId, steps }: LastScan): Promise<void> {
  const { trx } = change
  const { item, hold } = await lockTurnaround(change, itemId, holdId)
  const done = steps.filter((step) => step !== stopsData && hold.done.includes(step))
  if (done.length === 0) throw new AlreadySo(undefined)
  if (hold.ended_at !== null) {
    if (hold.ended_as !== 'ready' || !(await isOnHand(trx, item.id))) {
      throw new RuleBroken(`${item.tag} has gone on from the bench since. Its steps can no longer be taken back.`)
    }
    await trx.updateTable('item_holds').set({ ended_at: null, ended_as: null }).where('id', '=', hold.id).execute()
  }
  const gone = await trx
    .deleteFrom('turnaround_steps')
    .where('hold_id', '=', hold.id)
    .where('step', 'in', done)
    .returning('step')
    .execute()
  if (gone.length === 0) throw new NotFound()
  change.audit({ verb: 'turnaround:step-undone', subject: ['item', item.id], details: { steps: done.map(stepText) } })
}
