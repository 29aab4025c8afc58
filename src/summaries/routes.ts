import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { NotFound } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idCursor, idFrom } from '../web/context.ts'
import { get } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { presentPeople, presentSummary } from './presenter.ts'
import { findSummary, listTheirPeople } from './queries.ts'

/** What ward staff and care teams see of the people they work with: their part, on pages of their own. */
export const summaryRoutes = [
  get('/people', 'person:summary', showPeople),
  get('/people/:id', 'person:summary', showSummary),
]

const PAGE_SIZE = 50
const MOST_COMING = 5

async function showPeople(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const list = await listTheirPeople(db, actor, { ...idCursor(req), size: PAGE_SIZE })
  renderPage(res, 'summaries/people', presentPeople(list, actor.role))
}

async function showSummary(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const person = await findSummary(db, actor, idFrom(req), { now, most: MOST_COMING })
  if (!person) throw new NotFound()
  await recordInAudit(req, {
    verb: 'service-user:viewed',
    subject: ['service-user', person.id],
    serviceUserId: person.id,
  })
  const mayMeet = may(actor, 'appointment:read')
  const shown = {
    role: actor.role,
    mayRefer: may(actor, 'referral:write'),
    mayRaise: may(actor, 'concern:raise'),
    mayRestrict: may(actor, 'restriction:write'),
    ...{ mayMeet, now },
    today: londonToday(now),
  }
  renderPage(res, 'summaries/summary', presentSummary(person, shown))
}
