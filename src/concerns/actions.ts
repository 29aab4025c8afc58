import type { Change } from '../database/change.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { findPersonToTellOf } from '../service-users/tell-of-queries.ts'
import type { ConcernForm } from './form.ts'
import { type ConcernDetail, lockConcern } from './queries.ts'
import { followUpDue, type Telling } from './rules.ts'

/** Raises a concern about somebody whom whoever raises it sees. Its words stand in no audit row. Gives its id. */
export async function raiseConcern(
  change: Change,
  personId: number,
  { what, telling }: ConcernForm,
): Promise<{ id: number }> {
  const { trx, by } = change
  const person = await findPersonToTellOf(trx, by, personId)
  if (!person) throw new NotFound()
  const now = change.now()
  const concern = await trx
    .insertInto('concerns')
    .values({
      ...{
        organisation_id: by.organisationId,
        service_user_id: person.id,
        what,
        raised_at: now,
        raised_by: by.staffId,
      },
      due_at: followUpDue(now, telling !== null),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (telling) await writeTelling(change, concern.id, telling, false)
  change.audit({ verb: 'concern:raised', subject: ['concern', concern.id], serviceUserId: person.id })
  return concern
}

async function writeTelling(change: Change, concernId: number, telling: Telling, isFollowUp: boolean): Promise<void> {
  const { who, how, toldAt, note } = telling
  await change.trx
    .insertInto('concern_tellings')
    .values({
      ...{ organisation_id: change.by.organisationId, concern_id: concernId, is_follow_up: isFollowUp },
      ...{ who, how, told_at: toldAt, note, written_at: change.now(), written_by: change.by.staffId },
    })
    .execute()
}

/** Writes down who was told since, and what came of it. Refuses (RuleBroken) a concern that is closed. */
export async function followUp(change: Change, id: number, telling: Telling): Promise<{ id: number }> {
  const concern = await lockOpen(change, id)
  await writeTelling(change, id, telling, true)
  change.audit({ verb: 'concern:followed-up', subject: ['concern', id], serviceUserId: concern.service_user_id })
  return { id }
}

/** Closes a concern with what was done. Refuses (RuleBroken) one that is closed; PostgreSQL asks who closes it. */
export async function closeConcern(change: Change, id: number, done: string): Promise<void> {
  const concern = await lockOpen(change, id)
  await change.trx
    .updateTable('concerns')
    .set({ closed_at: change.now(), closed_by: change.by.staffId, closed_words: done })
    .where('id', '=', id)
    .execute()
  change.audit({ verb: 'concern:closed', subject: ['concern', id], serviceUserId: concern.service_user_id })
}

async function lockOpen(change: Change, id: number): Promise<ConcernDetail> {
  const concern = await lockConcern(change.trx, change.by, id)
  if (!concern) throw new NotFound()
  if (concern.closed_at !== null) throw new RuleBroken('This concern is closed by now.')
  return concern
}
