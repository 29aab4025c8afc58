import type { Request, Response } from 'express'
import { listOverdueConcerns } from '../concerns/queries.ts'
import { type DueDataRow, readDueData } from '../data-allowances/due-queries.ts'
import { dataDueUntil } from '../data-allowances/due-rules.ts'
import { listLowStock } from '../data-allowances/stock-queries.ts'
import { listDueTasks } from '../incidents/due-queries.ts'
import { addDays, addWeeks, londonMidnightAfter, londonToday } from '../lib/dates.ts'
import { addWorkingDays, nextWorkingDay } from '../lib/working-days.ts'
import { uncollectedSince } from '../lockers/rules.ts'
import { WEEKS_BEFORE } from '../onward-plans/rules.ts'
import { listOpenings } from '../openings/queries.ts'
import { listQuotations } from '../quotations/queries.ts'
import { readDue } from '../readiness/due-actions.ts'
import type { DueAppointments } from '../readiness/queries.ts'
import { listDueRepairs } from '../repairs/queries.ts'
import { readHeadlines } from '../reports/actions.ts'
import { usualPeriod } from '../reports/period-rules.ts'
import { listRestrictionsToReview } from '../restrictions/queries.ts'
import { reachOf } from '../service-users/reach-queries.ts'
import { may } from '../web/access.ts'
import { context } from '../web/context.ts'
import { get } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { presentFigures } from './figures-presenter.ts'
import { LINES_READ, presentWorklist } from './presenter.ts'
import { readWorklist } from './queries.ts'
import { OPENINGS_READ, presentQuietWorklist } from './quiet-presenter.ts'
import { MOST_APPOINTMENTS, ROWS_READ } from './section-presenter.ts'

export const worklistRoutes = [get('/', 'worklist:read', showWorklist)]

const DAYS_AHEAD = 7
const SUPPORT_DAYS_AHEAD = 90
/** What was handed out in these days is wanted again. */
const STOCK_DAYS = 60
const TASK_HOURS_AHEAD = 24
const WORKING_DAYS_AHEAD = 2

async function showWorklist(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  if (actor.role === 'commissioner') return showFigures(req, res)
  if (!may(actor, 'loan:read')) return showQuietWorklist(req, res)

  const rows = await readWorklist(db, {
    ...reachOf(actor),
    isLeadChampion: actor.isLeadChampion,
    ...{ now, today },
    yesterday: addDays(today, -1),
    soonUntil: addDays(today, DAYS_AHEAD),
    reviewsUntil: addWeeks(today, WEEKS_BEFORE),
    supportUntil: addDays(today, SUPPORT_DAYS_AHEAD),
    plansUntil: londonMidnightAfter(nextWorkingDay(addDays(today, 1))),
    tasksUntil: tasksUntil(now),
    collectedUntil: uncollectedSince(now),
    visitsUntil: londonMidnightAfter(today),
    lines: LINES_READ,
    rows: ROWS_READ,
  })
  const due = { ...(await dueAppointments(req)), data: await readData(req), lowStock: await readLowStock(req) }
  const shown = { ...rows, ...due, now, today, limit: LINES_READ }
  renderPage(res, 'worklist/worklist', presentWorklist({ ...shown, meetsPeople: may(actor, 'appointment:read') }))
}

/** The home of whoever pays for it: what comes of the money, in place of work that is not theirs. */
async function showFigures(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const period = usualPeriod(today)
  const headlines = await readHeadlines({ db, actor, today }, period)
  renderPage(res, 'worklist/figures', presentFigures({ headlines, period, today }))
}

async function showQuietWorklist(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const tasks = may(actor, 'incident:read') ? await listDueTasks(db, actor, tasksUntil(now), ROWS_READ) : []
  const repairs = may(actor, 'turnaround:write') ? await listDueRepairs(db, actor, today, ROWS_READ) : []
  const openings = may(actor, 'opening:review')
    ? (await listOpenings(db, actor, 'unseen', { size: OPENINGS_READ })).rows
    : []
  const concerns = may(actor, 'concern:close') ? await listOverdueConcerns(db, actor, now, ROWS_READ) : []
  const words = may(actor, 'quotation:approve')
    ? (await listQuotations(db, actor, 'waiting', { size: ROWS_READ })).rows
    : []
  const isForCarePlans = may(actor, 'restriction:write')
  const carePlans = isForCarePlans ? await listRestrictionsToReview(db, actor, { today, limit: ROWS_READ }) : []
  const due = await dueAppointments(req)
  const meetsPeople = may(actor, 'appointment:read')
  const shown = {
    tasks,
    repairs,
    openings,
    concerns,
    words,
    carePlans,
    ...due,
    now,
    today,
    limit: ROWS_READ,
    meetsPeople,
  }
  renderPage(res, 'worklist/worklist', presentQuietWorklist(shown))
}

const nothingDue: DueAppointments = { soon: [], waiting: [], trials: [], moreComes: null }

/** Appointments until the end of the next working day but one; of nobody's where that is not their work. */
async function dueAppointments(req: Request): Promise<DueAppointments> {
  const { db, actor, now } = context(req)
  if (!may(actor, 'appointment:read')) return nothingDue
  const until = londonMidnightAfter(addWorkingDays(londonToday(now), WORKING_DAYS_AHEAD))
  const due = await readDue(db, actor, { now, until, rows: ROWS_READ, shown: MOST_APPOINTMENTS })
  return may(actor, 'trial-call:read') ? due : { ...due, trials: [] }
}

function readData(req: Request): Promise<DueDataRow[]> | DueDataRow[] {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  return may(actor, 'data-allowance:read') ? readDueData(db, actor, { now, today, until: dataDueUntil(today) }) : []
}

/** Whoever can bring more in is told of it. */
function readLowStock(req: Request) {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  return may(actor, 'data-allowance:import')
    ? listLowStock(db, actor, { today, since: addDays(today, -STOCK_DAYS) })
    : []
}

/** What is due tonight or tomorrow morning is today's work too: whoever reads this is gone then. */
function tasksUntil(now: Date): Date {
  return new Date(now.getTime() + TASK_HOURS_AHEAD * 3_600_000)
}
