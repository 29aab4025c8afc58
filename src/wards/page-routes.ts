import type { Request, Response } from 'express'
import { addMinutes } from '../bookings/rules.ts'
import { findWardByCode, listWardItems } from '../bookings/timetable-queries.ts'
import { MOST_ITEMS } from '../bookings/timetable-rules.ts'
import { londonToday } from '../lib/dates.ts'
import { NotFound } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { context, textFrom } from '../web/context.ts'
import { get } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { presentWardHome } from './page-presenter.ts'
import { readWardNews } from './page-queries.ts'

/** The page of a ward, for those who work on it. */
export const wardPageRoutes = [get('/wards/:code', 'booking:read', showWardHome)]

const DAY_MINUTES = 24 * 60

async function showWardHome(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const ward = await findWardByCode(db, actor, textFrom(req, 'code'))
  if (!ward || (actor.role === 'ward-staff' && !actor.wardIds.includes(ward.id))) throw new NotFound()
  const items = await listWardItems(db, actor, ward.id, MOST_ITEMS)
  const today = londonToday(now)
  const news = await readWardNews(db, actor, { wardId: ward.id, now, today, until: addMinutes(now, DAY_MINUTES) })
  const rights = {
    seesPeople: may(actor, 'leaving:read'),
    mayRestrict: may(actor, 'restriction:write'),
    seesReport: may(actor, 'ward-report:read'),
  }
  renderPage(res, 'wards/home', presentWardHome({ ...news, ...rights, ward, items, now, today }))
}
