import type { Request, Response } from 'express'
import { NotFound } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idCursor, idFrom, queryText } from '../web/context.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { sendAgain } from './actions.ts'
import { presentMessage, presentMessages } from './presenter.ts'
import { findLastTry, findMessage, listDeliveries, listMessages } from './queries.ts'

export const messageRoutes = [
  get('/messages', 'message:read', showMessages),
  get('/messages/:id', 'message:read', showMessage),
  post('/messages/:id/again', 'message:write', sendMessageAgain),
]

const PAGE_SIZE = 50

async function showMessages(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const filter = queryText(req, 'show') === 'stuck' ? 'stuck' : 'all'
  const [list, lastTry] = await Promise.all([
    listMessages(db, actor, filter, { ...idCursor(req), size: PAGE_SIZE }),
    findLastTry(db),
  ])
  renderPage(res, 'messages/list', presentMessages({ list, filter, lastTry }))
}

async function showMessage(req: Request, res: Response): Promise<void> {
  const { db, actor, now, config } = context(req)
  const id = idFrom(req)
  const [message, deliveries] = await Promise.all([findMessage(db, actor, id), listDeliveries(db, actor, id)])
  if (!message) throw new NotFound()
  await recordInAudit(req, { verb: 'message:viewed', subject: ['message', id] })
  const hasMailServer = config.smtpUrl !== null
  const maySend = may(actor, 'message:write')
  renderPage(res, 'messages/message', presentMessage({ message, deliveries, hasMailServer, maySend, now }))
}

async function sendMessageAgain(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  await inTransaction(req, (change) => sendAgain(change, id))
  req.session.flash = 'It is on its way again.'
  res.redirect(303, `/messages/${id}`)
}
