import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { fieldText, formKeyOf, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, NotUnique, Stale } from '../lib/refusals.ts'
import { findModel, listModels } from '../models/queries.ts'
import { MOST_COUNTED } from '../models/rules.ts'
import { listWardsWith } from '../wards/queries.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, queryText, textFrom } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { type ChooseModelShown, presentChooseModel } from './choose-presenter.ts'
import { createItem, editItem } from './edit-actions.ts'
import { itemValues, presentItemEdit, presentNewItem, valuesLike } from './edit-presenter.ts'
import { findItemToEdit, findItemToEditById, type ItemToEdit, listHolders, type Unique } from './edit-queries.ts'
import { parseItem } from './form.ts'
import { isCategory } from './rules.ts'
import { itemUrl } from './tag-rules.ts'

export const itemEditRoutes = [
  get('/items/new', 'item:write', showNewItem),
  post('/items', 'item:write', saveNewItem),
  get('/items/:tag/edit', 'item:write', showItemEdit),
  get('/items/:tag/model', 'item:write', showItemModels),
  post('/items/:tag', 'item:write', saveItem),
]

const PAGE_SIZE = 50
const FORM = 'items/form'

/** First the model, since it tells what to ask for; then the item. */
async function showNewItem(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const scanned = scannedNumber(req)
  const like = queryText(req, 'like')
  const alike = like === '' ? undefined : await findItemToEdit(db, actor, like)
  const modelId = alike ? String(alike.model_id) : queryText(req, 'model')
  if (modelId === '') {
    const back = { href: '/items', text: 'Items' }
    return showModels(req, res, {
      title: 'Add an item',
      back,
      here: '/items/new',
      there: '/items/new',
      kept: scanned,
    })
  }
  const form = await formWith(req, { ...(alike && valuesLike(alike)), ...scanned, model: modelId })
  const isNextOfMany = alike !== undefined && req.session.flash !== undefined
  renderPage(res, FORM, presentNewItem({ ...form, key: formKeyOf({}), isNextOfMany }))
}

/** What was scanned before it turned out to be nothing we have. */
function scannedNumber(req: Request): Record<string, string> {
  const numbers = ['tag', 'imei', 'iccid'].map((name) => [name, queryText(req, name)])
  return Object.fromEntries(numbers.filter(([, text]) => text !== ''))
}

async function saveNewItem(req: Request, res: Response): Promise<void> {
  const { now } = context(req)
  const { value, values, errors } = parseItem(req.body, londonToday(now))
  const key = formKeyOf(req.body)
  const form = await formWith(req, values)
  if (errors) return showAgain(res, FORM, presentNewItem({ ...form, errors, key }))
  const isOneOfMany = fieldText(req.body, 'next') === 'another'
  try {
    const next = ({ tag }: { tag: string }) =>
      isOneOfMany ? `/items/new?like=${encodeURIComponent(tag)}` : itemUrl(tag)
    const location = await createOnce(req, key, next, (change) => createItem(change, value))
    req.session.flash = { text: `${value.tag} is added.`, leavesFocus: isOneOfMany }
    res.redirect(303, location)
  } catch (error) {
    showAgain(res, FORM, presentNewItem({ ...form, ...(await explainTaken(req, error, value, null)), key }))
  }
}

async function showItemEdit(req: Request, res: Response): Promise<void> {
  const item = await findItemOr404(req)
  const modelId = queryText(req, 'model')
  const values = { ...itemValues(item), ...(modelId !== '' && { model: modelId }) }
  renderPage(res, FORM, presentItemEdit({ ...(await formWith(req, values)), item }))
}

async function showItemModels(req: Request, res: Response): Promise<void> {
  const { tag } = await findItemOr404(req)
  const edit = `${itemUrl(tag)}/edit`
  const title = `Choose another model for ${tag}`
  await showModels(req, res, {
    title,
    back: { href: edit, text: tag },
    here: `${itemUrl(tag)}/model`,
    there: edit,
    kept: {},
  })
}

async function saveItem(req: Request, res: Response): Promise<void> {
  const { now } = context(req)
  const item = await findItemOr404(req)
  const version = versionOf(req.body)
  const { value, values, errors } = parseItem(req.body, londonToday(now))
  const form = await formWith(req, values)
  if (errors) return showAgain(res, FORM, presentItemEdit({ ...form, errors, item: { ...item, version } }))
  try {
    await inTransaction(req, (change) => editItem(change, item.id, version, value))
    req.session.flash = 'Your changes are saved.'
    res.redirect(303, itemUrl(value.tag))
  } catch (error) {
    if (error instanceof Stale) return showOvertaken(req, res, item.id, values)
    const explained = await explainTaken(req, error, value, item.id)
    showAgain(res, FORM, presentItemEdit({ ...form, ...explained, item: { ...item, version } }))
  }
}

/** Somebody saved this item meanwhile: both versions side by side, and the form ready to be sent again on purpose. */
async function showOvertaken(req: Request, res: Response, id: number, values: Typed): Promise<void> {
  const { db, actor } = context(req)
  const item = await findItemToEditById(db, actor, id)
  if (!item) throw new NotFound()
  await recordInAudit(req, { verb: new Stale().verb, subject: ['item', id] })
  showAgain(res, FORM, presentItemEdit({ ...(await formWith(req, values)), item, isOvertaken: true }), 409)
}

const fieldsByConstraint: Record<string, string> = {
  items_tag_key: 'tag',
  item_tag_is_a_kits: 'tag',
  items_imei_key: 'imei',
  items_iccid_key: 'iccid',
}

/** What has the tag or the numbers that were refused: all of it, not only the first. Any other error is thrown on. */
async function explainTaken(req: Request, error: unknown, details: Unique, exceptId: number | null) {
  const field = error instanceof NotUnique ? fieldsByConstraint[error.constraint] : undefined
  if (field === undefined) throw error
  const { db, actor } = context(req)
  const holders = await listHolders(db, actor, details, exceptId)
  if (holders.length > 0) return { holders }
  return { errors: [{ field, text: 'Something else had this a moment ago. Try again' }] }
}

/** What every form of an item needs: its model, and the places to choose from. Another organisation's model: 404. */
async function formWith(req: Request, values: Typed) {
  const { db, actor } = context(req)
  const wards = await listWardsWith(db, actor, [isIdText(values['kept-at']) ? Number(values['kept-at']) : null])
  if (values.model === '') return { values, wards, model: undefined }
  const model = isIdText(values.model) ? await findModel(db, actor, Number(values.model), MOST_COUNTED) : undefined
  if (!model) throw new NotFound()
  return { values, wards, model }
}

async function showModels(
  req: Request,
  res: Response,
  shown: Omit<ChooseModelShown, 'list' | 'filter'>,
): Promise<void> {
  const { db, actor } = context(req)
  const category = queryText(req, 'category')
  const filter = { search: queryText(req, 'search'), category: isCategory(category) ? category : undefined }
  const before = queryText(req, 'before')
  const after = queryText(req, 'after')
  const cursor = before !== '' ? { before } : after !== '' ? { after } : {}
  const list = await listModels(db, actor, filter, { ...cursor, size: PAGE_SIZE, most: MOST_COUNTED })
  renderPage(res, 'items/choose-model', presentChooseModel({ ...shown, list, filter }))
}

/** By its tag; or, for a form that was open while somebody gave the item another tag, by its id. */
async function findItemOr404(req: Request): Promise<ItemToEdit> {
  const { db, actor } = context(req)
  const byTag = await findItemToEdit(db, actor, textFrom(req, 'tag'))
  if (byTag) return byTag
  const id = fieldText(req.body, 'item')
  const byId = isIdText(id) ? await findItemToEditById(db, actor, Number(id)) : undefined
  if (!byId) throw new NotFound()
  return byId
}

function isIdText(text: string | undefined): boolean {
  return /^[1-9]\d{0,14}$/.test(text ?? '')
}
