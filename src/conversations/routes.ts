import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { fieldText, formKeyOf, type Typed, versionOf } from '../lib/fields.ts'
import { dateFieldValues } from '../lib/form-fields.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { findServiceUser, type ServiceUserRecord } from '../service-users/queries.ts'
import { findRecord } from '../service-users/section-queries.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, textFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { beginConversation, finishConversation, saveAnswers, versionOfPart } from './actions.ts'
import { presentEvidence } from './evidence-presenter.ts'
import { standingAnswers } from './flag-rules.ts'
import { parseBeginning, parsePart, parseReview } from './form.ts'
import { presentBeginning, presentFinish, presentHeld } from './held-presenter.ts'
import { talkUrl } from './links-rules.ts'
import { presentPaper } from './paper-presenter.ts'
import { presentPart } from './part-presenter.ts'
import { openConversation, presentTalk } from './presenter.ts'
import { type Conversation, readConversation, readTalk, type Talk } from './queries.ts'
import type { Part } from './question-kinds-rules.ts'
import { partNamed, parts } from './question-rules.ts'
import { reviewDay } from './review-rules.ts'
import { isStep } from './step-rules.ts'
import { decideSuggestion } from './suggestion-actions.ts'
import { decisionWords, isDecision } from './suggestion-rules.ts'

const PAGE = '/service-users/:id/conversation'

export const conversationRoutes = [
  get('/evidence', 'worklist:read', showEvidence),
  get(PAGE, 'conversation:read', showTalk),
  post(PAGE, 'conversation:write', begin),
  get(`${PAGE}/new`, 'conversation:write', showBeginning),
  get(`${PAGE}/paper`, 'conversation:read', showPaper),
  get(`${PAGE}/finish`, 'conversation:write', showFinish),
  post(`${PAGE}/finish`, 'conversation:write', finish),
  get(`${PAGE}/parts/:part`, 'conversation:write', showPart),
  post(`${PAGE}/parts/:part`, 'conversation:write', savePart),
  post(`${PAGE}/suggestions/:step`, 'conversation:write', decide),
  get(`${PAGE}/held/:conversation`, 'conversation:read', showHeld),
]

const PART = 'conversations/part'

function showEvidence(_req: Request, res: Response): void {
  renderPage(res, 'conversations/evidence', presentEvidence())
}

async function showTalk(req: Request, res: Response): Promise<void> {
  const { actor, now } = context(req)
  const { person, talk } = await viewTalk(req)
  const mayChange = may(actor, 'conversation:write')
  renderPage(res, 'conversations/talk', presentTalk({ person, talk, today: londonToday(now), mayChange }))
}

async function showBeginning(req: Request, res: Response): Promise<void> {
  const person = await viewPerson(req)
  renderPage(res, 'conversations/begin', presentBeginning({ person, key: formKeyOf({}) }))
}

async function begin(req: Request, res: Response): Promise<void> {
  const person = await findPerson(req)
  const form = parseBeginning(req.body, londonToday(context(req).now))
  const key = formKeyOf(req.body)
  if (form.errors) return showAgain(res, 'conversations/begin', presentBeginning({ person, key, ...form }))
  const location = await createOnce(
    req,
    key,
    ({ personId }: { personId: number }) => `${talkUrl(personId)}/parts/${parts[0]?.name}`,
    (change) => beginConversation(change, person.id, form.value),
  )
  res.redirect(303, location)
}

async function showPart(req: Request, res: Response): Promise<void> {
  const part = partOf(req)
  const { person, talk } = await viewTalk(req)
  const conversation = openConversation(talk)
  if (!conversation) return res.redirect(303, talkUrl(person.id))
  const version = versionOfPart(part, talk.given)
  renderPage(res, PART, presentPart({ person, part, talk, conversation, version }))
}

async function savePart(req: Request, res: Response): Promise<void> {
  const part = partOf(req)
  const { person, talk } = await findTalk(req)
  const conversation = talk.conversations.find(({ id }) => String(id) === fieldText(req.body, 'conversation'))
  if (!conversation) throw new NotFound()
  const known = { standing: standingAnswers(talk.newest), conversationId: conversation.id }
  const form = parsePart(part, req.body, known)
  const version = versionOf(req.body)
  const shown = { person, part, talk, conversation, version }
  if (form.errors) return showAgain(res, PART, presentPart({ ...shown, ...form }))
  try {
    const seen = { personId: person.id, conversationId: conversation.id, part, version }
    await inTransaction(req, (change) => saveAnswers(change, seen, form.value))
    req.session.flash = 'Saved.'
    res.redirect(303, nextAfter(part, form.values, person.id))
  } catch (error) {
    if (!(error instanceof Stale || error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    if (error instanceof Stale) return showOvertaken(req, res, { part, conversation, values: form.values })
    // what was typed stays on the page, to be taken along into another conversation
    showAgain(
      res,
      PART,
      presentPart({ ...shown, values: form.values, errors: [{ field: '', text: error.message }] }),
      409,
    )
  }
}

/** Whoever chose to meet in person is asked next what makes that work, and never why. */
function nextAfter(part: Part, values: Typed, personId: number): string {
  const isInPerson = part === parts[0] && /^(?:face-to-face|home-visit)$/.test(values.way ?? '')
  return isInPerson ? `${talkUrl(personId)}/parts/in-person` : talkUrl(personId)
}

/** Somebody saved this part meanwhile: both versions side by side, and the form ready to be sent again on purpose. */
async function showOvertaken(
  req: Request,
  res: Response,
  { part, conversation, values }: { part: Part; conversation: Conversation; values: Typed },
): Promise<void> {
  const { person, talk } = await findTalk(req)
  const overtakenBy = talk.given.filter(({ question }) => part.questions.some(({ id }) => id === question))
  const version = versionOfPart(part, talk.given)
  showAgain(res, PART, presentPart({ person, part, talk, conversation, version, values, overtakenBy }), 409)
}

/** The first questions on paper, to be filled in by the person and typed in later. */
async function showPaper(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const person = await findRecord(db, actor, idFrom(req))
  if (!person) throw new NotFound()
  const subject: ['service-user', number] = ['service-user', person.id]
  await recordInAudit(req, { verb: 'service-user:viewed', subject, serviceUserId: person.id })
  renderPage(res, 'conversations/paper', presentPaper(person, now), { layout: 'print' })
}

async function showFinish(req: Request, res: Response): Promise<void> {
  const { person, talk } = await viewTalk(req)
  if (!openConversation(talk)) return res.redirect(303, talkUrl(person.id))
  const values = dateFieldValues('review-on', reviewDay(londonToday(context(req).now)))
  renderPage(res, 'conversations/finish', presentFinish({ person, open: notAskedYet(talk), values }))
}

async function finish(req: Request, res: Response): Promise<void> {
  const { person, talk } = await findTalk(req)
  const conversation = openConversation(talk)
  if (!conversation) throw new RuleBroken('This conversation is finished already.')
  const form = parseReview(req.body, { today: londonToday(context(req).now), heldOn: conversation.held_on })
  const open = notAskedYet(talk)
  if (form.errors) return showAgain(res, 'conversations/finish', presentFinish({ person, open, ...form }))
  await inTransaction(req, (change) => finishConversation(change, person.id, conversation.id, form.value))
  req.session.flash = 'The conversation is finished.'
  res.redirect(303, talkUrl(person.id))
}

function notAskedYet({ given }: Talk): string[] {
  const isAsked = (id: string) => given.some(({ question, kind }) => question === id && kind !== 'not-asked')
  return (parts[0]?.questions ?? []).filter(({ id }) => !isAsked(id)).map(({ name }) => name)
}

async function decide(req: Request, res: Response): Promise<void> {
  const { id } = await findPerson(req)
  const step = textFrom(req, 'step')
  const decision = fieldText(req.body, 'decision')
  if (!isStep(step)) throw new NotFound()
  if (!isDecision(decision)) throw new RuleBroken('Choose what became of it.')
  const seen = { personId: id, step, version: versionOf(req.body) }
  await inTransaction(req, (change) => decideSuggestion(change, seen, decision))
  req.session.flash = `Written down: ${decisionWords[decision].text.toLowerCase()}.`
  res.redirect(303, talkUrl(id))
}

async function showHeld(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const person = await viewPerson(req)
  const found = await readConversation(db, actor, person.id, idFrom(req, 'conversation'))
  if (!found) throw new NotFound()
  renderPage(res, 'conversations/held', presentHeld({ person, ...found }))
}

function partOf(req: Request): Part {
  const part = partNamed(textFrom(req, 'part'))
  if (!part) throw new NotFound()
  return part
}

async function findPerson(req: Request): Promise<ServiceUserRecord> {
  const { db, actor } = context(req)
  const person = await findServiceUser(db, actor, idFrom(req))
  if (!person) throw new NotFound()
  return person
}

/** The person whose page this is, and the audit row that says who looked. */
async function viewPerson(req: Request): Promise<ServiceUserRecord> {
  const person = await findPerson(req)
  const subject: ['service-user', number] = ['service-user', person.id]
  await recordInAudit(req, { verb: 'service-user:viewed', subject, serviceUserId: person.id })
  return person
}

async function findTalk(req: Request) {
  const { db, actor } = context(req)
  const person = await findPerson(req)
  return { person, talk: await readTalk(db, actor, person.id) }
}

async function viewTalk(req: Request) {
  const { db, actor } = context(req)
  const person = await viewPerson(req)
  return { person, talk: await readTalk(db, actor, person.id) }
}
