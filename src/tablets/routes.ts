import type { Request, Response } from 'express'
import { formKeyOf } from '../lib/fields.ts'
import { NotFound, NotUnique } from '../lib/refusals.ts'
import { seal, unseal } from '../lib/sealed.ts'
import { listWards } from '../wards/queries.ts'
import { context, idCursor, idFrom, queryText, services } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { saveSession } from '../web/session.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { makeCode, makeTablet, revokeTablet } from './actions.ts'
import { parseTablet } from './form.ts'
import { presentNewTablet, presentTablet, presentTablets, tabletUrl } from './presenter.ts'
import { findTablet, listTablets, type TabletRow } from './queries.ts'
import { tabletSignInRoutes } from './sign-in-routes.ts'

export const tabletRoutes = [
  get('/admin/tablets', 'tablet:read', showTablets),
  get('/admin/tablets/new', 'tablet:write', showNew),
  post('/admin/tablets', 'tablet:write', saveNew),
  get('/admin/tablets/:id', 'tablet:read', showTablet),
  post('/admin/tablets/:id/code', 'tablet:write', saveNewCode),
  post('/admin/tablets/:id/revocation', 'tablet:write', revoke),
  ...tabletSignInRoutes,
]

const FORM = 'tablets/new'
const PAGE_SIZE = 50

async function showTablets(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const filter = queryText(req, 'show') === 'revoked' ? 'revoked' : 'open'
  const list = await listTablets(db, actor, filter, { ...idCursor(req), size: PAGE_SIZE })
  renderPage(res, 'tablets/list', presentTablets(list, filter, now))
}

async function showNew(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  renderPage(res, FORM, presentNewTablet({ key: formKeyOf({}), wards: await listWards(db, actor) }))
}

async function saveNew(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const form = parseTablet(req.body)
  const key = formKeyOf(req.body)
  const again = async (errors = form.errors, status: 409 | 422 = 422) => {
    const shown = { values: form.values, errors, key, wards: await listWards(db, actor) }
    showAgain(res, FORM, presentNewTablet(shown), status)
  }
  if (form.errors) return again()
  const { value } = form
  try {
    let made: { id: number; code: string } | undefined
    const location = await createOnce(req, key, tabletUrl, async (change) => {
      made = await makeTablet(change, value)
      return made
    })
    if (made) await keepCode(req, made.id, made.code)
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof NotUnique)) throw error
    await keepRefusal(req, error)
    return again([{ field: 'name', text: 'Another tablet has this name. Choose another one' }], 409)
  }
}

async function showTablet(req: Request, res: Response): Promise<void> {
  const { now, config } = context(req)
  const tablet = await findOr404(req)
  renderPage(
    res,
    'tablets/tablet',
    presentTablet({ tablet, code: codeToShow(req, tablet.id), publicUrl: config.publicUrl, now }),
  )
}

async function saveNewCode(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  await keepCode(req, id, await inTransaction(req, (change) => makeCode(change, id)))
  res.redirect(303, tabletUrl({ id }))
}

async function revoke(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  await inTransaction(req, (change) => revokeTablet(change, id))
  delete req.session.newTabletCode
  req.session.flash = 'The tablet is taken off. Nobody signs in on it with a PIN or a badge any more.'
  res.redirect(303, tabletUrl({ id }))
}

async function findOr404(req: Request): Promise<TabletRow> {
  const { db, actor } = context(req)
  const tablet = await findTablet(db, actor, idFrom(req))
  if (!tablet) throw new NotFound()
  return tablet
}

/** Only its hash is in the database, so whoever made the code sees it in this session alone, until another is made. */
async function keepCode(req: Request, tabletId: number, code: string): Promise<void> {
  const sealed = seal(services(req).secondStepKey, code, aboutCodeOf(tabletId)).toString('base64')
  req.session.newTabletCode = { tabletId, sealed }
  await saveSession(req)
}

function codeToShow(req: Request, tabletId: number): string | null {
  const { newTabletCode: kept } = req.session
  if (kept?.tabletId !== tabletId) return null
  return unseal(services(req).secondStepKey, Buffer.from(kept.sealed, 'base64'), aboutCodeOf(tabletId))
}

const aboutCodeOf = (tabletId: number) => `code of tablet ${tabletId}`
