import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { fieldText } from '../lib/fields.ts'
import type { PageAsked } from '../lib/keyset.ts'
import { RuleBroken, Stale } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { context, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { AlreadySo } from './actions.ts'
import { finishStockCheck, type Result } from './finish-actions.ts'
import { askAbout, presentFinish } from './finish-presenter.ts'
import { parseFinish } from './form.ts'
import { countStandings, listCheckItems, type StockCheck } from './queries.ts'
import { checkUrl, howToAsk, itemsCounted, MOST_CHOICES, seemsDone } from './rules.ts'
import { findOr404, say, sightOf } from './shared-routes.ts'

export const stockFinishRoutes = [
  get('/stock-checks/:id/finish', 'stock-check:write', showFinish),
  post('/stock-checks/:id/finish', 'stock-check:write', finish),
]

const FINISH = 'stock-checks/finish'

async function showFinish(req: Request, res: Response): Promise<void> {
  const check = await findOr404(req)
  if (check.finished_at !== null) return res.redirect(303, checkUrl(check.id))
  renderPage(res, FINISH, presentFinish(await finishShown(req, check, queryText(req, 'ask') === 'each')))
}

async function finish(req: Request, res: Response): Promise<void> {
  const check = await findOr404(req)
  if (check.finished_at !== null) return res.redirect(303, checkUrl(check.id))
  const shown = await finishShown(req, check, isAskedEach(req))
  const form = parseFinish(req.body, shown.asked)
  if (form.errors) return showAgain(res, FINISH, presentFinish({ ...shown, ...form }))
  if (form.value.wantsEach) return res.redirect(303, `${checkUrl(check.id)}/finish?ask=each`)
  try {
    const decisions = { ...form.value, may: mayDecide(req) }
    const result = await inTransaction(req, (change) => finishStockCheck(change, check.id, decisions))
    say(req, { text: resultText(check, result) })
  } catch (error) {
    if (error instanceof Stale || error instanceof RuleBroken) return finishAgain(req, res, check, error)
    if (!(error instanceof AlreadySo)) throw error
  }
  res.redirect(303, checkUrl(check.id))
}

/** Somebody scanned, took back, lent or reported something meanwhile: the page as it is now, with what was chosen. */
async function finishAgain(req: Request, res: Response, check: StockCheck, error: Stale | RuleBroken): Promise<void> {
  await keepRefusal(req, error)
  const shown = await finishShown(req, check, isAskedEach(req))
  const { values } = parseFinish(req.body, shown.asked)
  const errors = [{ field: '', text: `${error.message} Nothing was saved` }]
  showAgain(res, FINISH, presentFinish({ ...shown, values, errors }), 409)
}

/** How the form that was sent had asked, so that the answers fit the questions. */
function isAskedEach(req: Request): boolean {
  return fieldText(req.body, 'ask') === 'each'
}

async function finishShown(req: Request, check: StockCheck, wantsEach: boolean) {
  const { db, actor, now } = context(req)
  const most: PageAsked = { size: MOST_CHOICES }
  const [counts, missing, unexpected] = await Promise.all([
    countStandings(db, actor, check.id),
    listCheckItems(db, actor, check.id, 'missing', most),
    listCheckItems(db, actor, check.id, 'unexpected', most),
  ])
  return {
    check,
    counts,
    missing: missing.rows,
    unexpected: unexpected.rows,
    asked: askAbout(missing.rows, unexpected.rows, howToAsk(counts.missing, wantsEach), mayDecide(req)),
    seemsDone: seemsDone(counts),
    today: londonToday(now),
    may: sightOf(req),
  }
}

function mayDecide(req: Request) {
  const { actor } = context(req)
  return { move: may(actor, 'item:write'), find: may(actor, 'incident:write') }
}

function resultText(check: StockCheck, { reported, moved, foundAgain }: Result): string {
  const parts = [
    reported > 0 && `${itemsCounted(reported)} reported lost`,
    moved > 0 && `${itemsCounted(moved)} kept here now`,
    foundAgain > 0 && `${itemsCounted(foundAgain)} found again`,
  ].filter((part) => part !== false)
  return [`The check of ${check.ward} is finished.`, parts.length === 0 ? '' : `${parts.join(', ')}.`].join(' ').trim()
}
