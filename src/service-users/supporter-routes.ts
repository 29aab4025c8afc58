import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { formKeyOf, versionOf } from '../lib/fields.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { findServiceUser } from './queries.ts'
import { addSupporter, editSupporter, endSupporter } from './supporter-actions.ts'
import { parseSupporter } from './supporter-form.ts'
import { presentSupporter } from './supporter-presenter.ts'
import { findSupporter } from './supporter-queries.ts'

export const supporterRoutes = [
  get('/service-users/:id/supporters/new', 'service-user:write', showNew),
  post('/service-users/:id/supporters', 'service-user:write', postNew),
  get('/service-users/:id/supporters/:supporter', 'service-user:write', showEdit),
  post('/service-users/:id/supporters/:supporter', 'service-user:write', postEdit),
  post('/service-users/:id/supporters/:supporter/end', 'service-user:write', postEnd),
]

const FORM = 'service-users/supporter'

async function showNew(req: Request, res: Response): Promise<void> {
  const person = await viewPerson(req)
  renderPage(res, FORM, presentSupporter({ person, key: formKeyOf({}) }))
}

async function postNew(req: Request, res: Response): Promise<void> {
  const person = await findPerson(req)
  const key = formKeyOf(req.body)
  const form = parseSupporter(req.body, londonToday(context(req).now))
  if (form.errors) return showAgain(res, FORM, presentSupporter({ person, key, ...form }))
  const location = await createOnce(req, key, urlOf, (change) => addSupporter(change, person.id, form.value))
  req.session.flash = 'The supporter is added.'
  res.redirect(303, location)
}

async function showEdit(req: Request, res: Response): Promise<void> {
  const person = await viewPerson(req)
  renderPage(res, FORM, presentSupporter({ person, supporter: await supporterOf(req, person.id) }))
}

async function postEdit(req: Request, res: Response): Promise<void> {
  const person = await findPerson(req)
  const supporter = await supporterOf(req, person.id)
  const version = versionOf(req.body)
  const form = parseSupporter(req.body, londonToday(context(req).now))
  if (form.errors)
    return showAgain(res, FORM, presentSupporter({ person, supporter: { ...supporter, version }, ...form }))
  const { value, values } = form
  try {
    await inTransaction(req, (change) => editSupporter(change, person.id, supporter.id, version, value))
    req.session.flash = 'Your changes are saved.'
    res.redirect(303, urlOf(person.id))
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    await keepRefusal(req, error)
    const now = await supporterOf(req, person.id)
    showAgain(res, FORM, presentSupporter({ person, supporter: now, values, isOvertaken: true }), 409)
  }
}

async function postEnd(req: Request, res: Response): Promise<void> {
  const person = await findPerson(req)
  await inTransaction(req, (change) => endSupporter(change, person.id, idFrom(req, 'supporter')))
  req.session.flash = 'The supporter is taken out. Tell them nothing from now on.'
  res.redirect(303, urlOf(person.id))
}

async function supporterOf(req: Request, personId: number) {
  const { db, actor } = context(req)
  const supporter = await findSupporter(db, actor, personId, idFrom(req, 'supporter'))
  if (!supporter) throw new NotFound()
  return supporter
}

async function viewPerson(req: Request) {
  const person = await findPerson(req)
  await recordInAudit(req, {
    verb: 'service-user:viewed',
    subject: ['service-user', person.id],
    serviceUserId: person.id,
  })
  return person
}

async function findPerson(req: Request) {
  const { db, actor } = context(req)
  const person = await findServiceUser(db, actor, idFrom(req))
  if (!person) throw new NotFound()
  return person
}

function urlOf(id: number): string {
  return `/service-users/${id}`
}
