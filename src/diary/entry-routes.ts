import type { Request, Response } from 'express'
import { versionOf } from '../lib/fields.ts'
import { NotFound } from '../lib/refusals.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom } from '../web/context.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { calendarFile } from './calendar-file-rules.ts'
import { cancelEntry } from './entry-actions.ts'
import { presentEntry } from './entry-presenter.ts'
import { type EntryDetail, findEntry } from './entry-queries.ts'
import { entryUrl } from './links-rules.ts'

export const entryRoutes = [
  get('/diary/entries/:id', 'diary:read', showEntry),
  get('/diary/entries/:id/calendar', 'diary:read', sendCalendarFile),
  post('/diary/entries/:id/cancellation', 'diary:write', cancel),
]

async function showEntry(req: Request, res: Response): Promise<void> {
  renderPage(res, 'diary/entry', presentEntry(await viewEntry(req), context(req).now))
}

/** For the calendar on somebody's phone. It says neither who nor what for, and its name says no more. */
async function sendCalendarFile(req: Request, res: Response): Promise<void> {
  const entry = await viewEntry(req)
  res
    .attachment('calendar-entry.ics')
    .type('text/calendar; charset=utf-8')
    .send(calendarFile(entry, context(req).now))
}

async function cancel(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  await inTransaction(req, (change) => cancelEntry(change, id, versionOf(req.body)))
  req.session.flash = 'It is cancelled, and the time is free again.'
  res.redirect(303, entryUrl(id))
}

async function viewEntry(req: Request): Promise<EntryDetail> {
  const { db, actor } = context(req)
  const entry = await findEntry(db, actor, idFrom(req))
  if (!entry) throw new NotFound()
  const about = entry.service_user_id === null ? {} : { serviceUserId: entry.service_user_id }
  await recordInAudit(req, { verb: 'diary:entry-viewed', subject: ['diary-entry', entry.id], ...about })
  return entry
}
