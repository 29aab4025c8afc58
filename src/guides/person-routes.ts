import type { Request, Response } from 'express'
import { fieldTexts, formKeyOf } from '../lib/fields.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { giveGuides } from './giving-actions.ts'
import { chosenFor, presentPersonsGuides } from './person-presenter.ts'
import { findPersonForGuides, type PersonForGuides } from './person-queries.ts'

export const personsGuideRoutes = [
  get('/service-users/:id/guides', 'service-user:read', showPersonsGuides),
  post('/service-users/:id/guides', 'service-user:write', saveGiven),
]

const VIEW = 'guides/person'

async function showPersonsGuides(req: Request, res: Response): Promise<void> {
  const person = await findOr404(req)
  const subject: ['service-user', number] = ['service-user', person.id]
  await recordInAudit(req, { verb: 'service-user:viewed', subject, serviceUserId: person.id })
  renderPage(res, VIEW, presentPersonsGuides({ person, key: formKeyOf({}), loan: queryText(req, 'loan') }))
}

async function saveGiven(req: Request, res: Response): Promise<void> {
  const person = await findOr404(req)
  const key = formKeyOf(req.body)
  const ticked = fieldTexts(req.body, 'guide')
  const chosen = chosenFor(person).filter(({ guide }) => ticked.includes(String(guide.id)))
  const again = (text: string, status: 409 | 422) =>
    showAgain(res, VIEW, presentPersonsGuides({ person, key, ticked, errors: [{ field: 'guide', text }] }), status)
  if (ticked.length === 0) return again('Choose what you gave them', 422)
  try {
    if (chosen.length < new Set(ticked).size) throw new RuleBroken(CHANGED)
    const given = chosen.map(({ guide, format }) => ({ id: guide.id, format }))
    const location = await createOnce(
      req,
      key,
      () => `/service-users/${person.id}/guides`,
      (change) => giveGuides(change, person.id, given),
    )
    req.session.flash = 'It is written down what you gave them.'
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    again(error.message, 409)
  }
}

const CHANGED = 'The right guides for them have changed since you opened this. Look again, and print the new ones.'

async function findOr404(req: Request): Promise<PersonForGuides> {
  const { db, actor, now } = context(req)
  const person = await findPersonForGuides(db, actor, idFrom(req), now)
  if (!person) throw new NotFound()
  return person
}
