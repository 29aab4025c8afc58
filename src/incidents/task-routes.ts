import type { Request, Response } from 'express'
import { NotFound } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { AlreadySo } from './actions.ts'
import { parseOwner, parseTaskDone } from './form.ts'
import { incidentUrl } from './list-presenter.ts'
import { findIncident, listIncidentItems, listIncidentTasks, listOwners } from './queries.ts'
import { doTask, giveTask, undoTask } from './task-actions.ts'
import { presentTask, type TaskShown } from './task-presenter.ts'

export const taskRoutes = [
  get('/incidents/:id/tasks/:task', 'incident:read', showTask),
  post('/incidents/:id/tasks/:task', 'incident:write', saveTask),
  post('/incidents/:id/tasks/:task/undo', 'incident:write', takeTaskBack),
  post('/incidents/:id/tasks/:task/owner', 'incident:write', saveOwner),
]

const TASK = 'incidents/task'

async function showTask(req: Request, res: Response): Promise<void> {
  const shown = await readTask(req)
  const { id, service_user_id } = shown.incident
  if (service_user_id !== null && shown.maySeeNames) {
    await recordInAudit(req, { verb: 'incident:viewed', subject: ['incident', id], serviceUserId: service_user_id })
  }
  renderPage(res, TASK, presentTask(shown))
}

async function readTask(req: Request): Promise<TaskShown> {
  const { db, actor, now } = context(req)
  const id = idFrom(req)
  const taskId = idFrom(req, 'task')
  const [incident, items, tasks, owners] = await Promise.all([
    findIncident(db, actor, id),
    listIncidentItems(db, actor, id),
    listIncidentTasks(db, actor, id),
    listOwners(db, actor),
  ])
  const task = tasks.find((row) => row.id === taskId)
  if (!incident || !task) throw new NotFound()
  return { incident, task, items, owners, now, maySeeNames: may(actor, 'service-user:read') }
}

async function saveTask(req: Request, res: Response): Promise<void> {
  const shown = await readTask(req)
  const { incident, task } = shown
  const form = parseTaskDone(req.body, task.task)
  if (form.errors) return showAgain(res, TASK, presentTask({ ...shown, ...form }))
  const isNew = await unlessSo(inTransaction(req, (change) => doTask(change, incident.id, task.id, form.value)))
  req.session.flash = isNew ? 'Done.' : 'Someone did this before you. Your note was not kept.'
  res.redirect(303, incidentUrl(incident.id))
}

async function takeTaskBack(req: Request, res: Response): Promise<void> {
  const { incident, task } = await readTask(req)
  const isNew = await unlessSo(inTransaction(req, (change) => undoTask(change, incident.id, task.id)))
  req.session.flash = isNew ? 'It is to be done again.' : 'It was taken back before.'
  res.redirect(303, `${incidentUrl(incident.id)}/tasks/${task.id}`)
}

async function saveOwner(req: Request, res: Response): Promise<void> {
  const shown = await readTask(req)
  const { incident, task } = shown
  const form = parseOwner(req.body)
  if (form.errors) return showAgain(res, TASK, presentTask({ ...shown, ...form }))
  const { ownerId } = form.value
  await unlessSo(inTransaction(req, (change) => giveTask(change, incident.id, task.id, form.value)))
  const owner = shown.owners.find(({ id }) => id === ownerId)?.name ?? task.owner
  req.session.flash = `${owner} does this now.`
  res.redirect(303, `${incidentUrl(incident.id)}/tasks/${task.id}`)
}

/** Whether the change was made. It was so already for the second click of two, who gets the page of the first. */
async function unlessSo(change: Promise<unknown>): Promise<boolean> {
  try {
    await change
    return true
  } catch (error) {
    if (error instanceof AlreadySo) return false
    throw error
  }
}
