import type { Request, Response } from 'express'
import { findWardByCode, type WardRow } from '../bookings/timetable-queries.ts'
import { type FieldError, formKeyOf, type Typed } from '../lib/fields.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { findSigner } from '../pins/queries.ts'
import { provePin } from '../pins/signing-actions.ts'
import { context, textFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { signForCable } from './actions.ts'
import { parsePermit } from './form.ts'
import { presentCables } from './presenter.ts'
import { readCables } from './queries.ts'
import { cablesUrl, type PermitForm } from './rules.ts'

export const cableRoutes = [
  get('/wards/:code/cables', 'booking:write', showCables),
  post('/wards/:code/cables', 'booking:write', savePermit),
]

const PAGE = 'cables/cables'

async function wardOf(req: Request): Promise<WardRow> {
  const { db, actor } = context(req)
  const ward = await findWardByCode(db, actor, textFrom(req, 'code'))
  if (!ward || (actor.role === 'ward-staff' && !actor.wardIds.includes(ward.id))) throw new NotFound()
  return ward
}

async function cablesShown(req: Request, ward: WardRow) {
  const { db, actor, now } = context(req)
  return { ...(await readCables(db, actor, ward.id, now)), ward, now }
}

async function showCables(req: Request, res: Response): Promise<void> {
  const shown = await cablesShown(req, await wardOf(req))
  renderPage(res, PAGE, presentCables({ ...shown, key: formKeyOf({}) }))
}

async function savePermit(req: Request, res: Response): Promise<void> {
  const ward = await wardOf(req)
  const form = parsePermit(req.body)
  if (form.errors) return showCablesAgain(req, res, ward, form)
  const proof = await proveSigner(req, ward, form.value)
  if (proof.error) return showCablesAgain(req, res, ward, { ...form, errors: [proof.error] })
  const { pin: _, ...signed } = form.value
  try {
    const permit = { ...signed, wardId: ward.id, pinId: proof.pinId }
    const url = await createOnce(
      req,
      formKeyOf(req.body),
      () => cablesUrl(ward),
      (change) => signForCable(change, permit),
    )
    req.session.flash = 'It is signed for.'
    res.redirect(303, url)
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    await showCablesAgain(req, res, ward, { ...form, errors: [{ field: 'signer', text: error.message }] }, 409)
  }
}

async function showCablesAgain(
  req: Request,
  res: Response,
  ward: WardRow,
  { values, errors }: { values: Typed; errors: FieldError[] },
  status: 409 | 422 = 422,
): Promise<void> {
  const shown = await cablesShown(req, ward)
  showAgain(res, PAGE, presentCables({ ...shown, key: formKeyOf(req.body), values, errors }), status)
}

/** A wrong PIN is told of the ward. */
async function proveSigner(req: Request, ward: WardRow, { signerId, pin }: PermitForm) {
  const { db, actor } = context(req)
  const signer = await findSigner(db, actor, ward.id, signerId)
  return await provePin(
    {
      db,
      inTransaction: (work) => inTransaction(req, work),
      audit: (change, of) =>
        change.audit({
          verb: 'ward:cable-not-signed',
          subject: ['ward', ward.id],
          details: { signer: of, why: 'wrong PIN' },
        }),
    },
    { signer, pin },
  )
}
