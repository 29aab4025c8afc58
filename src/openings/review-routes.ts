import type { Request, Response } from 'express'
import type { FieldError, Typed } from '../lib/fields.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { context, idCursor, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { changeOpeningMinutes, markSeen } from './actions.ts'
import { parseOpeningMinutes, parseSeen } from './form.ts'
import { presentOpeningMinutes } from './presenter.ts'
import { findOpening, listDoneMeanwhile, listOpenings, readOpeningMinutes } from './queries.ts'
import { presentOpening, presentOpenings } from './review-presenter.ts'

export const openingReviewRoutes = [
  get('/openings', 'opening:review', showOpenings),
  get('/openings/:id', 'opening:review', showOpening),
  post('/openings/:id/seen', 'opening:review', saveSeen),
  get('/admin/settings/openings', 'settings:write', showMinutes),
  post('/admin/settings/openings', 'settings:write', saveMinutes),
]

const PAGE_SIZE = 50
const MOST_EVENTS = 100
const VIEW = 'openings/opening'
const MINUTES = 'openings/minutes'

async function showOpenings(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const filter = queryText(req, 'show') === 'seen' ? 'seen' : 'unseen'
  const list = await listOpenings(db, actor, filter, { ...idCursor(req), size: PAGE_SIZE })
  renderPage(res, 'openings/list', presentOpenings(list, filter))
}

async function showOpening(req: Request, res: Response): Promise<void> {
  renderPage(res, VIEW, await openingPage(req))
}

async function openingPage(req: Request, form: { values?: Typed; errors?: FieldError[] } = {}) {
  const { db, actor, now } = context(req)
  const opening = await findOpening(db, actor, idFrom(req))
  if (!opening) throw new NotFound()
  const done = await listDoneMeanwhile(db, actor, opening, MOST_EVENTS)
  const isOwn = opening.staff_id === actor.staffId
  return presentOpening({ opening, done, most: MOST_EVENTS, now, isOwn, ...form })
}

async function saveSeen(req: Request, res: Response): Promise<void> {
  const { values, errors, value: note } = parseSeen(req.body)
  if (errors) return showAgain(res, VIEW, await openingPage(req, { values, errors }))
  const id = idFrom(req)
  await inTransaction(req, (change) => markSeen(change, id, note))
  req.session.flash = 'Marked as seen.'
  res.redirect(303, '/openings')
}

async function showMinutes(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  renderPage(res, MINUTES, presentOpeningMinutes(await readOpeningMinutes(db, actor)))
}

async function saveMinutes(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const { values, errors, value } = parseOpeningMinutes(req.body)
  const again = async (problem: FieldError[], status: 409 | 422) =>
    showAgain(res, MINUTES, presentOpeningMinutes(await readOpeningMinutes(db, actor), values, problem), status)
  if (errors) return again(errors, 422)
  try {
    await inTransaction(req, (change) => changeOpeningMinutes(change, value))
    req.session.flash = `Saved. An opened record stays open for ${value.minutes} minutes.`
    res.redirect(303, '/admin/settings')
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    await keepRefusal(req, error)
    await again([{ field: 'minutes', text: 'Someone else changed this. Check it and save again' }], 409)
  }
}
