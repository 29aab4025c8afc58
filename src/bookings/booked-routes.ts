import type { Request, Response } from 'express'
import { londonDate } from '../lib/dates.ts'
import { type FieldError, fieldText, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, Refusal, Stale, Taken } from '../lib/refusals.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { type Change, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { changedInWords } from './changed-rules.ts'
import { candidatesOf, whyTaken } from './explained-rules.ts'
import { holdIdsIn, parseAt, parseExtension, parseMove } from './form.ts'
import { timetableOf } from './form-presenter.ts'
import { cancelBooking, extendBooking, handOutBooked, moveBooking, takeBack } from './going-actions.ts'
import { isFree } from './nearest-rules.ts'
import { presentBooking, presentMove } from './presenter.ts'
import { findBooking, findLastChange, listBookedHolds } from './queries.ts'
import { addMinutes, isToCome, type Span, useOf } from './rules.ts'
import { listPlans, listWardItems } from './timetable-queries.ts'

export const bookingRoutes = [
  get('/bookings/:id', 'booking:read', showBooking),
  post('/bookings/:id/hand-out', 'booking:write', handOut),
  post('/bookings/:id/take-back', 'booking:write', saveTakeBack),
  post('/bookings/:id/end', 'booking:write', saveEnd),
  get('/bookings/:id/time', 'booking:write', showMove),
  post('/bookings/:id/time', 'booking:write', saveMove),
  post('/bookings/:id/cancellation', 'booking:write', saveCancellation),
]

const PAGE = 'bookings/booking'
const MOVE = 'bookings/move'

async function readShown(req: Request) {
  const { db, actor, now } = context(req)
  const id = idFrom(req)
  const [booking, holds] = await Promise.all([findBooking(db, actor, id), listBookedHolds(db, actor, id)])
  if (!booking || holds.length === 0) throw new NotFound()
  return { booking, holds, now }
}

async function showBooking(req: Request, res: Response): Promise<void> {
  const shown = await readShown(req)
  const { id, may_see, service_user_id } = shown.booking
  if (may_see && service_user_id !== null) {
    await recordInAudit(req, { verb: 'booking:viewed', subject: ['booking', id], serviceUserId: service_user_id })
  }
  renderPage(res, PAGE, presentBooking(shown))
}

async function handOut(req: Request, res: Response): Promise<void> {
  const there = fieldText(req.body, 'there')
  const form = parseAt(req.body, context(req).now)
  const values = { ...form.values, there }
  if (form.errors)
    return showAgain(res, PAGE, presentBooking({ ...(await readShown(req)), values, errors: form.errors }))
  const order = { version: versionOf(req.body), isThere: there === 'yes', ...form.value }
  const field = form.value.at ? 'at' : 'there'
  await changeBooking(req, res, { done: 'Handed out.', field, values }, (change, id) =>
    handOutBooked(change, id, order),
  )
}

async function saveTakeBack(req: Request, res: Response): Promise<void> {
  const holdIds = holdIdsIn(req.body)
  const form = parseAt(req.body, context(req).now)
  const { values } = form
  const none = holdIds.length === 0 ? [{ field: 'hold', text: 'Choose what is back' }] : []
  const errors = [...none, ...(form.errors ?? [])]
  if (errors.length > 0 || !form.value) {
    return showAgain(res, PAGE, presentBooking({ ...(await readShown(req)), values, errors }))
  }
  const isClean = fieldText(req.body, 'clean') === 'yes'
  const order = { version: versionOf(req.body), holdIds, isClean, ...form.value }
  const field = form.value.at ? 'at' : 'hold'
  await changeBooking(req, res, { done: 'It is back.', field, values }, (change, id) => takeBack(change, id, order))
}

async function saveEnd(req: Request, res: Response): Promise<void> {
  const { now } = context(req)
  const shown = await readShown(req)
  const form = parseExtension(req.body, londonDate(useOf(shown.booking, shown.holds).until), now)
  const { values } = form
  if (form.errors) return showAgain(res, PAGE, presentBooking({ ...shown, values, errors: form.errors }))
  await changeBooking(
    req,
    res,
    { done: 'It has another end.', field: 'end', values, until: form.value.until },
    (change, id) => extendBooking(change, id, form.value),
  )
}

async function saveCancellation(req: Request, res: Response): Promise<void> {
  const version = versionOf(req.body)
  await changeBooking(req, res, { done: 'Cancelled. It is free again.', field: 'cancellation' }, (change, id) =>
    cancelBooking(change, id, version),
  )
}

async function showMove(req: Request, res: Response): Promise<void> {
  const shown = await readShown(req)
  if (!shown.holds.some(isToCome)) return res.redirect(303, `/bookings/${shown.booking.id}`)
  renderPage(res, MOVE, presentMove(shown))
}

async function saveMove(req: Request, res: Response): Promise<void> {
  const { now } = context(req)
  const shown = await readShown(req)
  const form = parseMove(req.body, now)
  const { values } = form
  const version = versionOf(req.body)
  if (form.errors) return showAgain(res, MOVE, presentMove({ ...shown, values, version, errors: form.errors }))
  const { value } = form
  try {
    await inTransaction(req, (change) => moveBooking(change, shown.booking.id, value))
    req.session.flash = 'It is booked for another time.'
    res.redirect(303, timetableOf(shown.booking.ward_code, value.from))
  } catch (error) {
    const text = await whyNot(req, error, value)
    const after = await readShown(req)
    showAgain(res, MOVE, presentMove({ ...after, values, errors: [{ field: 'from', text }] }), 409)
  }
}

interface Outcome {
  done: string
  /** The field that a refusal belongs to. */
  field: string
  values?: Typed
  /** Until when it was to be kept. */
  until?: Date
}

/** Does it and goes back to the timetable; or shows the booking as it is now, with what stands in the way. */
async function changeBooking(
  req: Request,
  res: Response,
  { done, field, values, until }: Outcome,
  work: (change: Change, id: number) => Promise<void>,
): Promise<void> {
  const shown = await readShown(req)
  try {
    await inTransaction(req, (change) => work(change, shown.booking.id))
    req.session.flash = `${shown.holds.map(({ tag }) => tag).join(', ')}: ${done}`
    res.redirect(303, timetableOf(shown.booking.ward_code, useOf(shown.booking, shown.holds).from))
  } catch (error) {
    const text = await whyNot(req, error, until && { from: shown.now, until }, field)
    const errors: FieldError[] = [{ field, text }]
    showAgain(res, PAGE, presentBooking({ ...(await readShown(req)), ...(values && { values }), errors }), 409)
  }
}

/** A refusal in words; what is no refusal is thrown on. Of what is taken, whose it is and until when. */
async function whyNot(req: Request, error: unknown, span?: Span, field?: string): Promise<string> {
  if (!(error instanceof Refusal) || error.status !== 409) throw error
  await keepRefusal(req, error)
  if (error instanceof Stale)
    return changedInWords(await findLastChange(context(req).db, context(req).actor, idFrom(req)))
  if (!(error instanceof Taken)) return error.message
  if (field === 'at') return 'Somebody else had it at that time. Look in the timetable, and enter another time'
  if (error.constraint === 'item_in_another_pool')
    return 'It is no longer on this ward, so it cannot be handed out here.'
  return (span && (await whoElse(req, span))) ?? error.message
}

async function whoElse(req: Request, { from, until }: Span): Promise<string | undefined> {
  const { db, actor, now } = context(req)
  const { booking, holds } = await readShown(req)
  const asked = { from, until: addMinutes(until, booking.cleaning_minutes) }
  const ids = holds.map(({ item_id }) => item_id)
  const [mine, plans] = await Promise.all([
    listWardItems(db, actor, booking.ward_id, ids.length, { ids }),
    listPlans(db, actor, ids, asked),
  ])
  const others = plans.filter(({ booking_id }) => booking_id !== booking.id)
  const taken = candidatesOf(mine, others, now, booking.id).find((item) => !isFree(item, asked))
  return taken && whyTaken(taken, others, asked, now)
}
