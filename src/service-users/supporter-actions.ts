import type { Change } from '../database/change.ts'
import { changedValues } from '../lib/changed-values.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { lockServiceUser } from './queries.ts'
import { lockSupporter } from './supporter-queries.ts'
import type { SupporterAnswers } from './supporter-rules.ts'

/** Notes somebody who supports a person. Gives the person's id. */
export async function addSupporter(change: Change, serviceUserId: number, answers: SupporterAnswers): Promise<number> {
  const person = await lockServiceUser(change.trx, change.by, serviceUserId)
  if (!person) throw new NotFound()
  const { consent, consent_on, may_be_told, ...who } = answers
  const { organisationId: organisation_id } = change.by
  const { id } = await change.trx
    .insertInto('supporters')
    .values({
      ...{ organisation_id, service_user_id: person.id, consent, consent_on, may_be_told },
      created_at: change.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await change.trx
    .insertInto('supporter_details')
    .values({ supporter_id: id, organisation_id, ...who })
    .execute()
  audit(change, 'service-user:supporter-added', person.id, { new: answers })
  return person.id
}

/** Changes who supports a person, or what may be told, as somebody saw it at `version`. */
export async function editSupporter(
  change: Change,
  serviceUserId: number,
  supporterId: number,
  version: number,
  answers: SupporterAnswers,
): Promise<void> {
  const supporter = await lockSupporter(change.trx, change.by, serviceUserId, supporterId)
  if (!supporter) throw new NotFound()
  if (supporter.version !== version) throw new Stale()
  const { consent, consent_on, may_be_told, ...who } = answers
  await change.trx
    .updateTable('supporters')
    .set({ consent, consent_on, may_be_told, version: version + 1 })
    .where('id', '=', supporterId)
    .execute()
  await change.trx.updateTable('supporter_details').set(who).where('supporter_id', '=', supporterId).execute()
  const told = { ...supporter, may_be_told: supporter.may_be_told.join(', ') }
  const changed = changedValues(told, { ...answers, may_be_told: may_be_told.join(', ') })
  audit(change, 'service-user:supporter-changed', serviceUserId, changed)
}

/** They support this person no more: nothing is told them from now on. That they did is kept. */
export async function endSupporter(change: Change, serviceUserId: number, supporterId: number): Promise<void> {
  const supporter = await lockSupporter(change.trx, change.by, serviceUserId, supporterId)
  if (!supporter) throw new NotFound()
  await change.trx
    .updateTable('supporters')
    .set({ ended_at: change.now(), version: supporter.version + 1 })
    .where('id', '=', supporterId)
    .execute()
  audit(change, 'service-user:supporter-ended', serviceUserId, { name: supporter.name })
}

function audit(change: Change, verb: string, serviceUserId: number, details: Record<string, unknown>): void {
  change.audit({ verb, subject: ['service-user', serviceUserId], serviceUserId, details })
}
