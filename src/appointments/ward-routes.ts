import type { Request, Response } from 'express'
import { londonMidnight, londonMidnightAfter, londonToday } from '../lib/dates.ts'
import { context } from '../web/context.ts'
import { get } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { presentWardDay } from './ward-presenter.ts'
import { listOnWards } from './ward-queries.ts'

/** What a ward sees, on its tablet too. */
export const wardDayRoutes = [get('/appointments/today', 'appointment:today', showWardDay)]

const MOST_A_DAY = 100

async function showWardDay(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const day = { from: londonMidnight(today), until: londonMidnightAfter(today), most: MOST_A_DAY }
  renderPage(res, 'appointments/ward-day', presentWardDay(await listOnWards(db, actor, day), MOST_A_DAY, now))
}
