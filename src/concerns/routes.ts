import type { Request, Response } from 'express'
import { type FieldError, fieldText, formKeyOf, type Typed } from '../lib/fields.ts'
import { NotFound } from '../lib/refusals.ts'
import { findPersonToTellOf, type PersonToTellOf } from '../service-users/tell-of-queries.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idCursor, idFrom, queryText } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { closeConcern, followUp, raiseConcern } from './actions.ts'
import { parseClosing, parseConcern, parseFollowUp } from './form.ts'
import { type ConcernShown, presentConcern, presentConcerns, presentNewConcern } from './presenter.ts'
import { type ConcernDetail, findConcern, listConcerns } from './queries.ts'

export const concernRoutes = [
  get('/concerns', 'concern:list', showConcerns),
  get('/concerns/new', 'concern:raise', showNewConcern),
  post('/concerns', 'concern:raise', saveNewConcern),
  get('/concerns/:id', 'concern:read', showConcern),
  post('/concerns/:id/follow-ups', 'concern:read', saveFollowUp),
  post('/concerns/:id/closing', 'concern:close', close),
]

const PAGE_SIZE = 50
const FORM = 'concerns/form'
const VIEW = 'concerns/concern'

async function showConcerns(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const isClosed = queryText(req, 'show') === 'closed'
  const list = await listConcerns(db, actor, isClosed, { ...idCursor(req), size: PAGE_SIZE })
  renderPage(res, 'concerns/list', presentConcerns({ list, isClosed, mayRead: may(actor, 'concern:read'), now }))
}

async function showNewConcern(req: Request, res: Response): Promise<void> {
  const person = await findPerson(req, queryText(req, 'person'))
  await recordInAudit(req, {
    verb: 'service-user:viewed',
    subject: ['service-user', person.id],
    serviceUserId: person.id,
  })
  renderPage(res, FORM, newConcern(req, person))
}

async function findPerson(req: Request, id: string): Promise<PersonToTellOf> {
  const { db, actor } = context(req)
  const person = /^[1-9]\d{0,14}$/.test(id) ? await findPersonToTellOf(db, actor, Number(id)) : undefined
  if (!person) throw new NotFound()
  return person
}

function newConcern(req: Request, person: PersonToTellOf, form: { values?: Typed; errors?: FieldError[] } = {}) {
  const { actor } = context(req)
  const back = `${may(actor, 'service-user:read') ? '/service-users' : '/people'}/${person.id}`
  return presentNewConcern(person, { key: formKeyOf(req.body), back, ...form })
}

async function saveNewConcern(req: Request, res: Response): Promise<void> {
  const { actor, now } = context(req)
  const person = await findPerson(req, fieldText(req.body, 'person'))
  const form = parseConcern(req.body, now)
  if (form.errors) return showAgain(res, FORM, newConcern(req, person, form))
  const { value } = form
  // whoever may not read it again is led to where they see that they raised it
  const urlOf = ({ id }: { id: number }) => (may(actor, 'concern:read') ? `/concerns/${id}` : '/concerns')
  const location = await createOnce(req, formKeyOf(req.body), urlOf, (change) => raiseConcern(change, person.id, value))
  req.session.flash = 'Your concern is raised.'
  res.redirect(303, location)
}

async function showConcern(req: Request, res: Response): Promise<void> {
  const concern = await findConcernOr404(req)
  await recordInAudit(req, {
    verb: 'concern:viewed',
    subject: ['concern', concern.id],
    serviceUserId: concern.service_user_id,
  })
  renderPage(res, VIEW, page(req, concern))
}

async function findConcernOr404(req: Request): Promise<ConcernDetail> {
  const { db, actor } = context(req)
  const concern = await findConcern(db, actor, idFrom(req))
  if (!concern) throw new NotFound()
  return concern
}

function page(req: Request, concern: ConcernDetail, forms: Pick<ConcernShown, 'followUp' | 'closing'> = {}) {
  const { actor, now } = context(req)
  const rights = { mayClose: may(actor, 'concern:close'), maySeeRecord: may(actor, 'service-user:read') }
  return presentConcern({ concern, now, ...rights, key: formKeyOf(req.body), ...forms })
}

async function saveFollowUp(req: Request, res: Response): Promise<void> {
  const form = parseFollowUp(req.body, context(req).now)
  const concern = await findConcernOr404(req)
  if (form.errors) return showAgain(res, VIEW, page(req, concern, { followUp: form }))
  const { value } = form
  const urlOf = ({ id }: { id: number }) => `/concerns/${id}`
  const location = await createOnce(req, formKeyOf(req.body), urlOf, (change) => followUp(change, concern.id, value))
  req.session.flash = 'Written down.'
  res.redirect(303, location)
}

async function close(req: Request, res: Response): Promise<void> {
  const form = parseClosing(req.body)
  const concern = await findConcernOr404(req)
  if (form.errors) return showAgain(res, VIEW, page(req, concern, { closing: form }))
  const { value } = form
  await inTransaction(req, (change) => closeConcern(change, concern.id, value))
  req.session.flash = 'The concern is closed.'
  res.redirect(303, `/concerns/${concern.id}`)
}
