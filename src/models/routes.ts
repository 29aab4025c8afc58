import type { Request, Response } from 'express'
import { isCategory } from '../items/rules.ts'
import { londonToday } from '../lib/dates.ts'
import { formKeyOf, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, NotUnique, Stale } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { createModel, editModel } from './actions.ts'
import { parseModel } from './form.ts'
import { presentModelEdit, presentNewModel } from './form-presenter.ts'
import { presentModel, presentModels } from './presenter.ts'
import { findModel, findModelByName, listModels, type ModelRow } from './queries.ts'
import { MOST_COUNTED, type ModelDetails } from './rules.ts'

export const modelRoutes = [
  get('/models', 'item:read', showModels),
  get('/models/new', 'item:write', showNewModel),
  post('/models', 'item:write', saveNewModel),
  get('/models/:id', 'item:read', showModel),
  get('/models/:id/edit', 'item:write', showModelEdit),
  post('/models/:id', 'item:write', saveModel),
]

const PAGE_SIZE = 50
const FORM = 'models/form'

async function showModels(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const filter = { category: categoryAsked(req) || undefined }
  const before = queryText(req, 'before')
  const after = queryText(req, 'after')
  const cursor = before !== '' ? { before } : after !== '' ? { after } : {}
  const list = await listModels(db, actor, filter, { ...cursor, size: PAGE_SIZE, most: MOST_COUNTED })
  const page = presentModels({ list, filter, today: londonToday(now), mayChange: may(actor, 'item:write') })
  renderPage(res, 'models/list', page)
}

/** What is none of our categories counts as not asked. */
function categoryAsked(req: Request): string {
  const asked = queryText(req, 'category')
  return isCategory(asked) ? asked : ''
}

function showNewModel(req: Request, res: Response): void {
  renderPage(res, FORM, presentNewModel({ key: formKeyOf({}), values: { category: categoryAsked(req) } }))
}

async function saveNewModel(req: Request, res: Response): Promise<void> {
  const form = parseModel(req.body)
  const key = formKeyOf(req.body)
  if (form.errors) return showAgain(res, FORM, presentNewModel({ ...form, key }))
  try {
    const location = await createOnce(req, key, modelUrl, (change) => createModel(change, form.value))
    req.session.flash = 'The model is added.'
    res.redirect(303, location)
  } catch (error) {
    const taken = await findNameHolder(req, error, form.value)
    showAgain(res, FORM, presentNewModel({ values: form.values, key, taken }))
  }
}

async function showModel(req: Request, res: Response): Promise<void> {
  const { actor, now } = context(req)
  const model = await findModelOr404(req)
  renderPage(res, 'models/model', presentModel(model, londonToday(now), may(actor, 'item:write')))
}

async function showModelEdit(req: Request, res: Response): Promise<void> {
  renderPage(res, FORM, presentModelEdit(await findModelOr404(req)))
}

async function saveModel(req: Request, res: Response): Promise<void> {
  const form = parseModel(req.body)
  const model = await findModelOr404(req)
  const version = versionOf(req.body)
  if (form.errors) return showAgain(res, FORM, presentModelEdit({ ...model, version }, form))
  try {
    await inTransaction(req, (change) => editModel(change, model.id, version, form.value))
    req.session.flash = 'Your changes are saved.'
    res.redirect(303, modelUrl(model.id))
  } catch (error) {
    if (error instanceof Stale) return showOvertaken(req, res, form.values)
    const taken = await findNameHolder(req, error, form.value)
    showAgain(res, FORM, presentModelEdit({ ...model, version }, { values: form.values, taken }))
  }
}

/** Somebody saved this model meanwhile: both versions side by side, and the form ready to be sent again on purpose. */
async function showOvertaken(req: Request, res: Response, values: Typed): Promise<void> {
  const model = await findModelOr404(req)
  await recordInAudit(req, { verb: new Stale().verb, subject: ['model', model.id] })
  showAgain(res, FORM, presentModelEdit(model, { values, isOvertaken: true }), 409)
}

/** Who has the name that PostgreSQL refused; any other error is thrown on. */
async function findNameHolder(req: Request, error: unknown, details: ModelDetails) {
  if (!(error instanceof NotUnique) || error.constraint !== 'models_name_key') throw error
  const { db, actor } = context(req)
  const holder = await findModelByName(db, actor, details)
  if (!holder) throw error
  return holder
}

async function findModelOr404(req: Request): Promise<ModelRow> {
  const { db, actor } = context(req)
  const model = await findModel(db, actor, idFrom(req), MOST_COUNTED)
  if (!model) throw new NotFound()
  return model
}

function modelUrl(id: number): string {
  return `/models/${id}`
}
