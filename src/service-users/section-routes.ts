import type { Request, Response } from 'express'
import { findLongCablesOf } from '../cables/queries.ts'
import { longCableWarning } from '../cables/rules.ts'
import { findWardLeft } from '../leaving/queries.ts'
import { leavingUrl } from '../leaving/rules.ts'
import { londonToday } from '../lib/dates.ts'
import { type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { listWardsWith } from '../wards/queries.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, textFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { saveSection } from './section-actions.ts'
import { parseSection } from './section-form.ts'
import { presentSection } from './section-presenter.ts'
import { findRecord, type PersonRecord } from './section-queries.ts'
import { type Section, sectionNamed } from './section-rules.ts'

export const sectionRoutes = [
  get('/service-users/:id/sections/:section', 'service-user:write', showSection),
  post('/service-users/:id/sections/:section', 'service-user:write', postSection),
]

const SECTION = 'service-users/section'

async function showSection(req: Request, res: Response): Promise<void> {
  const shown = await findShown(req)
  const { id } = shown.person
  await recordInAudit(req, { verb: 'service-user:viewed', subject: ['service-user', id], serviceUserId: id })
  renderPage(res, SECTION, presentSection(shown))
}

async function postSection(req: Request, res: Response): Promise<void> {
  const shown = await findShown(req)
  const { section, person, places } = shown
  const version = versionOf(req.body)
  const form = parseSection(section, req.body, { today: londonToday(context(req).now), places })
  if (form.errors) return showAgain(res, SECTION, presentSection({ ...shown, ...form, version }))
  const { value: answers, values } = form
  try {
    await inTransaction(req, (change) => saveSection(change, person.id, section, version, answers))
    req.session.flash = 'Your changes are saved.'
    const location = (await leftWardUrl(req, person)) ?? `/service-users/${person.id}`
    if (section.name === 'where') await warnOfLongCables(req, person)
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    await showOvertaken(req, res, error, values)
  }
}

/** Whoever writes down that somebody left a ward sees at once what they have of it. */
async function leftWardUrl(req: Request, before: PersonRecord): Promise<string | null> {
  const { db, actor, now } = context(req)
  const { id, ward_id, state } = before
  if (state !== 'admitted' || ward_id === null) return null
  const code = await findWardLeft(db, actor, { wardId: ward_id, personId: id, now })
  if (code === null) return null
  req.session.flash = 'Your changes are saved. This is what they have still.'
  return leavingUrl({ code }, { id })
}

/** Somebody who comes to a ward may bring what the ward would not have been lent. */
async function warnOfLongCables(req: Request, { id }: PersonRecord): Promise<void> {
  const { db, actor, now } = context(req)
  const found = await findLongCablesOf(db, actor, id, now)
  if (found) req.session.flash = `${req.session.flash} ${longCableWarning(found)}`
}

/** Somebody saved this section meanwhile: both versions side by side, and the form ready to be sent again on purpose. */
async function showOvertaken(req: Request, res: Response, error: Stale, values: Typed): Promise<void> {
  await keepRefusal(req, error)
  const shown = await findShown(req)
  const overtakenBy = writerOf(shown.person, shown.section) ?? 'somebody'
  showAgain(res, SECTION, presentSection({ ...shown, values, overtakenBy }), 409)
}

async function findShown(req: Request) {
  const section = sectionNamed(textFrom(req, 'section'))
  if (!section) throw new NotFound()
  const { db, actor } = context(req)
  const person = await findRecord(db, actor, idFrom(req))
  if (!person) throw new NotFound()
  const places = await listWardsWith(db, actor, [person.ward_id, person.team_id])
  return { section, person, places, version: writerOf(person, section)?.version ?? 1 }
}

function writerOf(person: PersonRecord, section: Section) {
  return person.sections.find((row) => row.section === section.name)
}
