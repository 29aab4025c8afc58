import type { Request, Response } from 'express'
import { clashInWords } from '../diary/clash-actions.ts'
import { soonestFrom } from '../diary/question-rules.ts'
import { type FieldError, formKeyOf, versionOf } from '../lib/fields.ts'
import type { FormShown } from '../lib/form-fields.ts'
import { NotFound, RuleBroken, Stale, Taken } from '../lib/refusals.ts'
import { type Warning, warningsInWords } from '../lib/warnings.ts'
import { readinessFacts } from '../readiness/queries.ts'
import { listWards } from '../wards/queries.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, listCursor, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { cancelAppointment, changeAppointment, changeWay } from './actions.ts'
import { parseCancellation, parseOrder, parseWay } from './form.ts'
import { presentEdit, presentNew } from './form-presenter.ts'
import { appointmentUrl } from './links-rules.ts'
import { isAppointmentFilter, presentAppointments, presentAppointmentsOf, WAITS_OF_DAYS } from './list-presenter.ts'
import { makeAppointment } from './making-actions.ts'
import { presentAppointment } from './presenter.ts'
import { type AppointmentDetail, findPersonToMeet, listAppointments, listAppointmentsOf } from './queries.ts'
import { type AppointmentOrder, appointmentState, extraMinutes } from './rules.ts'
import { findOr404, overtaken, viewAppointment, viewOpen } from './shared-routes.ts'
import { listWaits } from './waiting-queries.ts'
import { requireMeant, ToBeMeant } from './warning-actions.ts'

export const appointmentRoutes = [
  get('/appointments', 'appointment:read', showAppointments),
  get('/service-users/:id/appointments', 'appointment:read', showAppointmentsOf),
  get('/service-users/:id/appointments/new', 'appointment:write', showNew),
  post('/service-users/:id/appointments', 'appointment:write', saveNew),
  get('/appointments/:id', 'appointment:read', showAppointment),
  get('/appointments/:id/edit', 'appointment:write', showEdit),
  post('/appointments/:id/edit', 'appointment:write', saveEdit),
  post('/appointments/:id/way', 'appointment:write', saveWay),
  post('/appointments/:id/cancellation', 'appointment:write', cancel),
]

const PAGE_SIZE = 50
const MOST_OF_A_PERSON = 100
const FORM = 'appointments/form'
const PAGE = 'appointments/appointment'

async function showAppointments(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const show = queryText(req, 'show')
  const filter = isAppointmentFilter(show) ? show : 'to-come'
  const asked = { ...listCursor(req), size: PAGE_SIZE }
  const list = await listAppointments(db, actor, { filter, now, asked })
  const ids = filter === 'to-come' ? list.rows.map(({ id }) => id) : []
  const facts = await readinessFacts(db, actor, ids, now)
  const since = new Date(now.getTime() - WAITS_OF_DAYS * 86_400_000)
  const waits = filter === 'over' ? await listWaits(db, actor, since) : []
  renderPage(
    res,
    'appointments/list',
    presentAppointments({
      ...{ list, filter, facts, waits, now, mayImport: may(actor, 'appointment:import') },
      mayPost: may(actor, 'letter:post'),
    }),
  )
}

async function showAppointmentsOf(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const person = await viewPerson(req)
  const rows = await listAppointmentsOf(db, actor, person.id, MOST_OF_A_PERSON)
  const back = may(actor, 'service-user:read')
    ? { href: `/service-users/${person.id}`, text: 'Back to the record' }
    : { href: `/people/${person.id}`, text: 'Back to the service user' }
  renderPage(res, 'appointments/of-person', presentAppointmentsOf({ person, rows, back }, MOST_OF_A_PERSON, now))
}

async function showNew(req: Request, res: Response): Promise<void> {
  const person = await viewPerson(req)
  renderPage(res, FORM, presentNew({ person, teams: await teamsOf(req), key: formKeyOf({}) }))
}

async function saveNew(req: Request, res: Response): Promise<void> {
  const person = await findPerson(req)
  const form = parseOrder(req.body, context(req).now)
  const key = formKeyOf(req.body)
  const again = { person, teams: await teamsOf(req), key, values: form.values }
  if (form.errors) return showAgain(res, FORM, presentNew({ ...again, errors: form.errors }))
  const { value } = form
  try {
    // what makes it work is asked next
    const next = ({ id }: { id: number }) => appointmentUrl(id, 'details')
    const location = await createOnce(req, key, next, async (change) => {
      await requireMeant(change, { order: value, serviceUserId: person.id, seen: form.values.anyway ?? '' })
      return makeAppointment(change, person.id, value)
    })
    req.session.flash = 'The appointment is made.'
    res.redirect(303, location)
  } catch (error) {
    const why = await explain(req, error, { serviceUserId: person.id, exceptId: null, order: value })
    showAgain(res, FORM, presentNew({ ...again, ...why }), 409)
  }
}

interface OrderOf {
  serviceUserId: number
  exceptId: number | null
  order: AppointmentOrder
}

/** Why it was refused, as it stands now, and which time near it fits: asked after the rollback. */
async function explain(
  req: Request,
  error: unknown,
  { serviceUserId, exceptId, order }: OrderOf,
): Promise<{ errors: FieldError[]; warnings?: Warning[] }> {
  if (!(error instanceof Taken || error instanceof RuleBroken || error instanceof Stale)) throw error
  await keepRefusal(req, error)
  if (error instanceof ToBeMeant) {
    const text = warningsInWords(error.warnings, 'Choose another time')
    return { warnings: error.warnings, errors: [{ field: 'at', text }] }
  }
  if (error instanceof RuleBroken) return { errors: [{ field: 'on', text: error.message }] }
  if (error instanceof Stale) return { errors: [{ field: 'first', text: overtaken }] }
  const { db, actor, now } = context(req)
  const about = { serviceUserId, exceptAppointmentId: exceptId, soonest: soonestFrom(now) }
  const minutes = order.minutes + extraMinutes(order)
  const text = await clashInWords(db, actor, { ...about, startsAt: order.startsAt, minutes })
  return { errors: [{ field: 'at', text }] }
}

async function showAppointment(req: Request, res: Response): Promise<void> {
  renderPage(res, PAGE, await pageOf(req, await viewAppointment(req)))
}

async function pageOf(req: Request, appointment: AppointmentDetail, form: FormShown = {}) {
  const { db, actor, now } = context(req)
  const isToCome = appointmentState(appointment, now) === 'to-come'
  const facts = isToCome ? (await readinessFacts(db, actor, [appointment.id], now)).get(appointment.id) : undefined
  const seesNumbers = may(actor, 'service-user:read')
  const mayFixAll = may(actor, 'conversation:write')
  return presentAppointment({ appointment, now, seesNumbers, facts, mayFixAll, ...form })
}

async function showEdit(req: Request, res: Response): Promise<void> {
  const appointment = await viewOpen(req)
  renderPage(res, FORM, presentEdit({ appointment, teams: await teamsOf(req) }))
}

async function saveEdit(req: Request, res: Response): Promise<void> {
  const appointment = await findOr404(req)
  const teams = await teamsOf(req)
  const form = parseOrder(req.body, context(req).now, appointment.starts_at)
  const version = versionOf(req.body)
  if (form.errors) {
    return showAgain(res, FORM, presentEdit({ appointment: { ...appointment, version }, teams, ...form }))
  }
  const { value, values } = form
  const about = { serviceUserId: appointment.service_user_id, exceptId: appointment.id, order: value }
  try {
    await inTransaction(req, async (change) => {
      await requireMeant(change, { ...about, id: appointment.id, seen: values.anyway ?? '' })
      await changeAppointment(change, appointment.id, version, value)
    })
    req.session.flash = 'The appointment is changed.'
    res.redirect(303, appointmentUrl(appointment.id))
  } catch (error) {
    const why = await explain(req, error, about)
    showAgain(res, FORM, presentEdit({ appointment: await findOr404(req), teams, values, ...why }), 409)
  }
}

async function saveWay(req: Request, res: Response): Promise<void> {
  const appointment = await findOr404(req)
  const form = parseWay(req.body)
  if (form.errors) return showAgain(res, PAGE, await pageOf(req, appointment, form))
  await inTransaction(req, (change) => changeWay(change, appointment.id, versionOf(req.body), form.value))
  req.session.flash = 'The way of meeting is changed. Check what it takes now.'
  res.redirect(303, appointmentUrl(appointment.id, 'details'))
}

async function cancel(req: Request, res: Response): Promise<void> {
  const appointment = await findOr404(req)
  const form = parseCancellation(req.body)
  if (form.errors) return showAgain(res, PAGE, await pageOf(req, appointment, form))
  await inTransaction(req, (change) => cancelAppointment(change, appointment.id, versionOf(req.body), form.value))
  req.session.flash = 'The appointment is cancelled.'
  res.redirect(303, appointmentUrl(appointment.id))
}

/** A care team names one of its own; a champion any. */
async function teamsOf(req: Request): Promise<{ id: number; name: string }[]> {
  const { db, actor } = context(req)
  const all = await listWards(db, actor)
  return actor.role === 'care-team' ? all.filter(({ id }) => actor.wardIds.includes(id)) : all
}

async function findPerson(req: Request) {
  const { db, actor } = context(req)
  const person = await findPersonToMeet(db, actor, idFrom(req))
  if (!person) throw new NotFound()
  return person
}

async function viewPerson(req: Request) {
  const person = await findPerson(req)
  const subject: ['service-user', number] = ['service-user', person.id]
  await recordInAudit(req, { verb: 'service-user:viewed', subject, serviceUserId: person.id })
  return person
}
