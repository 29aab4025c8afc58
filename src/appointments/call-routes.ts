import type { Request, Response } from 'express'
import { fieldText, versionOf } from '../lib/fields.ts'
import { RuleBroken, Stale } from '../lib/refusals.ts'
import type { PageError } from '../lib/view-model.ts'
import { readCrisisLine } from '../settings/queries.ts'
import { may } from '../web/access.ts'
import { context } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { writeQuickOutcome } from './actions.ts'
import { appointmentCalendar } from './calendar-rules.ts'
import { presentNow } from './call-list-presenter.ts'
import { type CallShown, presentCannotGetIn } from './call-presenter.ts'
import { listNow } from './call-queries.ts'
import { presentCallSheet } from './call-sheet-presenter.ts'
import { appointmentUrl } from './links-rules.ts'
import type { AppointmentDetail } from './queries.ts'
import { findOr404, viewAppointment } from './shared-routes.ts'

export const callRoutes = [
  get('/appointments/now', 'appointment:read', showNow),
  get('/appointments/:id/now', 'appointment:read', showCannotGetIn),
  post('/appointments/:id/now', 'appointment:write', saveQuickOutcome),
  get('/appointments/:id/call-sheet', 'appointment:read', showCallSheet),
  get('/appointments/:id/calendar', 'appointment:read', sendCalendarFile),
]

const MOST_NOW = 100
const VIEW = 'appointments/now'

async function showNow(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  renderPage(res, 'appointments/now-list', presentNow(await listNow(db, actor, now, MOST_NOW), MOST_NOW, now))
}

async function showCannotGetIn(req: Request, res: Response): Promise<void> {
  renderPage(res, VIEW, presentCannotGetIn(callOf(req, await viewAppointment(req))))
}

async function saveQuickOutcome(req: Request, res: Response): Promise<void> {
  const appointment = await findOr404(req)
  const what = fieldText(req.body, 'what')
  try {
    await inTransaction(req, (change) => writeQuickOutcome(change, appointment.id, versionOf(req.body), what))
    req.session.flash =
      what === 'could-not-connect'
        ? 'It is written down that they could not connect. Agree another time or way with them.'
        : 'It is written down. You can correct it, and add what they said.'
    res.redirect(303, appointmentUrl(appointment.id))
  } catch (error) {
    if (!(error instanceof Stale || error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    showAgain(res, VIEW, presentCannotGetIn(callOf(req, await findOr404(req), [{ text: toldOf(error) }])), 409)
  }
}

/** Somebody else may have been quicker: then the page says what is known now. */
function toldOf(error: Stale | RuleBroken): string {
  return error instanceof RuleBroken
    ? error.message
    : 'Somebody changed this appointment meanwhile. Look at it as it is now, and press again if it is still right.'
}

async function showCallSheet(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const appointment = await viewAppointment(req)
  const page = presentCallSheet(callOf(req, appointment), await readCrisisLine(db, actor))
  renderPage(res, 'appointments/call-sheet', page, { layout: 'print' })
}

/** Its name says no more than it does. */
async function sendCalendarFile(req: Request, res: Response): Promise<void> {
  const appointment = await viewAppointment(req)
  res
    .attachment('calendar-entry.ics')
    .type('text/calendar; charset=utf-8')
    .send(appointmentCalendar(appointment, context(req).now))
}

function callOf(req: Request, appointment: AppointmentDetail, errors?: PageError[]): CallShown {
  const { actor, now } = context(req)
  const seesNumbers = may(actor, 'service-user:read')
  return { appointment, now, seesNumbers, mayRaiseConcern: may(actor, 'concern:raise'), errors }
}
