import type { Request, Response } from 'express'
import { listDueTasks } from '../incidents/queries.ts'
import { addDays, addWeeks, londonMidnightAfter, londonToday } from '../lib/dates.ts'
import { nextWorkingDay } from '../lib/working-days.ts'
import { WEEKS_BEFORE } from '../onward-plans/rules.ts'
import { listDueRepairs } from '../repairs/queries.ts'
import { may } from '../web/access.ts'
import { context } from '../web/context.ts'
import { get } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { DEVICES_READ, presentQuietWorklist, presentWorklist } from './presenter.ts'
import { listDeviceWorries, listDueLines, readUrgent } from './queries.ts'

export const worklistRoutes = [get('/', 'worklist:read', showWorklist)]

/** More than are shown under a heading, as several lines of one loan are shown as one; what was read for nothing costs time. */
const LIMIT = 30
const DAYS_AHEAD = 7
const SUPPORT_DAYS_AHEAD = 90
const TASK_HOURS_AHEAD = 24

async function showWorklist(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  if (!may(actor, 'loan:read')) return showQuietWorklist(req, res)

  const isChampion = may(actor, 'loan:write')
  const until = {
    now,
    today,
    plansUntil: londonMidnightAfter(nextWorkingDay(addDays(today, 1))),
    tasksUntil: tasksUntil(now),
    visitsUntil: londonMidnightAfter(today),
    reviewsUntil: addWeeks(today, WEEKS_BEFORE),
  }
  const [overdue, due, worries, { plans: atRisk, tasks, repairs, toPlan, visits }] = await Promise.all([
    listDueLines(db, actor, { until: addDays(today, -1) }, LIMIT),
    listDueLines(db, actor, { from: today, until: addDays(today, DAYS_AHEAD) }, LIMIT),
    isChampion ? listDeviceWorries(db, actor, addDays(today, SUPPORT_DAYS_AHEAD), DEVICES_READ) : [],
    isChampion ? readUrgent(db, actor, until, LIMIT) : { plans: [], tasks: [], repairs: [], toPlan: [], visits: [] },
  ])
  renderPage(
    res,
    'worklist/worklist',
    presentWorklist({ overdue, due, worries, atRisk, tasks, repairs, toPlan, visits, now, today, limit: LIMIT }),
  )
}

async function showQuietWorklist(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const tasks = may(actor, 'incident:read') ? await listDueTasks(db, actor, tasksUntil(now), LIMIT) : []
  const repairs = may(actor, 'turnaround:write') ? await listDueRepairs(db, actor, today, LIMIT) : []
  renderPage(res, 'worklist/worklist', presentQuietWorklist({ tasks, repairs, now, today, limit: LIMIT }))
}

/** What is due tonight or tomorrow morning is today's work too: whoever reads this is gone then. */
function tasksUntil(now: Date): Date {
  return new Date(now.getTime() + TASK_HOURS_AHEAD * 3_600_000)
}
