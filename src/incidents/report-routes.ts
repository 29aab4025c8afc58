import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { formKeyOf, type Parsed } from '../lib/fields.ts'
import { NotFound, Refusal } from '../lib/refusals.ts'
import { type HeldItem, listHeldItems } from '../loans/held-queries.ts'
import { findByCode } from '../scan/queries.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { AlreadyReported, reportIncident } from './actions.ts'
import { alsoAsked, parseReport, type ReportForm, reportAsked, seenIn } from './form.ts'
import { incidentUrl, presentWhich } from './list-presenter.ts'
import { findIncident, listLastIncidents } from './queries.ts'
import {
  type NotNowPage,
  presentGone,
  presentLineOver,
  presentNotReported,
  presentReport,
  presentReportedBefore,
  type ReportShown,
} from './report-presenter.ts'
import { findReportedLine, findReportFromOwnWards, listItemsInLoan } from './report-queries.ts'
import { kindsFor } from './rules.ts'

/** Reporting, by whoever may say that something of theirs is gone or broken. */
export const reportRoutes = [
  get('/incidents/new', 'item:report-fault', showReport),
  post('/incidents', 'item:report-fault', saveReport),
]

const FORM = 'incidents/report'
const NOT_NOW = 'incidents/not-now'

async function showReport(req: Request, res: Response): Promise<void> {
  const { itemId, lineId } = reportAsked(req.query)
  if (lineId !== null) return showReportOfLine(req, res, lineId)
  if (itemId !== null) return showReportOfItem(req, res, itemId)
  return findWhich(req, res)
}

async function showReportOfLine(req: Request, res: Response, lineId: number): Promise<void> {
  const { db, actor } = context(req)
  const line = await findReportedLine(db, actor, lineId)
  if (!line) throw new NotFound()
  const isOpen = line.ended_at === null && line.cancelled_at === null && line.taken_at !== null
  const item = await findReported(req, line.item_id)
  const { lostIn } = await reportShown(req, item)
  if (isOpen || lostIn !== null) return showReportOfItem(req, res, line.item_id)
  const mayDo = { seeLoan: may(actor, 'loan:read'), report: kindsFor(item).length > 0 }
  renderPage(res, NOT_NOW, presentLineOver(line, mayDo), { status: 409 })
}

async function showReportOfItem(req: Request, res: Response, itemId: number): Promise<void> {
  const item = await findReported(req, itemId)
  const shown = await reportShown(req, item)
  if (shown.lostIn !== null)
    return renderPage(
      res,
      NOT_NOW,
      await reportedBefore(req, { item_id: item.id, tag: item.tag, incident_id: shown.lostIn }),
      { status: 409 },
    )
  if (kindsFor(item).length === 0) return renderPage(res, NOT_NOW, presentGone(item), { status: 409 })
  await recordView(req, item)
  renderPage(res, FORM, presentReport(shown))
}

/** The form names who has it, and that is part of their record. */
async function recordView(req: Request, { service_user_id, loan_id }: HeldItem): Promise<void> {
  const { actor } = context(req)
  if (service_user_id === null || loan_id === null || !may(actor, 'service-user:read')) return
  await recordInAudit(req, { verb: 'loan:viewed', subject: ['loan', loan_id], serviceUserId: service_user_id })
}

/** Nobody said yet which item it is: a box to scan its label. */
async function findWhich(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const code = queryText(req, 'code')
  const maySee = may(actor, 'incident:read')
  if (code === '') return renderPage(res, 'incidents/which', presentWhich(maySee))
  const { items } = await findByCode(db, actor, code)
  const [item] = items
  if (item && items.length === 1) return res.redirect(303, `/incidents/new?item=${item.id}`)
  const tags = items.map(({ tag }) => tag).join(', ')
  const error = item
    ? `More than one item has the number ${code}: ${tags}. Scan or type the asset tag`
    : `No item has the tag or number ${code}. Check it against the label`
  showAgain(res, 'incidents/which', presentWhich(maySee, { code, error }))
}

async function saveReport(req: Request, res: Response): Promise<void> {
  const form = parseReport(req.body, londonToday(context(req).now))
  if (form.errors) return showReportAgain(req, res, form)
  try {
    res.redirect(303, await makeIncident(req, form.value))
  } catch (thrown) {
    const error = await asReportedBefore(req, thrown, form.value)
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    renderPage(res, NOT_NOW, await notReported(req, error, form.value), { status: 409 })
  }
}

/** What a colleague on the ward has just reported is gone from there, and is no longer found by whoever comes second. */
async function asReportedBefore(req: Request, error: unknown, { itemIds, seen }: ReportForm): Promise<unknown> {
  if (!(error instanceof NotFound)) return error
  const { db, actor } = context(req)
  const report = await findReportFromOwnWards(db, actor, itemIds, seen)
  return report ? new AlreadyReported(report) : error
}

/** Gives where to go on: to the playbook, or for whoever may not see it back to the items. */
async function makeIncident(req: Request, report: ReportForm): Promise<string> {
  const { actor } = context(req)
  const maySee = may(actor, 'incident:read')
  const location = ({ id }: { id: number }) => (maySee ? incidentUrl(id) : '/items')
  const url = await createOnce(req, formKeyOf(req.body), location, (change) => reportIncident(change, report))
  req.session.flash = maySee
    ? 'It is reported. This is what to do now, the most urgent first.'
    : 'Thank you. It is reported, and the digital champions see to it now.'
  return url
}

async function showReportAgain(req: Request, res: Response, form: Parsed<ReportForm>): Promise<void> {
  const { itemId, lineId } = reportAsked(req.body)
  const shown = await reportShown(req, await findReported(req, itemId))
  const { values, errors } = form
  // what was known when the form was first shown goes on with it: whatever happened since is to be noticed when it is sent
  const known = { seen: seenIn(values), lineId }
  showAgain(res, FORM, presentReport({ ...shown, ...known, also: alsoAsked(req.body), values, errors }))
}

async function reportShown(req: Request, item: HeldItem): Promise<ReportShown & { lostIn: number | null }> {
  const { db, actor } = context(req)
  const others = item.loan_id === null ? [] : await listItemsInLoan(db, actor, item.loan_id, item.id)
  const last = await listLastIncidents(db, actor, [item.id, ...others.map(({ id }) => id)])
  return {
    item,
    lineId: item.line_id,
    others,
    seen: Math.max(0, ...last.map((row) => row.incident_id)),
    lostIn: last.find((row) => row.item_id === item.id)?.lost_in ?? null,
    key: formKeyOf(req.body),
    maySeeNames: may(actor, 'service-user:read'),
  }
}

async function findReported(req: Request, itemId: number | null): Promise<HeldItem> {
  const { db, actor } = context(req)
  const [item] = itemId === null ? [] : await listHeldItems(db, actor, [itemId])
  if (!item) throw new NotFound()
  return item
}

async function reportedBefore(req: Request, before: AlreadyReported['report'], typed?: string): Promise<NotNowPage> {
  const { db, actor } = context(req)
  const [incident, items] = await Promise.all([
    findIncident(db, actor, before.incident_id),
    listHeldItems(db, actor, [before.item_id]),
  ])
  if (!incident) throw new NotFound()
  const mayDo = {
    see: may(actor, 'incident:read'),
    find: may(actor, 'incident:write'),
    openItem: items.length > 0,
  }
  return presentReportedBefore(before.tag, incident, mayDo, typed)
}

/** Why the report was refused, with what was typed, so that nobody types it twice. */
async function notReported(req: Request, error: Refusal, report: ReportForm): Promise<NotNowPage> {
  if (error instanceof AlreadyReported) return reportedBefore(req, error.report, report.story)
  const item = await findReported(req, report.itemIds[0] ?? null)
  return presentNotReported(item, error.message, report.story)
}
