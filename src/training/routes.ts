import type { Request, Response } from 'express'
import { requireFit } from '../diary/check-actions.ts'
import { explainTime } from '../diary/explain-actions.ts'
import { findPersonToPlan } from '../diary/person-queries.ts'
import { formKeyOf, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { findServiceUser } from '../service-users/queries.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { type Change, createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { cancelTraining, planTraining, writeAttendance } from './actions.ts'
import { parseAttendance, parseTraining, type TrainingOrder } from './form.ts'
import { groupUrl, trainingUrl } from './links-rules.ts'
import { presentTrainingList } from './list-presenter.ts'
import { presentPlan, presentTraining } from './presenter.ts'
import { findPlanFacts, findTraining, listTraining, type TrainingDetail } from './queries.ts'

export const trainingRoutes = [
  get('/training', 'training:read', showList),
  get('/service-users/:id/training', 'training:write', showPlan),
  post('/service-users/:id/training', 'training:write', savePlan),
  get('/training/:id', 'training:read', showTraining),
  post('/training/:id/result', 'training:write', saveResult),
  post('/training/:id/cancellation', 'training:write', cancel),
]

const PLAN = 'training/plan'
const PAGE = 'training/session'
const MOST_LISTED = 100

async function showList(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  renderPage(res, 'training/list', presentTrainingList(await listTraining(db, actor, { now, most: MOST_LISTED }), now))
}

async function showPlan(req: Request, res: Response): Promise<void> {
  const shown = await findShown(req)
  const subject: ['service-user', number] = ['service-user', shown.person.id]
  await recordInAudit(req, { verb: 'service-user:viewed', subject, serviceUserId: shown.person.id })
  renderPage(res, PLAN, presentPlan({ ...shown, key: formKeyOf({}) }))
}

async function savePlan(req: Request, res: Response): Promise<void> {
  const shown = await findShown(req)
  const key = formKeyOf(req.body)
  const form = parseTraining(req.body, shown.now)
  if (form.errors) return showAgain(res, PLAN, presentPlan({ ...shown, key, ...form }))
  const { value, values } = form
  try {
    const location = await createOnce(req, key, made, (change) => plan(change, shown.person.id, value, values))
    req.session.flash = 'The training session is planned.'
    res.redirect(303, location)
  } catch (error) {
    const { refusal, why } = explainTime(error)
    await keepRefusal(req, refusal)
    showAgain(res, PLAN, presentPlan({ ...(await findShown(req)), key, values, ...why }), 409)
  }
}

const made = ({ id }: { id: number }) => trainingUrl(id)

async function plan(change: Change, personId: number, order: TrainingOrder, { anyway = '' }: Typed) {
  const person = await findPersonToPlan(change.trx, change.by, personId)
  if (!person) throw new NotFound()
  const { championId, startsAt, minutes, way } = order
  const time = { championId, startsAt, endsAt: new Date(startsAt.getTime() + minutes * 60_000), travelMinutes: 0 }
  await requireFit(change, { time, person, way, seen: anyway })
  return planTraining(change, personId, order)
}

async function showTraining(req: Request, res: Response): Promise<void> {
  const session = await findSession(req)
  const { id, service_user_id: serviceUserId } = session
  await recordInAudit(req, { verb: 'training:viewed', subject: ['diary-entry', id], serviceUserId })
  renderPage(res, PAGE, presentTraining({ session, now: context(req).now }))
}

async function saveResult(req: Request, res: Response): Promise<void> {
  const session = await findSession(req)
  const version = versionOf(req.body)
  const { now } = context(req)
  const form = parseAttendance(req.body, session.topics)
  if (form.errors) return showAgain(res, PAGE, presentTraining({ session: { ...session, version }, now, ...form }))
  const { value, values } = form
  try {
    await inTransaction(req, (change) => writeAttendance(change, session.id, version, value))
    req.session.flash = 'It is written down how it went.'
    res.redirect(303, trainingUrl(session.id))
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    await keepRefusal(req, error)
    const text =
      'Somebody wrote down this session after you opened it. Look at it again, and save once more if you still mean it'
    const errors = [{ field: 'came', text }]
    showAgain(res, PAGE, presentTraining({ session: await findSession(req), now, values, errors }), 409)
  }
}

async function cancel(req: Request, res: Response): Promise<void> {
  const session = await findSession(req)
  await inTransaction(req, (change) => cancelTraining(change, session.id, versionOf(req.body)))
  const { group_entry_id: groupId } = session
  req.session.flash =
    groupId === null ? 'The training session is cancelled.' : 'They are off the list, and their place is free.'
  res.redirect(303, groupId === null ? trainingUrl(session.id) : groupUrl(groupId))
}

async function findShown(req: Request) {
  const { db, actor, now } = context(req)
  const person = await findServiceUser(db, actor, idFrom(req))
  if (!person) throw new NotFound()
  return { person, found: await findPlanFacts(db, actor, person.id), staffId: actor.staffId, now }
}

async function findSession(req: Request): Promise<TrainingDetail> {
  const { db, actor } = context(req)
  const session = await findTraining(db, actor, idFrom(req))
  if (!session) throw new NotFound()
  return session
}
