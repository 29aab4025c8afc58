import type { Request, Response } from 'express'
import type { FieldError } from '../lib/fields.ts'
import { Stale } from '../lib/refusals.ts'
import { context } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { changeDataSettings } from './settings-actions.ts'
import { parseDataSettings } from './settings-form.ts'
import { presentDataSettings } from './settings-presenter.ts'
import { readDataSettings } from './settings-queries.ts'

export const dataSettingsRoutes = [
  get('/admin/settings/data', 'settings:write', showSettings),
  post('/admin/settings/data', 'settings:write', saveSettings),
]

const PAGE = 'data-allowances/settings'

async function showSettings(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  renderPage(res, PAGE, presentDataSettings(await readDataSettings(db, actor)))
}

async function saveSettings(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const { values, errors, value } = parseDataSettings(req.body)
  const again = async (problem: FieldError[], status: 409 | 422) =>
    showAgain(res, PAGE, presentDataSettings(await readDataSettings(db, actor), { values, errors: problem }), status)
  if (errors) return again(errors, 422)
  try {
    await inTransaction(req, (change) => changeDataSettings(change, value))
    req.session.flash = 'Saved. Every forecast is told by it from now on.'
    res.redirect(303, '/admin/settings')
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    await keepRefusal(req, error)
    await again([{ field: 'video', text: overtaken }], 409)
  }
}

const overtaken = 'Someone else changed these settings while you were choosing. Check them and save again'
