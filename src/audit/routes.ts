import type { Request, Response } from 'express'
import type { FieldError } from '../lib/fields.ts'
import { listUrl } from '../lib/keyset.ts'
import { NotFound } from '../lib/refusals.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, queryText } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { parseAuditFilter, parsePersonAsked } from './filter-rules.ts'
import { presentAudit } from './presenter.ts'
import { findPersonByNumber, listAudit, listStaffNames } from './queries.ts'

export const auditRoutes = [get('/audit', 'audit:read', showAudit), post('/audit/person', 'audit:read', findPerson)]

const PAGE_SIZE = 50
const VIEW = 'audit/list'

async function showAudit(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const staff = await listStaffNames(db, actor)
  const form = parseAuditFilter(req.query)
  if (form.errors) return showAgain(res, VIEW, presentAudit({ ...form, staff, list: null }))

  const { staffId } = form.value
  if (staffId !== undefined && !staff.some(({ id }) => id === staffId)) throw new NotFound()
  const cursor = cursorOf(req)
  const list = await listAudit(db, actor, form.value, { ...cursor, size: PAGE_SIZE })
  // no link leads to an empty page: the cursor was made up, or is another organisation's
  if (list.rows.length === 0 && Object.keys(cursor).length > 0) throw new NotFound()
  // as it was understood and not as it was typed, which may be anything
  const filters = Object.keys(form.value).length > 0 && { details: { ...form.value } }
  await recordInAudit(req, { verb: 'audit:viewed', ...filters })
  renderPage(res, VIEW, presentAudit({ list, staff, values: form.values }))
}

/** From an NHS number to the address that has the record's number in its place. */
async function findPerson(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const form = parsePersonAsked(req.body)
  const again = async (errors: FieldError[]) =>
    showAgain(
      res,
      VIEW,
      presentAudit({ list: null, staff: await listStaffNames(db, actor), values: form.values, errors }),
    )
  if (form.errors) return again(form.errors)
  const person = await findPersonByNumber(db, actor, form.value.nhsNumber)
  await recordInAudit(req, { verb: 'audit:person-found', ...(person !== undefined && { serviceUserId: person }) })
  if (person === undefined) return again([{ field: 'nhs-number', text: 'Nobody here has this NHS number' }])
  const { 'nhs-number': _, ...filters } = form.values
  res.redirect(303, listUrl('/audit', { ...filters, person }))
}

function cursorOf(req: Request): { after?: string; before?: string } {
  const before = queryText(req, 'before')
  const after = queryText(req, 'after')
  if (before !== '') return { before }
  return after === '' ? {} : { after }
}
