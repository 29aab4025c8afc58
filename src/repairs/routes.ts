import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { fieldText, formKeyOf, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { changeRepair, NotInRepair, sendToRepair, takeBackFromRepair } from './actions.ts'
import { itemAsked, parseRepair } from './form.ts'
import { presentRepairEdit, presentSending } from './form-presenter.ts'
import { presentRepair, presentRepairs, type RepairFilter, repairUrl } from './presenter.ts'
import {
  findItemOnHand,
  findRepair,
  type ItemOnHand,
  listOpenRepairs,
  listPastRepairs,
  type Repair,
} from './queries.ts'
import { whyNotToRepair } from './rules.ts'

export const repairRoutes = [
  get('/repairs', 'turnaround:write', showRepairs),
  get('/repairs/new', 'turnaround:write', showSending),
  post('/repairs', 'turnaround:write', saveSending),
  get('/repairs/:id', 'turnaround:write', showRepair),
  get('/repairs/:id/edit', 'turnaround:write', showRepairEdit),
  post('/repairs/:id', 'turnaround:write', saveRepair),
  post('/repairs/:id/back', 'turnaround:write', saveBack),
]

const PAGE_SIZE = 50
const FORM = 'repairs/form'

async function showRepairs(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const filter: RepairFilter = queryText(req, 'show') === 'over' ? 'over' : 'open'
  const asked = { ...cursor(req), size: PAGE_SIZE }
  const list = await (filter === 'open' ? listOpenRepairs(db, actor, asked) : listPastRepairs(db, actor, asked))
  renderPage(res, 'repairs/list', presentRepairs({ list, filter, today: londonToday(now) }))
}

function cursor(req: Request): { after?: string; before?: string } {
  const before = queryText(req, 'before')
  const after = queryText(req, 'after')
  if (before !== '') return { before }
  return after === '' ? {} : { after }
}

/** What is in repair already leads to its repair; what cannot go there says why before anybody has typed. */
async function showSending(req: Request, res: Response): Promise<void> {
  const item = await findItemOr404(req, queryText(req, 'item'))
  if (item.hold_kind === 'repair' && item.left_as === null) return res.redirect(303, repairUrl(item.hold_id ?? 0))
  const refusal = whyNotToRepair(item)
  if (refusal !== null) throw new RuleBroken(refusal)
  renderPage(res, FORM, presentSending({ item, key: formKeyOf({}) }))
}

async function saveSending(req: Request, res: Response): Promise<void> {
  const item = await findItemOr404(req, fieldText(req.body, 'item'))
  const key = formKeyOf(req.body)
  const form = parseRepair(req.body, londonToday(context(req).now))
  if (form.errors) return showAgain(res, FORM, presentSending({ item, key, ...form }))
  const { value, values } = form
  const location = ({ id }: { id: number }) => repairUrl(id)
  try {
    const url = await createOnce(req, key, location, (change) => sendToRepair(change, item.id, value))
    req.session.flash = `${item.tag} is in repair.`
    res.redirect(303, url)
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    // what was typed is kept for when it can go
    const errors = [{ field: 'reason', text: error.message }]
    showAgain(res, FORM, presentSending({ item, key, values, errors }), 409)
  }
}

async function showRepair(req: Request, res: Response): Promise<void> {
  const { actor, now } = context(req)
  const repair = await findRepairOr404(req)
  const mayRetire = may(actor, 'item:write')
  renderPage(res, 'repairs/repair', presentRepair({ repair, today: londonToday(now), mayRetire }))
}

async function showRepairEdit(req: Request, res: Response): Promise<void> {
  renderPage(res, FORM, presentRepairEdit({ repair: await findRepairOr404(req) }))
}

async function saveRepair(req: Request, res: Response): Promise<void> {
  const repair = await findRepairOr404(req)
  const version = versionOf(req.body)
  const form = parseRepair(req.body, null)
  if (form.errors) return showAgain(res, FORM, presentRepairEdit({ repair: { ...repair, version }, ...form }))
  try {
    await inTransaction(req, (change) => changeRepair(change, repair.id, version, form.value))
  } catch (error) {
    if (error instanceof Stale) return showOvertaken(req, res, form.values)
    throw error
  }
  req.session.flash = 'Your changes are saved.'
  res.redirect(303, repairUrl(repair.id))
}

/** Somebody saved this repair meanwhile: both versions side by side, and the form ready to be sent again on purpose. */
async function showOvertaken(req: Request, res: Response, values: Typed): Promise<void> {
  const repair = await findRepairOr404(req)
  await recordInAudit(req, { verb: new Stale().verb, subject: ['item', repair.item_id] })
  showAgain(res, FORM, presentRepairEdit({ repair, values, isOvertaken: true }), 409)
}

async function saveBack(req: Request, res: Response): Promise<void> {
  const repair = await findRepairOr404(req)
  try {
    const item = await inTransaction(req, (change) => takeBackFromRepair(change, repair.id))
    req.session.flash = `${item.tag} is back from repair. Make it ready for the next person.`
    res.redirect(303, `/turnaround/${item.id}`)
  } catch (error) {
    if (!(error instanceof NotInRepair) || error.repair.ended_as !== 'back') throw error
    req.session.flash = `${repair.tag} is back from repair already.`
    res.redirect(303, repairUrl(repair.id))
  }
}

async function findRepairOr404(req: Request): Promise<Repair> {
  const { db, actor } = context(req)
  const repair = await findRepair(db, actor, idFrom(req))
  if (!repair) throw new NotFound()
  return repair
}

async function findItemOr404(req: Request, asked: string): Promise<ItemOnHand> {
  const { db, actor } = context(req)
  const id = itemAsked(asked)
  const item = id === null ? undefined : await findItemOnHand(db, actor, id)
  if (!item) throw new NotFound()
  return item
}
