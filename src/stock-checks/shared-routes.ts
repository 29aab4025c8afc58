import type { Request } from 'express'
import { londonToday } from '../lib/dates.ts'
import type { PageAsked, PageOf } from '../lib/keyset.ts'
import { NotFound } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import type { Flash } from '../web/session-data.ts'
import type { CheckShown } from './presenter.ts'
import {
  type CheckItem,
  countStandings,
  findStockCheck,
  listCheckItems,
  listLatestScans,
  listUnknownCodes,
  type StockCheck,
  type UnknownCode,
} from './queries.ts'
import { isCheckList } from './rules.ts'

/** What the pages of one check have in common. */
export const CHECK = 'stock-checks/check'
export const PAGE_SIZE = 50
const LATEST = 5

export async function findOr404(req: Request): Promise<StockCheck> {
  const { db, actor } = context(req)
  const check = await findStockCheck(db, actor, idFrom(req))
  if (!check) throw new NotFound()
  return check
}

export function cursor(req: Request): { after?: string; before?: string } {
  const before = queryText(req, 'before')
  const after = queryText(req, 'after')
  if (before !== '') return { before }
  return after === '' ? {} : { after }
}

export async function checkShown(req: Request, check: StockCheck): Promise<CheckShown> {
  const { db, actor, now } = context(req)
  const asked = queryText(req, 'list')
  const list = isCheckList(asked) ? asked : 'missing'
  const page: PageAsked = { ...cursor(req), size: PAGE_SIZE }
  const [counts, items, unknown, latest] = await Promise.all([
    countStandings(db, actor, check.id),
    list === 'unknown' ? noRows<CheckItem>() : listCheckItems(db, actor, check.id, list, page),
    list === 'unknown' ? listUnknownCodes(db, actor, check.id, page) : noRows<UnknownCode>(),
    check.finished_at === null ? listLatestScans(db, actor, check.id, LATEST) : [],
  ])
  return { check, counts, list, items, unknown, latest, today: londonToday(now), may: sightOf(req) }
}

function noRows<Row>(): PageOf<Row> {
  return { rows: [] }
}

export function sightOf(req: Request) {
  const { actor } = context(req)
  return {
    loans: may(actor, 'loan:read'),
    names: may(actor, 'service-user:read'),
    incidents: may(actor, 'incident:read'),
    scan: may(actor, 'stock-check:write'),
  }
}

/** Said at the top of the next page. */
export function say(req: Request, flash: Flash): void {
  req.session.flash = flash
}
