import type { Request, Response } from 'express'
import { roles } from '../lib/actor.ts'
import { Stale } from '../lib/refusals.ts'
import { readOpeningMinutes } from '../openings/queries.ts'
import { listSecondStepRules, type RoleRule } from '../second-step/queries.ts'
import { context } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { changeSecondStepRules } from './actions.ts'
import { parseSecondStepRules } from './form.ts'
import { overtaken, presentSecondStepRules, presentSettings, savedWords } from './presenter.ts'

export const settingsRoutes = [
  get('/admin/settings', 'settings:read', showSettings),
  get('/admin/settings/second-step', 'settings:write', showSecondStepRules),
  post('/admin/settings/second-step', 'settings:write', saveSecondStepRules),
]

const RULES = 'settings/second-step'

async function showSettings(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const [rules, minutes] = await Promise.all([rulesOf(req), readOpeningMinutes(db, actor)])
  renderPage(res, 'settings/settings', presentSettings(rules, minutes))
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

function rulesOf(req: Request): Promise<RoleRule[]> {
  const { db, actor } = context(req)
  return listSecondStepRules(db, actor, roles)
}
