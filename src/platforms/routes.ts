import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { formKeyOf, versionOf } from '../lib/fields.ts'
import { NotFound, NotUnique, Stale } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { context, idFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { acceptRisk, addPlatform, editPlatform } from './actions.ts'
import { parsePlatform, parseRisk } from './form.ts'
import { presentPlatform, presentPlatformForm, presentPlatforms } from './presenter.ts'
import { findPlatform, listPlatforms, type Platform } from './queries.ts'
import { platformUrl } from './rules.ts'

export const platformRoutes = [
  get('/platforms', 'platform:read', showPlatforms),
  get('/platforms/new', 'platform:write', showNew),
  post('/platforms', 'platform:write', saveNew),
  get('/platforms/:id', 'platform:read', showPlatform),
  get('/platforms/:id/edit', 'platform:write', showEdit),
  post('/platforms/:id', 'platform:write', saveEdit),
  post('/platforms/:id/risks', 'platform:write', saveRisk),
]

const FORM = 'platforms/form'
const nameIsTaken = [{ field: 'name', text: 'There is a platform with this name already' }]

async function showPlatforms(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  renderPage(res, 'platforms/list', presentPlatforms(await listPlatforms(db, actor), may(actor, 'platform:write')))
}

function showNew(_req: Request, res: Response): void {
  renderPage(res, FORM, presentPlatformForm({ key: formKeyOf({}) }))
}

async function saveNew(req: Request, res: Response): Promise<void> {
  const form = parsePlatform(req.body, londonToday(context(req).now))
  const key = formKeyOf(req.body)
  if (form.errors) return showAgain(res, FORM, presentPlatformForm({ ...form, key }))
  const { value, values } = form
  try {
    const location = await createOnce(
      req,
      key,
      ({ id }: { id: number }) => platformUrl(id),
      (change) => addPlatform(change, value),
    )
    req.session.flash = `${value.name} is added.`
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof NotUnique)) throw error
    showAgain(res, FORM, presentPlatformForm({ values, key, errors: nameIsTaken }))
  }
}

async function showPlatform(req: Request, res: Response): Promise<void> {
  const { actor } = context(req)
  const platform = await findOr404(req)
  const mayChange = may(actor, 'platform:write')
  renderPage(res, 'platforms/platform', presentPlatform({ platform, mayChange, key: formKeyOf({}) }))
}

async function showEdit(req: Request, res: Response): Promise<void> {
  renderPage(res, FORM, presentPlatformForm({ platform: await findOr404(req) }))
}

async function saveEdit(req: Request, res: Response): Promise<void> {
  const platform = await findOr404(req)
  const form = parsePlatform(req.body, londonToday(context(req).now))
  const version = versionOf(req.body)
  if (form.errors) return showAgain(res, FORM, presentPlatformForm({ platform, ...form, version }))
  const { value, values } = form
  try {
    await inTransaction(req, (change) => editPlatform(change, platform.id, version, value))
    req.session.flash = 'Your changes are saved.'
    res.redirect(303, platformUrl(platform.id))
  } catch (error) {
    if (error instanceof NotUnique)
      return showAgain(res, FORM, presentPlatformForm({ platform, values, version, errors: nameIsTaken }))
    if (!(error instanceof Stale)) throw error
    await keepRefusal(req, error)
    const errors = [
      { field: 'name', text: 'Somebody changed this after you opened it. Saving again replaces what they wrote' },
    ]
    showAgain(res, FORM, presentPlatformForm({ platform: await findOr404(req), values, errors }), 409)
  }
}

async function saveRisk(req: Request, res: Response): Promise<void> {
  const platform = await findOr404(req)
  const form = parseRisk(req.body)
  const key = formKeyOf(req.body)
  if (form.errors)
    return showAgain(res, 'platforms/platform', presentPlatform({ platform, mayChange: true, key, ...form }))
  const location = await createOnce(
    req,
    key,
    ({ id }: { id: number }) => platformUrl(id),
    (change) => acceptRisk(change, platform.id, form.value),
  )
  req.session.flash = 'The risk is accepted in your name.'
  res.redirect(303, location)
}

async function findOr404(req: Request): Promise<Platform> {
  const { db, actor } = context(req)
  const platform = await findPlatform(db, actor, idFrom(req))
  if (!platform) throw new NotFound()
  return platform
}
