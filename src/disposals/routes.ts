import type { Request, Response } from 'express'
import { itemUrl } from '../items/tag-rules.ts'
import { londonToday } from '../lib/dates.ts'
import { fieldText, formKeyOf } from '../lib/fields.ts'
import { NotFound, RuleBroken, Taken } from '../lib/refusals.ts'
import { findItemOnHand, type ItemOnHand } from '../repairs/queries.ts'
import { context, textFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { BackAlready, bringBack, retireItem } from './actions.ts'
import { parseDisposal } from './form.ts'
import { presentDisposal, presentRetire } from './presenter.ts'
import { findItemId, findLastDisposal } from './queries.ts'
import { whyNotRetired } from './rules.ts'

export const disposalRoutes = [
  get('/items/:tag/retire', 'item:write', showRetire),
  post('/items/:tag/retire', 'item:write', saveRetire),
  post('/items/:tag/bring-back', 'item:write', saveBringBack),
]

const FORM = 'disposals/retire'

/** The form, or of an item that is retired the record it has. */
async function showRetire(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const item = await findItemOr404(req)
  const today = londonToday(now)
  const disposal = item.left_as === 'retired' ? await findLastDisposal(db, actor, item.id) : undefined
  if (disposal) return renderPage(res, 'disposals/disposal', presentDisposal(item, disposal, today))
  const refusal = whyNotRetired(item)
  if (refusal !== null) throw new RuleBroken(refusal)
  renderPage(res, FORM, presentRetire({ item, today, key: formKeyOf({}) }))
}

async function saveRetire(req: Request, res: Response): Promise<void> {
  const item = await findItemOr404(req)
  const today = londonToday(context(req).now)
  const key = formKeyOf(req.body)
  const form = parseDisposal(req.body, today)
  if (form.errors) return showAgain(res, FORM, presentRetire({ item, today, key, ...form }))
  const { value, values } = form
  try {
    const url = await createOnce(req, key, retiredUrl, (change) => retireItem(change, item.id, value))
    req.session.flash = `${item.tag} is retired.`
    res.redirect(303, url)
  } catch (error) {
    if (!(error instanceof RuleBroken || error instanceof Taken)) throw error
    await keepRefusal(req, error)
    // what was typed is kept for when it can be retired
    const errors = [{ field: 'how', text: error.message }]
    showAgain(res, FORM, presentRetire({ item, today, key, values, errors }), 409)
  }
}

function retiredUrl({ tag }: { tag: string }): string {
  return itemUrl(tag)
}

async function saveBringBack(req: Request, res: Response): Promise<void> {
  const item = await findItemOr404(req)
  try {
    await inTransaction(req, (change) => bringBack(change, item.id, disposalAsked(req)))
    req.session.flash = `${item.tag} is ours again. Make it ready for the next person.`
  } catch (error) {
    if (!(error instanceof BackAlready)) throw error
    req.session.flash = error.message
  }
  res.redirect(303, itemUrl(item.tag))
}

/** Which record the form was about: the item may have been retired again since. */
function disposalAsked(req: Request): number {
  const text = fieldText(req.body, 'disposal')
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0
}

async function findItemOr404(req: Request): Promise<ItemOnHand> {
  const { db, actor } = context(req)
  const found = await findItemId(db, actor, textFrom(req, 'tag'))
  const item = found && (await findItemOnHand(db, actor, found.id))
  if (!item) throw new NotFound()
  return item
}
