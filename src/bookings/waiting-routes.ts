import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { formKeyOf, type Typed } from '../lib/fields.ts'
import { NotFound, NotUnique, Refusal } from '../lib/refusals.ts'
import { context, idFrom, queryText, textFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { timetableOf } from './form-presenter.ts'
import { findWardByCode, findWardWithPeople, listWardItems, type WardRow } from './timetable-queries.ts'
import { mayBookOn } from './timetable-routes.ts'
import { MOST_TO_CHOOSE_FROM } from './timetable-rules.ts'
import { addToWaitingList, bookForWhoWaits, NotOnThisWard, takeOffWaitingList } from './waiting-actions.ts'
import { parseOfferedTime, parseWait } from './waiting-form.ts'
import { presentWaitForm } from './waiting-form-presenter.ts'
import { presentWaitingList } from './waiting-presenter.ts'
import { findWait, oneWard, readWaitingGround } from './waiting-queries.ts'
import { type Wish, waitingListUrl } from './waiting-rules.ts'

export const waitingRoutes = [
  get('/wards/:code/waiting-list', 'booking:write', showList),
  get('/wards/:code/waiting-list/new', 'booking:write', showForm),
  post('/wards/:code/waiting-list', 'booking:write', save),
  post('/waiting-list/:id/booking', 'booking:write', takeUp),
  post('/waiting-list/:id/removal', 'booking:write', takeOff),
]

const LIST = 'bookings/waiting'
const FORM = 'bookings/waiting-form'

/** To the staff of another ward nobody waits here. */
async function showList(req: Request, res: Response): Promise<void> {
  renderPage(res, LIST, presentWaitingList(await readList(req, textFrom(req, 'code'))))
}

async function readList(req: Request, code: string) {
  const { db, actor, now } = context(req)
  const ward = requireOurs(req, await findWardByCode(db, actor, code))
  const asked = { wardIds: oneWard(ward.id), now, today: londonToday(now) }
  return { ward, now, ...(await readWaitingGround(db, actor, asked)) }
}

function requireOurs<Ward extends WardRow>(req: Request, ward: Ward | undefined): Ward {
  if (!ward || !mayBookOn(context(req).actor, ward)) throw new NotFound()
  return ward
}

async function readGround(req: Request) {
  const { db, actor, now } = context(req)
  const ward = requireOurs(req, await findWardWithPeople(db, actor, textFrom(req, 'code')))
  return { ward, people: ward.people, items: await listWardItems(db, actor, ward.id, MOST_TO_CHOOSE_FROM), now }
}

async function showForm(req: Request, res: Response): Promise<void> {
  const item = queryText(req, 'item')
  const values: Typed = item === '' ? {} : { thing: `item-${item}` }
  renderPage(res, FORM, presentWaitForm({ ...(await readGround(req)), key: formKeyOf({}), values }))
}

async function save(req: Request, res: Response): Promise<void> {
  const ground = await readGround(req)
  const form = parseWait(req.body, ground.now)
  const key = formKeyOf(req.body)
  const again = { ...ground, key, values: form.values, also: form.also }
  if (form.errors) return showAgain(res, FORM, presentWaitForm({ ...again, errors: form.errors }))
  const order = { ...form.value, wardId: ground.ward.id }
  const to = waitingListUrl(ground.ward)
  try {
    const location = await createOnce(
      req,
      key,
      () => to,
      (change) => addToWaitingList(change, order),
    )
    req.session.flash = 'They are on the waiting list.'
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    showAgain(res, FORM, presentWaitForm({ ...again, errors: [whyNot(error, form.value)] }), 409)
  }
}

function whyNot(error: Refusal, { whom }: Wish) {
  const whose = typeof whom === 'object' && 'serviceUserId' in whom ? 'person' : 'initials'
  const field = whom === 'ward' ? 'for' : whose
  if (error instanceof NotUnique) return { field, text: 'They wait for this already on that day' }
  return { field: error instanceof NotOnThisWard ? 'thing' : field, text: error.message }
}

/** One press: it is booked for them, and the page that follows shows it in its place. */
async function takeUp(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  const { code } = await requireWait(req, id)
  const from = parseOfferedTime(req.body)
  if (!from) {
    const errors = [{ text: 'Choose one of the times that are offered now.' }]
    return showAgain(res, LIST, presentWaitingList({ ...(await readList(req, code)), errors }))
  }
  try {
    const location = await createOnce(
      req,
      formKeyOf(req.body),
      () => timetableOf(code, from),
      (change) => bookForWhoWaits(change, id, from),
    )
    req.session.flash = 'It is booked for them.'
    res.redirect(303, location)
  } catch (error) {
    await tellWhyNot(req, res, code, error)
  }
}

async function takeOff(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  const { code } = await requireWait(req, id)
  try {
    await inTransaction(req, (change) => takeOffWaitingList(change, id))
    req.session.flash = 'They are off the waiting list.'
    res.redirect(303, waitingListUrl({ code }))
  } catch (error) {
    await tellWhyNot(req, res, code, error)
  }
}

async function requireWait(req: Request, id: number): Promise<{ code: string }> {
  const { db, actor } = context(req)
  const wait = await findWait(db, actor, id)
  if (!wait) throw new NotFound()
  return { code: wait.ward_code }
}

/** Whoever was a moment too late sees the list as it is now, with why. */
async function tellWhyNot(req: Request, res: Response, code: string, error: unknown): Promise<void> {
  if (!(error instanceof Refusal) || error.status !== 409) throw error
  await keepRefusal(req, error)
  const errors = [{ text: error.message }]
  showAgain(res, LIST, presentWaitingList({ ...(await readList(req, code)), errors }), 409)
}
