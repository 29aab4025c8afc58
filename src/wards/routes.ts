import type { Request, Response } from 'express'
import { formKeyOf, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, NotUnique, RuleBroken, Stale } from '../lib/refusals.ts'
import { context, idCursor, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { type Change, createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { addWard, changeWard, closeWard, openWard } from './actions.ts'
import { findObstacles, findWardInFull, listWardsInFull, listWardsLike, type WardInFull } from './admin-queries.ts'
import { parseWard } from './form.ts'
import { presentNewWard, presentWardEdit } from './form-presenter.ts'
import { presentWard, presentWards } from './presenter.ts'
import { type WardDetails, wardState, wardUrl } from './rules.ts'
import { listSiteNames } from './site-queries.ts'
import { siteRoutes } from './site-routes.ts'

export const wardRoutes = [
  get('/admin/wards', 'ward:read', showWards),
  get('/admin/wards/new', 'ward:write', showNewWard),
  post('/admin/wards', 'ward:write', saveNewWard),
  get('/admin/wards/:id', 'ward:read', showWard),
  get('/admin/wards/:id/edit', 'ward:write', showWardEdit),
  post('/admin/wards/:id', 'ward:write', saveWard),
  post(
    '/admin/wards/:id/closure',
    'ward:write',
    putInState('closed', closeWard, 'It is closed. Nothing new is put there.'),
  ),
  post('/admin/wards/:id/opening', 'ward:write', putInState('open', openWard, 'It is in use again.')),
  ...siteRoutes,
]

const PAGE_SIZE = 50
const FORM = 'wards/form'

async function showWards(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const filter = queryText(req, 'show') === 'closed' ? 'closed' : 'open'
  const list = await listWardsInFull(db, actor, filter, { ...idCursor(req), size: PAGE_SIZE })
  renderPage(res, 'wards/list', presentWards(list, filter))
}

async function showNewWard(req: Request, res: Response): Promise<void> {
  const values = { site: queryText(req, 'site') }
  renderPage(res, FORM, presentNewWard({ key: formKeyOf({}), values, sites: await sitesOf(req) }))
}

async function saveNewWard(req: Request, res: Response): Promise<void> {
  const form = parseWard(req.body)
  const key = formKeyOf(req.body)
  if (form.errors) return showAgain(res, FORM, presentNewWard({ ...form, key, sites: await sitesOf(req) }))
  try {
    const location = await createOnce(req, key, wardUrl, (change) => addWard(change, form.value))
    req.session.flash = `${form.value.name} is added.`
    res.redirect(303, location)
  } catch (error) {
    const taken = await findTaken(req, error, form.value, null)
    showAgain(res, FORM, presentNewWard({ values: form.values, key, taken, sites: await sitesOf(req) }))
  }
}

async function showWard(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const id = idFrom(req)
  const [ward, obstacles] = await Promise.all([findOr404(req), findObstacles(db, actor, id)])
  renderPage(res, 'wards/ward', presentWard({ ward, obstacles }))
}

async function showWardEdit(req: Request, res: Response): Promise<void> {
  renderPage(res, FORM, presentWardEdit(await findOr404(req), { sites: await sitesOf(req) }))
}

async function saveWard(req: Request, res: Response): Promise<void> {
  const form = parseWard(req.body)
  const version = versionOf(req.body)
  const ward = { ...(await findOr404(req)), version }
  const sites = await sitesOf(req)
  if (form.errors) return showAgain(res, FORM, presentWardEdit(ward, { ...form, sites }))
  try {
    await inTransaction(req, (change) => changeWard(change, ward.id, version, form.value))
    req.session.flash = 'Your changes are saved.'
    res.redirect(303, wardUrl(ward))
  } catch (error) {
    if (error instanceof Stale) return showOvertaken(req, res, error, form.values)
    const taken = await findTaken(req, error, form.value, ward.id)
    showAgain(res, FORM, presentWardEdit(ward, { values: form.values, taken, sites }))
  }
}

/** Somebody saved this ward meanwhile: both versions side by side, and the form ready to be sent again on purpose. */
async function showOvertaken(req: Request, res: Response, error: Stale, values: Typed): Promise<void> {
  await keepRefusal(req, error)
  const shown = { values, sites: await sitesOf(req), isOvertaken: true }
  showAgain(res, FORM, presentWardEdit(await findOr404(req), shown), 409)
}

/** Which wards have what PostgreSQL refused; any other error is thrown on. */
async function findTaken(req: Request, error: unknown, details: WardDetails, exceptId: number | null) {
  const isTaken = error instanceof NotUnique && ['wards_name_key', 'wards_code_key'].includes(error.constraint)
  if (!isTaken) throw error
  const { db, actor } = context(req)
  const taken = await listWardsLike(db, actor, details, exceptId)
  if (taken.length === 0) throw error
  return taken
}

/** Closes or opens. A second click finds it so; a ward that is not empty is shown again, with what is there. */
function putInState(state: 'open' | 'closed', action: (change: Change, id: number) => Promise<void>, done: string) {
  return async (req: Request, res: Response): Promise<void> => {
    const { db, actor } = context(req)
    const id = idFrom(req)
    try {
      await inTransaction(req, (change) => action(change, id))
    } catch (error) {
      if (!(error instanceof RuleBroken)) throw error
      const ward = await findOr404(req)
      if (wardState(ward) !== state) {
        await keepRefusal(req, error)
        const errors = [{ field: 'closing', text: `${ward.name} cannot be closed yet` }]
        const page = presentWard({ ward, obstacles: await findObstacles(db, actor, id), errors })
        return showAgain(res, 'wards/ward', page, 409)
      }
    }
    req.session.flash = done
    res.redirect(303, wardUrl({ id }))
  }
}

function sitesOf(req: Request) {
  const { db, actor } = context(req)
  return listSiteNames(db, actor)
}

async function findOr404(req: Request): Promise<WardInFull> {
  const { db, actor } = context(req)
  const ward = await findWardInFull(db, actor, idFrom(req))
  if (!ward) throw new NotFound()
  return ward
}
