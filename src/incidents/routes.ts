import type { Request, Response } from 'express'
import { addWeeks, londonMidnightAfter, londonToday } from '../lib/dates.ts'
import { type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { listFreeAlike } from '../loans/lend-queries.ts'
import { DEFAULT_WEEKS } from '../loans/rules.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { AlreadySo, editIncident, markFound } from './actions.ts'
import { presentDetails } from './details-presenter.ts'
import { detailValues, parseDetails, parseFound } from './form.ts'
import { presentIncidents } from './list-presenter.ts'
import { listIncidents } from './list-queries.ts'
import { presentFound, presentIncident } from './presenter.ts'
import {
  findIncident,
  type Incident,
  type IncidentItem,
  listIncidentEvents,
  listIncidentItems,
  listIncidentTasks,
} from './queries.ts'
import { listPlansFor } from './report-queries.ts'
import { reportRoutes } from './report-routes.ts'
import { isLoss } from './rules.ts'
import { taskRoutes } from './task-routes.ts'

export const incidentRoutes = [
  get('/incidents', 'incident:read', showIncidents),
  ...reportRoutes,
  get('/incidents/:id', 'incident:read', showIncident),
  get('/incidents/:id/found', 'incident:write', showFound),
  post('/incidents/:id/found', 'incident:write', saveFound),
  get('/incidents/:id/edit', 'incident:write', showDetails),
  post('/incidents/:id/edit', 'incident:write', saveDetails),
  ...taskRoutes,
]

const PAGE_SIZE = 50
const DETAILS = 'incidents/details'

async function showIncidents(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const filter = queryText(req, 'show') === 'finished' ? 'finished' : 'open'
  const list = await listIncidents(db, actor, filter, now, { ...cursorOf(req), size: PAGE_SIZE })
  const maySeeNames = may(actor, 'service-user:read')
  renderPage(res, 'incidents/list', presentIncidents({ list, filter, now, maySeeNames }))
}

function cursorOf(req: Request): { after?: string; before?: string } {
  const before = queryText(req, 'before')
  const after = queryText(req, 'after')
  if (before !== '') return { before }
  return after === '' ? {} : { after }
}

async function showIncident(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const { incident, items } = await readIncident(req)
  const itemIds = items.map(({ id }) => id)
  const [tasks, events, plans, instead] = await Promise.all([
    listIncidentTasks(db, actor, incident.id),
    listIncidentEvents(db, actor, incident.id),
    listPlansFor(db, actor, itemIds, now),
    findInstead(req, incident, itemIds),
  ])
  await recordView(req, incident)
  const mayDo = {
    seeNames: may(actor, 'service-user:read'),
    seeLoans: may(actor, 'loan:read'),
    lend: may(actor, 'loan:write'),
    change: may(actor, 'incident:write'),
  }
  const page = presentIncident({ incident, items, tasks, events, plans, instead, now, may: mayDo })
  renderPage(res, 'incidents/incident', page)
}

/** For each thing that is gone one like it that is free for as long as a loan usually lasts. */
async function findInstead(req: Request, incident: Incident, itemIds: number[]) {
  const { db, actor, now } = context(req)
  if (incident.loan_id === null || incident.replacement_loan_id !== null || !may(actor, 'loan:write')) return []
  const until = londonMidnightAfter(addWeeks(londonToday(now), DEFAULT_WEEKS))
  const free = await listFreeAlike(db, actor, itemIds, { from: now, until }, itemIds)
  const chosen = new Map<number, { id: number }>()
  for (const item of free) {
    const isTaken = [...chosen.values()].some(({ id }) => id === item.id)
    if (!chosen.has(item.like_item_id) && !isTaken) chosen.set(item.like_item_id, item)
  }
  return itemIds.flatMap((id) => chosen.get(id) ?? [])
}

/** An incident with who had the items is part of that person's record. */
async function recordView(req: Request, incident: Incident): Promise<void> {
  const { actor } = context(req)
  if (incident.service_user_id === null || !may(actor, 'service-user:read')) return
  const subject: ['incident', number] = ['incident', incident.id]
  await recordInAudit(req, { verb: 'incident:viewed', subject, serviceUserId: incident.service_user_id })
}

async function readIncident(req: Request): Promise<{ incident: Incident; items: IncidentItem[] }> {
  const { db, actor } = context(req)
  const id = idFrom(req)
  const [incident, items] = await Promise.all([findIncident(db, actor, id), listIncidentItems(db, actor, id)])
  if (!incident) throw new NotFound()
  return { incident, items }
}

async function showFound(req: Request, res: Response): Promise<void> {
  const { incident, items } = await readIncident(req)
  if (!isLoss(incident.kind)) throw new NotFound()
  if (items.every(({ found_at }) => found_at !== null)) return showFoundBefore(req, res, incident.id)
  renderPage(res, 'incidents/found', presentFound(incident, items))
}

function showFoundBefore(req: Request, res: Response, id: number): void {
  req.session.flash = 'It was found before. This is its incident.'
  res.redirect(303, `/incidents/${id}`)
}

async function saveFound(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  const form = parseFound(req.body)
  if (form.errors) {
    const { incident, items } = await readIncident(req)
    return showAgain(res, 'incidents/found', presentFound(incident, items, form.errors))
  }
  try {
    const tags = await inTransaction(req, (change) => markFound(change, id, form.value))
    req.session.flash = `Found again: ${tags.join(', ')}. It waits to be made ready. See what else is to be done now.`
    res.redirect(303, `/incidents/${id}`)
  } catch (error) {
    if (!(error instanceof AlreadySo)) throw error
    showFoundBefore(req, res, id)
  }
}

async function showDetails(req: Request, res: Response): Promise<void> {
  const { incident, items } = await readIncident(req)
  await recordView(req, incident)
  renderPage(res, DETAILS, presentDetails({ incident, items, saved: detailValues(incident) }))
}

async function saveDetails(req: Request, res: Response): Promise<void> {
  const { incident, items } = await readIncident(req)
  const version = versionOf(req.body)
  const form = parseDetails(req.body, incident.kind, londonToday(context(req).now))
  const saved = detailValues(incident)
  if (form.errors) {
    return showAgain(res, DETAILS, presentDetails({ ...form, incident: { ...incident, version }, items, saved }))
  }
  try {
    await inTransaction(req, (change) => editIncident(change, incident.id, version, form.value))
  } catch (error) {
    if (error instanceof Stale) return showOvertaken(req, res, error, form.values)
    throw error
  }
  req.session.flash = 'Your changes are saved.'
  res.redirect(303, `/incidents/${incident.id}`)
}

/** Somebody saved other details meanwhile: both side by side, and the form ready to be sent again on purpose. */
async function showOvertaken(req: Request, res: Response, error: Stale, values: Typed): Promise<void> {
  await keepRefusal(req, error)
  const { incident, items } = await readIncident(req)
  const saved = detailValues(incident)
  showAgain(res, DETAILS, presentDetails({ incident, items, saved, values, isOvertaken: true }), 409)
}
