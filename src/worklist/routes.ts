import type { Request, Response } from 'express'
import { addDays, londonMidnightAfter, londonToday } from '../lib/dates.ts'
import { nextWorkingDay } from '../lib/working-days.ts'
import { may } from '../web/access.ts'
import { context } from '../web/context.ts'
import { get } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { presentQuietWorklist, presentWorklist } from './presenter.ts'
import { listDeviceWorries, listDueLines, listPlansAtRisk } from './queries.ts'

export const worklistRoutes = [get('/', 'worklist:read', showWorklist)]

const LIMIT = 100
const DAYS_AHEAD = 7
const SUPPORT_DAYS_AHEAD = 90

async function showWorklist(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  if (!may(actor, 'loan:read')) return renderPage(res, 'worklist/worklist', presentQuietWorklist(today))

  const isChampion = may(actor, 'loan:write')
  const [overdue, due, worries, atRisk] = await Promise.all([
    listDueLines(db, actor, { until: addDays(today, -1) }, LIMIT),
    listDueLines(db, actor, { from: today, until: addDays(today, DAYS_AHEAD) }, LIMIT),
    isChampion ? listDeviceWorries(db, actor, addDays(today, SUPPORT_DAYS_AHEAD), LIMIT) : [],
    isChampion ? listPlansAtRisk(db, actor, now, londonMidnightAfter(nextWorkingDay(addDays(today, 1))), LIMIT) : [],
  ])
  renderPage(res, 'worklist/worklist', presentWorklist({ overdue, due, worries, atRisk, today, limit: LIMIT }))
}
