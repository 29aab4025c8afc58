import type { Request, Response } from 'express'
import { formatInstant } from '../lib/dates.ts'
import { type FieldError, fieldText, formKeyOf, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, RuleBroken, Stale, Taken } from '../lib/refusals.ts'
import { type ReadinessRow, readinessFacts } from '../readiness/queries.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { arrangeTrialCall, cancelTrialCall, writeTrialResult } from './actions.ts'
import { hasPassed } from './checklist-rules.ts'
import { parseResult, parseTrial, type TrialOrder } from './form.ts'
import { trialCallUrl } from './links-rules.ts'
import { presentArrange, presentTrialCall, presentTrialCalls } from './presenter.ts'
import { findArrangeFacts, findTrialCall, findTrialClash, listTrialCalls, type TrialDetail } from './queries.ts'
import { endOf, timeProblems } from './rules.ts'

export const trialCallRoutes = [
  get('/trial-calls', 'trial-call:read', showTrialCalls),
  get('/appointments/:id/trial-calls', 'trial-call:write', showArrange),
  post('/appointments/:id/trial-calls', 'trial-call:write', saveArrange),
  get('/trial-calls/:id', 'trial-call:read', showTrialCall),
  post('/trial-calls/:id/result', 'trial-call:write', saveResult),
  post('/trial-calls/:id/cancellation', 'trial-call:write', cancel),
]

const ARRANGE = 'trial-calls/arrange'
const PAGE = 'trial-calls/trial-call'
const MOST_LISTED = 100

async function showTrialCalls(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const lists = await listTrialCalls(db, actor, { now, most: MOST_LISTED })
  renderPage(res, 'trial-calls/list', presentTrialCalls(lists, now))
}

async function showArrange(req: Request, res: Response): Promise<void> {
  const shown = await findShown(req)
  const { service_user_id, id } = shown.facts
  await recordInAudit(req, { verb: 'appointment:viewed', subject: ['appointment', id], serviceUserId: service_user_id })
  renderPage(res, ARRANGE, presentArrange({ ...shown, key: formKeyOf({}), instead: idOf(queryText(req, 'instead')) }))
}

async function saveArrange(req: Request, res: Response): Promise<void> {
  const shown = await findShown(req)
  const again = { ...shown, key: formKeyOf(req.body), instead: idOf(fieldText(req.body, 'instead')) }
  const form = parseTrial(req.body)
  const problems = form.value ? timeProblems(form.value, shown.facts, shown.now) : form.errors
  if (!form.value || problems.length > 0) {
    return showAgain(res, ARRANGE, presentArrange({ ...again, values: form.values, errors: problems }))
  }
  const { value, values } = form
  try {
    const work = arrangeTrialCall
    const location = await createOnce(req, again.key, made, (change) => work(change, shown.facts, value, again.instead))
    req.session.flash = 'The trial-run call is arranged. Tell them when it is, and which number will show.'
    res.redirect(303, location)
  } catch (error) {
    const errors = await explain(req, error, { facts: shown.facts, order: value })
    showAgain(res, ARRANGE, presentArrange({ ...(await findShown(req)), ...again, values, errors }), 409)
  }
}

const made = ({ id }: { id: number }) => trialCallUrl(id)
const idOf = (text: string) => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : null)

/** Why it was refused, as it stands now: asked after the rollback. */
async function explain(
  req: Request,
  error: unknown,
  { facts, order }: { facts: ReadinessRow; order: TrialOrder },
): Promise<FieldError[]> {
  const { db, actor } = context(req)
  if (!(error instanceof Taken || error instanceof RuleBroken || error instanceof Stale)) throw error
  await keepRefusal(req, error)
  if (error instanceof RuleBroken) return [{ field: 'on', text: error.message }]
  if (error instanceof Stale)
    return [{ field: 'on', text: 'Somebody arranged it again meanwhile. See the calls below' }]
  const { championId } = order
  const asked = { serviceUserId: facts.service_user_id, championId, from: order.startsAt, until: endOf(order) }
  const clash = await findTrialClash(db, actor, asked)
  const when = clash ? `, from ${formatInstant(clash.starts_at)}` : ''
  const text =
    clash?.whose === 'champion'
      ? `Whoever makes the call has something else then${when}. Choose another time or somebody else`
      : `They have something else then${when}. Choose another time`
  return [{ field: 'at', text }]
}

async function showTrialCall(req: Request, res: Response): Promise<void> {
  const call = await findCall(req)
  const { id, service_user_id: serviceUserId } = call
  await recordInAudit(req, { verb: 'trial-call:viewed', subject: ['diary-entry', id], serviceUserId })
  renderPage(res, PAGE, presentTrialCall({ call, now: context(req).now }))
}

async function saveResult(req: Request, res: Response): Promise<void> {
  const call = await findCall(req)
  const version = versionOf(req.body)
  const form = parseResult(req.body, call.way)
  const { now } = context(req)
  if (form.errors) return showAgain(res, PAGE, presentTrialCall({ call: { ...call, version }, now, ...form }))
  const { value, values } = form
  try {
    await inTransaction(req, (change) => writeTrialResult(change, call.id, version, value))
    req.session.flash = hasPassed(value.outcome)
      ? 'It worked. It is written down.'
      : 'It is written down. See what follows, and arrange another call.'
    res.redirect(303, trialCallUrl(call.id))
  } catch (error) {
    await showOvertaken(req, res, error, values)
  }
}

/** What was ticked stays on the page, ready to be sent again on purpose. */
async function showOvertaken(req: Request, res: Response, error: unknown, values: Typed): Promise<void> {
  if (!(error instanceof Stale)) throw error
  await keepRefusal(req, error)
  const call = await findCall(req)
  const text =
    'Somebody wrote down this call after you opened it. Look at it again, and save once more if you still mean it'
  const errors = [{ field: 'note', text }]
  showAgain(res, PAGE, presentTrialCall({ call, now: context(req).now, values, errors }), 409)
}

async function cancel(req: Request, res: Response): Promise<void> {
  const call = await findCall(req)
  await inTransaction(req, (change) => cancelTrialCall(change, call.id, versionOf(req.body)))
  req.session.flash = 'The trial-run call is cancelled.'
  res.redirect(303, trialCallUrl(call.id))
}

/** The appointment, which is to come, as far as a trial call for it is decided by it. */
async function findShown(req: Request) {
  const { db, actor, now } = context(req)
  const id = idFrom(req)
  const facts = (await readinessFacts(db, actor, [id], now)).get(id)
  if (!facts) throw new NotFound()
  if (Date.parse(facts.starts_at) <= now.getTime() || facts.is_over) throw new RuleBroken(NOTHING_TO_TRY)
  return { facts, found: await findArrangeFacts(db, actor, id), staffId: actor.staffId, now }
}

const NOTHING_TO_TRY = 'This appointment was cancelled, or has begun. There is nothing to try out for it any more.'

async function findCall(req: Request): Promise<TrialDetail> {
  const { db, actor } = context(req)
  const call = await findTrialCall(db, actor, idFrom(req))
  if (!call) throw new NotFound()
  return call
}
