import type { Request, Response } from 'express'
import { londonMidnight, londonToday } from '../lib/dates.ts'
import { fieldText, fieldTexts } from '../lib/fields.ts'
import { Refusal } from '../lib/refusals.ts'
import { findByCode } from '../scan/queries.ts'
import { may } from '../web/access.ts'
import { context } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { AlreadySo } from './actions.ts'
import { scanItem, undoScan } from './bench-actions.ts'
import { type BenchShown, benchUrl, presentBench, presentCards, scanText } from './bench-presenter.ts'
import { type BenchWork, benchWork, isReadyToScan, readCard, type ScanOutcome, workInSentence } from './bench-rules.ts'
import { scanProblem } from './list-presenter.ts'
import { presentProgress } from './presenter.ts'
import { findTurnaround, listBenchWork, type Turnaround } from './queries.ts'

export const benchRoutes = [
  get('/turnaround/bench', 'turnaround:write', showBench),
  get('/turnaround/bench/cards', 'turnaround:write', showCards),
  post('/turnaround/bench', 'turnaround:write', scan),
]

const VIEW = 'turnaround/bench'
const MOST_SHOWN = 30

async function showBench(req: Request, res: Response): Promise<void> {
  const work = workAsked(req.query)
  if (work.steps.includes('wiped') && work.method === null) {
    const errors = [{ field: 'method', text: 'Choose how they were wiped' }]
    return showAgain(res, VIEW, await benchPage(req, work, { errors }))
  }
  renderPage(res, VIEW, await benchPage(req, work, { isAfterMessage: req.session.flash !== undefined }))
}

function showCards(req: Request, res: Response): void {
  renderPage(res, 'turnaround/cards', presentCards(workAsked(req.query)), { layout: 'print' })
}

/** One box for everything: a card changes what is done or takes back the last scan, anything else is an item. */
async function scan(req: Request, res: Response): Promise<void> {
  const work = workAsked(req.body)
  const code = fieldText(req.body, 'code').slice(0, 200)
  const card = readCard(code)
  if (card?.kind === 'undo') return undoLast(req, res, work)
  if (card?.kind === 'work') return switchTo(req, res, work, card.work)
  if (code === '') return refuse(req, res, work, 'Scan an item or a step card')
  if (!isReadyToScan(work)) {
    return refuse(req, res, work, `Nothing was done to ${code}: scan a step card first, or choose what you are doing`)
  }
  await scanCode(req, res, work, code)
}

async function switchTo(req: Request, res: Response, work: BenchWork, next: BenchWork): Promise<void> {
  if (!isReadyToScan(next)) return refuse(req, res, work, 'This card is not known any more. Print the step cards again')
  req.session.flash = { text: `From now on: ${workInSentence(next)}. Scan the next item.`, leavesFocus: true }
  res.redirect(303, benchUrl(next))
}

async function scanCode(req: Request, res: Response, work: BenchWork, code: string): Promise<void> {
  const { db, actor, now } = context(req)
  const found = await findByCode(db, actor, code)
  const [first] = found.items
  if (!first || found.items.length > 1) return refuse(req, res, work, scanProblem(code, found))
  const item = await findTurnaround(db, actor, now, first.id)
  if (!item?.hold_id || item.ended_at !== null || item.left_as !== null) {
    return refuse(req, res, work, `${first.tag} is not being made ready, so nothing was done to it`, 409)
  }
  const { hold_id } = item
  try {
    const outcome = await inTransaction(req, (change) => scanItem(change, item.id, hold_id, work))
    req.session.lastScan = outcome.last
    req.session.flash = { text: scanText(item.tag, outcome, readyText(req, item)), leavesFocus: true }
    res.redirect(303, benchUrl(work))
  } catch (error) {
    await explainScan(req, res, work, item, error)
  }
}

/** It changed nothing, or it could not: said at the box, and the next scan goes on. */
async function explainScan(
  req: Request,
  res: Response,
  work: BenchWork,
  item: Turnaround,
  error: unknown,
): Promise<void> {
  if (error instanceof AlreadySo) {
    const outcome = error.result as ScanOutcome
    return refuse(req, res, work, scanText(item.tag, outcome, 'It is ready.'), 409)
  }
  if (!(error instanceof Refusal) || error.status !== 409) throw error
  await keepRefusal(req, error)
  await refuse(req, res, work, error.message, 409)
}

async function undoLast(req: Request, res: Response, work: BenchWork): Promise<void> {
  const last = req.session.lastScan
  if (!last) return refuse(req, res, work, 'There is no scan to take back')
  try {
    await inTransaction(req, (change) => undoScan(change, last))
  } catch (error) {
    if (!(error instanceof AlreadySo)) {
      if (!(error instanceof Refusal) || error.status !== 409) throw error
      await keepRefusal(req, error)
      return refuse(req, res, work, error.message, 409)
    }
  }
  delete req.session.lastScan
  req.session.flash = { text: `Taken back: the last scan of ${last.tag}.`, leavesFocus: true }
  res.redirect(303, benchUrl(work))
}

function readyText(req: Request, item: Turnaround): string {
  const { actor, now } = context(req)
  return presentProgress(item, [], now, may(actor, 'service-user:read'))
}

async function refuse(
  req: Request,
  res: Response,
  work: BenchWork,
  problem: string,
  status: 409 | 422 = 422,
): Promise<void> {
  showAgain(res, VIEW, await benchPage(req, work, { problem }), status)
}

async function benchPage(req: Request, work: BenchWork, more: Partial<BenchShown>) {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const rows = await listBenchWork(db, actor, { since: londonMidnight(today), today, limit: MOST_SHOWN })
  return presentBench({ work, rows, ...more })
}

function workAsked(source: unknown): BenchWork {
  return benchWork(fieldTexts(source, 'step'), fieldText(source, 'method'))
}
