import type { Request, Response } from 'express'
import { context } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { reportsUrl } from './definition-rules.ts'
import { chooseDelivery } from './delivery-actions.ts'
import { parseDelivery } from './delivery-form.ts'
import { presentDelivery } from './delivery-presenter.ts'
import { findDelivery } from './delivery-queries.ts'
import { byEmailUrl } from './delivery-rules.ts'

export const deliveryRoutes = [
  get(byEmailUrl, 'report:deliver', showDelivery),
  post(byEmailUrl, 'report:deliver', saveDelivery),
]

const PAGE = 'reports/by-email'

async function showDelivery(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  renderPage(res, PAGE, presentDelivery(actor.email, await findDelivery(db, actor)))
}

async function saveDelivery(req: Request, res: Response): Promise<void> {
  const form = parseDelivery(req.body)
  if (form.errors) return showAgain(res, PAGE, presentDelivery(context(req).actor.email, 'none', form))
  const { value } = form
  await inTransaction(req, (change) => chooseDelivery(change, value))
  req.session.flash =
    value === 'none'
      ? 'Saved. No reports are sent to you by email.'
      : `Saved. The next that come out are sent to you, ${value === 'month' ? 'month by month' : 'quarter by quarter'}.`
  res.redirect(303, reportsUrl)
}
