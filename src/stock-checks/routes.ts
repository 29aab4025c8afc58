import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { formKeyOf } from '../lib/fields.ts'
import type { PageAsked } from '../lib/keyset.ts'
import { NotUnique, RuleBroken } from '../lib/refusals.ts'
import { listWards } from '../wards/queries.ts'
import { may } from '../web/access.ts'
import { context, queryText } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, postStep } from '../web/routes.ts'
import { createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { startStockCheck } from './actions.ts'
import { stockFinishRoutes } from './finish-routes.ts'
import { parseStart } from './form.ts'
import { presentStart, presentStockChecks } from './list-presenter.ts'
import { presentCheck } from './presenter.ts'
import { presentPrint } from './print-presenter.ts'
import { countStandings, findOpenCheck, listCheckItems, listStockChecks, listUnknownCodes } from './queries.ts'
import { checkUrl, type Standing } from './rules.ts'
import { stockScanRoutes } from './scan-routes.ts'
import { CHECK, checkShown, cursor, findOr404, PAGE_SIZE, say, sightOf } from './shared-routes.ts'
import { shiftRoutes } from './shift-routes.ts'

export const stockCheckRoutes = [
  get('/stock-checks', 'stock-check:read', showChecks),
  get('/stock-checks/new', 'stock-check:write', showStart),
  postStep('/stock-checks', 'stock-check:write', start),
  get('/stock-checks/:id', 'stock-check:read', showCheck),
  get('/stock-checks/:id/print', 'stock-check:read', printCheck),
  ...stockScanRoutes,
  ...stockFinishRoutes,
  ...shiftRoutes,
]

const MOST_PRINTED = 2_000
const START = 'stock-checks/start'

async function showChecks(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const [open, finished] = await Promise.all([
    listStockChecks(db, actor, 'open', { size: PAGE_SIZE }),
    listStockChecks(db, actor, 'finished', { ...cursor(req), size: PAGE_SIZE }),
  ])
  const mayDo = { mayCheck: may(actor, 'stock-check:write'), mayExport: may(actor, 'stock-check:export') }
  renderPage(res, 'stock-checks/list', presentStockChecks({ open: open.rows, finished, ...mayDo }))
}

async function showStart(req: Request, res: Response): Promise<void> {
  const values = { ward: queryText(req, 'ward') }
  renderPage(res, START, await startPage(req, { values, key: formKeyOf({}) }))
}

async function start(req: Request, res: Response): Promise<void> {
  const form = parseStart(req.body)
  const key = formKeyOf(req.body)
  if (form.errors) return showAgain(res, START, await startPage(req, { ...form, key }))
  const { wardId } = form.value
  try {
    res.redirect(303, await createOnce(req, key, checkUrl, (change) => startStockCheck(change, wardId)))
  } catch (error) {
    await joinOpenCheck(req, res, wardId, error)
  }
}

/** Somebody checks this place already: they go on together. Any other error is thrown on. */
async function joinOpenCheck(req: Request, res: Response, wardId: number, error: unknown): Promise<void> {
  if (!(error instanceof NotUnique) || error.constraint !== 'one_open_stock_check_a_place') throw error
  const { db, actor } = context(req)
  const open = await findOpenCheck(db, actor, wardId)
  if (!open) throw new RuleBroken('Somebody finished a check of this place a moment ago. Begin again.')
  const text = `${open.starter} has begun to check ${open.ward} already. Go on here: what you scan counts for both of you.`
  say(req, { text, leavesFocus: true })
  res.redirect(303, checkUrl(open.id))
}

async function startPage(req: Request, form: { values: Record<string, string>; key: string }) {
  const { db, actor } = context(req)
  return presentStart({ ...form, wards: await listWards(db, actor) })
}

async function showCheck(req: Request, res: Response): Promise<void> {
  const check = await findOr404(req)
  const isAfterMessage = req.session.flash !== undefined
  renderPage(res, CHECK, presentCheck({ ...(await checkShown(req, check)), isAfterMessage }))
}

async function printCheck(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const check = await findOr404(req)
  const most: PageAsked = { size: MOST_PRINTED }
  const rows = async (standing: Standing) => (await listCheckItems(db, actor, check.id, standing, most)).rows
  const [counts, missing, found, unexpected, wentOut, unknown] = await Promise.all([
    countStandings(db, actor, check.id),
    rows('missing'),
    rows('found'),
    rows('unexpected'),
    rows('went-out'),
    listUnknownCodes(db, actor, check.id, most),
  ])
  const page = presentPrint({
    check,
    counts,
    items: { missing, found, unexpected, 'went-out': wentOut },
    unknown: unknown.rows,
    organisation: actor.organisationName,
    today: londonToday(now),
    now,
    may: sightOf(req),
    limit: MOST_PRINTED,
  })
  renderPage(res, 'stock-checks/print', page, { layout: 'print' })
}
