import { sql } from 'kysely'
import { requireOwnWard } from '../bookings/actions.ts'
import type { Change } from '../database/change.ts'
import { londonToday } from '../lib/dates.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { giveTriesBack } from '../pins/actions.ts'
import { findPersonToTellOf } from '../service-users/tell-of-queries.ts'
import { type FoundRestriction, findRestriction, isToSignFor } from './queries.ts'
import { type PermitForm, permitUntil, type RestrictionForm } from './rules.ts'

/** Writes down what a care plan keeps from somebody whom whoever writes sees. Its words stand in no audit row. */
export async function writeRestriction(
  change: Change,
  personId: number,
  { categories, words, reviewOn }: RestrictionForm,
): Promise<{ id: number }> {
  const { trx, by } = change
  const person = await findPersonToTellOf(trx, by, personId)
  if (!person) throw new NotFound()
  const restriction = await trx
    .insertInto('device_restrictions')
    .values({
      ...{ organisation_id: by.organisationId, service_user_id: person.id, categories, words, review_on: reviewOn },
      ...{ written_at: change.now(), written_by: by.staffId },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  tell(change, 'restriction:written', { id: restriction.id, service_user_id: person.id }, { categories, reviewOn })
  return restriction
}

/** It holds on, and is looked at again by another day. Refuses (Stale) what was changed or ended meanwhile. */
export async function reviewRestriction(
  change: Change,
  id: number,
  { version, reviewOn }: { version: number; reviewOn: string },
): Promise<void> {
  const reviewed = { review_on: reviewOn, reviewed_at: change.now(), reviewed_by: change.by.staffId }
  const restriction = await changeOpen(change, id, version, reviewed)
  tell(change, 'restriction:reviewed', restriction, { reviewOn })
}

/** The care plan keeps it from them no more; nobody deletes that it did. Refuses (Stale) what was changed or ended meanwhile. */
export async function endRestriction(
  change: Change,
  id: number,
  { version, because }: { version: number; because: string },
): Promise<void> {
  const ended = { ended_at: change.now(), ended_by: change.by.staffId, ended_because: because }
  tell(change, 'restriction:ended', await changeOpen(change, id, version, ended))
}

async function changeOpen(
  { trx, by }: Change,
  id: number,
  version: number,
  values: Record<string, unknown>,
): Promise<FoundRestriction> {
  const restriction = await findRestriction(trx, by, id)
  if (!restriction) throw new NotFound()
  const changed = await trx
    .updateTable('device_restrictions')
    .set({ ...values, version: version + 1 })
    .where('id', '=', id)
    .where('version', '=', version)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!changed) throw new Stale('Somebody changed or ended this restriction after you opened it.')
  return restriction
}

/**
 * The nurse in charge lets one thing through to somebody on the ward, for a time. Refuses (RuleBroken) what nothing keeps from them;
 * PostgreSQL refuses whoever does not work there (`restriction_permit_is_signed_on_their_ward`).
 */
export async function signForPerson(
  change: Change,
  { personId, wardId, pinId, ...form }: Omit<PermitForm, 'pin'> & { personId: number; wardId: number; pinId: number },
): Promise<{ id: number }> {
  const { trx, by } = change
  requireOwnWard(change, wardId)
  if (!(await giveTriesBack(change.trx, pinId))) throw new RuleBroken('That PIN was changed or locked meanwhile.')
  const item = await trx
    .selectFrom('items')
    .select(['id', 'tag', 'category'])
    .where('organisation_id', '=', by.organisationId)
    .where(sql`tag_key`, '=', form.tag.toLowerCase())
    .where('left_at', 'is', null)
    .where(isToSignFor(by, wardId))
    .executeTakeFirst()
  if (!item) throw new RuleBroken('There is no such item here. Check the tag.')
  const now = change.now()
  const permits = await trx
    .insertInto('restriction_permits')
    .columns([
      ...(['organisation_id', 'restriction_id', 'item_id', 'ward_id', 'because', 'signed_at', 'signed_by'] as const),
      ...(['asked_by', 'until'] as const),
    ])
    .expression((eb) =>
      eb
        .selectFrom('device_restrictions')
        .select([
          ...(['organisation_id', 'id'] as const),
          sql<number>`${item.id}::bigint`.as('item_id'),
          sql<number>`${wardId}::bigint`.as('ward_id'),
          sql<string>`${form.because}::text`.as('because'),
          sql<string>`${now}::timestamptz`.as('signed_at'),
          sql<number>`${form.signerId}::bigint`.as('signed_by'),
          sql<number>`${by.staffId}::bigint`.as('asked_by'),
          sql<string>`${permitUntil(londonToday(now), form.length.days)}::timestamptz`.as('until'),
        ])
        .where('service_user_id', '=', personId)
        .where('organisation_id', '=', by.organisationId)
        .where('ended_at', 'is', null)
        .where(sql<boolean>`${item.category} = any(categories)`),
    )
    .returning(['id', 'restriction_id'])
    .execute()
  const [first] = permits
  if (!first) throw new RuleBroken(`Nothing keeps ${item.tag} from them: it may be lent and booked as it is.`)
  const details = { items: [item.tag], signedBy: form.signerId }
  tell(change, 'restriction:permitted', { id: first.restriction_id, service_user_id: personId }, details)
  return first
}

function tell(
  change: Change,
  verb: string,
  { id, service_user_id }: { id: number; service_user_id: number },
  details: Record<string, unknown> = {},
): void {
  change.audit({ verb, subject: ['restriction', id], serviceUserId: service_user_id, details })
}
