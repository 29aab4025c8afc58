import type { Change } from '../database/change.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { findPersonOfRecord, listPeriods } from './queries.ts'
import { type Periods, periodKinds, periodsFrom, printOfPeriods } from './rules.ts'

/** How long each kind of record is kept from now on. Refuses (Stale) where it is not as it was `shown`. */
export async function changePeriods(change: Change, periods: Periods, shown: string): Promise<void> {
  const { trx, by } = change
  const organisation_id = by.organisationId
  await trx.selectFrom('organisations').select('id').where('id', '=', organisation_id).forNoKeyUpdate().execute()
  const before = periodsFrom(await listPeriods(trx, by))
  if (printOfPeriods(before) !== shown) throw new Stale()
  await trx
    .insertInto('retention_periods')
    .values(periodKinds.map(({ kind }) => ({ organisation_id, kind, years: periods[kind] })))
    .onConflict((row) =>
      row.columns(['organisation_id', 'kind']).doUpdateSet((eb) => ({ years: eb.ref('excluded.years') })),
    )
    .execute()
  change.audit({ verb: 'retention:periods-changed', details: { old: before, new: periods } })
}

/** From now on a record is kept, whatever its age. Refuses (RuleBroken) one that is emptied already. */
export async function placeHold(change: Change, id: number, reason: string): Promise<number> {
  const { trx, by } = change
  const person = await findPersonOfRecord(trx, by, id)
  if (!person) throw new NotFound()
  // what empties it in the same moment is waited for
  await trx.selectFrom('service_users').select('id').where('id', '=', person.id).forUpdate().execute()
  const emptied = await findPersonOfRecord(trx, by, person.id)
  if (emptied?.anonymised_at) throw new RuleBroken('This record was emptied already. There is nothing left to hold.')
  const row = { organisation_id: by.organisationId, service_user_id: person.id, reason }
  const { id: holdId } = await trx
    .insertInto('legal_holds')
    .values({ ...row, placed_at: change.now(), placed_by: by.staffId })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({
    verb: 'retention:hold-placed',
    subject: ['service-user', person.id],
    serviceUserId: person.id,
    details: { reason },
  })
  return holdId
}

/** Lifts a hold; whose record it is follows. Refuses (Stale) one that is lifted already. */
export async function liftHold(change: Change, id: number, reason: string): Promise<number> {
  const { trx, by } = change
  const hold = await trx
    .selectFrom('legal_holds')
    .select(['service_user_id', 'lifted_at'])
    .where('id', '=', id)
    .where('organisation_id', '=', by.organisationId)
    .forUpdate()
    .executeTakeFirst()
  if (!hold) throw new NotFound()
  if (hold.lifted_at !== null) throw new Stale('This hold was lifted already.')
  await trx
    .updateTable('legal_holds')
    .set({ lifted_at: change.now(), lifted_by: by.staffId, lifted_reason: reason })
    .where('id', '=', id)
    .execute()
  const serviceUserId = hold.service_user_id
  change.audit({
    verb: 'retention:hold-lifted',
    subject: ['service-user', serviceUserId],
    serviceUserId,
    details: { reason },
  })
  return serviceUserId
}
