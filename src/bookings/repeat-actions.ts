import type { Change } from '../database/change.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { bookItems, lockItems, requireOwnWard } from './actions.ts'
import { candidatesOf, whyTaken } from './explained-rules.ts'
import { isFree } from './nearest-rules.ts'
import { type BookedHold, type BookingRow, findBooking, listBookedHolds } from './queries.ts'
import { type Clash, type Repeat, repeatsOf } from './repeat-rules.ts'
import { addMinutes, CLEANING_MINUTES, isPurpose, type Span, timeProblem, useOf, type Whom } from './rules.ts'
import { listPlans, listWardItems } from './timetable-queries.ts'

/** Some weeks cannot be booked: which, and why. Nothing is booked before somebody has seen them. */
export class WeeksClash extends RuleBroken {
  readonly clashes: Clash[]
  constructor(clashes: Clash[]) {
    super('It cannot be booked in every week.')
    this.clashes = clashes
  }
}

/**
 * Books the same things at the same time of the week, for so many weeks more: all of them, or where somebody has seen what
 * clashes, the others. The things are locked first, so that what is told is what is booked. Refuses (WeeksClash) otherwise,
 * and where no week is left.
 */
export async function repeatBooking(
  change: Change,
  id: number,
  { weeks, leavesOut }: { weeks: number; leavesOut: boolean },
): Promise<{ booked: number }> {
  const { trx, by } = change
  const booking = await findBooking(trx, by, id)
  if (!booking) throw new NotFound()
  requireOwnWard(change, booking.ward_id)
  const holds = await listBookedHolds(trx, by, id)
  const itemIds = holds.map(({ item_id }) => item_id)
  await lockItems(change, itemIds)
  const repeats = repeatsOf(useOf(booking, holds), weeks)
  const clashes = await clashesOf(change, booking, holds, repeats)
  const left = repeats.filter(({ week }) => !clashes.some((clash) => clash.week === week))
  if (clashes.length > 0 && (!leavesOut || left.length === 0)) throw new WeeksClash(clashes)
  for (const { span } of left.filter(hasSpan)) {
    await bookItems(change, { wardId: booking.ward_id, itemIds, ...span, ...whomOf(booking), isWrittenDown: true })
  }
  return { booked: left.length }
}

const hasSpan = (repeat: Repeat): repeat is Repeat & { span: Span } => repeat.problem === undefined

function whomOf({ service_user_id, initials, purpose }: BookingRow): {
  whom: Whom
  purpose: ReturnType<typeof purposeOf>
} {
  const whom: Whom =
    service_user_id !== null ? { serviceUserId: service_user_id } : initials === '' ? 'ward' : { initials }
  return { whom, purpose: purposeOf(purpose) }
}

const purposeOf = (code: string) => (isPurpose(code) ? code : 'not-said')

async function clashesOf(
  change: Change,
  { ward_id }: BookingRow,
  holds: BookedHold[],
  repeats: Repeat[],
): Promise<Clash[]> {
  const { trx, by } = change
  const now = change.now()
  const ids = holds.map(({ item_id }) => item_id)
  const spans = repeats.filter(hasSpan).map(({ span }) => span)
  const [first, last] = [spans[0], spans.at(-1)]
  const whole = first && last && { from: first.from, until: addMinutes(last.until, CLEANING_MINUTES) }
  const items = await listWardItems(trx, by, ward_id, ids.length, { ids })
  const plans = whole ? await listPlans(trx, by, ids, whole) : []
  const candidates = candidatesOf(items, plans, now)
  return repeats.flatMap((repeat) => {
    const { week, date } = repeat
    if (repeat.problem !== undefined) return [{ week, date, why: repeat.problem }]
    const span = { from: repeat.span.from, until: addMinutes(repeat.span.until, CLEANING_MINUTES) }
    const gone = holds.find(({ item_id }) => !items.some(({ id }) => id === item_id))
    const taken = candidates.find((item) => !isFree(item, span))
    const why =
      timeProblem(repeat.span, now) ??
      (gone ? `${gone.tag} is no longer on this ward.` : taken ? whyTaken(taken, plans, span, now) : null)
    return why === null ? [] : [{ week, date, why }]
  })
}
