import type { Change } from '../database/change.ts'
import { londonToday } from '../lib/dates.ts'
import { NotFound, RuleBroken, Taken } from '../lib/refusals.ts'
import { bookItems, lockItems, requireInpatient, requireOwnWard } from './actions.ts'
import { isPurpose, type Span, timesInWords, type Whom } from './rules.ts'
import { listWardItems } from './timetable-queries.ts'
import { MOST_TO_CHOOSE_FROM } from './timetable-rules.ts'
import { endWaits } from './waiting-ending-actions.ts'
import { type FoundWait, findWait, oneWard, readWaitingGround } from './waiting-queries.ts'
import { endedInWords, offersOnWards, type Wish } from './waiting-rules.ts'

export type WaitOrder = Wish & { wardId: number }

/**
 * Writes somebody down for what is not free. Refuses (RuleBroken) what this ward has not got, so that nobody waits in vain, and
 * somebody who is not on the ward; PostgreSQL refuses (NotUnique) whoever waits for it already.
 */
export async function addToWaitingList(change: Change, order: WaitOrder): Promise<{ id: number; on: string }> {
  const { trx, by } = change
  requireOwnWard(change, order.wardId)
  const { wanted, whom } = order
  const only = 'itemId' in wanted ? { ids: [wanted.itemId] } : { categories: wanted.categories }
  const items = await listWardItems(trx, by, order.wardId, MOST_TO_CHOOSE_FROM, only)
  const categories = 'itemId' in wanted ? items.map(({ category }) => category) : wanted.categories
  const missing = categories.some((kind) => !items.some(({ category }) => category === kind))
  if (items.length === 0 || missing) throw new NotOnThisWard('This ward has nothing like it. Choose something else')
  const serviceUserId = typeof whom === 'object' && 'serviceUserId' in whom ? whom.serviceUserId : null
  if (serviceUserId !== null) await requireInpatient(change, order, serviceUserId)
  const wait = await trx
    .insertInto('booking_waits')
    .values({
      organisation_id: by.organisationId,
      ward_id: order.wardId,
      service_user_id: serviceUserId,
      initials: typeof whom === 'object' && 'initials' in whom ? whom.initials : '',
      purpose: order.purpose,
      item_id: 'itemId' in wanted ? wanted.itemId : null,
      categories,
      connector: 'itemId' in wanted ? null : wanted.connector,
      minutes: order.minutes,
      earliest_at: order.earliest,
      latest_at: order.latest,
      asked_at: change.now(),
      asked_by: by.staffId,
    })
    .returning(['id', 'wanted_on as on'])
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'waiting-list:added', ...subjectOf(order.wardId, serviceUserId), details: { wait: wait.id } })
  return wait
}

/** Nobody waits for what cannot come. */
export class NotOnThisWard extends RuleBroken {}

function subjectOf(wardId: number, serviceUserId: number | null) {
  return { subject: ['ward', wardId] as ['ward', number], ...(serviceUserId !== null && { serviceUserId }) }
}

/** Whoever waits, as somebody saw them waiting. Refuses (RuleBroken) whoever has it already, or no longer wants it. */
async function lockWait(change: Change, id: number): Promise<FoundWait> {
  await change.trx
    .selectFrom('booking_waits')
    .select('id')
    .where('id', '=', id)
    .where('organisation_id', '=', change.by.organisationId)
    .forNoKeyUpdate()
    .execute()
  const wait = await findWait(change.trx, change.by, id)
  if (!wait) throw new NotFound()
  if (wait.ended_at !== null) throw new RuleBroken(endedInWords(wait))
  return wait
}

/**
 * Books what was offered to somebody, for the time that was shown: of what does as well, whatever is free now. Refuses
 * (RuleBroken) whoever has it already, or is not on the list any more; (Taken) what somebody else has got, or may have first.
 */
export async function bookForWhoWaits(change: Change, id: number, from: Date): Promise<{ id: number } & Span> {
  const wait = await lockWait(change, id)
  const { trx, by } = change
  // what could be theirs is locked before anybody asks what is free
  const things = await listWardItems(trx, by, wait.ward_id, MOST_TO_CHOOSE_FROM, { categories: wait.categories })
  const own = things.filter(({ id: itemId }) => wait.item_id === null || itemId === wait.item_id)
  if (own.length === 0) throw new NotOnThisWard('It is no longer on this ward.')
  await lockItems(
    change,
    own.map(({ id: itemId }) => itemId),
  )
  const now = change.now()
  const ground = await readWaitingGround(trx, by, { wardIds: oneWard(wait.ward_id), now, today: londonToday(now) })
  if (!ground.waits.some((one) => one.id === id)) {
    throw new RuleBroken('They are not waiting any more: the time is over, or they are not on this ward.')
  }
  const offer = offersOnWards(ground, now).find((one) => one.wait.id === id)
  if (!offer) throw new Taken('', 'It is not free any more: somebody else was faster. They are still on the list.')
  if (offer.from.getTime() !== from.getTime()) {
    throw new Taken('', `That time is not free any more. They can have ${timesInWords(offer)} in its place.`)
  }
  const booking = await bookItems(change, {
    wardId: wait.ward_id,
    itemIds: offer.items.map(({ id: itemId }) => itemId),
    ...{ from: offer.from, until: offer.until },
    whom: whomOf(wait),
    isWrittenDown: true,
    purpose: isPurpose(wait.purpose) ? wait.purpose : 'not-said',
  })
  await endWaits(change, [id], booking.id)
  return { ...booking, from: offer.from, until: offer.until }
}

function whomOf({ service_user_id, initials }: FoundWait): Whom {
  if (service_user_id !== null) return { serviceUserId: service_user_id }
  return initials ? { initials } : 'ward'
}

/** They no longer want it, and the next is offered it. */
export async function takeOffWaitingList(change: Change, id: number): Promise<void> {
  const wait = await lockWait(change, id)
  await change.trx
    .updateTable('booking_waits')
    .set({ ended_at: change.now(), ended_as: 'not-wanted', ended_by: change.by.staffId })
    .where('id', '=', id)
    .execute()
  const about = subjectOf(wait.ward_id, wait.service_user_id)
  change.audit({ verb: 'waiting-list:taken-off', ...about, details: { wait: id } })
}
