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
import { changeNumbersToCall, changeSecondStepRules } from './actions.ts'
import { parseNumbersToCall, parseSecondStepRules } from './form.ts'
import { overtaken, presentNumbers, presentSecondStepRules, presentSettings, savedWords } from './presenter.ts'
import { readNumbersToCall, readSettings } from './queries.ts'

export const settingsRoutes = [
  get('/admin/settings', 'settings:read', showSettings),
  get('/admin/settings/second-step', 'settings:write', showSecondStepRules),
  post('/admin/settings/second-step', 'settings:write', saveSecondStepRules),
  get('/admin/settings/numbers', 'settings:write', showNumbers),
  post('/admin/settings/numbers', 'settings:write', saveNumbers),
]

const RULES = 'settings/second-step'
const NUMBERS = 'settings/numbers-to-call'

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

async function showNumbers(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  renderPage(res, NUMBERS, presentNumbers(await readNumbersToCall(db, actor)))
}

async function saveNumbers(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const { values, errors, value } = parseNumbersToCall(req.body)
  const again = async (problem: FieldError[], status: 409 | 422) =>
    showAgain(res, NUMBERS, presentNumbers(await readNumbersToCall(db, actor), { values, errors: problem }), status)
  if (errors) return again(errors, 422)
  try {
    await inTransaction(req, (change) => changeNumbersToCall(change, value))
    req.session.flash = 'Saved. Letters and call sheets say it from now on.'
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
