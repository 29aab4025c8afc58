import type { Request, Response } from 'express'
import { type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { findRecord, type PersonRecord } from '../service-users/section-queries.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, textFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { answerAddress, answerChannel, finishContactTask, pauseContact } from './actions.ts'
import { presentChannel } from './channel-presenter.ts'
import { parseAddressAnswer, parseAnswer } from './form.ts'
import { type Channel, type ContactAnswer, channelsFor } from './kinds-rules.ts'
import { presentSafeContact, safeContactUrl } from './presenter.ts'
import { findCircle } from './private-queries.ts'
import { privateRoutes } from './private-routes.ts'
import { mayKnowWhy } from './private-rules.ts'
import { findAnswerWriter, readMessagesOf } from './queries.ts'

const PAGE = '/service-users/:id/safe-contact'

export const safeContactRoutes = [
  get(PAGE, 'service-user:read', showSafeContact),
  get(`${PAGE}/channels/:channel`, 'service-user:write', showChannel),
  post(`${PAGE}/channels/:channel`, 'service-user:write', saveChannel),
  get(`${PAGE}/supporters/:supporter/channels/:channel`, 'service-user:write', showChannel),
  post(`${PAGE}/supporters/:supporter/channels/:channel`, 'service-user:write', saveChannel),
  post(`${PAGE}/addresses`, 'service-user:write', saveAddress),
  post(`${PAGE}/pause`, 'service-user:write', pause),
  post(`${PAGE}/tasks/:task/done`, 'service-user:write', finishTask),
  ...privateRoutes,
]

const CHANNEL = 'safe-contact/channel'
const NEWEST_MESSAGES = 20

async function showSafeContact(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const person = await viewPerson(req)
  const [lately, circle] = await Promise.all([
    readMessagesOf(db, actor, person.id, NEWEST_MESSAGES),
    findCircle(db, actor, person.id),
  ])
  const mayDo = { change: may(actor, 'service-user:write'), know: mayKnowWhy(actor, circle) }
  renderPage(res, 'safe-contact/safe-contact', presentSafeContact({ person, ...lately, may: mayDo, now }))
}

async function showChannel(req: Request, res: Response): Promise<void> {
  const person = await viewPerson(req)
  renderPage(res, CHANNEL, presentChannel({ person, ...askedOf(req, person) }))
}

async function saveChannel(req: Request, res: Response): Promise<void> {
  const person = await findPerson(req)
  const asked = askedOf(req, person)
  const isIt = (one: ContactAnswer) => one.channel === asked.channel && one.supporter_id === asked.supporterId
  const known = person.contact.answers.find(isIt)
  const saidNo = known?.answer === 'not-allowed'
  const form = parseAnswer(asked.channel, req.body, saidNo)
  const version = versionOf(req.body)
  // the no that they are asked about came after the form was shown: that is told first
  if (form.errors && saidNo && known.id !== version) {
    await keepRefusal(req, new Stale())
    return showOvertaken(req, res, form.values)
  }
  if (form.errors) return showAgain(res, CHANNEL, presentChannel({ person, ...asked, version, ...form }))
  try {
    const by = { ...asked, serviceUserId: person.id, version }
    await inTransaction(req, (change) => answerChannel(change, by, form.value))
    req.session.flash = 'What they said is written down.'
    res.redirect(303, safeContactUrl(person.id))
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    await keepRefusal(req, error)
    await showOvertaken(req, res, form.values)
  }
}

/** Somebody answered meanwhile: what they wrote, and the form ready to be sent again on purpose. */
async function showOvertaken(req: Request, res: Response, values: Typed): Promise<void> {
  const { db, actor } = context(req)
  const person = await findPerson(req)
  const asked = askedOf(req, person)
  const isIt = (one: ContactAnswer) => one.channel === asked.channel && one.supporter_id === asked.supporterId
  const overtakenBy = await findAnswerWriter(db, actor, person.contact.answers.find(isIt)?.id ?? 0)
  showAgain(res, CHANNEL, presentChannel({ person, ...asked, values, overtakenBy }), 409)
}

/** Who is asked about, and about which way: the person themselves, or somebody who supports them now. */
function askedOf(req: Request, person: PersonRecord): { supporterId: number | null; channel: Channel } {
  const supporterId = 'supporter' in req.params ? idFrom(req, 'supporter') : null
  const isKnown = supporterId === null || person.contact.supporters.some(({ id }) => id === supporterId)
  const named = textFrom(req, 'channel')
  const channel = channelsFor(supporterId).find((one) => one === named)
  if (!isKnown || !channel) throw new NotFound()
  return { supporterId, channel }
}

async function saveAddress(req: Request, res: Response): Promise<void> {
  const { id } = await findPerson(req)
  const asked = parseAddressAnswer(req.body)
  if (!asked) throw new RuleBroken('Choose a number or address, and whether it is safe.')
  await inTransaction(req, (change) => answerAddress(change, id, asked.key, asked.isSafe))
  req.session.flash = asked.isSafe ? 'It is confirmed as safe to use.' : 'It is not used any more.'
  res.redirect(303, safeContactUrl(id))
}

async function pause(req: Request, res: Response): Promise<void> {
  const { id } = await findPerson(req)
  await inTransaction(req, (change) => pauseContact(change, id))
  req.session.flash = 'Everything is paused until you confirm each number and address.'
  res.redirect(303, safeContactUrl(id))
}

async function finishTask(req: Request, res: Response): Promise<void> {
  const { id } = await findPerson(req)
  await inTransaction(req, (change) => finishContactTask(change, id, idFrom(req, 'task')))
  req.session.flash = 'Done.'
  res.redirect(303, safeContactUrl(id))
}

async function findPerson(req: Request) {
  const { db, actor } = context(req)
  const person = await findRecord(db, actor, idFrom(req))
  if (!person) throw new NotFound()
  return person
}

/** The person whose page this is, and the audit row that says who looked. */
async function viewPerson(req: Request) {
  const person = await findPerson(req)
  const subject: ['service-user', number] = ['service-user', person.id]
  await recordInAudit(req, { verb: 'service-user:viewed', subject, serviceUserId: person.id })
  return person
}
