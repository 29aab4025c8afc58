import type { Change } from '../database/change.ts'
import { roleNames } from '../lib/actor.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { queueEmail } from '../messages/actions.ts'
import { openingNotice } from './letters-rules.ts'
import { listGovernance, lockOpening, readOpeningMinutes } from './queries.ts'
import { isStillOpen, type OpeningOrder, OwnOpening } from './rules.ts'

const MINUTE = 60_000
/** A notice of an opening is of use for a week; after that the list of openings says it. */
const NOTICE_DAYS = 7

/**
 * Opens a record for a while, for whoever asks and nobody else, and tells information governance by email. Refuses
 * somebody of another organisation (NotFound); PostgreSQL refuses whoever may open none. Gives the opening's id.
 */
export async function openRecord(
  change: Change,
  { personId, reason }: OpeningOrder,
  publicUrl: string,
): Promise<{ id: number }> {
  const { trx, by } = change
  await trx
    .selectFrom('service_users')
    .select('id')
    .where('id', '=', personId)
    .where('organisation_id', '=', by.organisationId)
    .executeTakeFirstOrThrow(() => new NotFound())
  const now = change.now()
  const minutes = await readOpeningMinutes(trx, by)
  const opening = await trx
    .insertInto('record_openings')
    .values({
      organisation_id: by.organisationId,
      staff_id: by.staffId,
      service_user_id: personId,
      opened_at: now,
      ends_at: new Date(now.getTime() + minutes * MINUTE),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('record_opening_words')
    .values({ opening_id: opening.id, organisation_id: by.organisationId, reason })
    .execute()
  await tellGovernance(change, opening.id, personId, publicUrl)
  change.audit({ verb: 'opening:made', subject: ['opening', opening.id], serviceUserId: personId, details: { reason } })
  return opening
}

async function tellGovernance(change: Change, openingId: number, personId: number, publicUrl: string): Promise<void> {
  const { by } = change
  const at = change.now()
  const notice = {
    who: by.name,
    role: roleNames[by.role],
    personId,
    at,
    url: `${publicUrl}/openings/${openingId}`,
  }
  for (const { id, name, email } of await listGovernance(change.trx, by, by.staffId)) {
    await queueEmail(change, {
      cause: `record-opened:${openingId}:${id}`,
      kind: 'record-opened',
      to: { staffId: id, name, address: email },
      ...openingNotice({ ...notice, name }),
      sendUntil: new Date(at.getTime() + NOTICE_DAYS * 24 * 60 * MINUTE),
      isSecret: false,
    })
  }
}

/** Whoever opened it is done before its time. What is over already stays as it was. */
export async function closeOpening(change: Change, id: number): Promise<void> {
  const opening = await lockOpening(change.trx, change.by, id)
  if (!opening || opening.staff_id !== change.by.staffId) throw new NotFound()
  const now = change.now()
  if (!isStillOpen(opening, now)) throw new RuleBroken('It is closed already.')
  await change.trx.updateTable('record_openings').set({ closed_at: now }).where('id', '=', id).execute()
  change.audit({ verb: 'opening:closed', subject: ['opening', id], serviceUserId: opening.service_user_id })
}

/** Marks an opening as looked at, with what came of it. Refuses one's own (OwnOpening), and what somebody marked first (Stale). */
export async function markSeen(change: Change, id: number, note: string): Promise<void> {
  const { trx, by } = change
  const opening = await lockOpening(trx, by, id)
  if (!opening) throw new NotFound()
  if (opening.staff_id === by.staffId) throw new OwnOpening()
  if (opening.seen_at !== null) throw new Stale('Somebody has marked this as seen.')
  await trx
    .updateTable('record_openings')
    .set({ seen_at: change.now(), seen_by: by.staffId })
    .where('id', '=', id)
    .execute()
  await trx.updateTable('record_opening_words').set({ note }).where('opening_id', '=', id).execute()
  const serviceUserId = opening.service_user_id
  change.audit({
    verb: 'opening:seen',
    subject: ['opening', id],
    serviceUserId,
    ...(note !== '' && { details: { note } }),
  })
}

/** How long records stay open from now on; what is open already keeps its end. Refuses (Stale) what was changed meanwhile. */
export async function changeOpeningMinutes(
  change: Change,
  { minutes, shown }: { minutes: number; shown: number },
): Promise<void> {
  const { trx, by } = change
  const { opening_minutes: before } = await trx
    .selectFrom('organisations')
    .select('opening_minutes')
    .where('id', '=', by.organisationId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
  if (before !== shown) throw new Stale()
  await trx.updateTable('organisations').set({ opening_minutes: minutes }).where('id', '=', by.organisationId).execute()
  change.audit({
    verb: 'settings:opening-changed',
    details: { old: { minutes: before }, new: { minutes } },
  })
}
