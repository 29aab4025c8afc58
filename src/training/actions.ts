import type { Change } from '../database/change.ts'
import { cancelEntry, makeEntry } from '../diary/entry-actions.ts'
import { changedValues } from '../lib/changed-values.ts'
import { parseInstant } from '../lib/dates.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import type { TrainingOrder, TrainingResult } from './form.ts'
import { lockTraining, type TrainingRecord } from './queries.ts'
import { CANCELLED, mayLearn, NOT_BEGUN, TOOK_PLACE } from './rules.ts'

const MINUTE = 60_000

/** Plans a session with somebody, in the diary of a champion. Refuses as the diary does. Gives its id. */
export async function planTraining(
  change: Change,
  serviceUserId: number,
  order: TrainingOrder,
): Promise<{ id: number }> {
  const { startsAt, minutes, way, championId, topics, travelMinutes = 0, appointmentId = null, supporterId } = order
  const made = await makeEntry(change, {
    ...{ championId, serviceUserId, appointmentId, kind: 'training-session', way, note: '', travelMinutes },
    ...{ startsAt, endsAt: new Date(startsAt.getTime() + minutes * MINUTE) },
  })
  if (supporterId !== undefined) await requireSupporter(change, serviceUserId, supporterId)
  const joins = {
    ...{ supporter_joins: order.supporterJoins, interpreter_joins: order.interpreterJoins },
    supporter_id: supporterId ?? null,
  }
  await change.trx
    .insertInto('training_sessions')
    .values({ diary_entry_id: made.id, organisation_id: change.by.organisationId, topics, ...joins })
    .execute()
  const details = { new: { starts_at: startsAt.toISOString(), minutes, topics, ...joins } }
  audit(change, 'training:planned', { id: made.id, service_user_id: serviceUserId }, details)
  return made
}

/** Whoever supports somebody comes to a session of their own once the person agreed that they are told about training. */
async function requireSupporter({ trx, by }: Change, serviceUserId: number, supporterId: number): Promise<void> {
  const supporter = await trx
    .selectFrom('supporters')
    .select(['consent', 'may_be_told'])
    .where('id', '=', supporterId)
    .where('service_user_id', '=', serviceUserId)
    .where('organisation_id', '=', by.organisationId)
    .where('ended_at', 'is', null)
    .forShare()
    .executeTakeFirst()
  if (!supporter) throw new NotFound()
  if (!mayLearn(supporter)) {
    throw new RuleBroken('The person has not agreed that this supporter is told about training. Ask the person first.')
  }
}

/** Cancels a session that has not taken place. The hour is free again. */
export async function cancelTraining(change: Change, id: number, version: number): Promise<void> {
  const session = await lockSeen(change, id, version)
  if (session.came !== null) throw new RuleBroken(TOOK_PLACE)
  if (session.cancelled_at !== null) throw new Stale()
  await cancelEntry(change, id, session.entry_version)
  audit(change, 'training:cancelled', session)
}

/** Writes down who came and how sure they felt, or puts that right. Refuses what was cancelled, and what has not begun. */
export async function writeAttendance(
  change: Change,
  id: number,
  version: number,
  result: TrainingResult,
): Promise<void> {
  const session = await lockSeen(change, id, version)
  const now = change.now()
  if (session.cancelled_at !== null) throw new RuleBroken(CANCELLED)
  if (parseInstant(session.starts_at) > now) throw new RuleBroken(NOT_BEGUN)
  await change.trx
    .updateTable('training_sessions')
    .set({ ...result, told_at: now, told_by: change.by.staffId, version: version + 1 })
    .where('diary_entry_id', '=', id)
    .execute()
  audit(change, 'training:result-written', session, changedValues(session, { ...result }))
}

async function lockSeen({ trx, by }: Change, id: number, version: number): Promise<TrainingRecord> {
  const session = await lockTraining(trx, by, id)
  if (!session) throw new NotFound()
  if (session.version !== version) throw new Stale()
  return session
}

function audit(
  change: Change,
  verb: string,
  { id, service_user_id }: Pick<TrainingRecord, 'id' | 'service_user_id'>,
  details?: Record<string, unknown>,
): void {
  change.audit({ verb, subject: ['diary-entry', id], serviceUserId: service_user_id, details })
}
