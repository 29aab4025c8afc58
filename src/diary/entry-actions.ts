import type { Change } from '../database/change.ts'
import { changedValues } from '../lib/changed-values.ts'
import { parseInstant } from '../lib/dates.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { type EntryRecord, lockEntry, lockPerson } from './entry-queries.ts'
import {
  awayBetween,
  type EntryOrder,
  type EntryTime,
  entryState,
  HAS_BEGUN,
  IS_IN_A_GROUP,
  IS_OVER,
  invitedElsewhere,
} from './entry-rules.ts'
import { listInvitedElsewhere } from './group-queries.ts'

/**
 * Writes a call, session or visit into a champion's diary. Gives its id.
 *
 * Refuses: a person out of reach, or an appointment of somebody else (NotFound); a time that is over, somebody who has died, one
 * who is no champion (RuleBroken); a time at which the champion or the person is elsewhere (Taken, by PostgreSQL; see
 * database/refusals for what it says).
 */
export async function makeEntry(change: Change, order: EntryOrder): Promise<{ id: number }> {
  const { trx, by } = change
  const { championId, serviceUserId, appointmentId, kind, way, note } = order
  const person = serviceUserId === null ? null : await lockPerson(trx, by, serviceUserId)
  if (person === undefined) throw new NotFound()
  if (person?.state === 'died') throw new RuleBroken('This person has died. Plan nothing with them.')
  await requireChampion(change, championId)
  if (appointmentId !== null) await requireAppointmentOf(change, appointmentId, person?.id ?? null)
  const now = change.now()
  if (order.endsAt <= now) throw new RuleBroken('This time is over. Choose a time that is to come.')
  const made = await trx
    .insertInto('diary_entries')
    .values({
      ...{ organisation_id: by.organisationId, champion_id: championId, service_user_id: person?.id ?? null },
      ...{ appointment_id: appointmentId, kind, way, note, made_at: now, made_by: by.staffId, ...timeColumns(order) },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  audit(change, 'diary:entry-made', { id: made.id, service_user_id: person?.id ?? null }, { new: inAudit(order) })
  return made
}

export interface EntryMove extends EntryTime {
  /** Whoever does it from now on; left out: as before. */
  championId?: number
}

/**
 * Moves an entry that somebody saw at `version` to another time, another champion or both. Refuses what has begun or is
 * cancelled (RuleBroken), what was changed meanwhile (Stale), and otherwise as for a new one.
 */
export async function moveEntry(change: Change, id: number, version: number, to: EntryMove): Promise<void> {
  const entry = await lockOpen(change, id, version)
  if (entry.group_entry_id !== null) throw new RuleBroken(IS_IN_A_GROUP)
  const now = change.now()
  if (entryState(entry, now) !== 'to-come') throw new RuleBroken(HAS_BEGUN)
  if (to.startsAt <= now) throw new RuleBroken('This time is over. Choose a time that is to come.')
  const championId = to.championId ?? entry.champion_id
  if (championId !== entry.champion_id) await requireChampion(change, championId)
  await requireGroupFree(change, entry, to)
  await change.trx
    .updateTable('diary_entries')
    .set({ ...timeColumns(to), champion_id: championId, version: version + 1 })
    .where('id', '=', id)
    .execute()
  const before = { ...pickedTimes(entry), champion_id: entry.champion_id }
  const after = {
    ...{ starts_at: to.startsAt.toISOString(), ends_at: to.endsAt.toISOString() },
    ...{ travel_minutes: to.travelMinutes, champion_id: championId },
  }
  audit(change, 'diary:entry-moved', entry, changedValues(before, after))
}

/** A group is moved with everybody in it: whoever is elsewhere then is named, so that they can be taken off its list first. */
async function requireGroupFree(
  change: Change,
  { id, service_user_id, kind }: EntryRecord,
  to: EntryTime,
): Promise<void> {
  if (service_user_id !== null || kind !== 'training-session') return
  const elsewhere = await listInvitedElsewhere(change.trx, change.by, id, to)
  if (elsewhere.length > 0) throw new RuleBroken(invitedElsewhere(elsewhere))
}

/** Cancels an entry that is not over. The hour is free again; the entry stays, and says who cancelled it. */
export async function cancelEntry(change: Change, id: number, version: number): Promise<void> {
  const { trx, by } = change
  const entry = await lockOpen(change, id, version)
  const now = change.now()
  if (entryState(entry, now) === 'over') throw new RuleBroken(IS_OVER)
  await trx
    .updateTable('diary_entries')
    .set({ cancelled_at: now, cancelled_by: by.staffId, version: version + 1 })
    .where('id', '=', id)
    .execute()
  audit(change, 'diary:entry-cancelled', entry)
}

async function lockOpen({ trx, by }: Change, id: number, version: number): Promise<EntryRecord> {
  const entry = await lockEntry(trx, by, id)
  if (!entry) throw new NotFound()
  if (entry.cancelled_at !== null) throw new Stale('This entry was cancelled meanwhile.')
  if (entry.version !== version) throw new Stale()
  return entry
}

async function requireChampion({ trx, by }: Change, id: number): Promise<void> {
  const found = await trx
    .selectFrom('staff')
    .select(['role', 'disabled_at'])
    .where('id', '=', id)
    .where('organisation_id', '=', by.organisationId)
    .forShare()
    .executeTakeFirst()
  if (!found) throw new NotFound()
  if (found.role !== 'champion' || found.disabled_at !== null) {
    throw new RuleBroken('They are no champion now. Choose somebody else.')
  }
}

async function requireAppointmentOf({ trx, by }: Change, id: number, personId: number | null): Promise<void> {
  const found = await trx
    .selectFrom('appointments')
    .select('service_user_id')
    .where('id', '=', id)
    .where('organisation_id', '=', by.organisationId)
    .executeTakeFirst()
  if (!found || found.service_user_id !== personId) throw new NotFound()
}

function timeColumns(time: EntryTime) {
  const { leavesAt, backAt } = awayBetween(time)
  return {
    ...{ starts_at: time.startsAt, ends_at: time.endsAt, travel_minutes: time.travelMinutes },
    ...{ leaves_at: leavesAt, back_at: backAt },
  }
}

function pickedTimes({ starts_at, ends_at, travel_minutes }: EntryRecord) {
  const iso = (at: string) => parseInstant(at).toISOString()
  return { starts_at: iso(starts_at), ends_at: iso(ends_at), travel_minutes }
}

function inAudit({ startsAt, endsAt, championId, kind, way }: EntryOrder) {
  return { starts_at: startsAt.toISOString(), ends_at: endsAt.toISOString(), champion_id: championId, kind, way }
}

function audit(
  change: Change,
  verb: string,
  { id, service_user_id }: { id: number; service_user_id: number | null },
  details?: Record<string, unknown>,
): void {
  change.audit({
    ...{ verb, subject: ['diary-entry', id], details },
    ...(service_user_id !== null && { serviceUserId: service_user_id }),
  })
}
