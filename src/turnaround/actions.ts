import { stopDataOf } from '../data-allowances/returned-actions.ts'
import type { Change } from '../database/change.ts'
import { londonToday } from '../lib/dates.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { findLastTurnaround, lockReturnedItem } from './queries.ts'
import {
  erasing,
  missingBefore,
  remaining,
  type Step,
  saveFirst,
  stepsFor,
  stepText,
  stopsData,
  type TickedStep,
  takenBackWith,
  wipeMethods,
} from './rules.ts'

/** It is so already: a second click, or a colleague was quicker. Nothing is written, and nobody need be told no. */
export class AlreadySo<Result> extends Error {
  readonly result: Result
  constructor(result: Result) {
    super('This is so already')
    this.result = result
  }
}

/**
 * Ticks steps off, each with who and when. Whoever ticked a step first keeps it. With the last one the turnaround ends and
 * the item is free. Gives what is left to do. Refuses a step whose time has not come (RuleBroken), and a turnaround that is
 * not the item's last (Stale).
 */
export async function doSteps(change: Change, itemId: number, holdId: number, ticked: TickedStep[]): Promise<Step[]> {
  const { item, hold } = await lockTurnaround(change, itemId, holdId)
  const steps = stepsFor(item.category, hold.has_data)
  const fresh = ticked.filter(({ step }) => steps.includes(step) && !hold.done.includes(step))
  const done = [...hold.done, ...fresh.map(({ step }) => step)]
  const left = remaining(steps, done)
  if (hold.ended_at !== null) throw new AlreadySo<Step[]>([])
  if (fresh.length === 0 && left.length > 0) throw new AlreadySo(left)
  checkOrder(fresh, steps, done)
  await tickSteps(change, { item, hold }, fresh, left)
  return left
}

/**
 * Writes the steps down, each with who and when. With none left the turnaround ends, and the item is free. Refuses
 * (RuleBroken) to sign out or wipe what somebody still wants to keep something of.
 */
export async function tickSteps(
  change: Change,
  { item, hold }: { item: { id: number; tag: string }; hold: { id: number; to_save: string | null } },
  fresh: TickedStep[],
  left: Step[],
): Promise<void> {
  if (hold.to_save !== null && fresh.some(({ step }) => erasing.includes(step))) {
    throw new RuleBroken(saveFirst(item.tag, hold.to_save))
  }
  const now = change.now()
  if (fresh.length > 0) {
    const by = { organisation_id: change.by.organisationId, done_by: change.by.staffId }
    const rows = fresh.map((tick) => ({ ...tick, ...by, hold_id: hold.id, done_at: now }))
    await change.trx.insertInto('turnaround_steps').values(rows).execute()
    change.audit({ verb: 'turnaround:step-done', subject: ['item', item.id], details: detailsOf(fresh) })
    if (fresh.some(({ step }) => step === stopsData)) await stopDataOf(change, item.id)
  }
  if (left.length > 0) return

  await change.trx
    .updateTable('item_holds')
    .set({ ended_at: now, ended_as: 'ready' })
    .where('id', '=', hold.id)
    .execute()
  change.audit({ verb: 'turnaround:done', subject: ['item', item.id] })
}

/**
 * Takes a step back, and with it what was done after it and so has to be done again: a device that was not signed out has
 * to be wiped again. Gives what was taken back. Refuses (RuleBroken) once the item is ready, and where data
 * was stopped: that is started again on its own page.
 */
export async function takeStepBack(change: Change, itemId: number, holdId: number, step: Step): Promise<Step[]> {
  const { item, hold } = await lockTurnaround(change, itemId, holdId)
  if (hold.ended_at !== null) throw new RuleBroken(`${item.tag} is ready. Its steps can no longer be taken back.`)
  if (!hold.done.includes(step)) throw new AlreadySo<Step[]>([])
  if (step === stopsData) throw new RuleBroken('Data that was stopped is started again on its own page.')
  const back = takenBackWith(step, hold.done)
  await change.trx.deleteFrom('turnaround_steps').where('hold_id', '=', hold.id).where('step', 'in', back).execute()
  change.audit({
    verb: 'turnaround:step-undone',
    subject: ['item', item.id],
    details: { steps: back.map(stepText) },
  })
  return back
}

/** The item first, as everything that writes a hold does, and only then its turnaround. */
export async function lockTurnaround(change: Change, itemId: number, holdId: number) {
  const item = await lockReturnedItem(change.trx, change.by, itemId)
  if (!item) throw new NotFound()
  const hold = await findLastTurnaround(change.trx, item.id, londonToday(change.now()))
  if (!hold) throw new RuleBroken(`${item.tag} is not being made ready.`)
  if (hold.id !== holdId) throw new Stale(`${item.tag} was lent again and came back after you opened it.`)
  return { item, hold }
}

function checkOrder(fresh: TickedStep[], steps: Step[], done: string[]): void {
  for (const { step } of fresh) {
    const [first] = missingBefore(step, steps, done)
    if (first) throw new RuleBroken(`${stepText(step)} comes after ${stepText(first)}, and that is not done.`)
  }
}

/** In the words of the sheet, since they are read again in the item's history and in the audit. */
function detailsOf(fresh: TickedStep[]) {
  const wipe = fresh.find(({ method }) => method !== null)
  return {
    steps: fresh.map(({ step }) => stepText(step)),
    ...(wipe?.method && { method: wipeMethods[wipe.method] }),
    ...(wipe?.note && { reason: wipe.note }),
  }
}
