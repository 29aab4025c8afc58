import type { Request, Response } from 'express'
import { formKeyOf } from '../lib/fields.ts'
import { NotAllowed, NotFound } from '../lib/refusals.ts'
import { findServiceUser } from '../service-users/queries.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { parseNote } from './form.ts'
import { safeContactUrl } from './presenter.ts'
import { addPrivateNote, clearPrivateNote } from './private-actions.ts'
import { presentNewNote, presentPrivateNotes } from './private-presenter.ts'
import { findCircle, listPrivateNotes } from './private-queries.ts'
import { mayKnowWhy } from './private-rules.ts'

const PAGE = '/service-users/:id/safe-contact/private'

export const privateRoutes = [
  get(PAGE, 'service-user:write', showNotes),
  get(`${PAGE}/new`, 'service-user:write', showNewNote),
  post(PAGE, 'service-user:write', saveNewNote),
  post(`${PAGE}/:risk/cleared`, 'service-user:write', clearNote),
]

const NOTES = 'safe-contact/private'
const NEW_NOTE = 'safe-contact/private-new'

async function showNotes(req: Request, res: Response): Promise<void> {
  renderPage(res, NOTES, presentPrivateNotes(await reveal(req)))
}

/** Each look is written down before anything is read, whether there is anything to read or not. */
async function reveal(req: Request) {
  const { db, actor } = context(req)
  const person = await findPerson(req)
  if (!mayKnowWhy(actor, await findCircle(db, actor, person.id))) throw new NotAllowed()
  const subject: ['service-user', number] = ['service-user', person.id]
  await recordInAudit(req, { verb: 'safe-contact:private-viewed', subject, serviceUserId: person.id })
  return { person, notes: await listPrivateNotes(db, actor, person.id) }
}

async function showNewNote(req: Request, res: Response): Promise<void> {
  const person = await findPerson(req)
  await recordInAudit(req, {
    verb: 'service-user:viewed',
    subject: ['service-user', person.id],
    serviceUserId: person.id,
  })
  renderPage(res, NEW_NOTE, presentNewNote(person, formKeyOf({})))
}

async function saveNewNote(req: Request, res: Response): Promise<void> {
  const person = await findPerson(req)
  const key = formKeyOf(req.body)
  const form = parseNote(req.body, 'Write down what the risk is, and how you know')
  if (form.errors) return showAgain(res, NEW_NOTE, presentNewNote(person, key, form))
  const url = safeContactUrl(person.id)
  const to = await createOnce(
    req,
    key,
    () => url,
    (change) => addPrivateNote(change, person.id, form.value),
  )
  req.session.flash = 'It is written down. Everything is paused until you confirm each number and address.'
  res.redirect(303, to)
}

async function clearNote(req: Request, res: Response): Promise<void> {
  const riskId = idFrom(req, 'risk')
  const form = parseNote(req.body, 'Write down how you know')
  if (form.errors) return showAgain(res, NOTES, presentPrivateNotes({ ...(await reveal(req)), ...form, asked: riskId }))
  const { id } = await findPerson(req)
  await inTransaction(req, (change) => clearPrivateNote(change, { serviceUserId: id, riskId }, form.value))
  req.session.flash = 'It is written down that this holds no more.'
  res.redirect(303, `${safeContactUrl(id)}/private`)
}

async function findPerson(req: Request) {
  const { db, actor } = context(req)
  const person = await findServiceUser(db, actor, idFrom(req))
  if (!person) throw new NotFound()
  return person
}
