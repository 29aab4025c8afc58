import type { Request, Response } from 'express'
import { findItem } from '../items/queries.ts'
import { londonToday } from '../lib/dates.ts'
import { fieldText } from '../lib/fields.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { findByCode } from '../scan/queries.ts'
import { may } from '../web/access.ts'
import { context, idFrom, queryText, textFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { AlreadySo, doSteps, takeStepBack } from './actions.ts'
import { parseSteps } from './form.ts'
import { presentTurnarounds, type ScanShown, scanProblem, turnaroundUrl } from './list-presenter.ts'
import {
  nextLink,
  type OpenTurnaround,
  presentNotUnderWay,
  presentProgress,
  presentTurnaround,
  type TurnaroundShown,
} from './presenter.ts'
import { findNextTurnaround, findTurnaround, listDoneSteps, listTurnarounds, type Turnaround } from './queries.ts'
import { isStep, type Step, stepsInSentence } from './rules.ts'

export const turnaroundRoutes = [
  get('/turnaround', 'turnaround:write', showTurnarounds),
  get('/turnaround/:id', 'turnaround:write', showTurnaround),
  post('/turnaround/:id', 'turnaround:write', saveSteps),
  post('/turnaround/:id/steps/:step/undo', 'turnaround:write', undoStep),
]

const PAGE_SIZE = 50
const LIST = 'turnaround/list'
const SHEET = 'turnaround/turnaround'

async function showTurnarounds(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const code = queryText(req, 'code')
  if (code === '')
    return renderPage(res, LIST, await listPage(req, { isAfterMessage: req.session.flash !== undefined }))
  const found = await findByCode(db, actor, code)
  const [item] = found.items
  if (item && found.items.length === 1) return res.redirect(303, turnaroundUrl(item.id))
  showAgain(res, LIST, await listPage(req, { code, error: scanProblem(code, found) }))
}

async function listPage(req: Request, scan: ScanShown) {
  const { db, actor, now } = context(req)
  const list = await listTurnarounds(db, actor, now, { ...cursor(req), size: PAGE_SIZE })
  return presentTurnarounds({ list, now, maySeeNames: may(actor, 'service-user:read'), scan })
}

function cursor(req: Request): { after?: string; before?: string } {
  const before = queryText(req, 'before')
  const after = queryText(req, 'after')
  if (before !== '') return { before }
  return after === '' ? {} : { after }
}

async function showTurnaround(req: Request, res: Response): Promise<void> {
  const item = await findOr404(req)
  if (!isUnderWay(item)) return showNotUnderWay(req, res, item)
  renderPage(res, SHEET, await sheetPage(req, item))
}

async function saveSteps(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const item = await findOr404(req)
  const turnaroundId = turnaroundAsked(req)
  if (item.hold_id === turnaroundId && item.ended_at !== null) return goOn(req, res, item, [])
  if (!isUnderWay(item)) return showNotUnderWay(req, res, item)
  const done = (await listDoneSteps(db, actor, item.hold_id)).map(({ step }) => step)
  const form = parseSteps(req.body, item.category, done, item.has_data)
  if (form.errors) return showAgain(res, SHEET, await sheetPage(req, item, form))
  try {
    const left = await evenIfSo(inTransaction(req, (change) => doSteps(change, item.id, turnaroundId, form.value)))
    await goOn(req, res, item, left)
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    const errors = [{ field: 'steps', text: error.message }]
    showAgain(res, SHEET, await sheetPage(req, item, { values: form.values, errors }), 409)
  }
}

/** Back to the list, whose box is ready for the next scan, saying how this one stands and which is next. */
async function goOn(req: Request, res: Response, item: Turnaround, left: Step[]): Promise<void> {
  const { db, actor, now } = context(req)
  const next = item.hold_id === null ? undefined : await findNextTurnaround(db, actor, now, item.hold_id)
  const text = presentProgress(item, left, now, may(actor, 'service-user:read'))
  req.session.flash = { text, link: nextLink(next), leavesFocus: true }
  res.redirect(303, '/turnaround')
}

async function undoStep(req: Request, res: Response): Promise<void> {
  const step = textFrom(req, 'step')
  if (!isStep(step)) throw new NotFound()
  const item = await findOr404(req)
  const back = await evenIfSo(inTransaction(req, (change) => takeStepBack(change, item.id, turnaroundAsked(req), step)))
  req.session.flash = back.length === 0 ? 'That was taken back already.' : `Taken back: ${stepsInSentence(back)}.`
  res.redirect(303, turnaroundUrl(item.id))
}

/** What a change gives, or what was so before it was asked for: the second click of two gets the page of the first. */
async function evenIfSo<T>(change: Promise<T>): Promise<T> {
  try {
    return await change
  } catch (error) {
    if (error instanceof AlreadySo) return error.result as T
    throw error
  }
}

async function findOr404(req: Request): Promise<Turnaround> {
  const { db, actor, now } = context(req)
  const item = await findTurnaround(db, actor, now, idFrom(req))
  if (!item) throw new NotFound()
  return item
}

function isUnderWay(item: Turnaround): item is OpenTurnaround {
  return item.hold_id !== null && item.ended_at === null && item.left_as === null
}

async function sheetPage(req: Request, item: OpenTurnaround, form: Partial<TurnaroundShown> = {}) {
  const { db, actor, now } = context(req)
  const done = await listDoneSteps(db, actor, item.hold_id)
  const rights = { maySeeNames: may(actor, 'service-user:read'), mayRetire: may(actor, 'item:write') }
  return presentTurnaround({ ...form, item, done, now, ...rights })
}

/** Nothing to do on this one: where it is instead, with the box for the next scan. */
async function showNotUnderWay(req: Request, res: Response, { tag, ended_at }: Turnaround): Promise<void> {
  const { db, actor, now } = context(req)
  const item = await findItem(db, actor, tag)
  if (!item) throw new NotFound()
  renderPage(res, 'turnaround/not-under-way', presentNotUnderWay(item, ended_at, londonToday(now)), { status: 409 })
}

/** Which turnaround of the item the form was about: it may have been lent again since. */
function turnaroundAsked(req: Request): number {
  const text = fieldText(req.body, 'turnaround')
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0
}
