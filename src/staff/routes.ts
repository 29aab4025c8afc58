import type { Request, Response } from 'express'
import { formKeyOf, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, NotUnique, RuleBroken, Stale } from '../lib/refusals.ts'
import { listWards } from '../wards/queries.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idCursor, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { type Change, createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import {
  changeStaff,
  closeAccount,
  inviteAgain,
  inviteStaff,
  openAccount,
  removeBadgeOf,
  resetSecondStepOf,
  sendResetTo,
} from './actions.ts'
import { parseInvitation, parseStaffDetails } from './form.ts'
import { presentInvitation, presentStaffEdit } from './form-presenter.ts'
import { presentAccount, presentReview, presentStaff } from './presenter.ts'
import { findStaff, listForReview, listStaff, type StaffRow } from './queries.ts'
import { whyNotToChange } from './rules.ts'

export const staffRoutes = [
  get('/admin/staff', 'staff:read', showStaff),
  get('/admin/staff/review', 'staff:read', showReview),
  get('/admin/staff/new', 'staff:write', showInvitation),
  post('/admin/staff', 'staff:write', saveInvitation),
  get('/admin/staff/:id', 'staff:read', showAccount),
  get('/admin/staff/:id/edit', 'staff:write', showEdit),
  post('/admin/staff/:id', 'staff:write', saveEdit),
  post('/admin/staff/:id/invitation', 'staff:write', changeAccount(inviteAgain, 'A new invitation is on its way.')),
  post(
    '/admin/staff/:id/reset',
    'staff:write',
    changeAccount(sendResetTo, 'A link to set a new password is on its way.'),
  ),
  post(
    '/admin/staff/:id/second-step-reset',
    'staff:write',
    changeAccount(resetSecondStepOf, 'The second step is reset. They are signed out, and an email tells them.'),
  ),
  post(
    '/admin/staff/:id/badge-removal',
    'staff:write',
    changeAccount(removeBadgeOf, 'The badge is removed. It opens nothing any more.'),
  ),
  post('/admin/staff/:id/closure', 'staff:write', changeAccount(closeAccount, 'The account is closed.')),
  post('/admin/staff/:id/opening', 'staff:write', changeAccount(openAccount, 'The account is open again.')),
]

const FORM = 'staff/form'
const PAGE_SIZE = 50

async function showStaff(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const filter = queryText(req, 'show') === 'closed' ? 'closed' : 'open'
  const list = await listStaff(db, actor, filter, { ...idCursor(req), size: PAGE_SIZE })
  renderPage(res, 'staff/list', presentStaff(list, filter))
}

async function showReview(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const rows = await listForReview(db, actor)
  await recordInAudit(req, { verb: 'staff:reviewed' })
  renderPage(res, 'staff/review', presentReview(rows, actor.organisationName, now))
}

async function showInvitation(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const wards = await listWards(db, actor)
  renderPage(res, FORM, presentInvitation({ key: formKeyOf({}), wards, by: actor.role }))
}

async function saveInvitation(req: Request, res: Response): Promise<void> {
  const { db, actor, config } = context(req)
  const form = parseInvitation(req.body)
  const key = formKeyOf(req.body)
  const again = async (errors = form.errors, status: 409 | 422 = 422) => {
    const wards = await listWards(db, actor)
    showAgain(res, FORM, presentInvitation({ values: form.values, errors, key, wards, by: actor.role }), status)
  }
  if (form.errors) return again()
  const { value } = form
  try {
    const location = await createOnce(req, key, urlOf, (change) => inviteStaff(change, value, config.publicUrl))
    req.session.flash = `An invitation is on its way to ${value.email}.`
    res.redirect(303, location)
  } catch (error) {
    if (error instanceof RuleBroken) return again([{ field: 'role', text: error.message }], 409)
    if (!(error instanceof NotUnique)) throw error
    await keepRefusal(req, error)
    return again([{ field: 'email', text: 'This email address has an account already. Use another one' }], 409)
  }
}

async function showAccount(req: Request, res: Response): Promise<void> {
  const { actor } = context(req)
  renderPage(res, 'staff/account', presentAccount(await findAccount(req), actor, may(actor, 'audit:read')))
}

async function showEdit(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const staff = await findAccount(req)
  const refusal = whyNotToChange(actor, staff)
  if (refusal !== null) throw new RuleBroken(refusal)
  renderPage(res, FORM, presentStaffEdit({ staff, wards: await listWards(db, actor), by: actor.role }))
}

async function saveEdit(req: Request, res: Response): Promise<void> {
  const form = parseStaffDetails(req.body)
  const version = versionOf(req.body)
  const staff = { ...(await findAccount(req)), version }
  if (form.errors) return showEditAgain(req, res, { staff, ...form }, 422)
  try {
    await inTransaction(req, (change) => changeStaff(change, staff.id, version, form.value))
    req.session.flash = 'Your changes are saved. They count from now on.'
    res.redirect(303, urlOf(staff))
  } catch (error) {
    if (error instanceof Stale) {
      await keepRefusal(req, error)
      return showEditAgain(req, res, { staff: await findAccount(req), values: form.values, isOvertaken: true }, 409)
    }
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    return showEditAgain(
      req,
      res,
      { staff, values: form.values, errors: [{ field: 'role', text: error.message }] },
      409,
    )
  }
}

interface EditAgain {
  staff: StaffRow
  values: Typed
  errors?: { field: string; text: string }[] | undefined
  isOvertaken?: boolean
}

async function showEditAgain(req: Request, res: Response, again: EditAgain, status: 409 | 422): Promise<void> {
  const { db, actor } = context(req)
  showAgain(res, FORM, presentStaffEdit({ ...again, wards: await listWards(db, actor), by: actor.role }), status)
}

function changeAccount(action: (change: Change, id: number, publicUrl: string) => Promise<void>, done: string) {
  return async (req: Request, res: Response): Promise<void> => {
    const id = idFrom(req)
    await inTransaction(req, (change) => action(change, id, context(req).config.publicUrl))
    req.session.flash = done
    res.redirect(303, urlOf({ id }))
  }
}

async function findAccount(req: Request): Promise<StaffRow> {
  const { db, actor } = context(req)
  const staff = await findStaff(db, actor, idFrom(req))
  if (!staff) throw new NotFound()
  return staff
}

function urlOf({ id }: { id: number }): string {
  return `/admin/staff/${id}`
}
