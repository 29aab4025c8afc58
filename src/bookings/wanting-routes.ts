import type { Request, Response } from 'express'
import { categoryInSentence } from '../items/rules.ts'
import { fieldText, formKeyOf } from '../lib/fields.ts'
import { dateFieldValues } from '../lib/form-fields.ts'
import { NotFound, Refusal, Taken } from '../lib/refusals.ts'
import { context, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { bookItems } from './actions.ts'
import { candidatesOf } from './explained-rules.ts'
import { parseInstead } from './form.ts'
import { timetableOf, whenValues } from './form-presenter.ts'
import { addMinutes, CLEANING_MINUTES, dayOfInstant } from './rules.ts'
import { findWardWithPeople, listPlans, listWardItems } from './timetable-queries.ts'
import { mayBookOn } from './timetable-routes.ts'
import { MOST_TO_CHOOSE_FROM } from './timetable-rules.ts'
import { bookWanted } from './wanting-actions.ts'
import { parseWanting, type WantingForm } from './wanting-form.ts'
import { presentWanting } from './wanting-presenter.ts'
import { lacking, setsInstead, tooLong } from './wanting-rules.ts'

export const wantingRoutes = [
  get('/bookings/wanted', 'booking:write', showForm),
  post('/bookings/wanted', 'booking:write', book),
]

const FORM = 'bookings/wanted'

async function readGround(req: Request, code: string) {
  const { db, actor, now } = context(req)
  const ward = await findWardWithPeople(db, actor, code)
  if (!ward || !mayBookOn(actor, ward)) throw new NotFound()
  return { ward, people: ward.people, items: await listWardItems(db, actor, ward.id, MOST_TO_CHOOSE_FROM), now }
}

type Ground = Awaited<ReturnType<typeof readGround>>

async function showForm(req: Request, res: Response): Promise<void> {
  const ground = await readGround(req, queryText(req, 'ward'))
  renderPage(res, FORM, presentWanting({ ...ground, key: formKeyOf({}), values: {} }))
}

async function book(req: Request, res: Response): Promise<void> {
  const instead = parseInstead(req.body)
  const body = instead ? atOtherTime(req.body, instead.from) : req.body
  const ground = await readGround(req, fieldText(body, 'ward'))
  const form = parseWanting(body, ground.now)
  const key = formKeyOf(body)
  const again = { ...ground, key, values: form.values, also: form.also }
  if (form.errors) return showAgain(res, FORM, presentWanting({ ...again, errors: form.errors }))
  const { wants, ...when } = form.value
  const order = { ...when, wardId: ground.ward.id }
  try {
    const to = timetableOf(ground.ward.code, when.from)
    const location = await createOnce(
      req,
      key,
      () => to,
      (change) =>
        instead ? bookItems(change, { ...order, itemIds: instead.itemIds }) : bookWanted(change, wants, order),
    )
    req.session.flash = 'It is booked.'
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    const refused = await explain(req, ground, form.value, error)
    showAgain(res, FORM, presentWanting({ ...again, ...refused }), 409)
  }
}

function atOtherTime(body: unknown, from: Date): unknown {
  const { on = null, from: time } = whenValues(from)
  return { ...(body as object), ...dateFieldValues('on', on), from: time }
}

/** What is free together and nearest to the time that was asked for, as it stands now. */
async function explain(req: Request, { items }: Ground, { wants, from, until, whom }: WantingForm, error: Refusal) {
  if (!(error instanceof Taken)) {
    const field = typeof whom === 'object' && 'serviceUserId' in whom ? 'person' : 'from'
    return { errors: [{ field, text: error.message }] }
  }
  const { db, actor, now } = context(req)
  const day = dayOfInstant(from)
  const plans = await listPlans(
    db,
    actor,
    items.map(({ id }) => id),
    { from: day.from, until: addMinutes(day.until, 12 * 60) },
  )
  const candidates = candidatesOf(items, plans, now)
  const missing = lacking(candidates, wants).map(categoryInSentence)
  if (missing.length > 0) {
    const text = `This ward has no ${missing.join(' and no ')} that fits. Choose something else`
    return { errors: [{ field: 'category', text }] }
  }
  const long = tooLong(candidates, wants, from).map(categoryInSentence)
  if (long.length > 0) {
    const text = `Every ${long.join(' and every ')} that fits has a longer cable than this ward permits. Choose something else, or the nurse in charge signs for one on the page of the ward`
    return { errors: [{ field: 'category', text }] }
  }
  const minutes = (until.getTime() - from.getTime()) / 60_000 + CLEANING_MINUTES
  const offers = setsInstead(candidates, wants, from, minutes, { now, day })
  const text =
    offers.length > 0
      ? 'Not all of this is free together then. See what is free nearest to it'
      : 'Not all of this is free together on this day. Choose another day, or a shorter time'
  return { errors: [{ field: 'from', text }], offers, isTaken: true }
}
