import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import type { FormShown } from '../lib/form-fields.ts'
import { NotFound } from '../lib/refusals.ts'
import { type HeadlineFigure, headlineFigure } from '../reports/headline-rules.ts'
import type { Period } from '../reports/period-rules.ts'
import { context, queryText, textFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { isOvertaken, setTarget } from './actions.ts'
import { parseTarget } from './form.ts'
import { presentTarget, presentTargets } from './presenter.ts'
import { listTargetHistory, listTargets } from './queries.ts'
import { targetsUrl, targetYear, targetYears } from './rules.ts'

export const targetRoutes = [
  get(targetsUrl, 'settings:write', showTargets),
  get(`${targetsUrl}/:year/:figure`, 'settings:write', showTarget),
  post(`${targetsUrl}/:year/:figure`, 'settings:write', saveTarget),
]

const PAGE = 'targets/target'

async function showTargets(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const years = targetYears(londonToday(now))
  const asked = queryText(req, 'year')
  const year = asked === '' ? years[1] : years.find(({ key }) => key === asked)
  if (!year) throw new NotFound()
  const targets = await listTargets(db, actor, targetYear(year))
  renderPage(res, 'targets/list', presentTargets({ year, years, targets }))
}

async function showTarget(req: Request, res: Response): Promise<void> {
  renderPage(res, PAGE, await targetPage(req))
}

async function saveTarget(req: Request, res: Response): Promise<void> {
  const { figure, year } = targetAsked(req)
  const { values, errors, value } = parseTarget(req.body)
  if (errors) return showAgain(res, PAGE, await targetPage(req, { values, errors }))
  try {
    await inTransaction(req, (change) => setTarget(change, { figure: figure.line, year: targetYear(year) }, value))
    req.session.flash = `Saved: ${figure.text}, ${year.name}.`
    res.redirect(303, `${targetsUrl}?year=${year.key}`)
  } catch (error) {
    if (!isOvertaken(error)) throw error
    await keepRefusal(req, error)
    showAgain(res, PAGE, await targetPage(req, { values, errors: [overtaken] }), 409)
  }
}

const overtaken = {
  field: 'good',
  text: 'Someone else set this target meanwhile, as below. Check it and save again',
}

async function targetPage(req: Request, form: FormShown = {}) {
  const { db, actor } = context(req)
  const { figure, year } = targetAsked(req)
  const history = await listTargetHistory(db, actor, { figure: figure.line, year: targetYear(year) })
  return presentTarget({ figure, year, history }, form)
}

/** The figure and the year that the address names, of those that targets are set for. */
function targetAsked(req: Request): { figure: HeadlineFigure; year: Period } {
  const figure = headlineFigure(textFrom(req, 'figure'))
  const year = targetYears(londonToday(context(req).now)).find(({ key }) => key === textFrom(req, 'year'))
  if (!figure || !year) throw new NotFound()
  return { figure, year }
}
