import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { NotFound, RuleBroken, Taken } from '../lib/refusals.ts'
import { isOnWard, listInpatients } from './people-queries.ts'
import { addMinutes, CLEANING_MINUTES, type Purpose, type Span, timeProblem, type Whom } from './rules.ts'
import { endWaits, lockWaitsMet } from './waiting-ending-actions.ts'

export interface BookingOrder {
  wardId: number
  itemIds: number[]
  /** null: now, and handed out with it. */
  from: Date | null
  until: Date
  whom: Whom
  purpose: Purpose
  /** Of a booking or a wish that is there: whom it is for need not be theirs to see who repeats it or takes it up. */
  isWrittenDown?: true
}

/**
 * Books things together, for the same time, with the minutes to clean them after it; or hands them out at once. Whether each is
 * free is left to PostgreSQL alone. Refuses (RuleBroken) a time that is over, too long or too far off, and somebody who is not on
 * the ward; (Taken) what is not to be had then, or is no longer the ward's.
 */
export async function bookItems(change: Change, order: BookingOrder): Promise<{ id: number }> {
  requireOwnWard(change, order.wardId)
  const waits = await lockWaitsMet(change, order)
  const items = await lockItems(change, order.itemIds)
  const now = change.now()
  const span: Span = { from: order.from ?? now, until: order.until }
  const problem = timeProblem(span, now)
  if (problem) throw new RuleBroken(problem)
  const serviceUserId =
    typeof order.whom === 'object' && 'serviceUserId' in order.whom ? order.whom.serviceUserId : null
  if (serviceUserId !== null) await requireInpatient(change, order, serviceUserId)
  const booking = await change.trx
    .insertInto('bookings')
    .values({
      organisation_id: change.by.organisationId,
      ward_id: order.wardId,
      service_user_id: serviceUserId,
      initials: typeof order.whom === 'object' && 'initials' in order.whom ? order.whom.initials : '',
      purpose: order.purpose,
      cleaning_minutes: CLEANING_MINUTES,
      made_at: now,
      made_by: change.by.staffId,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const takenAt = order.from === null ? now : null
  await sql`
    insert into item_holds (organisation_id, item_id, kind, booking_id, ward_id, plan, taken_at)
    select ${change.by.organisationId}, item_id, 'booking', ${booking.id}, ${order.wardId},
           ${planOf(span)}, ${takenAt}::timestamptz
    from unnest(${items.map(({ id }) => id)}::bigint[]) as item_id
    order by item_id`.execute(change.trx)
  await endWaits(change, waits, booking.id)
  change.audit({
    verb: takenAt ? 'booking:walked-up' : 'booking:made',
    subject: ['booking', booking.id],
    ...(serviceUserId !== null && { serviceUserId }),
    details: { items: items.map(({ tag }) => tag), from: span.from.toISOString(), until: span.until.toISOString() },
  })
  return booking
}

/** The plan of a use: from its beginning until what was used is clean. */
export function planOf({ from, until }: Span, cleaningMinutes = CLEANING_MINUTES) {
  return sql`tstzrange(${from}, ${addMinutes(until, cleaningMinutes)})`
}

/** Ward staff book on their own wards; to them there is no other. */
export function requireOwnWard({ by }: Change, wardId: number): void {
  if (by.role === 'ward-staff' && !by.wardIds.includes(wardId)) throw new NotFound()
}

/** Locks the items in the order of their ids, so that two nurses after the same set queue and never wait in a ring. */
export async function lockItems({ trx, by }: Change, itemIds: number[]): Promise<{ id: number; tag: string }[]> {
  const ids = [...new Set(itemIds)]
  const items = await trx
    .selectFrom('items')
    .select(['id', 'tag', 'left_as', 'category'])
    .where('organisation_id', '=', by.organisationId)
    .where((eb) => eb('id', '=', eb.fn.any(eb.val(ids))))
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  if (items.length !== ids.length || ids.length === 0) throw new NotFound()
  const gone = items.find(({ left_as }) => left_as !== null)
  if (gone) throw new Taken('item_has_left_the_stock', `${gone.tag} is no longer ours. Choose another one.`)
  const bay = items.find(({ category }) => category === 'locker-bay')
  if (bay) throw new RuleBroken(`${bay.tag} is a locker bay. It is not booked by time.`)
  return items
}

/** Somebody may have been discharged, moved or died since the page was shown. */
export async function requireInpatient(
  { trx, by }: Change,
  { wardId, isWrittenDown }: Pick<BookingOrder, 'wardId' | 'isWrittenDown'>,
  serviceUserId: number,
): Promise<void> {
  const isThere = isWrittenDown
    ? await isOnWard(trx, by, { wardId, serviceUserId })
    : (await listInpatients(trx, by, wardId)).some(({ id }) => id === serviceUserId)
  if (isThere) return
  throw new RuleBroken('This person is not on the ward any more. Choose somebody else, or book it for the ward')
}
