import type { Request, Response } from 'express'
import { findWardByCode, type WardRow } from '../bookings/timetable-queries.ts'
import { londonToday } from '../lib/dates.ts'
import { formKeyOf } from '../lib/fields.ts'
import { NotFound } from '../lib/refusals.ts'
import { context, textFrom } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { noteConnectivity } from './actions.ts'
import { parseNote } from './form.ts'
import { presentConnectivity } from './presenter.ts'
import { listNotesOfSite } from './queries.ts'
import { connectivityUrl } from './rules.ts'

export const connectivityRoutes = [
  get('/wards/:code/connectivity', 'booking:write', showConnectivity),
  post('/wards/:code/connectivity', 'booking:write', saveNote),
]

const PAGE = 'connectivity/connectivity'
const MOST = 20

async function wardOf(req: Request): Promise<WardRow> {
  const { db, actor } = context(req)
  const ward = await findWardByCode(db, actor, textFrom(req, 'code'))
  if (!ward || (actor.role === 'ward-staff' && !actor.wardIds.includes(ward.id))) throw new NotFound()
  return ward
}

async function showConnectivity(req: Request, res: Response): Promise<void> {
  const ward = await wardOf(req)
  const notes = await listNotesOfSite(context(req).db, ward.id, MOST)
  renderPage(res, PAGE, presentConnectivity({ ward, notes, key: formKeyOf({}) }))
}

async function saveNote(req: Request, res: Response): Promise<void> {
  const { db, now } = context(req)
  const ward = await wardOf(req)
  const form = parseNote(req.body, londonToday(now))
  const key = formKeyOf(req.body)
  if (form.errors) {
    const notes = await listNotesOfSite(db, ward.id, MOST)
    return showAgain(res, PAGE, presentConnectivity({ ward, notes, key, ...form }))
  }
  const { value } = form
  const url = await createOnce(
    req,
    key,
    () => connectivityUrl(ward),
    (change) => noteConnectivity(change, ward.id, value),
  )
  req.session.flash = 'It is noted.'
  res.redirect(303, url)
}
