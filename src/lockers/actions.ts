import { requireOwnWard } from '../bookings/actions.ts'
import { listInpatients } from '../bookings/people-queries.ts'
import type { Change } from '../database/change.ts'
import { NotFound, RuleBroken, Taken } from '../lib/refusals.ts'
import { connectorName } from '../models/rules.ts'
import { listWitnesses } from './queries.ts'
import {
  type DepositForm,
  endedInWords,
  type HandOverForm,
  type OpeningForm,
  outOfService,
  readyAfter,
} from './rules.ts'

export interface DepositOrder extends DepositForm {
  wardId: number
  bayId: number
}

/**
 * Puts somebody's device into a bay. Refuses (Taken) a bay that has something in it, is out of service or is not the ward's;
 * (RuleBroken) one with another connector, and somebody who is not on the ward.
 */
export async function depositDevice(change: Change, order: DepositOrder): Promise<{ id: number }> {
  const { trx, by } = change
  requireOwnWard(change, order.wardId)
  await requireBay(change, order)
  const serviceUserId = 'serviceUserId' in order.whose ? order.whose.serviceUserId : null
  if (serviceUserId !== null) await requireInpatient(change, order.wardId, serviceUserId)
  const now = change.now()
  const deposit = await trx
    .insertInto('locker_deposits')
    .values({
      organisation_id: by.organisationId,
      ward_id: order.wardId,
      bay_id: order.bayId,
      service_user_id: serviceUserId,
      initials: 'initials' in order.whose ? order.whose.initials : '',
      description: order.description,
      connector: order.connector,
      key_with: order.keyWith,
      ready_at: readyAfter(now, order.hours),
      deposited_at: now,
      deposited_by: by.staffId,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({
    verb: 'locker:deposited',
    subject: ['locker-deposit', deposit.id],
    ...(serviceUserId !== null && { serviceUserId }),
  })
  return deposit
}

/** Locks the bay, so that of two nurses after the same one the second is told. */
async function requireBay({ trx, by }: Change, { bayId, wardId, connector }: DepositOrder): Promise<void> {
  const bay = await trx
    .selectFrom('items')
    .innerJoin('models', 'models.id', 'items.model_id')
    .select(['items.tag', 'items.category', 'items.kept_at_ward_id', 'items.left_at', 'models.connector'])
    .where('items.id', '=', bayId)
    .where('items.organisation_id', '=', by.organisationId)
    .forNoKeyUpdate('items')
    .executeTakeFirst()
  if (bay?.category !== 'locker-bay') throw new NotFound()
  if (bay.left_at !== null || bay.kept_at_ward_id !== wardId) {
    throw new Taken('deposit_is_in_a_bay_that_works', `${bay.tag} is no longer on this ward.`)
  }
  const { is_in_use, is_held } = await trx
    .selectNoFrom((eb) => [
      eb
        .exists(eb.selectFrom('locker_deposits').where('bay_id', '=', bayId).where('ended_at', 'is', null))
        .as('is_in_use'),
      eb
        .exists(
          eb
            .selectFrom('item_holds')
            .where('item_id', '=', bayId)
            .where('taken_at', 'is not', null)
            .where('ended_at', 'is', null),
        )
        .as('is_held'),
    ])
    .executeTakeFirstOrThrow()
  if (is_in_use) throw new Taken('one_open_deposit_a_bay', `${bay.tag} has something in it already.`)
  if (is_held) throw new Taken('deposit_is_in_a_bay_that_works', outOfService(bay))
  if (bay.connector !== connector) {
    throw new RuleBroken(
      `${bay.tag} has ${connectorName(bay.connector) || 'no connector'}, not ${connectorName(connector)}.`,
    )
  }
}

/** Somebody may have been discharged or moved since the page was shown. */
async function requireInpatient({ trx, by }: Change, wardId: number, serviceUserId: number): Promise<void> {
  if ((await listInpatients(trx, by, wardId)).some(({ id }) => id === serviceUserId)) return
  throw new PersonNotHere('This person is not on the ward any more. Choose somebody else, or use initials')
}

/** Not about the bay, so no other bay is offered. */
export class PersonNotHere extends RuleBroken {}

/** The owner has it back. Refuses (RuleBroken) what came out already. */
export async function collectDevice(change: Change, id: number): Promise<void> {
  await endDeposit(change, id, { verb: 'locker:collected', ended_as: 'collected' })
}

/** Somebody else takes it to the owner, or for them. */
export async function handOverDevice(change: Change, id: number, { handedTo, allowedBy }: HandOverForm): Promise<void> {
  const how = { handed_to: handedTo, allowed_by: allowedBy }
  await endDeposit(change, id, { verb: 'locker:handed-over', ended_as: 'handed-over', ...how })
}

/** Two members of staff open the bay without the owner. Refuses (RuleBroken) a second who may not be one, or is the first. */
export async function openBay(change: Change, id: number, { witnessId, because }: OpeningForm): Promise<void> {
  const how = { witnessed_by: witnessId, opened_because: because }
  await endDeposit(change, id, { verb: 'locker:opened', ended_as: 'opened', ...how })
}

interface Ending {
  verb: string
  ended_as: 'collected' | 'handed-over' | 'opened'
  handed_to?: string
  allowed_by?: string
  witnessed_by?: number
  opened_because?: string
}

async function endDeposit(change: Change, id: number, { verb, ...ending }: Ending): Promise<void> {
  const { trx, by } = change
  const deposit = await trx
    .selectFrom('locker_deposits as deposit')
    .select(['deposit.id', 'deposit.ward_id', 'deposit.service_user_id', 'deposit.ready_at', 'deposit.ended_at'])
    .select('deposit.ended_as')
    // not joined: whoever waited for the lock would have the row of before, joined with nobody
    .select((eb) => eb.selectFrom('staff').select('name').whereRef('id', '=', 'deposit.ended_by').as('ender'))
    .where('deposit.id', '=', id)
    .where('deposit.organisation_id', '=', by.organisationId)
    .forUpdate('deposit')
    .executeTakeFirst()
  if (!deposit) throw new NotFound()
  requireOwnWard(change, deposit.ward_id)
  if (deposit.ended_at !== null) throw new RuleBroken(endedInWords(deposit))
  if (ending.witnessed_by !== undefined) await requireWitness(change, deposit.ward_id, ending.witnessed_by)
  const ended = { ...ending, ended_at: change.now(), ended_by: by.staffId }
  await trx.updateTable('locker_deposits').set(ended).where('id', '=', id).execute()
  change.audit({
    verb,
    subject: ['locker-deposit', id],
    ...(deposit.service_user_id !== null && { serviceUserId: deposit.service_user_id }),
    ...(ending.witnessed_by !== undefined && { details: { witness: ending.witnessed_by } }),
  })
}

async function requireWitness({ trx, by }: Change, wardId: number, witnessId: number): Promise<void> {
  if (witnessId === by.staffId) throw new RuleBroken('Somebody else than you has to be there')
  const isThere = (await listWitnesses(trx, by, wardId)).some(({ id }) => id === witnessId)
  if (!isThere) throw new RuleBroken('Choose a member of staff of this ward')
}
