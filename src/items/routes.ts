import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { NotFound } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { context, listCursor, queryText, textFrom } from '../web/context.ts'
import { get } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { readItemFilter } from './filter-rules.ts'
import { presentItems } from './list-presenter.ts'
import { listItems } from './list-queries.ts'
import { presentItem } from './presenter.ts'
import { findItemWithHistory } from './queries.ts'

export const itemRoutes = [get('/items', 'item:read', showItems), get('/items/:tag', 'item:read', showItem)]

const PAGE_SIZE = 50
const HISTORY_LIMIT = 100

async function showItems(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const filter = readItemFilter((name) => queryText(req, name))
  const asked = { ...listCursor(req), size: PAGE_SIZE }
  const list = await listItems(db, actor, filter, today, asked)
  const mayDo = { mayChange: may(actor, 'item:write'), mayCheck: may(actor, 'stock-check:read') }
  renderPage(res, 'items/list', presentItems({ list, filter, wards: list.wards, today, ...mayDo }))
}

async function showItem(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const item = await findItemWithHistory(db, actor, textFrom(req, 'tag'), HISTORY_LIMIT)
  if (!item) throw new NotFound()
  const page = presentItem({
    item,
    holds: item.holds,
    events: item.events,
    actor,
    today: londonToday(now),
    maySee: {
      names: may(actor, 'service-user:read'),
      loans: may(actor, 'loan:read'),
      incidents: may(actor, 'incident:read'),
    },
    may: {
      change: may(actor, 'item:write'),
      lend: may(actor, 'loan:write'),
      makeReady: may(actor, 'turnaround:write'),
      report: may(actor, 'item:report-fault'),
    },
    historyLimit: HISTORY_LIMIT,
  })
  renderPage(res, 'items/item', page)
}
