import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { NotFound } from '../lib/refusals.ts'
import { listWards } from '../wards/queries.ts'
import { may } from '../web/access.ts'
import { context, queryText, textFrom } from '../web/context.ts'
import { get } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { presentItem, presentItems } from './presenter.ts'
import { findItem, type ItemFilter, listItemEvents, listItemHolds, listItems } from './queries.ts'
import { isCategory, isItemState } from './rules.ts'

export const itemRoutes = [get('/items', 'item:read', showItems), get('/items/:tag', 'item:read', showItem)]

const PAGE_SIZE = 50
const HISTORY_LIMIT = 100

async function showItems(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const filter = itemFilter(req)
  const asked = { ...cursor(req), size: PAGE_SIZE }
  const [list, wards] = await Promise.all([listItems(db, actor, filter, today, asked), listWards(db, actor)])
  renderPage(res, 'items/list', presentItems({ list, filter, wards, today, mayChange: may(actor, 'item:write') }))
}

/** The filters of the list. What is none of ours counts as not asked. */
export function itemFilter(req: Request): ItemFilter {
  const state = queryText(req, 'state')
  const category = queryText(req, 'category')
  return {
    search: queryText(req, 'search') || undefined,
    state: isItemState(state) ? state : undefined,
    category: isCategory(category) ? category : undefined,
    wardId: idOf(queryText(req, 'ward')),
    modelId: idOf(queryText(req, 'model')),
  }
}

function idOf(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}

function cursor(req: Request): { after?: string; before?: string } {
  const before = queryText(req, 'before')
  const after = queryText(req, 'after')
  if (before !== '') return { before }
  return after === '' ? {} : { after }
}

async function showItem(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const item = await findItem(db, actor, textFrom(req, 'tag'))
  if (!item) throw new NotFound()
  const [holds, events] = await Promise.all([
    listItemHolds(db, actor, item.id, HISTORY_LIMIT),
    listItemEvents(db, actor, item.id, HISTORY_LIMIT),
  ])
  const page = presentItem({
    item,
    holds,
    events,
    actor,
    today: londonToday(now),
    maySee: { names: may(actor, 'service-user:read'), loans: may(actor, 'loan:read') },
    may: {
      change: may(actor, 'item:write'),
      lend: may(actor, 'loan:write'),
      makeReady: may(actor, 'turnaround:write'),
    },
    historyLimit: HISTORY_LIMIT,
  })
  renderPage(res, 'items/item', page)
}
