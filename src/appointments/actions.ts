import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { changedValues } from '../lib/changed-values.ts'
import { londonDate } from '../lib/dates.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { followFirstAppointment } from '../referrals/first-appointment-actions.ts'
import { quickOutcomes } from './call-rules.ts'
import { plannedColumns, requireTeam, requireTime } from './making-actions.ts'
import { type AppointmentRecord, lockAppointment } from './queries.ts'
import {
  type AppointmentDetails,
  type AppointmentOrder,
  type AppointmentOutcome,
  IS_OVER,
  isOpen,
  mayHaveOutcome,
  NOT_YET,
} from './rules.ts'
import type { BackUp, Canceller, Way } from './words-rules.ts'

/** The day of a first appointment as a referral has it, before it is changed. */
const firstDayOf = ({ is_first, starts_at }: AppointmentRecord) => (is_first ? londonDate(starts_at) : null)

/** Changes when, how or with whom they meet, as somebody saw it at `version`. Refuses what is over, and as for a new one. */
export async function changeAppointment(
  change: Change,
  id: number,
  version: number,
  order: AppointmentOrder,
): Promise<void> {
  const { trx, by } = change
  const appointment = await lockOpen(change, id, version)
  await requireTeam(change, order.teamId)
  const hasMoved = Date.parse(appointment.starts_at) !== order.startsAt.getTime()
  // what has begun may still be put right, as long as it stays where it is
  const now = hasMoved ? requireTime(change, order.startsAt) : change.now()
  const isOtherWay = order.way !== appointment.way
  const columns = plannedColumns(order)
  await trx
    .updateTable('appointments')
    .set({ ...columns, ...(isOtherWay && { way_since: now, way_by: by.staffId }), version: version + 1 })
    .where('id', '=', id)
    .execute()
  await trx
    .updateTable('appointment_details')
    .set({ clinician: order.clinician })
    .where('appointment_id', '=', id)
    .execute()
  const after = {
    ...{ starts_at: columns.starts_at.toISOString(), ends_at: columns.ends_at.toISOString(), way: columns.way },
    ...{ purpose: columns.purpose, is_first: columns.is_first, team_id: columns.team_id },
    ...{ interpreter: columns.interpreter, clinician: order.clinician },
  }
  await followFirstAppointment(change, appointment.service_user_id, firstDayOf(appointment))
  const before = { ...appointment, starts_at: isoOf(appointment.starts_at), ends_at: isoOf(appointment.ends_at) }
  audit(change, 'appointment:changed', appointment, changedValues(before, after))
}

const isoOf = (instant: string) => new Date(Date.parse(instant)).toISOString()

/**
 * They meet in another way, at the same time: one step, and no reason is asked. The way before stays in the history. Nothing in
 * anybody's day moves, so a first one is not made longer by it.
 */
export async function changeWay(change: Change, id: number, version: number, way: Way): Promise<void> {
  const appointment = await lockOpen(change, id, version)
  if (appointment.way === way) throw new RuleBroken('They are to meet in this way already.')
  await change.trx
    .updateTable('appointments')
    .set({ way, way_since: change.now(), way_by: change.by.staffId, version: version + 1 })
    .where('id', '=', id)
    .execute()
  audit(change, 'appointment:way-changed', appointment, { old: { way: appointment.way }, new: { way } })
}

/** Writes down how one gets in, or what makes it work: what was asked, and nothing else. The link itself is kept out of the audit. */
export async function saveDetails(
  change: Change,
  id: number,
  version: number,
  details: Partial<AppointmentDetails>,
): Promise<void> {
  const appointment = await lockOpen(change, id, version)
  const { back_up, platform_id, supporter_ids, ...own } = details
  await requirePlatform(change, platform_id ?? null)
  await requireSupporters(change, appointment, supporter_ids ?? [])
  const chosen = { back_up, platform_id, supporter_ids }
  await change.trx
    .updateTable('appointments')
    .set({ ...givenOf(chosen), version: version + 1 })
    .where('id', '=', id)
    .execute()
  await change.trx.updateTable('appointment_details').set(own).where('appointment_id', '=', id).execute()
  const { join_link: before, ...kept } = appointment
  const { join_link: after = before, ...shown } = details
  audit(change, 'appointment:details-changed', appointment, {
    ...changedValues(kept, shown),
    ...(before !== after && { join_link: 'changed' }),
  })
}

/** Cancels an appointment that has no outcome yet. The hour is free again; the appointment stays, and says who cancelled it. */
export async function cancelAppointment(
  change: Change,
  id: number,
  version: number,
  canceller: Canceller,
): Promise<void> {
  const appointment = await lockOpen(change, id, version)
  await change.trx
    .updateTable('appointments')
    .set({ cancelled_at: change.now(), cancelled_by: canceller, version: version + 1 })
    .where('id', '=', id)
    .execute()
  await followFirstAppointment(change, appointment.service_user_id, firstDayOf(appointment))
  audit(change, 'appointment:cancelled', appointment, { cancelled_by: canceller })
}

/** Writes down how it went, or puts that right. Refuses (RuleBroken) before it has begun, and what was cancelled. */
export async function writeOutcome(
  change: Change,
  id: number,
  version: number,
  { persons_words, outcome_note, ...outcome }: AppointmentOutcome,
): Promise<void> {
  const { trx, by } = change
  const appointment = await lockSeen(change, id, version)
  const now = change.now()
  if (appointment.cancelled_at !== null) throw new RuleBroken('It was cancelled, so nothing came of it.')
  if (!mayHaveOutcome(appointment, now)) throw new RuleBroken(NOT_YET)
  await trx
    .updateTable('appointments')
    .set({ ...outcome, outcome_at: now, outcome_by: by.staffId, version: version + 1 })
    .where('id', '=', id)
    .execute()
  const words = { persons_words, outcome_note }
  await trx.updateTable('appointment_details').set(words).where('appointment_id', '=', id).execute()
  audit(change, 'appointment:outcome-written', appointment, changedValues(appointment, { ...outcome, ...words }))
}

/**
 * Writes down in one press what became of it, and leaves every word that was typed before as it is. Refuses (RuleBroken) what
 * is over, what has not begun, and what cannot have become of this one.
 */
export async function writeQuickOutcome(change: Change, id: number, version: number, what: string): Promise<void> {
  const appointment = await lockOpen(change, id, version)
  const { way, back_up, persons_words, outcome_note } = appointment
  const chosen = quickOutcomes(way as Way, back_up as BackUp | null).find((one) => one.what === what)
  if (!chosen) throw new RuleBroken('Choose what became of it.')
  const { outcome, met_by, disruption } = chosen
  await writeOutcome(change, id, version, { outcome, met_by, disruption, persons_words, outcome_note })
}

/** What was asked of all that could be; a null is an answer. */
function givenOf<Row extends object>(row: Row): Partial<Row> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Partial<Row>
}

async function requirePlatform({ trx, by }: Change, platformId: number | null): Promise<void> {
  if (platformId === null) return
  const platform = await trx
    .selectFrom('platforms')
    .select('id')
    .where('id', '=', platformId)
    .where('organisation_id', '=', by.organisationId)
    .executeTakeFirst()
  if (!platform) throw new NotFound()
}

/** Whoever joins anew supports this person, and the person agreed to them. Who joined before may stay, and the page tells. */
async function requireSupporters({ trx }: Change, appointment: AppointmentRecord, ids: number[]): Promise<void> {
  const fresh = ids.filter((id) => !appointment.supporter_ids.includes(id))
  if (fresh.length === 0) return
  const known = await trx
    .selectFrom('supporters')
    .select(['id', 'consent'])
    .where(sql<boolean>`id = any(${fresh}::bigint[])`)
    .where('service_user_id', '=', appointment.service_user_id)
    .where('ended_at', 'is', null)
    .forShare()
    .execute()
  if (known.length < fresh.length) throw new NotFound()
  if (known.some(({ consent }) => consent !== 'given')) {
    throw new RuleBroken('The person has not agreed that this supporter joins. Ask the person first.')
  }
}

async function lockSeen({ trx, by }: Change, id: number, version: number): Promise<AppointmentRecord> {
  const appointment = await lockAppointment(trx, by, id)
  if (!appointment) throw new NotFound()
  if (appointment.version !== version) throw new Stale()
  return appointment
}

async function lockOpen(change: Change, id: number, version: number): Promise<AppointmentRecord> {
  const appointment = await lockSeen(change, id, version)
  if (!isOpen(appointment)) throw new RuleBroken(IS_OVER)
  return appointment
}

function audit(
  change: Change,
  verb: string,
  { id, service_user_id }: Pick<AppointmentRecord, 'id' | 'service_user_id'>,
  details: Record<string, unknown>,
): void {
  change.audit({ verb, subject: ['appointment', id], serviceUserId: service_user_id, details })
}
