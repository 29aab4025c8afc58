import type { Request, Response } from 'express'
import { parseAuditFilter } from '../audit/filter-rules.ts'
import { listAudit } from '../audit/queries.ts'
import { listPlaces } from '../imports/queries.ts'
import { Places } from '../imports/words-rules.ts'
import { listIncidents } from '../incidents/list-queries.ts'
import { readItemFilter } from '../items/filter-rules.ts'
import { isCategory } from '../items/rules.ts'
import { listKits } from '../kits/queries.ts'
import { addWeeks, londonToday } from '../lib/dates.ts'
import { NotFound } from '../lib/refusals.ts'
import { loanFilters } from '../loans/list-queries.ts'
import { listModels } from '../models/queries.ts'
import { listOpenRepairs, listPastRepairs } from '../repairs/queries.ts'
import { listStaff } from '../staff/queries.ts'
import { listStockChecks } from '../stock-checks/queries.ts'
import { listTurnarounds } from '../turnaround/queries.ts'
import { listWardsInFull } from '../wards/admin-queries.ts'
import { may } from '../web/access.ts'
import { context, queryText } from '../web/context.ts'
import { get } from '../web/routes.ts'
import { auditColumns } from './audit-presenter.ts'
import { repairColumns, turnaroundColumns } from './bench-presenter.ts'
import { incidentColumns } from './incidents-presenter.ts'
import { itemColumns } from './items-presenter.ts'
import { loanColumns } from './loans-presenter.ts'
import { personColumns } from './people-presenter.ts'
import { stockCheckColumns, wardColumns } from './places-presenter.ts'
import { listItemsInFull, listLinesOfLoans, listPeopleInFull } from './queries.ts'
import { sendExport } from './sending-routes.ts'
import { staffColumns } from './staff-presenter.ts'
import { kitColumns, modelColumns } from './stock-presenter.ts'

/** Each list as a file, for whoever may see the list, with the filters and the rows that they see there. */
export const exportRoutes = [
  get('/items/export', 'item:export', exportItems),
  get('/models/export', 'item:export', exportModels),
  get('/kits/export', 'item:export', exportKits),
  get('/loans/export', 'loan:export', exportLoans),
  get('/service-users/export', 'service-user:read', exportServiceUsers),
  get('/incidents/export', 'incident:read', exportIncidents),
  get('/turnaround/export', 'turnaround:write', exportTurnarounds),
  get('/repairs/export', 'turnaround:write', exportRepairs),
  get('/stock-checks/export', 'stock-check:export', exportStockChecks),
  get('/admin/staff/export', 'staff:read', exportStaff),
  get('/admin/wards/export', 'ward:read', exportWards),
  get('/audit/export', 'audit:read', exportAudit),
]

/** As the list of loans counts what is to be reviewed soon. */
const WEEKS_AHEAD = 4

async function exportItems(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const filter = readItemFilter((name) => queryText(req, name))
  const places = new Places(await listPlaces(db, actor))
  await sendExport(req, res, {
    name: 'items',
    title: 'Items',
    verb: 'item:exported',
    filters: { ...filter },
    columns: itemColumns(places, today),
    page: (snapshot, asked) => listItemsInFull(snapshot, actor, filter, today, asked),
  })
}

async function exportModels(req: Request, res: Response): Promise<void> {
  const { actor } = context(req)
  const category = queryText(req, 'category')
  const filter = isCategory(category) ? { category } : {}
  await sendExport(req, res, {
    name: 'models',
    title: 'Models',
    verb: 'model:exported',
    filters: filter,
    columns: modelColumns,
    page: (snapshot, asked) => listModels(snapshot, actor, filter, asked),
  })
}

async function exportKits(req: Request, res: Response): Promise<void> {
  const { actor } = context(req)
  const filter = queryText(req, 'state') === 'ready' ? { isReady: true } : {}
  await sendExport(req, res, {
    name: 'kits',
    title: 'Kits',
    verb: 'kit:exported',
    filters: filter,
    columns: kitColumns,
    page: (snapshot, asked) => listKits(snapshot, actor, filter, asked),
  })
}

async function exportLoans(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const filter = loanFilters.find((name) => name === queryText(req, 'show')) ?? 'open'
  const which = { filter, today, soon: addWeeks(today, WEEKS_AHEAD) }
  const places = new Places(await listPlaces(db, actor))
  await sendExport(req, res, {
    name: 'loans',
    title: 'Loans',
    verb: 'loan:exported',
    filters: { show: filter },
    columns: loanColumns(places, today),
    page: (snapshot, asked) => listLinesOfLoans(snapshot, actor, which, asked),
  })
}

/** The words of a search wait in the session, as they do for the page; the audit keeps only that there were some. */
async function exportServiceUsers(req: Request, res: Response): Promise<void> {
  const { actor } = context(req)
  const isSearch = queryText(req, 'found') === 'yes'
  const found = isSearch ? (req.session.serviceUserSearch ?? '') : null
  if (found === '') throw new NotFound()
  await sendExport(req, res, {
    name: 'service-users',
    title: 'Service users',
    verb: 'service-user:exported',
    filters: isSearch ? { found: 'by a search' } : {},
    columns: personColumns,
    page: (snapshot, asked) => listPeopleInFull(snapshot, actor, found, asked),
  })
}

async function exportIncidents(req: Request, res: Response): Promise<void> {
  const { actor, now } = context(req)
  const filter = queryText(req, 'show') === 'finished' ? 'finished' : 'open'
  await sendExport(req, res, {
    name: 'incidents',
    title: 'Incidents',
    verb: 'incident:exported',
    filters: { show: filter },
    columns: incidentColumns(may(actor, 'service-user:read')),
    page: (snapshot, asked) => listIncidents(snapshot, actor, filter, now, asked),
  })
}

async function exportTurnarounds(req: Request, res: Response): Promise<void> {
  const { actor, now } = context(req)
  await sendExport(req, res, {
    name: 'turnaround',
    title: 'Being made ready',
    verb: 'turnaround:exported',
    filters: {},
    columns: turnaroundColumns(may(actor, 'service-user:read')),
    page: (snapshot, asked) => listTurnarounds(snapshot, actor, now, asked),
  })
}

async function exportRepairs(req: Request, res: Response): Promise<void> {
  const { actor, now } = context(req)
  const isOver = queryText(req, 'show') === 'over'
  await sendExport(req, res, {
    name: 'repairs',
    title: 'Repairs',
    verb: 'repair:exported',
    filters: { show: isOver ? 'over' : 'open' },
    columns: repairColumns(londonToday(now)),
    page: (snapshot, asked) =>
      isOver ? listPastRepairs(snapshot, actor, asked) : listOpenRepairs(snapshot, actor, asked),
  })
}

/** Those that are under way and those that are finished, as the page has both. */
async function exportStockChecks(req: Request, res: Response): Promise<void> {
  const { actor } = context(req)
  await sendExport(req, res, {
    name: 'stock-checks',
    title: 'Stock checks',
    verb: 'stock-check:exported',
    filters: {},
    columns: stockCheckColumns,
    page: (snapshot, asked) => listStockChecks(snapshot, actor, 'all', asked),
  })
}

async function exportStaff(req: Request, res: Response): Promise<void> {
  const { actor } = context(req)
  const filter = queryText(req, 'show') === 'closed' ? 'closed' : 'open'
  await sendExport(req, res, {
    name: 'staff',
    title: 'Staff',
    verb: 'staff:exported',
    filters: { show: filter },
    columns: staffColumns,
    page: (snapshot, asked) => listStaff(snapshot, actor, filter, asked),
  })
}

async function exportWards(req: Request, res: Response): Promise<void> {
  const { actor } = context(req)
  const filter = queryText(req, 'show') === 'closed' ? 'closed' : 'open'
  await sendExport(req, res, {
    name: 'wards',
    title: 'Wards',
    verb: 'ward:exported',
    filters: { show: filter },
    columns: wardColumns,
    page: (snapshot, asked) => listWardsInFull(snapshot, actor, filter, asked),
  })
}

/** Days that are none lead to no file: the page says what is wrong with them. */
async function exportAudit(req: Request, res: Response): Promise<void> {
  const { actor } = context(req)
  const form = parseAuditFilter(req.query)
  if (form.errors) throw new NotFound()
  await sendExport(req, res, {
    name: 'audit',
    title: 'Audit',
    verb: 'audit:exported',
    filters: { ...form.value },
    columns: auditColumns,
    page: (snapshot, asked) => listAudit(snapshot, actor, form.value, asked),
  })
}
