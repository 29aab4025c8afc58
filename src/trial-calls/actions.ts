import type { Change } from '../database/change.ts'
import { cancelEntry, makeEntry } from '../diary/entry-actions.ts'
import { changedValues } from '../lib/changed-values.ts'
import { parseInstant } from '../lib/dates.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import type { ReadinessFacts } from '../readiness/facts-rules.ts'
import type { TrialOrder, TrialResult } from './form.ts'
import { lockTrialCall, type TrialRecord } from './queries.ts'
import { CANCELLED, CHECK_MINUTES, endOf, HAS_RESULT, NOT_BEGUN, timeProblems } from './rules.ts'

/**
 * Arranges a trial-run call for an appointment, in the diary of a champion. `instead`: a call that it replaces, which is cancelled.
 *
 * Refuses (RuleBroken) a time that does not fit the appointment or the device; (Taken) a time at which the champion or the person
 * is elsewhere.
 */
export async function arrangeTrialCall(
  change: Change,
  facts: ReadinessFacts,
  order: TrialOrder,
  instead: number | null,
): Promise<{ id: number }> {
  const [problem] = timeProblems(order, facts, change.now())
  if (problem) throw new RuleBroken(`${problem.text}.`)
  if (instead !== null) await cancelReplaced(change, instead, facts)
  const { startsAt, championId, minutes } = order
  const made = await makeEntry(change, {
    ...{ championId, serviceUserId: facts.service_user_id, appointmentId: facts.id, kind: 'trial-run-call' },
    ...{ way: facts.way === 'video' ? 'video' : 'phone', note: '', startsAt, endsAt: endOf(order), travelMinutes: 0 },
  })
  const joins = { supporter_joins: order.supporterJoins, interpreter_joins: order.interpreterJoins }
  await change.trx
    .insertInto('trial_calls')
    .values({
      ...{ diary_entry_id: made.id, organisation_id: change.by.organisationId, is_check: minutes <= CHECK_MINUTES },
      ...joins,
    })
    .execute()
  const details = { new: { starts_at: startsAt.toISOString(), minutes, ...joins } }
  audit(change, 'trial-call:arranged', { id: made.id, service_user_id: facts.service_user_id }, details)
  return made
}

async function cancelReplaced(change: Change, id: number, { id: appointmentId }: ReadinessFacts): Promise<void> {
  const call = await lockTrialCall(change.trx, change.by, id)
  if (!call || call.appointment_id !== appointmentId) throw new NotFound()
  // whoever arranged another one in the same moment has cancelled it already
  if (call.cancelled_at !== null) throw new Stale()
  if (call.outcome === null && parseInstant(call.starts_at) > change.now()) {
    await cancelEntry(change, id, call.entry_version)
    audit(change, 'trial-call:cancelled', call)
  }
}

/** Cancels a call that has no result. The hour is free again. */
export async function cancelTrialCall(change: Change, id: number, version: number): Promise<void> {
  const call = await lockSeen(change, id, version)
  if (call.outcome !== null) throw new RuleBroken(HAS_RESULT)
  if (call.cancelled_at !== null) throw new Stale()
  await cancelEntry(change, id, call.entry_version)
  audit(change, 'trial-call:cancelled', call)
}

/** Writes down how a call went, or puts that right. Refuses (RuleBroken) what was cancelled, and what has not begun. */
export async function writeTrialResult(
  change: Change,
  id: number,
  version: number,
  { checklist, outcome, note }: TrialResult,
): Promise<void> {
  const call = await lockSeen(change, id, version)
  const now = change.now()
  if (call.cancelled_at !== null) throw new RuleBroken(CANCELLED)
  if (parseInstant(call.starts_at) > now) throw new RuleBroken(NOT_BEGUN)
  await change.trx
    .updateTable('trial_calls')
    .set({ ...checklist, note, outcome, outcome_at: now, outcome_by: change.by.staffId, version: version + 1 })
    .where('diary_entry_id', '=', id)
    .execute()
  audit(change, 'trial-call:result-written', call, changedValues(call, { ...checklist, outcome, note }))
}

async function lockSeen({ trx, by }: Change, id: number, version: number): Promise<TrialRecord> {
  const call = await lockTrialCall(trx, by, id)
  if (!call) throw new NotFound()
  if (call.version !== version) throw new Stale()
  return call
}

function audit(
  change: Change,
  verb: string,
  { id, service_user_id }: Pick<TrialRecord, 'id' | 'service_user_id'>,
  details?: Record<string, unknown>,
): void {
  change.audit({ verb, subject: ['diary-entry', id], serviceUserId: service_user_id, details })
}
