import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { formatTime, parseInstant } from '../lib/dates.ts'
import { NotFound, RuleBroken, Stale, Taken } from '../lib/refusals.ts'
import { lockItems, planOf } from './actions.ts'
import { type BookedHold, type BookingRow, findBooking, listBookedHolds } from './queries.ts'
import { addMinutes, EARLY_MINUTES, isOut, isToCome, type Span, timeProblem, useOf } from './rules.ts'

interface Locked {
  booking: BookingRow
  holds: BookedHold[]
}

/** The booking as somebody saw it at `version`, with its items locked in the order of their ids. */
async function lockBooking(change: Change, id: number, version: number): Promise<Locked> {
  const seen = await findBooking(change.trx, change.by, id)
  if (!seen) throw new NotFound()
  const { numUpdatedRows } = await change.trx
    .updateTable('bookings')
    .set({ version: version + 1 })
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new Stale('Someone changed this booking after you opened it.')
  const itemIds = (await listBookedHolds(change.trx, change.by, id)).map(({ item_id }) => item_id)
  await change.trx
    .selectFrom('items')
    .select('id')
    .where((eb) => eb('id', '=', eb.fn.any(eb.val(itemIds))))
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  return { booking: seen, holds: await listBookedHolds(change.trx, change.by, id) }
}

function subjectOf({ id, service_user_id }: BookingRow) {
  return {
    subject: ['booking', id] as ['booking', number],
    ...(service_user_id !== null && { serviceUserId: service_user_id }),
  }
}

const idsOf = (holds: { id: number }[]) => holds.map(({ id }) => id)
const tagsOf = (holds: { tag: string }[]) => holds.map(({ tag }) => tag)

export interface HandOut {
  version: number
  /** Whoever hands it out has seen that the record says they are no longer there, and means it. */
  isThere: boolean
  /** When it was, where that was before now and stood on paper. */
  at: Date | null
}

/**
 * Hands out what is booked. Refuses (RuleBroken) it long before its time or after it, and to somebody who by their record is
 * not on the ward any more, unless whoever stands before them says otherwise; (Taken) what somebody else still has.
 */
export async function handOutBooked(change: Change, id: number, { version, isThere, at }: HandOut): Promise<void> {
  const { booking, holds } = await lockBooking(change, id, version)
  const now = at ?? change.now()
  const ready = holds.filter(isToCome)
  if (ready.length === 0) throw new RuleBroken('Nothing of this booking is still to be handed out.')
  const { from, until } = useOf(booking, ready)
  if (now < addMinutes(from, -EARLY_MINUTES)) {
    throw new RuleBroken(`It is booked from ${formatTime(from)}. To hand it out now, move the booking to now.`)
  }
  if (now >= until) throw new RuleBroken('Its time is over. Cancel it, and hand the item out from the timetable.')
  if (booking.state === 'died') throw new RuleBroken('The record says that this person has died.')
  if (booking.is_on_ward === false && !isThere) {
    throw new RuleBroken('The record says that they are not on this ward any more. Say that they are here.')
  }
  const other = at === null && ready.find(({ other_kind }) => other_kind !== null)
  if (other) throw new Taken('item_in_one_pair_of_hands', whyNotReady(other))
  await change.trx.updateTable('item_holds').set({ taken_at: now }).where('id', 'in', idsOf(ready)).execute()
  change.audit({
    verb: 'booking:handed-out',
    ...subjectOf(booking),
    details: { items: tagsOf(ready), ...(at && { at: at.toISOString() }) },
  })
}

function whyNotReady({ tag, other_kind }: BookedHold): string {
  if (other_kind === 'turnaround') return `${tag} is being made ready. A digital champion says when it is.`
  if (other_kind === 'repair') return `${tag} is in repair.`
  return `Somebody still has ${tag}. Take it back first.`
}

export interface TakeBack {
  version: number
  holdIds: number[]
  /** It is clean already, so it is free at once. */
  isClean: boolean
  /** When it came back, where that was before now and stood on paper. */
  at: Date | null
}

/** Takes things back. What comes back early is free again when it is clean; what comes back late comes back all the same. */
export async function takeBack(change: Change, id: number, { version, holdIds, isClean, at }: TakeBack): Promise<void> {
  const { booking, holds } = await lockBooking(change, id, version)
  const back = holds.filter((hold) => holdIds.includes(hold.id))
  if (back.length === 0 || back.length !== new Set(holdIds).size) throw new NotFound()
  const gone = back.find((hold) => !isOut(hold))
  if (gone) {
    const since = gone.ended_at === null ? '' : `, since ${formatTime(gone.ended_at)}`
    throw new RuleBroken(`${gone.tag} is back already${since}.`)
  }
  const now = at ?? change.now()
  const early = back.find((hold) => hold.taken_at !== null && parseInstant(hold.taken_at) > now)
  if (early) throw new RuleBroken(`${early.tag} was handed out after that, at ${formatTime(early.taken_at ?? now)}.`)
  await endHolds(change, back, now, isClean ? now : addMinutes(now, booking.cleaning_minutes))
  change.audit({
    verb: 'booking:taken-back',
    ...subjectOf(booking),
    details: { items: tagsOf(back), ...(at && { at: at.toISOString() }) },
  })
}

/** A plan that ended early is shortened to what happened; one that ended late stays, since somebody else's may follow it. */
async function endHolds({ trx }: Change, holds: { id: number }[], at: Date, freeAt: Date): Promise<void> {
  await sql`
    update item_holds
    set ended_at = greatest(taken_at, ${at}), ended_as = 'returned',
        plan = tstzrange(lower(plan), greatest(least(upper(plan), ${freeAt}), lower(plan) + interval '1 millisecond'))
    where id = any(${idsOf(holds)}::bigint[])`.execute(trx)
}

/** What was not handed out is free again. */
export async function cancelBooking(change: Change, id: number, version: number): Promise<void> {
  const { booking, holds } = await lockBooking(change, id, version)
  const planned = holds.filter(isToCome)
  if (planned.length === 0) throw new RuleBroken('Nothing of this booking is still to be handed out.')
  const cancelled_at = change.now()
  await change.trx.updateTable('item_holds').set({ cancelled_at }).where('id', 'in', idsOf(planned)).execute()
  await change.trx
    .updateTable('bookings')
    .set({ cancelled_at, cancelled_as: 'cancelled' })
    .where('id', '=', id)
    .execute()
  change.audit({ verb: 'booking:cancelled', ...subjectOf(booking), details: { items: tagsOf(planned) } })
}

/** Moves what was not handed out to another time. Refuses (RuleBroken) what is out: that is extended. */
export async function moveBooking(change: Change, id: number, { version, ...span }: Span & { version: number }) {
  const { booking, holds } = await lockBooking(change, id, version)
  const planned = holds.filter(isToCome)
  if (planned.length === 0 || holds.some(isOut)) throw new RuleBroken('It was handed out, so only its end can change.')
  const problem = timeProblem(span, change.now())
  if (problem) throw new RuleBroken(problem)
  await replan(change, booking, planned, span)
  change.audit({
    verb: 'booking:moved',
    ...subjectOf(booking),
    details: { items: tagsOf(planned), from: span.from.toISOString(), until: span.until.toISOString() },
  })
}

/** Lets them keep it longer, or for less long than was planned. */
export async function extendBooking(
  change: Change,
  id: number,
  { version, until }: { version: number; until: Date },
): Promise<void> {
  const { booking, holds } = await lockBooking(change, id, version)
  const out = holds.filter(isOut)
  if (out.length === 0) throw new RuleBroken('Nothing of this booking is handed out.')
  const from = new Date(Math.min(...out.map(({ starts_at }) => parseInstant(starts_at).getTime())))
  const now = change.now()
  if (until <= now) throw new RuleBroken('The new end must be after now. If it is back, take it back.')
  // handed out before its time: it is not given up before that begins
  if (until <= from) throw new RuleBroken('The end must be after the start. If it is back, take it back.')
  const problem = timeProblem({ from: now, until }, now)
  if (problem) throw new RuleBroken(problem)
  await replan(change, booking, out, { from, until })
  change.audit({
    verb: 'booking:extended',
    ...subjectOf(booking),
    details: { items: tagsOf(out), until: until.toISOString() },
  })
}

async function replan(change: Change, booking: BookingRow, holds: BookedHold[], span: Span): Promise<void> {
  await lockItems(
    change,
    holds.map(({ item_id }) => item_id),
  )
  await sql`
    update item_holds set plan = ${planOf(span, booking.cleaning_minutes)}
    where id = any(${idsOf(holds)}::bigint[])`.execute(change.trx)
}
