import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { type FieldError, fieldText, formKeyOf, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, NotUnique, RuleBroken, Stale } from '../lib/refusals.ts'
import { type FoundItem, findByCode } from '../scan/queries.ts'
import { may } from '../web/access.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { addToKit, createKit, editKit, InAnotherKit, removeFromKit } from './actions.ts'
import { presentChooseItem, presentMoveItem } from './add-presenter.ts'
import { parseKit } from './form.ts'
import { presentKitEdit, presentNewKit } from './form-presenter.ts'
import { presentKit, presentKits } from './presenter.ts'
import { findKit, findTagHolder, type KitDetail, listKitItems, listKits } from './queries.ts'

export const kitRoutes = [
  get('/kits', 'item:read', showKits),
  get('/kits/new', 'item:write', showNewKit),
  post('/kits', 'item:write', saveNewKit),
  get('/kits/:id', 'item:read', showKit),
  get('/kits/:id/edit', 'item:write', showKitEdit),
  post('/kits/:id', 'item:write', saveKit),
  post('/kits/:id/items', 'item:write', addItem),
  post('/kits/:id/items/:itemId/remove', 'item:write', removeItem),
]

const PAGE_SIZE = 50
const FORM = 'kits/form'

async function showKits(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const filter = { isReady: queryText(req, 'state') === 'ready' }
  const before = queryText(req, 'before')
  const after = queryText(req, 'after')
  const cursor = before !== '' ? { before } : after !== '' ? { after } : {}
  const list = await listKits(db, actor, filter, { ...cursor, size: PAGE_SIZE })
  renderPage(res, 'kits/list', presentKits({ list, filter, mayChange: may(actor, 'item:write') }))
}

function showNewKit(req: Request, res: Response): void {
  renderPage(res, FORM, presentNewKit({ key: formKeyOf({}), values: { tag: queryText(req, 'tag') } }))
}

async function saveNewKit(req: Request, res: Response): Promise<void> {
  const form = parseKit(req.body)
  const key = formKeyOf(req.body)
  if (form.errors) return showAgain(res, FORM, presentNewKit({ ...form, key }))
  try {
    const location = await createOnce(req, key, addUrl, (change) => createKit(change, form.value))
    req.session.flash = { text: `${form.value.name} is added. Now add its items.`, leavesFocus: true }
    res.redirect(303, location)
  } catch (error) {
    const taken = await explainTaken(req, error, form.value.tag, null)
    showAgain(res, FORM, presentNewKit({ values: form.values, key, ...taken }))
  }
}

async function showKit(req: Request, res: Response): Promise<void> {
  const isAdding = queryText(req, 'add') !== ''
  const hasMessage = req.session.flash !== undefined
  renderPage(res, 'kits/kit', presentKit({ ...(await kitShown(req)), isAdding, hasMessage }))
}

async function showKitEdit(req: Request, res: Response): Promise<void> {
  renderPage(res, FORM, presentKitEdit({ kit: await findKitOr404(req) }))
}

async function saveKit(req: Request, res: Response): Promise<void> {
  const kit = await findKitOr404(req)
  const form = parseKit(req.body)
  const version = versionOf(req.body)
  if (form.errors) return showAgain(res, FORM, presentKitEdit({ ...form, kit: { ...kit, version } }))
  try {
    await inTransaction(req, (change) => editKit(change, kit.id, version, form.value))
    req.session.flash = 'Your changes are saved.'
    res.redirect(303, `/kits/${kit.id}`)
  } catch (error) {
    if (error instanceof Stale) return showOvertaken(req, res, error, form.values)
    const taken = await explainTaken(req, error, form.value.tag, kit.id)
    showAgain(res, FORM, presentKitEdit({ values: form.values, ...taken, kit: { ...kit, version } }))
  }
}

/** Somebody saved this kit meanwhile: both versions side by side, and the form ready to be sent again on purpose. */
async function showOvertaken(req: Request, res: Response, error: Stale, values: Typed): Promise<void> {
  await keepRefusal(req, error)
  showAgain(res, FORM, presentKitEdit({ kit: await findKitOr404(req), values, isOvertaken: true }), 409)
}

const tagConstraints = ['kits_tag_key', 'kit_tag_is_an_items']

/** What has the tag that was refused. Any other error is thrown on. */
async function explainTaken(req: Request, error: unknown, tag: string, exceptKitId: number | null) {
  if (!(error instanceof NotUnique) || !tagConstraints.includes(error.constraint)) throw error
  const { db, actor } = context(req)
  const holder = await findTagHolder(db, actor, tag, exceptKitId)
  return holder ? { holder } : { errors: [{ field: 'tag', text: 'Something else had this a moment ago. Try again' }] }
}

/** Adds what was scanned, or what was chosen of several, or what is to come over from another kit. */
async function addItem(req: Request, res: Response): Promise<void> {
  const kit = await findKitOr404(req)
  const code = fieldText(req.body, 'code')
  const chosen = idIn(req, 'item')
  if (chosen !== null) return addOne(req, res, kit, chosen)
  if (code === '') return showKitAgain(req, res, 'Scan or type an item')
  const { db, actor } = context(req)
  const { items, kits } = await findByCode(db, actor, code)
  const [item] = items
  if (kits[0]) return showKitAgain(req, res, `${kits[0].tag} is a kit. Scan or type an item`)
  if (!item) return showKitAgain(req, res, `No item has the tag or number ${code}`)
  if (items.length > 1) return askWhich(req, res, kit, items)
  return addOne(req, res, kit, item.id)
}

function askWhich(req: Request, res: Response, kit: KitDetail, items: FoundItem[]): void {
  const wasAsked = fieldText(req.body, 'asked') !== ''
  const page = presentChooseItem(kit, fieldText(req.body, 'code'), items, wasAsked)
  renderPage(res, 'kits/choose', page, { status: wasAsked ? 422 : 200 })
}

async function addOne(req: Request, res: Response, kit: KitDetail, itemId: number): Promise<void> {
  try {
    const tag = await inTransaction(req, (change) => addToKit(change, kit.id, itemId, idIn(req, 'from')))
    req.session.flash = { text: `${tag} is in this kit now.`, leavesFocus: true }
    res.redirect(303, addUrl(kit.id))
  } catch (error) {
    if (error instanceof InAnotherKit) {
      return showAgain(res, 'kits/move', presentMoveItem(kit, error.item, error.kit), 409)
    }
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    await showKitAgain(req, res, error.message, 409)
  }
}

async function showKitAgain(req: Request, res: Response, text: string, status: 409 | 422 = 422): Promise<void> {
  const errors: FieldError[] = [{ field: 'code', text: text.replace(/\.$/, '') }]
  const values = { code: fieldText(req.body, 'code') }
  showAgain(res, 'kits/kit', presentKit({ ...(await kitShown(req)), errors, values }), status)
}

async function removeItem(req: Request, res: Response): Promise<void> {
  const kitId = idFrom(req)
  const itemId = idFrom(req, 'itemId')
  const tag = await inTransaction(req, (change) => removeFromKit(change, kitId, itemId))
  req.session.flash = `${tag} is no longer in this kit.`
  res.redirect(303, `/kits/${kitId}`)
}

async function kitShown(req: Request) {
  const { db, actor, now } = context(req)
  const kit = await findKitOr404(req)
  const items = await listKitItems(db, actor, kit.id)
  const mayDo = { change: may(actor, 'item:write'), lend: may(actor, 'loan:write') }
  return { kit, items, today: londonToday(now), may: mayDo }
}

async function findKitOr404(req: Request): Promise<KitDetail> {
  const { db, actor } = context(req)
  const kit = await findKit(db, actor, idFrom(req))
  if (!kit) throw new NotFound()
  return kit
}

/** An id in the form; null when there is none. Whatever is no id at all answers like an id nobody has. */
function idIn(req: Request, field: string): number | null {
  const text = fieldText(req.body, field)
  if (text === '') return null
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new NotFound()
  return Number(text)
}

/** The page of a kit, ready for the next item to be scanned. */
function addUrl(kitId: number): string {
  return `/kits/${kitId}?add=items`
}
