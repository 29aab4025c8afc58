import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { ZipFile } from 'yazl'
import { londonToday } from '../lib/dates.ts'
import { type FieldError, formKeyOf, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { findRecord } from '../service-users/section-queries.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idCursor, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { closeRequest, decide, extendRequest, recordRequest } from './actions.ts'
import { copyAsHtml, copyAsJson, presentCopy } from './copy-presenter.ts'
import { parseEnding, parseExtension, parseNewRequest, parseReview } from './form.ts'
import { presentNewRequest, presentRequest, presentRequests, requestUrl } from './presenter.ts'
import { type AccessRequest, findRequest, listDecided, listRequests, readSections } from './queries.ts'
import { presentReview } from './review-presenter.ts'
import { decisionsThatHold, itemsToReview } from './rules.ts'

export const subjectAccessRoutes = [
  get('/subject-access', 'subject-access:write', showRequests),
  get('/service-users/:id/subject-access/new', 'subject-access:write', showNew),
  post('/service-users/:id/subject-access', 'subject-access:write', saveNew),
  get('/subject-access/:id', 'subject-access:write', showRequest),
  get('/subject-access/:id/review', 'subject-access:write', showReview),
  post('/subject-access/:id/review', 'subject-access:write', saveReview),
  get('/subject-access/:id/copy', 'subject-access:write', sendCopy),
  post('/subject-access/:id/extension', 'subject-access:write', saveExtension),
  post('/subject-access/:id/close', 'subject-access:write', saveEnding),
]

const NEW = 'subject-access/new'
const REQUEST = 'subject-access/request'
const REVIEW = 'subject-access/review'
const PAGE_SIZE = 50
const ITEMS_A_PAGE = 10

type Form = { values?: Typed; errors?: FieldError[] }

async function showRequests(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const which = queryText(req, 'show') === 'closed' ? 'closed' : 'open'
  const list = await listRequests(db, actor, which, { ...idCursor(req), size: PAGE_SIZE })
  renderPage(res, 'subject-access/list', presentRequests(list, which, londonToday(now)))
}

/** A request begins at a record that was opened with a reason, and so at the right one. */
async function openedPerson(req: Request) {
  const { db, actor } = context(req)
  const person = await findRecord(db, actor, idFrom(req))
  if (!person) throw new NotFound()
  const about = { subject: ['service-user', person.id] as ['service-user', number], serviceUserId: person.id }
  await recordInAudit(req, { verb: 'service-user:viewed', ...about })
  return person
}

async function showNew(req: Request, res: Response): Promise<void> {
  renderPage(res, NEW, presentNewRequest(await openedPerson(req), { key: formKeyOf({}) }))
}

async function saveNew(req: Request, res: Response): Promise<void> {
  const person = await openedPerson(req)
  const key = formKeyOf(req.body)
  const { value, values, errors } = parseNewRequest(req.body, londonToday(context(req).now))
  if (errors) return showAgain(res, NEW, presentNewRequest(person, { key, values, errors }))
  const to = await createOnce(req, key, requestUrl, (change) => recordRequest(change, person.id, value))
  req.session.flash = 'Written down. Read what must be read, and give the copy in time.'
  res.redirect(303, to)
}

async function showRequest(req: Request, res: Response): Promise<void> {
  renderPage(res, REQUEST, await requestPage(req))
}

async function requestPage(req: Request, form: Form & { asked?: 'extension' | 'close' } = {}) {
  return presentRequest({ ...(await assembled(req)), ...form })
}

/** The request, everything a copy of it may have, and what was decided and still holds. */
async function assembled(req: Request) {
  const { db, actor } = context(req)
  const request = await findRequest(db, actor, idFrom(req))
  if (!request) throw new NotFound()
  const [sections, made] = await Promise.all([readSections(db, request.service_user_id), listDecided(db, request.id)])
  await note(req, 'subject-access:viewed', request)
  const items = itemsToReview(sections)
  return { request, sections, items, decided: decisionsThatHold(items, made) }
}

function note(req: Request, verb: string, { id, service_user_id: serviceUserId }: AccessRequest): Promise<void> {
  return recordInAudit(req, { verb, subject: ['subject-access', id], serviceUserId })
}

async function showReview(req: Request, res: Response): Promise<void> {
  renderPage(res, REVIEW, await reviewPage(req))
}

async function reviewPage(req: Request, form: Form = {}) {
  const { request, items, decided } = await assembled(req)
  const show = queryText(req, 'show') === 'decided' ? 'decided' : 'left'
  const shown = items.filter(({ id }) => decided.has(id) === (show === 'decided'))
  const asked = queryText(req, 'from')
  const from = /^\d{1,6}$/.test(asked) ? Number(asked) : 0
  const next = from + ITEMS_A_PAGE
  return presentReview({
    ...{ request, decided, show, left: items.length - decided.size },
    ...{ items: shown.slice(from, next), next: next < shown.length ? next : null },
    ...form,
  })
}

async function saveReview(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  const { value, values, errors } = parseReview(req.body)
  if (errors) return showAgain(res, REVIEW, await reviewPage(req, { values, errors }))
  await inTransaction(req, (change) => decide(change, id, value))
  req.session.flash = value.length === 1 ? 'Decided about 1 thing.' : `Decided about ${value.length} things.`
  res.redirect(303, `${requestUrl(id)}/review${queryText(req, 'show') === 'decided' ? '?show=decided' : ''}`)
}

/** The copy itself: made anew each time, and kept nowhere. */
async function sendCopy(req: Request, res: Response): Promise<void> {
  const { actor, now } = context(req)
  const { request, sections, items, decided } = await assembled(req)
  if (decided.size < items.length) {
    req.session.flash = 'Some of it was not read yet. Decide about each thing first.'
    return res.redirect(303, `${requestUrl(request.id)}/review`)
  }
  await note(req, 'subject-access:downloaded', request)
  const today = londonToday(now)
  const organisationName = actor.organisationName
  const copy = presentCopy({ request, organisationName, sections, decided, today })
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from(copyAsHtml(copy)), 'read-me-first.html')
  zip.addBuffer(Buffer.from(copyAsJson(copy)), 'data.json')
  zip.end()
  res.attachment(`copy-of-data-${request.id}-${today}.zip`)
  await pipeline(zip.outputStream, res)
}

async function saveExtension(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  const { value: reason, values, errors } = parseExtension(req.body)
  if (errors) return showAgain(res, REQUEST, await requestPage(req, { values, errors, asked: 'extension' }))
  await orAgain(req, res, { asked: 'extension', field: 'reason', values }, async () => {
    await inTransaction(req, (change) => extendRequest(change, id, { reason, version: versionOf(req.body) }))
    req.session.flash = 'There are two months more. Tell the person now, and why.'
    res.redirect(303, requestUrl(id))
  })
}

async function saveEnding(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  const { value, values, errors } = parseEnding(req.body)
  if (errors) return showAgain(res, REQUEST, await requestPage(req, { values, errors, asked: 'close' }))
  await orAgain(req, res, { asked: 'close', field: 'as', values }, async () => {
    await inTransaction(req, (change) => closeRequest(change, id, { ...value, version: versionOf(req.body) }))
    req.session.flash = 'The request is closed.'
    res.redirect(303, '/subject-access')
  })
}

/** Shows the page again, with what was typed, when something stands in the way. */
async function orAgain(
  req: Request,
  res: Response,
  { asked, field, values }: { asked: 'extension' | 'close'; field: string; values: Typed },
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof RuleBroken || error instanceof Stale)) throw error
    await keepRefusal(req, error)
    const page = await requestPage(req, { asked, values, errors: [{ field, text: error.message }] })
    // a form that is not there any more has no field to lead to
    const errors = page[asked] === null ? [{ text: error.message }] : page.errors
    showAgain(res, REQUEST, { ...page, errors }, 409)
  }
}
