import type { Request, Response } from 'express'
import { type FieldError, formKeyOf, type Typed } from '../lib/fields.ts'
import { NotFound } from '../lib/refusals.ts'
import { findRecord } from '../service-users/section-queries.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { closeOpening, openRecord } from './actions.ts'
import { parseOpening, parsePersonMeant } from './form.ts'
import { presentFind, presentFound, presentOpened } from './presenter.ts'
import { findPeopleMeant, listFound, listOwnOpenings, readOpeningMinutes } from './queries.ts'

declare module 'express-session' {
  interface SessionData {
    /** Whom this person has found outside their reach, by ids alone: nobody else's record can be opened. */
    foundOutside?: number[]
  }
}

export const openingRoutes = [
  get('/open-record', 'record:open', showFind),
  post('/open-record/search', 'record:open', find),
  get('/open-record/found', 'record:open', showFound),
  post('/open-record', 'record:open', open),
  get('/service-users/:id/opened', 'record:open', showOpened),
  post('/open-record/:id/close', 'record:open', close),
]

const FIND = 'openings/find'
const FOUND = 'openings/found'
/** Twins of one name and birthday are rare; more than that is a search, and not a person. */
const MOST_FOUND = 5

async function showFind(req: Request, res: Response): Promise<void> {
  renderPage(res, FIND, await findPage(req))
}

async function findPage(req: Request, form: { values?: Typed; errors?: FieldError[] } = {}) {
  const { db, actor, now } = context(req)
  const [open, minutes] = await Promise.all([listOwnOpenings(db, actor, now), readOpeningMinutes(db, actor)])
  return presentFind(open, minutes, form)
}

/** As with every search for people its words stand in no address; here they are not kept at all, only whom they found. */
async function find(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const form = parsePersonMeant(req.body)
  if (form.errors) return showAgain(res, FIND, await findPage(req, form))
  const people = await findPeopleMeant(db, actor, form.value, MOST_FOUND + 1)
  if (people.length > MOST_FOUND) {
    const errors = [{ field: 'nhs-number', text: 'Several people fit. Enter their NHS number' }]
    return showAgain(res, FIND, await findPage(req, { values: form.values, errors }))
  }
  // whoever was found was shown a name, and that is kept with the person as every look at them is
  const seen = people.map(({ id }) => ({ verb: 'opening:searched', serviceUserId: id }))
  await recordInAudit(req, ...(seen.length > 0 ? seen : [{ verb: 'opening:searched' }]))
  req.session.foundOutside = people.map(({ id }) => id)
  res.redirect(303, '/open-record/found')
}

async function showFound(req: Request, res: Response): Promise<void> {
  if (!req.session.foundOutside) return res.redirect(303, '/open-record')
  renderPage(res, FOUND, await foundPage(req))
}

async function foundPage(req: Request, form: { values?: Typed; errors?: FieldError[] } = {}) {
  const { db, actor } = context(req)
  const [people, minutes] = await Promise.all([
    listFound(db, actor, req.session.foundOutside ?? []),
    readOpeningMinutes(db, actor),
  ])
  return presentFound({ people, minutes, key: formKeyOf(req.body), ...form })
}

async function open(req: Request, res: Response): Promise<void> {
  const form = parseOpening(req.body)
  if (form.errors) return showAgain(res, FOUND, await foundPage(req, form))
  const { personId } = form.value
  if (!req.session.foundOutside?.includes(personId)) throw new NotFound()
  const { publicUrl } = context(req).config
  const url = `/service-users/${personId}/opened`
  const location = await createOnce(
    req,
    formKeyOf(req.body),
    () => url,
    (change) => openRecord(change, form.value, publicUrl),
  )
  req.session.flash = 'The record is open. Information governance is told.'
  res.redirect(303, location)
}

async function showOpened(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const id = idFrom(req)
  const opening = (await listOwnOpenings(db, actor, now)).find((one) => one.service_user_id === id)
  const person = opening && (await findRecord(db, actor, id))
  if (!opening || !person) throw new NotFound()
  await recordInAudit(req, { verb: 'service-user:viewed', subject: ['service-user', id], serviceUserId: id })
  const rights = {
    maySeeAll: may(actor, 'service-user:read'),
    mayRaise: may(actor, 'concern:raise'),
    ownData: may(actor, 'retention:write'),
  }
  renderPage(res, 'openings/opened', presentOpened(person, opening, rights))
}

async function close(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  await inTransaction(req, (change) => closeOpening(change, id))
  req.session.flash = 'The record is closed.'
  res.redirect(303, '/open-record')
}
