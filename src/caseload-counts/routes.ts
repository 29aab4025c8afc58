import type { Request, Response } from 'express'
import { formatDate, isDate } from '../lib/dates.ts'
import { NotFound } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { context, idFrom, listCursor, textFrom } from '../web/context.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { removeCounts } from './actions.ts'
import { presentCountSet, presentCountSets } from './presenter.ts'
import { findCountSet, listCountSets } from './queries.ts'
import { countsUrl } from './rules.ts'

export const caseloadCountRoutes = [
  get(countsUrl, 'caseload-count:read', showSets),
  get(`${countsUrl}/days/:day/:ward`, 'caseload-count:read', showSet),
  post(`${countsUrl}/days/:day/:ward/removal`, 'caseload-count:write', removeSet),
]

const PAGE_SIZE = 50

async function showSets(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const sets = await listCountSets(db, actor, { ...listCursor(req), size: PAGE_SIZE })
  renderPage(res, 'caseload-counts/list', presentCountSets(sets, may(actor, 'caseload-count:write')))
}

async function showSet(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const set = await findCountSet(db, actor, setAsked(req))
  if (!set) throw new NotFound()
  renderPage(res, 'caseload-counts/set', presentCountSet(set, may(actor, 'caseload-count:write')))
}

async function removeSet(req: Request, res: Response): Promise<void> {
  const asked = setAsked(req)
  await inTransaction(req, (change) => removeCounts(change, asked))
  req.session.flash = `The counts of ${formatDate(asked.countedOn)} are taken back.`
  res.redirect(303, countsUrl)
}

/** Which place and day the address names. */
function setAsked(req: Request): { countedOn: string; wardId: number | null } {
  const countedOn = textFrom(req, 'day')
  if (!isDate(countedOn)) throw new NotFound()
  return { countedOn, wardId: req.params.ward === 'all' ? null : idFrom(req, 'ward') }
}
