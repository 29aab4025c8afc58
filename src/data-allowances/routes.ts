import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { type FieldError, fieldText, formKeyOf, type Parsed, versionOf } from '../lib/fields.ts'
import type { FormShown } from '../lib/form-fields.ts'
import { NotFound, RuleBroken, Stale, Taken } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idCursor, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { type Change, createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import {
  cancelAllowance,
  extendAllowance,
  giveAllowance,
  readAllowance,
  replaceSim,
  topUpAllowance,
} from './actions.ts'
import { parseAllowance, parseEnd, parseNewSim, parseReading, parseSuspension, parseTopUp } from './form.ts'
import { presentAllowanceForm } from './form-presenter.ts'
import { choicesOf, holderOf, idOf, nobody } from './holder-routes.ts'
import { isAllowanceFilter, presentAllowances } from './list-presenter.ts'
import { listAllowances } from './list-queries.ts'
import { presentAllowance } from './presenter.ts'
import { type AllowanceDetail, findAllowance } from './queries.ts'
import { resumeAllowance, suspendAllowance, warnOfSuspension } from './suspension-actions.ts'
import { allowanceUrl } from './words-rules.ts'

export const dataAllowanceRoutes = [
  get('/data-allowances', 'data-allowance:read', showAllowances),
  get('/data-allowances/new', 'data-allowance:write', showNew),
  post('/data-allowances', 'data-allowance:write', saveNew),
  get('/data-allowances/:id', 'data-allowance:read', showAllowance),
  post('/data-allowances/:id/readings', 'data-allowance:write', saveReading),
  post('/data-allowances/:id/top-ups', 'data-allowance:write', saveTopUp),
  post('/data-allowances/:id/end', 'data-allowance:write', saveEnd),
  post('/data-allowances/:id/sim', 'data-allowance:write', saveSim),
  post('/data-allowances/:id/suspension', 'data-allowance:write', suspend),
  post('/data-allowances/:id/warning', 'data-allowance:write', warn),
  post('/data-allowances/:id/resumption', 'data-allowance:write', resume),
  post('/data-allowances/:id/cancellation', 'data-allowance:write', cancel),
]

const PAGE_SIZE = 50
const FORM = 'data-allowances/form'
const PAGE = 'data-allowances/allowance'

async function showAllowances(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const show = queryText(req, 'show')
  const filter = isAllowanceFilter(show) ? show : 'live'
  const sim = queryText(req, 'sim').replaceAll(/\D/g, '').slice(0, 20)
  const wanted = { filter, sim, serviceUserId: idIn(req, 'person'), loanId: idIn(req, 'loan'), now }
  const asked = { ...idCursor(req), size: PAGE_SIZE }
  const list = await listAllowances(db, actor, { ...wanted, today: londonToday(now), asked })
  renderPage(
    res,
    'data-allowances/list',
    presentAllowances({ ...wanted, list, mayImport: may(actor, 'data-allowance:import') }),
  )
}

async function showNew(req: Request, res: Response): Promise<void> {
  const holder = await holderOf(req, queryText(req, 'person'), queryText(req, 'line'))
  renderPage(res, FORM, presentAllowanceForm({ holder, choices: await choicesOf(req, holder), key: formKeyOf({}) }))
}

async function saveNew(req: Request, res: Response): Promise<void> {
  const holder = await holderOf(req, fieldText(req.body, 'person'), fieldText(req.body, 'line'))
  const form = parseAllowance(req.body, londonToday(context(req).now), holder !== null)
  const again = { holder, choices: await choicesOf(req, holder), key: formKeyOf(req.body), values: form.values }
  if (form.errors) return showAgain(res, FORM, presentAllowanceForm({ ...again, errors: form.errors }))
  const { value } = form
  const whose = holder ?? nobody
  try {
    const next = ({ id }: { id: number }) => allowanceUrl(id)
    const location = await createOnce(req, again.key, next, (change) => giveAllowance(change, whose, value))
    req.session.flash = 'It is given.'
    res.redirect(303, location)
  } catch (error) {
    const errors = await explain(req, error, 'sim-number')
    showAgain(res, FORM, presentAllowanceForm({ ...again, errors }), 409)
  }
}

async function showAllowance(req: Request, res: Response): Promise<void> {
  const allowance = await findOr404(req)
  const about = allowance.service_user_id === null ? {} : { serviceUserId: allowance.service_user_id }
  await recordInAudit(req, { verb: 'data-allowance:viewed', subject: ['data-allowance', allowance.id], ...about })
  renderPage(res, PAGE, pageOf(req, allowance))
}

function saveReading(req: Request, res: Response): Promise<void> {
  const form = parseReading(req.body, context(req).now)
  return add(req, res, { form, field: 'left', done: 'The reading is saved.', work: readAllowance })
}

function saveTopUp(req: Request, res: Response): Promise<void> {
  const done = 'The top-up is saved.'
  return add(req, res, { form: parseTopUp(req.body), field: 'added', done, work: topUpAllowance })
}

interface Addition<T> {
  form: Parsed<T>
  /** Where a refusal is told. */
  field: string
  done: string
  work: (change: Change, id: number, value: T) => Promise<{ id: number }>
}

/** Adds something to an allowance, once however often its form is sent. */
async function add<T>(req: Request, res: Response, { form, field, done, work }: Addition<T>): Promise<void> {
  const allowance = await findOr404(req)
  const { values, errors, value } = form
  if (errors) return showAgain(res, PAGE, pageOf(req, allowance, { values, errors }))
  try {
    const to = () => allowanceUrl(allowance.id)
    const location = await createOnce(req, formKeyOf(req.body), to, (change) => work(change, allowance.id, value))
    req.session.flash = done
    res.redirect(303, location)
  } catch (error) {
    showAgain(res, PAGE, pageOf(req, allowance, { values, errors: await explain(req, error, field) }), 409)
  }
}

function saveEnd(req: Request, res: Response): Promise<void> {
  const form = parseEnd(req.body, londonToday(context(req).now))
  return edit(req, res, { form, field: 'ends-on', done: 'The last day is changed.', work: extendAllowance })
}

function saveSim(req: Request, res: Response): Promise<void> {
  const done = 'It is on the new SIM now.'
  return edit(req, res, { form: parseNewSim(req.body), field: 'sim-number', done, work: replaceSim })
}

interface Edit<T> {
  form: Parsed<T>
  field: string
  done: string
  work: (change: Change, id: number, version: number, value: T) => Promise<void>
}

/** Changes an allowance as somebody saw it. */
async function edit<T>(req: Request, res: Response, { form, field, done, work }: Edit<T>): Promise<void> {
  const { values, errors, value } = form
  const id = idFrom(req)
  if (errors) return showAgain(res, PAGE, pageOf(req, await findOr404(req), { values, errors }))
  try {
    await inTransaction(req, (change) => work(change, id, versionOf(req.body), value))
    req.session.flash = done
    res.redirect(303, allowanceUrl(id))
  } catch (error) {
    const problem = await explain(req, error, field)
    showAgain(res, PAGE, pageOf(req, await findOr404(req), { values, errors: problem }), 409)
  }
}

function suspend(req: Request, res: Response): Promise<void> {
  const done = 'It is suspended. Stop it at the provider, too.'
  return edit(req, res, { form: parseSuspension(req.body), field: 'why', done, work: suspendAllowance })
}

async function warn(req: Request, res: Response): Promise<void> {
  const done = 'Saved. You are asked again in 7 days.'
  await press(req, res, done, (change, id) => warnOfSuspension(change, id, versionOf(req.body)))
}

async function resume(req: Request, res: Response): Promise<void> {
  const done = 'It goes on. Start it at the provider, too.'
  await press(req, res, done, (change, id) => resumeAllowance(change, id, versionOf(req.body)))
}

async function cancel(req: Request, res: Response): Promise<void> {
  await press(req, res, 'It is cancelled.', (change, id) => cancelAllowance(change, id, versionOf(req.body)))
}

async function press(
  req: Request,
  res: Response,
  done: string,
  work: (change: Change, id: number) => Promise<void>,
): Promise<void> {
  const id = idFrom(req)
  await inTransaction(req, (change) => work(change, id))
  req.session.flash = done
  res.redirect(303, allowanceUrl(id))
}

/** Why it was refused, beside the field that it is about. */
async function explain(req: Request, error: unknown, field: string): Promise<FieldError[]> {
  if (!(error instanceof Taken || error instanceof RuleBroken || error instanceof Stale)) throw error
  await keepRefusal(req, error)
  return [{ field: error instanceof Taken ? takenField(field) : field, text: error.message }]
}

/** Two allowances on one SIM clash by their days, too. */
const takenField = (field: string) => (field === 'ends-on' ? 'ends-on' : 'sim-number')

function pageOf(req: Request, allowance: AllowanceDetail, form: FormShown = {}) {
  const { now } = context(req)
  return presentAllowance({ allowance, now, key: formKeyOf(req.body), step: queryText(req, 'do'), ...form })
}

async function findOr404(req: Request): Promise<AllowanceDetail> {
  const { db, actor, now } = context(req)
  const allowance = await findAllowance(db, actor, idFrom(req), now)
  if (!allowance) throw new NotFound()
  return allowance
}

function idIn(req: Request, name: string): number | null {
  return idOf(queryText(req, name))
}
