import type { Request, Response } from 'express'
import { findWardByCode } from '../bookings/timetable-queries.ts'
import { londonToday } from '../lib/dates.ts'
import { NotFound } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { context, idFrom, queryText, textFrom } from '../web/context.ts'
import { get } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { periodAsked, periodsOffered } from './period-rules.ts'
import { readWardsReport } from './place-actions.ts'
import { presentPlaceReport } from './place-presenter.ts'
import { findSiteWithWards } from './place-queries.ts'
import { type Place, sitePlace, wardPlace } from './place-rules.ts'

/** The numbers of a ward, for those who work on it and those who run it; and of a site. */
export const placeRoutes = [
  get('/wards/:code/report', 'ward-report:read', showWardReport),
  get('/sites/:id/report', 'site-report:read', showSiteReport),
]

async function showWardReport(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const ward = await findWardByCode(db, actor, textFrom(req, 'code'))
  if (!ward || (actor.role === 'ward-staff' && !actor.wardIds.includes(ward.id))) throw new NotFound()
  await showPlace(req, res, wardPlace(ward), [ward.id])
}

async function showSiteReport(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const site = await findSiteWithWards(db, actor, idFrom(req))
  if (!site) throw new NotFound()
  const ids = site.wards.map(({ id }) => id)
  await showPlace(req, res, sitePlace(site), ids)
}

async function showPlace(req: Request, res: Response, place: Place, wardIds: number[]): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const offered = periodsOffered(today, true)
  const period = periodAsked(queryText(req, 'period'), offered, today)
  if (!period) throw new NotFound()
  const made = await readWardsReport(db, actor, wardIds, period)
  const shown = { name: 'wards', period, offered, now, made } as const
  renderPage(res, 'reports/report', presentPlaceReport(place, shown, may(actor, 'report:read')))
}
