import type { Request, Response } from 'express'
import { roles } from '../lib/actor.ts'
import type { FieldError } from '../lib/fields.ts'
import { Stale } from '../lib/refusals.ts'
import { readOpeningMinutes } from '../openings/queries.ts'
import { listSecondStepRules, type RoleRule } from '../second-step/queries.ts'
import { context } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { changeCrisisLine, changeSecondStepRules } from './actions.ts'
import { parseCrisisLine, parseSecondStepRules } from './form.ts'
import { overtaken, presentCrisisLine, presentSecondStepRules, presentSettings, savedWords } from './presenter.ts'
import { readCrisisLine, readSettings } from './queries.ts'

export const settingsRoutes = [
  get('/admin/settings', 'settings:read', showSettings),
  get('/admin/settings/second-step', 'settings:write', showSecondStepRules),
  post('/admin/settings/second-step', 'settings:write', saveSecondStepRules),
  get('/admin/settings/crisis-line', 'settings:write', showCrisisLine),
  post('/admin/settings/crisis-line', 'settings:write', saveCrisisLine),
]

const RULES = 'settings/second-step'
const CRISIS = 'settings/crisis-line'

async function showSettings(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const [rules, openingMinutes, own] = await Promise.all([
    rulesOf(req),
    readOpeningMinutes(db, actor),
    readSettings(db, actor),
  ])
  renderPage(res, 'settings/settings', presentSettings({ rules, openingMinutes, own }))
}

async function showSecondStepRules(req: Request, res: Response): Promise<void> {
  renderPage(res, RULES, presentSecondStepRules({ rules: await rulesOf(req) }))
}

async function saveSecondStepRules(req: Request, res: Response): Promise<void> {
  const form = parseSecondStepRules(req.body)
  const { values, errors, value } = form
  if (errors) return showAgain(res, RULES, presentSecondStepRules({ rules: await rulesOf(req), values, errors }))
  try {
    await inTransaction(req, (change) => changeSecondStepRules(change, value))
    req.session.flash = savedWords(value.required)
    res.redirect(303, '/admin/settings')
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    await keepRefusal(req, error)
    showAgain(res, RULES, presentSecondStepRules({ rules: await rulesOf(req), values, errors: [overtaken] }), 409)
  }
}

async function showCrisisLine(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  renderPage(res, CRISIS, presentCrisisLine(await readCrisisLine(db, actor)))
}

async function saveCrisisLine(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const { values, errors, value } = parseCrisisLine(req.body)
  const again = async (problem: FieldError[], status: 409 | 422) =>
    showAgain(res, CRISIS, presentCrisisLine(await readCrisisLine(db, actor), { values, errors: problem }), status)
  if (errors) return again(errors, 422)
  try {
    await inTransaction(req, (change) => changeCrisisLine(change, value))
    req.session.flash = 'Saved. Every call sheet says it from now on.'
    res.redirect(303, '/admin/settings')
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    await keepRefusal(req, error)
    await again([{ field: 'crisis-line', text: overtaken.text }], 409)
  }
}

function rulesOf(req: Request): Promise<RoleRule[]> {
  const { db, actor } = context(req)
  return listSecondStepRules(db, actor, roles)
}
