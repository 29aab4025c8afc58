import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { barPicture } from '../lib/bar-picture.ts'
import { writeCsv } from '../lib/csv.ts'
import { londonToday } from '../lib/dates.ts'
import type { FormShown } from '../lib/form-fields.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { streamXlsx } from '../lib/xlsx-writer.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { chooseProfile, readHeadlines, readReport, seesTrueNumbers } from './actions.ts'
import { isReportName, type ReportName, reportUrl } from './definition-rules.ts'
import { isProfileId } from './disclosure-rules.ts'
import { parseProfile } from './form.ts'
import { periodAsked, periodsOffered, usualPeriod } from './period-rules.ts'
import { presentPlaces } from './place-presenter.ts'
import { listSitesWithWards } from './place-queries.ts'
import {
  presentMethods,
  presentReport,
  presentReports,
  type ReportPage,
  type ReportShown,
  reportRows,
} from './presenter.ts'
import { presentProfile } from './profile-presenter.ts'
import { readProfile } from './queries.ts'

const PROFILE = 'reports/profile'

export const reportRoutes = [
  get('/reports', 'report:read', showReports),
  get('/reports/methods', 'report:read', showMethods),
  get('/reports/:name.csv', 'report:read', sendReport),
  get('/reports/:name.xlsx', 'report:read', sendWorkbook),
  get('/reports/:name.svg', 'report:read', sendChart),
  get('/reports/:name/print', 'report:read', printReport),
  get('/reports/:name', 'report:read', showReport),
  get('/admin/settings/disclosure', 'settings:write', showProfile),
  post('/admin/settings/disclosure', 'settings:write', saveProfile),
]

async function showReports(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const period = usualPeriod(today)
  const headlines = await readHeadlines({ db, actor, today }, period)
  const mayCompare = may(actor, 'report:compare')
  const mayApproveWords = may(actor, 'quotation:approve')
  const mayBeSent = may(actor, 'report:deliver')
  const rights = { areTrue: seesTrueNumbers(actor), mayCompare, mayApproveWords, mayBeSent }
  const page = presentReports({ period, headlines, ...rights })
  renderPage(res, 'reports/list', page)
}

async function showMethods(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const profile = (await readProfile(db, actor)) ?? ''
  renderPage(res, 'reports/methods', presentMethods(isProfileId(profile) ? profile : null, now))
}

async function showReport(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const shown = await reportAsked(req)
  const isOfWards = shown.name === 'wards' && may(actor, 'site-report:read')
  const places = isOfWards ? presentPlaces(await listSitesWithWards(db, actor)) : []
  const page: ReportPage = { ...presentReport(shown), places }
  renderPage(res, 'reports/report', page)
}

async function printReport(req: Request, res: Response): Promise<void> {
  const shown = await reportAsked(req)
  const back = { href: reportUrl(shown.name, shown.period.key), text: 'The report' }
  renderPage(res, 'reports/print', { ...presentReport(shown), back }, { layout: 'print' })
}

/**
 * The picture of a report, of what this reader may see. Of a picture the browser runs nothing, but what it draws is styled
 * within, which the rule for pages would forbid.
 */
async function sendChart(req: Request, res: Response): Promise<void> {
  const { made } = await reportAsked(req)
  const width = queryText(req, 'width') === 'narrow' ? 'narrow' : 'wide'
  const picture = barPicture(made?.report.chart ?? nothingDrawn, width)
  res.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'").type('svg').send(picture)
}

/** The same rows as in the CSV. The workbook names nobody, not even whoever made it. */
async function sendWorkbook(req: Request, res: Response): Promise<void> {
  const shown = await reportAsked(req)
  const { headings, rows } = reportRows(shown)
  await recordInAudit(req, exported(shown, 'xlsx'))
  const columns = headings.map((heading) => ({ heading, kind: heading === 'Value' ? NUMBER : TEXT, width: 20 }))
  res.attachment(`${shown.name}-${shown.period.key}.xlsx`)
  await pipeline(streamXlsx('Report', columns, inOne(rows)), res)
}

/** Where nothing is published yet, the picture is empty, as the page is. */
const nothingDrawn = { series: [], rows: [] }

const [NUMBER, TEXT] = ['number', 'text'] as const

async function* inOne<Rows>(rows: Rows) {
  yield rows
}

function exported({ name, period }: ReportShown, format: 'csv' | 'xlsx') {
  return { verb: 'report:exported', details: { report: name, period: period.key, format } }
}

async function sendReport(req: Request, res: Response): Promise<void> {
  const shown = await reportAsked(req)
  const { headings, rows } = reportRows(shown)
  await recordInAudit(req, exported(shown, 'csv'))
  res.attachment(`${shown.name}-${shown.period.key}.csv`).send(writeCsv(headings, rows))
}

/** The report that the address names, of a period that this reader may ask for. */
async function reportAsked(req: Request): Promise<ReportShown> {
  const { db, actor, now } = context(req)
  const name = nameAsked(req)
  const today = londonToday(now)
  const offered = periodsOffered(today, seesTrueNumbers(actor))
  const period = periodAsked(queryText(req, 'period'), offered, today)
  if (!period) throw new NotFound()
  return { name, period, offered, now, made: await readReport({ db, actor, today }, name, period) }
}

function nameAsked(req: Request): ReportName {
  const { name } = req.params
  if (typeof name !== 'string' || !isReportName(name)) throw new NotFound()
  return name
}

async function showProfile(req: Request, res: Response): Promise<void> {
  renderPage(res, PROFILE, await profilePage(req))
}

async function saveProfile(req: Request, res: Response): Promise<void> {
  const { values, errors, value } = parseProfile(req.body)
  if (errors) return showAgain(res, PROFILE, await profilePage(req, { values, errors }))
  try {
    await inTransaction(req, (change) => chooseProfile(change, value))
    req.session.flash = 'Saved. Commissioners can see the reports from now on.'
    res.redirect(303, '/admin/settings')
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    showAgain(res, PROFILE, await profilePage(req, { errors: [{ field: 'profile', text: error.message }] }), 409)
  }
}

async function profilePage(req: Request, form: FormShown = {}) {
  const { db, actor } = context(req)
  return presentProfile(await readProfile(db, actor), form)
}
