import type { Request, Response } from 'express'
import { versionOf } from '../lib/fields.ts'
import type { FormShown } from '../lib/form-fields.ts'
import { RuleBroken, Stale } from '../lib/refusals.ts'
import { listPlatforms } from '../platforms/queries.ts'
import { context } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { saveDetails, writeOutcome } from './actions.ts'
import { presentDetails } from './details-presenter.ts'
import { parseDetails, parseOutcome } from './form.ts'
import { appointmentUrl } from './links-rules.ts'
import { presentOutcomeForm } from './outcome-presenter.ts'
import type { AppointmentDetail } from './queries.ts'
import { mayHaveOutcome, NOT_YET, takesPlatform } from './rules.ts'
import { findOr404, overtaken, viewAppointment, viewOpen } from './shared-routes.ts'

/** What is written down about an appointment before it, and after it. */
export const detailsRoutes = [
  get('/appointments/:id/details', 'appointment:write', showDetails),
  post('/appointments/:id/details', 'appointment:write', saveDetailsForm),
  get('/appointments/:id/outcome', 'appointment:write', showOutcome),
  post('/appointments/:id/outcome', 'appointment:write', saveOutcome),
]

const DETAILS = 'appointments/details'
const OUTCOME = 'appointments/outcome'

async function showDetails(req: Request, res: Response): Promise<void> {
  renderPage(res, DETAILS, await detailsPage(req, await viewOpen(req)))
}

async function saveDetailsForm(req: Request, res: Response): Promise<void> {
  const appointment = await findOr404(req)
  const version = versionOf(req.body)
  const form = parseDetails(req.body, appointment.way)
  if (form.errors) return showAgain(res, DETAILS, await detailsPage(req, { ...appointment, version }, form))
  const { value, values } = form
  try {
    await inTransaction(req, (change) => saveDetails(change, appointment.id, version, value))
    req.session.flash = 'Saved.'
    res.redirect(303, appointmentUrl(appointment.id))
  } catch (error) {
    const errors = [{ field: 'adaptations', text: await overtakenWords(req, error) }]
    showAgain(res, DETAILS, await detailsPage(req, await findOr404(req), { values, errors }), 409)
  }
}

async function detailsPage(req: Request, appointment: AppointmentDetail, form: FormShown = {}) {
  const { db, actor } = context(req)
  const platforms = takesPlatform(appointment.way) ? await listPlatforms(db, actor) : []
  return presentDetails({ appointment, platforms, ...form })
}

async function showOutcome(req: Request, res: Response): Promise<void> {
  const appointment = await viewAppointment(req)
  if (!mayHaveOutcome(appointment, context(req).now)) throw new RuleBroken(NOT_YET)
  renderPage(res, OUTCOME, presentOutcomeForm(appointment))
}

async function saveOutcome(req: Request, res: Response): Promise<void> {
  const appointment = await findOr404(req)
  const version = versionOf(req.body)
  const form = parseOutcome(req.body)
  if (form.errors) return showAgain(res, OUTCOME, presentOutcomeForm({ ...appointment, version }, form))
  const { value, values } = form
  try {
    await inTransaction(req, (change) => writeOutcome(change, appointment.id, version, value))
    req.session.flash =
      value.outcome === 'could-not-connect'
        ? 'It is written down that they could not connect. Agree another time or way with them.'
        : 'It is written down how it went.'
    res.redirect(303, appointmentUrl(appointment.id))
  } catch (error) {
    const errors = [{ field: 'outcome', text: await overtakenWords(req, error) }]
    showAgain(res, OUTCOME, presentOutcomeForm(await findOr404(req), { values, errors }), 409)
  }
}

/** What stands in the way is said on the form; anything else is a fault. */
async function overtakenWords(req: Request, error: unknown): Promise<string> {
  if (!(error instanceof Stale || error instanceof RuleBroken)) throw error
  await keepRefusal(req, error)
  return error instanceof RuleBroken ? error.message : overtaken
}
