import type { Request, Response } from 'express'
import { londonMidnight, londonToday } from '../lib/dates.ts'
import { formKeyOf } from '../lib/fields.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { context, idFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { returnByScanning } from './actions.ts'
import { parseReturns } from './form.ts'
import { presentReturns, RETURNS, type ReturnsShown } from './presenter.ts'
import { findReturnBatch, listRecentReturns, listReturnScans } from './queries.ts'

/** Taking back whatever is scanned, from whoever had it. They stand before the routes of one loan, `/loans/:id`. */
export const returnRoutes = [
  get('/loans/returns', 'loan:write', showReturns),
  post('/loans/returns', 'loan:write', takeBack),
  get('/loans/returns/:id', 'loan:write', showBatch),
]

const VIEW = 'returns/returns'
const MOST_SHOWN = 50

async function showReturns(req: Request, res: Response): Promise<void> {
  renderPage(res, VIEW, await returnsPage(req))
}

async function takeBack(req: Request, res: Response): Promise<void> {
  const form = parseReturns(req.body, londonToday(context(req).now))
  const { values, errors, value } = form
  if (errors) return showAgain(res, VIEW, await returnsPage(req, { values, errors }))
  const urlOf = ({ id }: { id: number }) => `${RETURNS}/${id}`
  try {
    res.redirect(303, await createOnce(req, formKeyOf(req.body), urlOf, (change) => returnByScanning(change, value)))
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    await keepRefusal(req, error)
    const text = `${error.message} Nothing was taken back. Send it again.`
    showAgain(res, VIEW, await returnsPage(req, { values, errors: [{ field: 'codes', text }] }), 409)
  }
}

async function showBatch(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const id = idFrom(req)
  const [batch, scans] = await Promise.all([findReturnBatch(db, actor, id), listReturnScans(db, actor, id)])
  if (!batch) throw new NotFound()
  renderPage(res, VIEW, await returnsPage(req, { batch: { ...batch, scans } }))
}

/** A form that was sent and did nothing keeps its key; a new one begins where its page is opened. */
async function returnsPage(req: Request, more: Partial<ReturnsShown> = {}) {
  const { db, actor, now } = context(req)
  const recent = await listRecentReturns(db, actor, londonMidnight(londonToday(now)), MOST_SHOWN)
  return presentReturns({ key: formKeyOf(req.body), batch: null, recent, ...more })
}
