import type { Request, Response } from 'express'
import type { FieldError } from '../lib/fields.ts'
import { Stale } from '../lib/refusals.ts'
import { context } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { readCallSettings } from './person-queries.ts'
import { changeCallSettings } from './settings-actions.ts'
import { parseCallSettings } from './settings-form.ts'
import { presentCallSettings } from './settings-presenter.ts'

export const callSettingsRoutes = [
  get('/admin/settings/calls', 'settings:write', showSettings),
  post('/admin/settings/calls', 'settings:write', saveSettings),
]

const PAGE = 'diary/settings'

async function showSettings(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  renderPage(res, PAGE, presentCallSettings(await readCallSettings(db, actor)))
}

async function saveSettings(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const { values, errors, value } = parseCallSettings(req.body)
  const again = async (problem: FieldError[], status: 409 | 422) =>
    showAgain(res, PAGE, presentCallSettings(await readCallSettings(db, actor), { values, errors: problem }), status)
  if (errors) return again(errors, 422)
  try {
    await inTransaction(req, (change) => changeCallSettings(change, value))
    req.session.flash = 'Saved. It counts for every time that is looked for from now on.'
    res.redirect(303, '/admin/settings')
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    await keepRefusal(req, error)
    await again([{ field: 'break-minutes', text: overtaken }], 409)
  }
}

const overtaken = 'Someone else changed these settings while you were choosing. Check them and save again'
