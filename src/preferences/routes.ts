import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { versionOf } from '../lib/fields.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { listPlatforms } from '../platforms/queries.ts'
import { findServiceUser } from '../service-users/queries.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, textFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { savePreference } from './actions.ts'
import { parsePreference } from './form.ts'
import { listPreferences } from './preference-queries.ts'
import { presentPreference, presentPreferences } from './presenter.ts'
import { preferencesUrl, purposes } from './rules.ts'

const PAGE = '/service-users/:id/preferences'

export const preferenceRoutes = [
  get(PAGE, 'conversation:read', showPreferences),
  get(`${PAGE}/:purpose`, 'conversation:write', showPreference),
  post(`${PAGE}/:purpose`, 'conversation:write', save),
]

const FORM = 'preferences/form'

async function showPreferences(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const person = await findPerson(req)
  const subject: ['service-user', number] = ['service-user', person.id]
  await recordInAudit(req, { verb: 'service-user:viewed', subject, serviceUserId: person.id })
  const preferences = await listPreferences(db, person.id)
  const mayChange = may(actor, 'conversation:write')
  renderPage(res, 'preferences/list', presentPreferences({ person, preferences, today: londonToday(now), mayChange }))
}

async function showPreference(req: Request, res: Response): Promise<void> {
  const shown = await findShown(req)
  const subject: ['service-user', number] = ['service-user', shown.person.id]
  await recordInAudit(req, { verb: 'service-user:viewed', subject, serviceUserId: shown.person.id })
  renderPage(res, FORM, presentPreference(shown))
}

async function save(req: Request, res: Response): Promise<void> {
  const shown = await findShown(req)
  const { person, purpose, platforms, today } = shown
  const form = parsePreference(req.body, { today, platformIds: new Set(platforms.map(({ id }) => id)) })
  const version = versionOf(req.body)
  if (form.errors) return showAgain(res, FORM, presentPreference({ ...shown, version, ...form }))
  try {
    await inTransaction(req, (change) => savePreference(change, { personId: person.id, purpose, version }, form.value))
    req.session.flash = 'What they want is written down.'
    res.redirect(303, preferencesUrl(person.id))
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    await keepRefusal(req, error)
    showAgain(res, FORM, presentPreference({ ...(await findShown(req)), values: form.values, isOvertaken: true }), 409)
  }
}

async function findShown(req: Request) {
  const { db, actor, now } = context(req)
  const purpose = textFrom(req, 'purpose')
  if (!purposes.some(({ value }) => value === purpose)) throw new NotFound()
  const person = await findPerson(req)
  const [preferences, platforms] = [await listPreferences(db, person.id), await listPlatforms(db, actor)]
  return { person, purpose, preferences, platforms, today: londonToday(now) }
}

async function findPerson(req: Request) {
  const { db, actor } = context(req)
  const person = await findServiceUser(db, actor, idFrom(req))
  if (!person) throw new NotFound()
  return person
}
