import type { Request, Response } from 'express'
import { requireFit } from '../diary/check-actions.ts'
import { findEntry } from '../diary/entry-queries.ts'
import { explainTime } from '../diary/explain-actions.ts'
import { findPersonToPlan } from '../diary/person-queries.ts'
import { questionFor, readUntil, type SlotFacts, soonestFrom } from '../diary/question-rules.ts'
import { listDiaries } from '../diary/slot-queries.ts'
import { findSlots } from '../diary/slot-rules.ts'
import { londonToday } from '../lib/dates.ts'
import { type FieldError, fieldText, formKeyOf, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import type { Warning } from '../lib/warnings.ts'
import { type ReadinessRow, readinessFacts } from '../readiness/queries.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { type Change, createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { arrangeTrialCall, cancelTrialCall, writeTrialResult } from './actions.ts'
import { presentArrange } from './arrange-presenter.ts'
import { hasPassed } from './checklist-rules.ts'
import { parseResult, parseTrial, type TrialOrder } from './form.ts'
import { trialCallUrl } from './links-rules.ts'
import { presentTrialCall, presentTrialCalls } from './presenter.ts'
import { findArrangeFacts, findTrialCall, listTrialCalls, type TrialDetail } from './queries.ts'
import { endOf, IN_PERSON, isTriedOut, timeProblems, USUAL_MINUTES } from './rules.ts'

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
  const instead = idOf(queryText(req, 'instead'))
  const offered = instead === null ? await findTimes(req, shown.found.slotFacts) : {}
  renderPage(res, ARRANGE, presentArrange({ ...shown, ...offered, key: formKeyOf({}), instead }))
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
    const location = await createOnce(req, again.key, made, (change) => arrange(change, again, value, values))
    req.session.flash = 'The trial-run call is arranged. Tell them when it is, and which number will show.'
    res.redirect(303, location)
  } catch (error) {
    const why = await explain(req, error)
    showAgain(res, ARRANGE, presentArrange({ ...(await findShown(req)), ...again, values, ...why }), 409)
  }
}

async function arrange(
  change: Change,
  { facts, instead }: { facts: ReadinessRow; instead: number | null },
  order: TrialOrder,
  { anyway = '' }: Typed,
): Promise<{ id: number }> {
  const person = await findPersonToPlan(change.trx, change.by, facts.service_user_id)
  if (!person) throw new NotFound()
  const replaced = instead === null ? undefined : await findEntry(change.trx, change.by, instead)
  const time = { ...order, endsAt: endOf(order), travelMinutes: 0 }
  await requireFit(change, { time, person, way: facts.way, seen: anyway, ...(replaced && { entry: replaced }) })
  return arrangeTrialCall(change, facts, order, instead)
}

const made = ({ id }: { id: number }) => trialCallUrl(id)
const idOf = (text: string) => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : null)

/** Why it was refused, beside the time; what the appointment itself forbids, beside the day. */
async function explain(req: Request, error: unknown): Promise<{ errors: FieldError[]; warnings?: Warning[] }> {
  const { refusal, why } = explainTime(error)
  await keepRefusal(req, refusal)
  if (!(error instanceof Stale)) return why
  return { errors: [{ field: 'on', text: 'Somebody arranged it again meanwhile. See the calls below' }] }
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
  if (!isTriedOut(facts.way)) throw new RuleBroken(`${IN_PERSON}.`)
  const found = await findArrangeFacts(db, actor, id, now)
  return { facts, found, staffId: actor.staffId, now, slots: null, names: new Map<number, string>() }
}

/** The earliest times at which everything fits, as `/appointments/:id/times` offers them. */
async function findTimes(req: Request, [facts]: SlotFacts[]) {
  const { db, actor, now } = context(req)
  if (!facts) return {}
  const from = soonestFrom(now)
  const span = { from: now, until: readUntil(from), today: londonToday(now) }
  const diaries = await listDiaries(db, actor, { ...span, carerId: facts.carer_id })
  const way = facts.way === 'video' ? 'video' : 'phone'
  const wanted = { kind: 'trial-run-call', way, minutes: USUAL_MINUTES, travelMinutes: 0 } as const
  const { slots } = findSlots(questionFor(facts, wanted, diaries, from))
  return { slots, names: new Map(diaries.map(({ championId, name }) => [championId, name])) }
}

const NOTHING_TO_TRY = 'This appointment was cancelled, or has begun. There is nothing to try out for it any more.'

async function findCall(req: Request): Promise<TrialDetail> {
  const { db, actor } = context(req)
  const call = await findTrialCall(db, actor, idFrom(req))
  if (!call) throw new NotFound()
  return call
}
