import type { Request, Response } from 'express'
import { findWardByCode, type WardRow } from '../bookings/timetable-queries.ts'
import { type FieldError, formKeyOf, type Typed } from '../lib/fields.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { lockPin } from '../pins/actions.ts'
import { context, textFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { checkPin, signForCable } from './actions.ts'
import { parsePermit } from './form.ts'
import { presentCables } from './presenter.ts'
import { findSigner, readCables } from './queries.ts'
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
  const proof = await provePin(req, ward, form.value)
  if ('error' in proof) return showCablesAgain(req, res, ward, { ...form, errors: [proof.error] })
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

/** The PIN of whoever signs, whoever's screen it is. The fifth wrong one in a row locks it, and its owner is told. */
async function provePin(
  req: Request,
  ward: WardRow,
  { signerId, pin }: PermitForm,
): Promise<{ pinId: number } | { error: FieldError }> {
  const { db, actor } = context(req)
  const signer = await findSigner(db, actor, ward.id, signerId)
  if (!signer) return { error: { field: 'signer', text: 'Choose a member of staff of this ward' } }
  const proof = await checkPin(db, signer.id, pin)
  if (proof.wrong === null) return proof
  if (proof.wrong === 'no-pin') return { error: { field: 'signer', text: `${signer.name} has no PIN yet` } }
  if (proof.wrong === 'locked') return { error: { field: 'pin', text: locked } }
  await inTransaction(req, async (change) => {
    if (proof.left === 0) await lockPin(change, signer, proof.pinId)
    change.audit({
      verb: 'ward:cable-not-signed',
      subject: ['ward', ward.id],
      details: { signer: signer.id, why: 'wrong PIN' },
    })
  })
  const tries = proof.left === 1 ? '1 try is left' : `${proof.left} tries are left`
  return { error: { field: 'pin', text: proof.left === 0 ? locked : `This is not their PIN. ${tries}` } }
}

const locked = 'This PIN is locked. They sign in with their password and choose a new one'
