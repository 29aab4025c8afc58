import type { Change } from '../database/change.ts'
import { londonDate } from '../lib/dates.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import type { Answer } from './form.ts'
import { listDecided, lockRequest, readSections } from './queries.ts'
import { answerBy, decisionsThatHold, type Ending, itemsToReview, type NewRequest } from './rules.ts'

/** Writes down that somebody asked for a copy of what is kept about a person. Gives its id. */
export async function recordRequest(change: Change, serviceUserId: number, asked: NewRequest): Promise<number> {
  const { trx, by } = change
  await trx.selectFrom('service_users').select('id').where('id', '=', serviceUserId).forUpdate().execute()
  const emptied = await trx
    .selectFrom('anonymisations')
    .select('at')
    .where('service_user_id', '=', serviceUserId)
    .executeTakeFirst()
  if (emptied) throw new RuleBroken('This record was emptied. There is nothing left to give.')
  const { id } = await trx
    .insertInto('subject_access_requests')
    .values({
      ...{ organisation_id: by.organisationId, service_user_id: serviceUserId },
      ...{ asked_by: asked.askedBy, asked_by_note: asked.askedByNote },
      ...{ identity_check: asked.identityCheck, identity_note: asked.identityNote },
      ...{ received_on: asked.receivedOn, due_on: answerBy(asked.receivedOn, 1) },
      ...{ recorded_at: change.now(), recorded_by: by.staffId },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'subject-access:recorded', subject: ['subject-access', id], serviceUserId })
  return id
}

/** Keeps what was decided about things of a copy. Refuses (Stale) where one of them says something else by now. */
export async function decide(change: Change, id: number, answers: readonly Answer[]): Promise<void> {
  const { trx, by } = change
  const request = await lockOpen(change, id)
  const items = new Map(itemsToReview(await readSections(trx, request.service_user_id)).map((item) => [item.id, item]))
  const decided = answers.map(({ id: itemId, print, decision, note }) => {
    const item = items.get(itemId)
    if (!item || item.print !== print) throw new Stale('Something of this was changed after you opened it.')
    return {
      ...{ request_id: id, organisation_id: by.organisationId, print, decision, note },
      ...{ table_name: item.table, row_key: item.rowKey, column_name: item.column },
      ...{ decided_at: change.now(), decided_by: by.staffId },
    }
  })
  await trx
    .insertInto('subject_access_decisions')
    .values(decided)
    .onConflict((row) =>
      row.columns(['request_id', 'table_name', 'row_key', 'column_name']).doUpdateSet((eb) => ({
        print: eb.ref('excluded.print'),
        decision: eb.ref('excluded.decision'),
        note: eb.ref('excluded.note'),
        decided_at: eb.ref('excluded.decided_at'),
        decided_by: eb.ref('excluded.decided_by'),
      })),
    )
    .execute()
  const about = {
    subject: ['subject-access', id] as ['subject-access', number],
    serviceUserId: request.service_user_id,
  }
  // no details: they would be one more thing to read before it is given
  change.audit({ verb: 'subject-access:reviewed', ...about })
}

/** Two months more, which the person is told within the first. Refuses (RuleBroken) once that month is over, or twice. */
export async function extendRequest(
  change: Change,
  id: number,
  { reason, version }: { reason: string; version: number },
) {
  const request = await lockOpen(change, id)
  if (request.version !== version) throw new Stale()
  if (request.extended_reason !== '') throw new RuleBroken('It was given more time already.')
  if (londonDate(change.now()) > request.due_on)
    throw new RuleBroken('The first month is over: more time must be taken within it.')
  await change.trx
    .updateTable('subject_access_requests')
    .set({ extended_reason: reason, due_on: answerBy(request.received_on, 3), version: version + 1 })
    .where('id', '=', id)
    .execute()
  change.audit({
    verb: 'subject-access:extended',
    subject: ['subject-access', id],
    serviceUserId: request.service_user_id,
  })
}

/** Closes a request. It is not given (RuleBroken) while something of it was not read. */
export async function closeRequest(
  change: Change,
  id: number,
  { as, note, version }: { as: Ending; note: string; version: number },
): Promise<void> {
  const { trx, by } = change
  const request = await lockOpen(change, id)
  if (request.version !== version) throw new Stale()
  if (as === 'given') {
    const items = itemsToReview(await readSections(trx, request.service_user_id))
    const left = items.length - decisionsThatHold(items, await listDecided(trx, id)).size
    if (left > 0) throw new RuleBroken('Some of it was not read yet. Decide about each thing first.')
  }
  await trx
    .updateTable('subject_access_requests')
    .set({ closed_at: change.now(), closed_by: by.staffId, closed_as: as, closed_note: note, version: version + 1 })
    .where('id', '=', id)
    .execute()
  change.audit({
    verb: 'subject-access:closed',
    subject: ['subject-access', id],
    serviceUserId: request.service_user_id,
    details: { as },
  })
}

async function lockOpen({ trx, by }: Change, id: number) {
  const request = await lockRequest(trx, by, id)
  if (!request) throw new NotFound()
  if (request.closed_at !== null) throw new Stale('This request was closed already.')
  return request
}
