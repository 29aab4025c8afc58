import type { Request, Response } from 'express'
import { listEventsAbout } from '../audit/queries.ts'
import { londonToday } from '../lib/dates.ts'
import { fieldText, formKeyOf, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, NotUnique, Stale } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { createServiceUser, editServiceUser, LooksLikeTwins } from './actions.ts'
import { presentNewServiceUser, presentServiceUserEdit, takenElsewhere } from './form-presenter.ts'
import { presentHistory } from './history-presenter.ts'
import { presentSearch, presentServiceUsers } from './list-presenter.ts'
import { mergeRoutes } from './merge-routes.ts'
import { isConfirmed, parseIdentity, parseServiceUser } from './person-rules.ts'
import { presentPrint } from './print-presenter.ts'
import {
  findByLocalId,
  findByNhsNumber,
  findLastChange,
  findServiceUser,
  listLinesOf,
  listServiceUsers,
  listSimilarNames,
  type ServiceUserRecord,
  searchServiceUsers,
} from './queries.ts'
import { presentServiceUser } from './record-presenter.ts'
import type { ServiceUserIdentity } from './rules.ts'
import { findRecord, findRecordAndWay, type PersonRecord } from './section-queries.ts'
import { sectionRoutes } from './section-routes.ts'
import { supporterRoutes } from './supporter-routes.ts'

declare module 'express-session' {
  interface SessionData {
    /** What was last typed into the search for people. */
    serviceUserSearch?: string
  }
}

export const serviceUserRoutes = [
  get('/service-users', 'service-user:read', showServiceUsers),
  post('/service-users/search', 'service-user:read', askSearch),
  get('/service-users/search', 'service-user:read', showSearch),
  get('/service-users/new', 'service-user:write', showNewServiceUser),
  post('/service-users', 'service-user:write', saveNewServiceUser),
  get('/service-users/:id', 'service-user:read', showServiceUser),
  get('/service-users/:id/edit', 'service-user:write', showServiceUserEdit),
  post('/service-users/:id', 'service-user:write', saveServiceUser),
  get('/service-users/:id/history', 'service-user:read', showHistory),
  get('/service-users/:id/print', 'service-user:read', showPrint),
  ...sectionRoutes,
  ...mergeRoutes,
  ...supporterRoutes,
]

const PAGE_SIZE = 50
const SIMILAR_NAMES = 10
const MOST_LOANS = 30
const NEWEST_EVENTS = 10
const MOST_COMING = 5
const LIST = 'service-users/list'
const FORM = 'service-users/form'

async function showServiceUsers(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const cursor = cursorOf(req)
  const list = await listServiceUsers(db, actor, { ...cursor, size: PAGE_SIZE })
  refuseMadeUpCursor(list.rows, cursor)
  const links = {
    mayAdd: may(actor, 'service-user:write'),
    caseloads: may(actor, 'caseload:write'),
    open: may(actor, 'record:open'),
    bring: may(actor, 'service-user:import'),
  }
  renderPage(res, LIST, presentServiceUsers(list, links))
}

/**
 * A name that is looked for may not stand in an address, where proxies, logs and the browser's history keep it. So the
 * search is posted, which changes no record, and its words wait in the session for the page that shows what was found.
 * That page is got and not posted: a browser keeps no posted page that may not be stored, and the Back button from a
 * person's record would lead to "Confirm form resubmission" (Chromium 153: ERR_CACHE_MISS) in place of the results.
 */
function askSearch(req: Request, res: Response): void {
  const text = fieldText(req.body, 'search').slice(0, 200)
  req.session.serviceUserSearch = text
  res.redirect(303, text === '' ? '/service-users' : '/service-users/search')
}

async function showSearch(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const text = req.session.serviceUserSearch
  if (!text) return res.redirect(303, '/service-users')
  await recordInAudit(req, { verb: 'service-user:searched' })
  const exact = await searchServiceUsers(db, actor, text, PAGE_SIZE)
  const people = exact.length > 0 ? exact : await listSimilarNames(db, actor, text, SIMILAR_NAMES)
  const areSimilar = exact.length === 0
  const mayAdd = may(actor, 'service-user:write')
  const open = may(actor, 'record:open')
  renderPage(res, LIST, presentSearch({ text, people, areSimilar, limit: PAGE_SIZE, mayAdd, open }))
}

function showNewServiceUser(_req: Request, res: Response): void {
  renderPage(res, FORM, presentNewServiceUser({ key: formKeyOf({}) }))
}

async function saveNewServiceUser(req: Request, res: Response): Promise<void> {
  const form = parseServiceUser(req.body, londonToday(context(req).now))
  const key = formKeyOf(req.body)
  if (form.errors) return showAgain(res, FORM, presentNewServiceUser({ ...form, key }))
  const { value: details, values } = form
  try {
    const isMeant = isConfirmed(req.body)
    const location = await createOnce(req, key, urlOf, (change) => createServiceUser(change, details, isMeant))
    req.session.flash = `${details.name} is added.`
    res.redirect(303, location)
  } catch (error) {
    if (error instanceof LooksLikeTwins) {
      return showAgain(
        res,
        FORM,
        presentNewServiceUser({ values, key, details, twins: error.twins, hidden: error.hidden }),
      )
    }
    const holder = await findHolder(req, error, details)
    const found = holder ? { twins: [holder] } : { errors: [takenElsewhere((error as NotUnique).constraint)] }
    showAgain(res, FORM, presentNewServiceUser({ values, key, details, ...found }))
  }
}

async function showServiceUser(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const person = await viewRecord(req, () => findRecordAndWay(db, actor, idFrom(req), { now, most: MOST_COMING }))
  if (person.id !== idFrom(req)) return res.redirect(303, urlOf(person.id))
  const lines = await listLinesOf(db, actor, person.id, MOST_LOANS)
  const events = await listEventsAbout(db, actor, person.record_ids, { withViews: false, size: NEWEST_EVENTS })
  const mayDo = {
    change: may(actor, 'service-user:write'),
    lend: may(actor, 'loan:write'),
    seeLoans: may(actor, 'loan:read'),
    handOver: may(actor, 'caseload:write'),
    merge: may(actor, 'service-user:merge'),
    refer: may(actor, 'referral:write'),
    concern: may(actor, 'concern:raise'),
    quote: may(actor, 'quotation:write'),
    restrict: may(actor, 'restriction:write'),
    meet: may(actor, 'appointment:read'),
    data: may(actor, 'data-allowance:read'),
  }
  const shown = {
    person,
    lines,
    way: person.way,
    data: mayDo.data ? (person.data ?? undefined) : undefined,
    now,
    events: events.rows,
    today: londonToday(now),
    mostLoans: MOST_LOANS,
    may: mayDo,
  }
  renderPage(res, 'service-users/service-user', presentServiceUser(shown))
}

async function showServiceUserEdit(req: Request, res: Response): Promise<void> {
  renderPage(res, FORM, presentServiceUserEdit(await viewServiceUser(req)))
}

async function saveServiceUser(req: Request, res: Response): Promise<void> {
  const form = parseIdentity(req.body, londonToday(context(req).now))
  const version = versionOf(req.body)
  const person = { ...(await findServiceUserOr404(req)), version }
  if (form.errors) return showAgain(res, FORM, presentServiceUserEdit(person, form))
  const { value: details, values } = form
  try {
    await inTransaction(req, (change) => editServiceUser(change, person.id, version, details))
    req.session.flash = 'Your changes are saved.'
    res.redirect(303, urlOf(person.id))
  } catch (error) {
    if (error instanceof Stale) return showOvertaken(req, res, values)
    const holder = await findHolder(req, error, details)
    const found = holder ? { details, holder } : { errors: [takenElsewhere((error as NotUnique).constraint)] }
    showAgain(res, FORM, presentServiceUserEdit(person, { values, ...found }))
  }
}

/** Somebody saved this person meanwhile: both versions side by side, and the form ready to be sent again on purpose. */
async function showOvertaken(req: Request, res: Response, values: Typed): Promise<void> {
  const { db, actor } = context(req)
  const person = await findServiceUserOr404(req)
  const subject: ['service-user', number] = ['service-user', person.id]
  await recordInAudit(req, { verb: new Stale().verb, subject, serviceUserId: person.id })
  const overtakenBy = (await findLastChange(db, actor, person.id)) ?? 'somebody'
  showAgain(res, FORM, presentServiceUserEdit(person, { values, overtakenBy }), 409)
}

async function showHistory(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const cursor = cursorOf(req)
  const withViews = queryText(req, 'views') === 'yes'
  const person = await viewServiceUser(req)
  const list = await listEventsAbout(db, actor, person.record_ids, { ...cursor, withViews, size: PAGE_SIZE })
  refuseMadeUpCursor(list.rows, cursor)
  const page = presentHistory({ person, list, withViews, maySeeLoans: may(actor, 'loan:read') })
  renderPage(res, 'service-users/history', page)
}

const uniqueNumbers: Record<string, (details: ServiceUserIdentity) => [typeof findByNhsNumber, string]> = {
  service_user_details_nhs_number_key: ({ nhs_number }) => [findByNhsNumber, nhs_number ?? ''],
  service_user_details_local_id_key: ({ local_id = '' }) => [findByLocalId, local_id],
}

/** Who has the NHS or hospital number that PostgreSQL refused, where they are in reach; any other error is thrown on. */
async function findHolder(req: Request, error: unknown, details: ServiceUserIdentity) {
  const asked = error instanceof NotUnique ? uniqueNumbers[error.constraint] : undefined
  if (!asked) throw error
  const { db, actor } = context(req)
  const [find, number] = asked(details)
  return find(db, actor, number)
}

/** The person whose page this is, and the audit row that says who looked. */
async function viewServiceUser(req: Request): Promise<ServiceUserRecord> {
  const person = await findServiceUserOr404(req)
  const subject: ['service-user', number] = ['service-user', person.id]
  await recordInAudit(req, { verb: 'service-user:viewed', subject, serviceUserId: person.id })
  return person
}

/** As {@link viewServiceUser}, with everything that is written down. */
async function viewRecord<Found extends PersonRecord>(
  req: Request,
  find: () => Promise<Found | undefined>,
): Promise<Found> {
  const person = await find()
  if (!person) throw new NotFound()
  await recordInAudit(req, {
    verb: 'service-user:viewed',
    subject: ['service-user', person.id],
    serviceUserId: person.id,
  })
  return person
}

async function showPrint(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const isLarge = queryText(req, 'print') === 'large'
  const page = presentPrint(await viewRecord(req, () => findRecord(db, actor, idFrom(req))), {
    organisation: actor.organisationName,
    now,
    today: londonToday(now),
    isLarge,
  })
  renderPage(res, 'service-users/print', page, { layout: 'print' })
}

async function findServiceUserOr404(req: Request): Promise<ServiceUserRecord> {
  const { db, actor } = context(req)
  const person = await findServiceUser(db, actor, idFrom(req))
  if (!person) throw new NotFound()
  return person
}

function cursorOf(req: Request): { after?: string; before?: string } {
  const before = queryText(req, 'before')
  const after = queryText(req, 'after')
  if (before !== '') return { before }
  return after === '' ? {} : { after }
}

/** No link leads to an empty page, so its cursor was made up, or is another organisation's. */
function refuseMadeUpCursor(rows: unknown[], cursor: object): void {
  if (rows.length === 0 && Object.keys(cursor).length > 0) throw new NotFound()
}

function urlOf(id: number): string {
  return `/service-users/${id}`
}
