import type { Request, Response } from 'express'
import { readGuides } from '../guides/queries.ts'
import { type FieldError, fieldText, formKeyOf, typedValues } from '../lib/fields.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { context, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { type LetterTold, recordLetter } from './letter-actions.ts'
import { guidesBehind, type LetterShown, letterFormats, presentLetter, presentTold } from './letter-presenter.ts'
import { readLetterSetting } from './letter-queries.ts'
import { appointmentUrl } from './links-rules.ts'
import type { AppointmentDetail } from './queries.ts'
import { findOr404, viewAppointment } from './shared-routes.ts'

export const letterRoutes = [
  get('/appointments/:id/letter', 'appointment:read', showLetter),
  get('/appointments/:id/told', 'appointment:write', showTold),
  post('/appointments/:id/told', 'appointment:write', saveTold),
]

const TOLD = 'appointments/told'
const ways = ['posted', 'by-hand', 'read-out'] as const

async function showLetter(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const shown = await withSetting(req, await viewAppointment(req))
  const guides = await readGuides(
    db,
    actor,
    guidesBehind(shown, queryText(req, 'format')).map(({ guide }) => guide.id),
  )
  const asked = { format: queryText(req, 'format'), seesAddress: may(actor, 'service-user:read') }
  renderPage(res, 'appointments/letter', presentLetter(shown, guides, asked), { layout: 'print' })
}

async function showTold(req: Request, res: Response): Promise<void> {
  const shown = await withSetting(req, await viewAppointment(req))
  renderPage(res, TOLD, presentTold({ ...shown, key: formKeyOf({}) }))
}

async function saveTold(req: Request, res: Response): Promise<void> {
  const shown = await withSetting(req, await findOr404(req))
  const key = formKeyOf(req.body)
  const values = typedValues(req.body, ['told-as', 'format'])
  const again = (errors: FieldError[], status: 409 | 422) =>
    showAgain(res, TOLD, presentTold({ ...shown, key, values, errors }), status)
  const told = readTold(req.body, shown)
  if ('errors' in told) return again(told.errors, 422)
  const { id } = shown.appointment
  const to = appointmentUrl(id)
  try {
    const location = await createOnce(
      req,
      key,
      () => to,
      (change) => recordLetter(change, id, told),
    )
    req.session.flash = 'It is written down that they were told.'
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    again([{ field: 'told-as', text: error.message }], 409)
  }
}

function readTold(body: unknown, shown: LetterShown): LetterTold | { errors: FieldError[] } {
  const toldAs = ways.find((one) => one === fieldText(body, 'told-as'))
  const format = letterFormats.find((one) => one === fieldText(body, 'format'))
  const errors = [
    ...(toldAs ? [] : [{ field: 'told-as', text: 'Choose how they have it' }]),
    ...(format ? [] : [{ field: 'format', text: 'Choose in which format' }]),
  ]
  if (!toldAs || !format) return { errors }
  return {
    toldAs,
    format,
    guides: guidesBehind(shown, format).map(({ guide, format: shape }) => ({ id: guide.id, format: shape })),
  }
}

async function withSetting(req: Request, appointment: AppointmentDetail): Promise<LetterShown> {
  const { db, actor, now } = context(req)
  const setting = await readLetterSetting(db, actor, appointment)
  if (!setting) throw new NotFound()
  return { appointment, setting, now }
}
