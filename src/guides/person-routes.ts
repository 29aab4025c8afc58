import type { Request, Response } from 'express'
import { NotFound } from '../lib/refusals.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom } from '../web/context.ts'
import { get } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { presentPersonsGuides } from './person-presenter.ts'
import { findPersonForGuides } from './person-queries.ts'

export const personsGuideRoutes = [get('/service-users/:id/guides', 'service-user:read', showPersonsGuides)]

async function showPersonsGuides(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const person = await findPersonForGuides(db, actor, idFrom(req), now)
  if (!person) throw new NotFound()
  const subject: ['service-user', number] = ['service-user', person.id]
  await recordInAudit(req, { verb: 'service-user:viewed', subject, serviceUserId: person.id })
  renderPage(res, 'guides/person', presentPersonsGuides(person))
}
