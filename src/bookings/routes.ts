import type { Request, Response } from 'express'
import { isDate, londonDate, londonInstant } from '../lib/dates.ts'
import { type FieldError, fieldText, formKeyOf, type Typed } from '../lib/fields.ts'
import { NotFound, Refusal, Taken } from '../lib/refusals.ts'
import { context, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { bookItems } from './actions.ts'
import { bookingRoutes as bookedRoutes } from './booked-routes.ts'
import { candidatesOf, whyTaken } from './explained-rules.ts'
import { type BookingForm, parseBooking, parseInstead } from './form.ts'
import { type BookingFormShown, presentBookingForm, timetableOf, whenValues } from './form-presenter.ts'
import { isFree, type Offer, offersInstead, startsNear } from './nearest-rules.ts'
import { repeatRoutes } from './repeat-routes.ts'
import {
  addMinutes,
  CLEANING_MINUTES,
  dayOf,
  lengths,
  stepAfter,
  stepBefore,
  timeProblem,
  USUAL_MINUTES,
} from './rules.ts'
import { findWardWithPeople, listPlans, listWardItems } from './timetable-queries.ts'
import { mayBookOn, timetableRoutes } from './timetable-routes.ts'
import { MOST_ITEMS } from './timetable-rules.ts'
import { waitingRoutes } from './waiting-routes.ts'
import { wantingRoutes } from './wanting-routes.ts'

export const bookingRoutes = [
  ...timetableRoutes,
  get('/bookings/new', 'booking:write', showForm),
  post('/bookings', 'booking:write', book),
  ...wantingRoutes,
  ...bookedRoutes,
  ...repeatRoutes,
  ...waitingRoutes,
]

const FORM = 'bookings/form'

/** Everything the form stands on: the ward, the thing and others of its kind, and what is planned on that day. */
async function readGround(req: Request, code: string, itemId: string, on: string) {
  const { db, actor, now } = context(req)
  const ward = await findWardWithPeople(db, actor, code)
  if (!ward || !mayBookOn(actor, ward)) throw new NotFound()
  // what is no id is nothing's
  const like = /^[1-9]\d{0,14}$/.test(itemId) ? Number(itemId) : 0
  const items = await listWardItems(db, actor, ward.id, MOST_ITEMS, { like })
  const item = items.find(({ id }) => id === like)
  const today = londonDate(now)
  const day = dayOf(isDate(on) && on > today ? on : today)
  const plans = await listPlans(
    db,
    actor,
    items.map(({ id }) => id),
    { from: day.from, until: addMinutes(day.until, 12 * 60) },
  )
  return { ward, people: ward.people, item, plans, day, now, candidates: candidatesOf(items, plans, now) }
}

type Ground = Awaited<ReturnType<typeof readGround>>

async function showForm(req: Request, res: Response): Promise<void> {
  const { now } = context(req)
  const isNow = queryText(req, 'now') === 'yes'
  const asked: Typed = isNow
    ? { on: londonDate(now), now: 'yes' }
    : { on: queryText(req, 'on'), from: queryText(req, 'from') }
  const ground = await readGround(req, queryText(req, 'ward'), queryText(req, 'item'), asked.on ?? '')
  const { item } = ground
  if (!item) throw notOnWard(ground.ward)
  const shown = {
    ...ground,
    item,
    key: formKeyOf({}),
    values: asked,
    ...(isNow ? {} : nearestTo(ground, item.id, asked)),
  }
  renderPage(res, FORM, presentBookingForm(shown))
}

/** What was free when the timetable was shown, and is not any more, leads to the nearest time that is. */
function nearestTo({ candidates, plans, day, now }: Ground, itemId: number, asked: Typed): Partial<BookingFormShown> {
  const item = candidates.find(({ id }) => id === itemId)
  const from = londonInstant(asked.on ?? '', asked.from ?? '').value
  if (!item || !from || !isDate(asked.on ?? '')) return {}
  const span = (start: Date, minutes: number) => ({ from: start, until: addMinutes(start, minutes + CLEANING_MINUTES) })
  const fits = (start: Date, minutes: number) => isFree(item, span(start, minutes))
  if (fits(from, USUAL_MINUTES)) return {}
  if (fits(from, 15)) return { values: { ...asked, length: '15' } }
  const notice = whyTaken(item, plans, span(from, 15), now)
  const start = startsNear(from, { now, day }).find((at) => fits(at, USUAL_MINUTES))
  if (!start) return { notice: `${notice} It is not free for 30 minutes on this day.`, isTaken: true }
  return {
    values: whenValues(start),
    notice: `${notice} The nearest time that is free is chosen for you.`,
    isTaken: true,
  }
}

async function book(req: Request, res: Response): Promise<void> {
  const { now } = context(req)
  const body = insteadOf(req.body)
  const form = parseBooking(body, now)
  const ground = await readGround(req, fieldText(body, 'ward'), fieldText(body, 'item'), fieldText(body, 'on'))
  const { item } = ground
  if (!item) throw notOnWard(ground.ward)
  const key = formKeyOf(body)
  const again = { ...ground, item, key, values: form.values }
  if (form.errors) {
    const offers = insteadOfTime(ground, item.id, form)
    return showAgain(res, FORM, presentBookingForm({ ...again, errors: form.errors, offers }))
  }
  const { value } = form
  const to = timetableOf(ground.ward.code, value.from ?? now)
  try {
    const order = { ...value, itemIds: [item.id], wardId: ground.ward.id }
    const location = await createOnce(
      req,
      key,
      () => to,
      (change) => bookItems(change, order),
    )
    req.session.flash = value.from ? `${item.tag} is booked.` : `${item.tag} is handed out.`
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    const refused = await explain(req, body, value, error)
    showAgain(res, FORM, presentBookingForm({ ...again, ...refused }), 409)
  }
}

/** Another ward's and another organisation's thing look alike: they are not here. */
function notOnWard({ name }: { name: string }): NotFound {
  return new NotFound(`This is not on ${name}, or not any more. Choose something from the timetable of ${name}.`)
}

/** What can be booked nearest to a time at which nothing can: one that is over, is on no quarter, or that the clocks do not show once. */
function insteadOfTime(
  { candidates, now, day }: Ground,
  itemId: number,
  { values, errors }: { values: Typed; errors: FieldError[] },
): Offer[] {
  const wanted = candidates.find(({ id }) => id === itemId)
  const length = lengths.find((choice) => String(choice) === values.length)
  const { on = '', from = '' } = values
  if (!wanted || length === undefined || !isDate(on) || errors.some(({ field }) => field !== 'from')) return []
  const typed = londonInstant(on, from).value ?? londonInstant(on, '02:00').value ?? now
  const start = new Date(Math.max(stepAfter(typed).getTime(), stepBefore(now).getTime()))
  return offersInstead(wanted, candidates, start, length + CLEANING_MINUTES, { now, day }).filter(
    (offer) => timeProblem({ from: offer.from, until: addMinutes(offer.from, length) }, now) === null,
  )
}

/** One tap on what is offered in its place takes that, with everything else as it was typed. */
function insteadOf(body: unknown): unknown {
  const instead = parseInstead(body)
  if (!instead) return body
  const [item] = instead.itemIds
  return { ...(body as object), ...whenValues(instead.from), item: String(item), now: '', instead: '' }
}

/** Why it was refused, and what can be had in its place; asked afterwards, so that it is as it stands now. */
async function explain(req: Request, body: unknown, { from, until, whom }: BookingForm, error: Refusal) {
  if (!(error instanceof Taken)) {
    const field = typeof whom === 'object' && 'serviceUserId' in whom ? 'person' : 'from'
    return { errors: [{ field, text: error.message }] }
  }
  const { item, candidates, plans, day, now } = await readGround(
    req,
    fieldText(body, 'ward'),
    fieldText(body, 'item'),
    fieldText(body, 'on'),
  )
  const wanted = candidates.find(({ id }) => id === item?.id)
  if (!wanted) return { errors: [{ field: 'from', text: 'It is no longer on this ward. Choose something else.' }] }
  const start = from ?? now
  const minutes = (until.getTime() - start.getTime()) / 60_000 + CLEANING_MINUTES
  const asked = { from: start, until: addMinutes(start, minutes) }
  return {
    errors: [{ field: from ? 'from' : 'length', text: whyTaken(wanted, plans, asked, now) }],
    offers: offersInstead(wanted, candidates, start, minutes, { now, day }),
    isTaken: true,
  }
}
