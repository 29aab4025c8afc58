import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { formKeyOf } from '../lib/fields.ts'
import type { FormShown } from '../lib/form-fields.ts'
import { NotFound, NotUnique, RuleBroken } from '../lib/refusals.ts'
import { headlineFigures } from '../reports/headline-rules.ts'
import { periodAsked, periodBefore, periodsOffered } from '../reports/period-rules.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { endFigureShare, shareFigures } from './actions.ts'
import { parseFigureShare } from './form.ts'
import { presentShares, presentSideBySide } from './presenter.ts'
import { listFigureShares, listSharedFigures } from './queries.ts'
import { sharesUrl, sideBySideUrl } from './rules.ts'

export const figureShareRoutes = [
  get(sideBySideUrl, 'report:compare', showSideBySide),
  get(sharesUrl, 'settings:write', showShares),
  post(sharesUrl, 'settings:write', saveShare),
  post(`${sharesUrl}/:id/ended`, 'settings:write', endShare),
]

const PAGE = 'figure-shares/shares'
const MOST_SHARES = 100

async function showSideBySide(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const offered = periodsOffered(today, false)
  const period = periodAsked(queryText(req, 'period'), offered, today)
  if (!period) throw new NotFound()
  const before = periodBefore(period)
  const lines = headlineFigures.map(({ line }) => line)
  const figures = await listSharedFigures(db, actor, { lines, periods: [period.key, before.key] })
  renderPage(res, 'figure-shares/side-by-side', presentSideBySide({ period, before, offered, figures }))
}

async function showShares(req: Request, res: Response): Promise<void> {
  renderPage(res, PAGE, await sharesPage(req, formKeyOf({})))
}

async function saveShare(req: Request, res: Response): Promise<void> {
  const { values, errors, value } = parseFigureShare(req.body)
  const key = formKeyOf(req.body)
  if (errors) return showAgain(res, PAGE, await sharesPage(req, key, { values, errors }))
  try {
    const location = await createOnce(
      req,
      key,
      () => sharesUrl,
      (change) => shareFigures(change, value),
    )
    req.session.flash = 'Their commissioners see your published figures from now on.'
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof RuleBroken || error instanceof NotUnique)) throw error
    await keepRefusal(req, error)
    const text = error instanceof NotUnique ? 'You share your figures with them already' : error.message
    showAgain(res, PAGE, await sharesPage(req, key, { values, errors: [{ field: 'code', text }] }), 409)
  }
}

async function endShare(req: Request, res: Response): Promise<void> {
  await inTransaction(req, (change) => endFigureShare(change, idFrom(req)))
  req.session.flash = 'They see nothing of your figures any more.'
  res.redirect(303, sharesUrl)
}

async function sharesPage(req: Request, key: string, form: FormShown = {}) {
  const { db, actor } = context(req)
  return presentShares(await listFigureShares(db, actor, MOST_SHARES), key, form)
}
