import type { Request, Response } from 'express'
import { addDays, londonToday } from '../lib/dates.ts'
import { type FieldError, formKeyOf, type Typed } from '../lib/fields.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { changePeriods, liftHold, placeHold } from './actions.ts'
import { parsePeriods, parseReason } from './form.ts'
import { holdsUrl, isRetentionView, presentHolds, presentPeriods, presentRetention } from './presenter.ts'
import {
  findHold,
  findLastRun,
  findPersonOfRecord,
  listHolds,
  listHoldsOf,
  listNamesKept,
  listPeriods,
} from './queries.ts'
import { earliestBeginning, periodsFrom } from './rules.ts'

export const retentionRoutes = [
  get('/retention', 'retention:write', showRetention),
  get('/retention/periods', 'retention:write', showPeriods),
  post('/retention/periods', 'retention:write', savePeriods),
  get('/service-users/:id/legal-holds', 'retention:write', showHolds),
  post('/service-users/:id/legal-holds', 'retention:write', saveHold),
  post('/legal-holds/:id/lift', 'retention:write', saveLift),
]

const PERIODS = 'retention/periods'
const HOLDS = 'retention/holds'
const DAYS_AHEAD = 365
const MOST_SHOWN = 200

/** What would be emptied, and when: as the nightly job works it out, and before it does. */
async function showRetention(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const asked = queryText(req, 'show')
  const view = isRetentionView(asked) ? asked : 'coming'
  const periods = periodsFrom(await listPeriods(db, actor))
  const today = londonToday(now)
  const until = addDays(today, DAYS_AHEAD)
  const [lastRun, people, holds] = await Promise.all([
    findLastRun(db, actor),
    view === 'coming' ? listNamesKept(db, actor, earliestBeginning(until, periods)) : [],
    view === 'held' ? listHolds(db, actor, MOST_SHOWN) : [],
  ])
  await recordInAudit(req, { verb: 'retention:viewed' })
  const page = presentRetention({ view, periods, people, holds, lastRun, until, today, most: MOST_SHOWN })
  renderPage(res, 'retention/retention', page)
}

async function showPeriods(req: Request, res: Response): Promise<void> {
  renderPage(res, PERIODS, await periodsPage(req))
}

async function periodsPage(req: Request, values?: Typed, errors?: FieldError[]) {
  const { db, actor } = context(req)
  return presentPeriods(periodsFrom(await listPeriods(db, actor)), values, errors)
}

async function savePeriods(req: Request, res: Response): Promise<void> {
  const { value, values, errors } = parsePeriods(req.body)
  if (errors) return showAgain(res, PERIODS, await periodsPage(req, values, errors))
  try {
    await inTransaction(req, (change) => changePeriods(change, value.periods, value.shown))
    req.session.flash = 'Saved. It holds from tonight on.'
    res.redirect(303, '/retention?show=periods')
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    await keepRefusal(req, error)
    const overtaken = [{ field: 'person', text: 'Someone else changed this. Check it and save again' }]
    showAgain(res, PERIODS, await periodsPage(req, values, overtaken), 409)
  }
}

async function showHolds(req: Request, res: Response): Promise<void> {
  renderPage(res, HOLDS, await holdsPage(req, idFrom(req)))
}

async function holdsPage(
  req: Request,
  id: number,
  form: { values?: Typed; errors?: FieldError[]; asked?: number } = {},
) {
  const { db, actor } = context(req)
  const person = await findPersonOfRecord(db, actor, id)
  if (!person) throw new NotFound()
  const holds = await listHoldsOf(db, actor, person.id)
  const subject: ['service-user', number] = ['service-user', person.id]
  await recordInAudit(req, { verb: 'service-user:viewed', subject, serviceUserId: person.id })
  return presentHolds({ person, holds, key: formKeyOf(req.body), ...form })
}

async function saveHold(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  const form = parseReason(req.body, 'Say why this record must be kept')
  if (form.errors) return showAgain(res, HOLDS, await holdsPage(req, id, form))
  try {
    const url = holdsUrl(id)
    const to = await createOnce(
      req,
      formKeyOf(req.body),
      () => url,
      (change) => placeHold(change, id, form.value),
    )
    req.session.flash = 'The record is held. Nothing of it is emptied until you lift the hold.'
    res.redirect(303, to)
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    const errors = [{ field: 'reason', text: error.message }]
    showAgain(res, HOLDS, await holdsPage(req, id, { values: form.values, errors }), 409)
  }
}

async function saveLift(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const asked = idFrom(req)
  const hold = await findHold(db, actor, asked)
  if (!hold) throw new NotFound()
  const form = parseReason(req.body, 'Say why it is no longer needed')
  if (form.errors) return showAgain(res, HOLDS, await holdsPage(req, hold.service_user_id, { ...form, asked }))
  const id = await inTransaction(req, (change) => liftHold(change, asked, form.value))
  req.session.flash = 'The hold is lifted.'
  res.redirect(303, holdsUrl(id))
}
