import type { Change } from '../database/change.ts'
import { londonToday } from '../lib/dates.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import type { AllowanceOrder } from './form.ts'
import { type AllowanceRecord, type Holder, lockAllowance } from './queries.ts'
import type { Because } from './words-rules.ts'

export interface HeldBy extends Pick<Holder, 'service_user_id' | 'ward_id' | 'staff_id' | 'loan_line_id'> {
  state?: string | null
}

/**
 * Gives data to a person, a ward or a member of staff, alone or with an item of theirs. What begins today is all there: that is
 * its first reading. Refuses somebody who died (RuleBroken), and a SIM that has other data in those days (Taken, by PostgreSQL).
 */
export async function giveAllowance(
  change: Change,
  held: HeldBy,
  order: AllowanceOrder,
  stockId: number | null = null,
): Promise<{ id: number }> {
  const { trx, by } = change
  if (held.state === 'died') throw new RuleBroken('This person has died. Give them nothing.')
  const now = change.now()
  const { kind, provider, network, megabytes, period, funder } = order
  const { id } = await trx
    .insertInto('data_allowances')
    .values({
      ...{ organisation_id: by.organisationId, kind, provider, network, megabytes, period, funder },
      ...{ starts_on: order.startsOn, ends_on: order.endsOn, cost_pence: order.costPence, sim_number: order.simNumber },
      ...{ service_user_id: held.service_user_id, ward_id: held.ward_id ?? order.wardId },
      ...{
        staff_id: held.staff_id ?? order.staffId,
        loan_line_id: held.loan_line_id,
        made_at: now,
        made_by: by.staffId,
      },
      ...{ stock_id: stockId, is_adult: order.isAdult, has_low_income: order.hasLowIncome },
      lacks_access: order.lacksAccess,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const allowance = { id, service_user_id: held.service_user_id }
  if (megabytes !== null && order.startsOn === londonToday(now))
    await insertReading(change, id, megabytes, now, 'start')
  const { simNumber: _number, ...told } = order
  await note(change, allowance, 'given', {}, { new: told })
  return { id }
}

/** Writes down what is left. Refuses a reading that is not newer than the last, and one from before it was given (RuleBroken). */
export async function readAllowance(
  change: Change,
  id: number,
  { left, readAt }: { left: number; readAt: Date },
): Promise<{ id: number }> {
  const allowance = await lockOpen(change, id)
  if (londonToday(readAt) < allowance.starts_on) throw new RuleBroken('It had not begun on that day. Check the day.')
  const newer = await change.trx
    .selectFrom('data_readings')
    .select('id')
    .where('data_allowance_id', '=', id)
    .where('read_at', '>=', readAt.toISOString())
    .executeTakeFirst()
  if (newer) throw new RuleBroken(OLDER)
  await insertReading(change, id, left, readAt, 'typed')
  audit(change, 'data-allowance:read', allowance, { new: { megabytes_left: left, read_at: readAt.toISOString() } })
  return { id }
}

export const OLDER = 'There is a newer reading already. Enter one that was read after it.'

/** Adds data to what is there. Refuses what has no limit (RuleBroken). */
export async function topUpAllowance(change: Change, id: number, megabytes: number): Promise<{ id: number }> {
  const allowance = await lockOpen(change, id)
  if (allowance.megabytes === null) throw new RuleBroken('It has no limit: there is nothing to top up.')
  await note(change, allowance, 'topped-up', { megabytes }, { new: { megabytes } })
  return { id }
}

/** It is over. It stays, and says so; its SIM may have other data from now on. */
export async function cancelAllowance(change: Change, id: number, version: number): Promise<void> {
  const allowance = await lockOpen(change, id, version)
  await set(change, allowance, { cancelled_at: change.now() })
  await note(change, allowance, 'cancelled')
}

/** Gives it another last day. Refuses one before the first, and days in which its SIM has other data (Taken). */
export async function extendAllowance(change: Change, id: number, version: number, endsOn: string): Promise<void> {
  const allowance = await lockOpen(change, id, version)
  if (endsOn < allowance.starts_on) throw new RuleBroken('The last day must not be before the first.')
  await set(change, allowance, { ends_on: endsOn })
  await note(change, allowance, 'extended', {}, { old: { ends_on: allowance.ends_on }, new: { ends_on: endsOn } })
}

/** From now on it is on another SIM, with what is left on it. The number that it had stays in what was done with it. */
export async function replaceSim(change: Change, id: number, version: number, simNumber: string): Promise<void> {
  const allowance = await lockOpen(change, id, version)
  if (allowance.kind === 'voucher') throw new RuleBroken('A voucher has no SIM.')
  if (allowance.sim_number === simNumber)
    throw new RuleBroken('It is on this SIM already. Enter the number of the new one.')
  await set(change, allowance, { sim_number: simNumber })
  await note(change, allowance, 'sim-replaced', { sim_number: allowance.sim_number })
}

export async function lockOpen({ trx, by }: Change, id: number, version?: number): Promise<AllowanceRecord> {
  const allowance = await lockAllowance(trx, by, id)
  if (!allowance) throw new NotFound()
  if (version !== undefined && allowance.version !== version) throw new Stale()
  if (allowance.cancelled_at !== null) throw new RuleBroken('It was cancelled. Nothing can be changed any more.')
  return allowance
}

export async function set(
  { trx }: Change,
  { id, version }: AllowanceRecord,
  values: {
    suspended_at?: Date | null
    suspended_because?: Because | null
    cancelled_at?: Date
    ends_on?: string
    sim_number?: string
  },
): Promise<void> {
  await trx
    .updateTable('data_allowances')
    .set({ ...values, version: version + 1 })
    .where('id', '=', id)
    .execute()
}

type Kind = 'given' | 'topped-up' | 'suspended' | 'resumed' | 'extended' | 'sim-replaced' | 'cancelled' | 'warned'

export async function note(
  change: Change,
  allowance: Pick<AllowanceRecord, 'id' | 'service_user_id'>,
  kind: Kind,
  more: { megabytes?: number; sim_number?: string | null } = {},
  details?: Record<string, unknown>,
): Promise<void> {
  const { trx, by } = change
  await trx
    .insertInto('data_allowance_changes')
    .values({
      ...{ organisation_id: by.organisationId, data_allowance_id: allowance.id, kind, ...more },
      ...{ at: change.now(), made_by: by.staffId },
    })
    .execute()
  audit(change, `data-allowance:${kind}`, allowance, details)
}

function audit(
  change: Change,
  verb: string,
  { id, service_user_id }: Pick<AllowanceRecord, 'id' | 'service_user_id'>,
  details?: Record<string, unknown>,
): void {
  const about = service_user_id === null ? {} : { serviceUserId: service_user_id }
  change.audit({ verb, subject: ['data-allowance', id], ...about, ...(details && { details }) })
}

async function insertReading(
  change: Change,
  id: number,
  megabytes: number,
  readAt: Date,
  source: 'start' | 'typed',
): Promise<void> {
  const { trx, by } = change
  await trx
    .insertInto('data_readings')
    .values({
      ...{ organisation_id: by.organisationId, data_allowance_id: id, megabytes_left: megabytes, source },
      ...{ read_at: readAt, made_at: change.now(), made_by: by.staffId },
    })
    .execute()
}
