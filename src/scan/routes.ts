import type { Request, Response } from 'express'
import { itemUrl } from '../items/tag-rules.ts'
import { may } from '../web/access.ts'
import { context, queryText } from '../web/context.ts'
import { get } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { presentScan } from './presenter.ts'
import { findByCode } from './queries.ts'

export const scanRoutes = [get('/scan', 'item:read', scan)]

/** Where the scan box of every page leads: straight to the item or the kit, or to a page that says what to do. */
async function scan(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const code = queryText(req, 'code')
  const { items, kits } = await findByCode(db, actor, code)
  const [item] = items
  const [kit] = kits
  if (kit) return res.redirect(303, `/kits/${kit.id}`)
  if (item && items.length === 1) return res.redirect(303, itemUrl(item.tag))
  renderPage(res, 'scan/scan', presentScan(code, items, may(actor, 'item:write')))
}
