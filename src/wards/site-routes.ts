import type { Request, Response } from 'express'
import { formKeyOf, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, NotUnique, Stale } from '../lib/refusals.ts'
import { context, idCursor, idFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { addSite, renameSite } from './actions.ts'
import { parseSite } from './form.ts'
import { sitesUrl } from './rules.ts'
import { presentNewSite, presentSiteEdit, presentSites, siteNameTaken } from './site-presenter.ts'
import { findSite, listSites, type SiteRow } from './site-queries.ts'

export const siteRoutes = [
  get('/admin/sites', 'ward:read', showSites),
  get('/admin/sites/new', 'ward:write', showNewSite),
  post('/admin/sites', 'ward:write', saveNewSite),
  get('/admin/sites/:id/edit', 'ward:write', showSiteEdit),
  post('/admin/sites/:id', 'ward:write', saveSite),
]

const PAGE_SIZE = 50
const FORM = 'wards/site-form'

async function showSites(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  renderPage(res, 'wards/sites', presentSites(await listSites(db, actor, { ...idCursor(req), size: PAGE_SIZE })))
}

function showNewSite(_req: Request, res: Response): void {
  renderPage(res, FORM, presentNewSite({ key: formKeyOf({}) }))
}

async function saveNewSite(req: Request, res: Response): Promise<void> {
  const form = parseSite(req.body)
  const key = formKeyOf(req.body)
  if (form.errors) return showAgain(res, FORM, presentNewSite({ ...form, key }))
  try {
    const location = await createOnce(
      req,
      key,
      () => sitesUrl,
      (change) => addSite(change, form.value.name),
    )
    req.session.flash = `${form.value.name} is added.`
    res.redirect(303, location)
  } catch (error) {
    if (!isNameTaken(error)) throw error
    showAgain(res, FORM, presentNewSite({ values: form.values, errors: [siteNameTaken], key }))
  }
}

async function showSiteEdit(req: Request, res: Response): Promise<void> {
  renderPage(res, FORM, presentSiteEdit(await findOr404(req)))
}

async function saveSite(req: Request, res: Response): Promise<void> {
  const form = parseSite(req.body)
  const version = versionOf(req.body)
  const site = { ...(await findOr404(req)), version }
  if (form.errors) return showAgain(res, FORM, presentSiteEdit(site, form))
  try {
    await inTransaction(req, (change) => renameSite(change, site.id, version, form.value.name))
    req.session.flash = 'Your changes are saved.'
    res.redirect(303, sitesUrl)
  } catch (error) {
    if (error instanceof Stale) return showOvertaken(req, res, error, form.values)
    if (!isNameTaken(error)) throw error
    showAgain(res, FORM, presentSiteEdit(site, { values: form.values, errors: [siteNameTaken] }))
  }
}

async function showOvertaken(req: Request, res: Response, error: Stale, values: Typed): Promise<void> {
  await keepRefusal(req, error)
  showAgain(res, FORM, presentSiteEdit(await findOr404(req), { values, isOvertaken: true }), 409)
}

function isNameTaken(error: unknown): boolean {
  return error instanceof NotUnique && error.constraint === 'sites_name_key'
}

async function findOr404(req: Request): Promise<SiteRow> {
  const { db, actor } = context(req)
  const site = await findSite(db, actor, idFrom(req))
  if (!site) throw new NotFound()
  return site
}
