import type { Request, Response } from 'express'
import { fieldText } from '../lib/fields.ts'
import { ownPath } from '../lib/safe-url.ts'
import { queryText, services } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { renewSession, saveSession } from '../web/session.ts'
import { keepTabletCookie, tabletHashOf } from '../web/tablet-cookie.ts'
import { renderPage } from '../web/views.ts'
import { enrolTablet } from './actions.ts'
import { parseEnrolment, parsePin } from './form.ts'
import {
  type AskingTablet,
  type ChosenPerson,
  findAskingTablet,
  findTabletPerson,
  listTabletPeople,
} from './queries.ts'
import { signInByBadge, signInByPin } from './sign-in-actions.ts'
import {
  presentDone,
  presentEnrol,
  presentEnterPin,
  presentWho,
  triedBefore,
  whoNotices,
  withReturn,
  wrongBadge,
  wrongCode,
  wrongPin,
} from './sign-in-presenter.ts'

/** What a ward's tablet shows to whoever stands before it. Without its cookie they all lead to signing in with a password. */
export const tabletSignInRoutes = [
  get('/tablet', 'public', showEnrol),
  post('/tablet', 'public', enrol),
  get('/sign-in/who', 'public', showWho),
  get('/sign-in/pin', 'public', showPin),
  post('/sign-in/pin', 'public', checkPin),
  post('/sign-in/badge', 'public', checkBadge),
  get('/sign-in/done', 'public', showDone),
]

const ENROL = 'tablets/enrol'
const WHO = 'tablets/who'
const PIN = 'tablets/pin'

async function showEnrol(req: Request, res: Response): Promise<void> {
  renderPage(res, ENROL, presentEnrol({ values: { code: queryText(req, 'code') } }))
}

async function enrol(req: Request, res: Response): Promise<void> {
  const form = parseEnrolment(req.body)
  if (form.errors) return showAgain(res, ENROL, presentEnrol(form))
  const { db, clock } = services(req)
  const enrolled = await enrolTablet({ db, clock, requestId: req.id }, form.value.code)
  if (!enrolled) return showAgain(res, ENROL, presentEnrol({ values: form.values, errors: [wrongCode] }))
  keepTabletCookie(req, res, enrolled.token)
  res.redirect(303, '/sign-in/who?notice=enrolled')
}

async function showWho(req: Request, res: Response): Promise<void> {
  const tablet = await tabletOf(req)
  if (!tablet) return toPassword(req, res)
  // it lies there all night, and the form for the badge must still be good in the morning
  res.set('Refresh', '1200')
  await renderWho(req, res, tablet, returnPath(queryText(req, 'return')))
}

async function renderWho(req: Request, res: Response, tablet: AskingTablet, returnTo: string): Promise<void> {
  const notice = whoNotices[queryText(req, 'notice')] ?? null
  const people = await listTabletPeople(services(req).db, tablet.id)
  renderPage(res, WHO, presentWho({ tablet, people, returnTo, notice }))
}

async function showPin(req: Request, res: Response): Promise<void> {
  const tablet = await tabletOf(req)
  if (!tablet) return toPassword(req, res)
  const person = await personChosen(req, tablet, queryText(req, 'who'))
  if (!person) return res.redirect(303, '/sign-in/who?notice=gone')
  renderPage(res, PIN, presentEnterPin({ tablet, person, returnTo: returnPath(queryText(req, 'return')) }))
}

async function checkPin(req: Request, res: Response): Promise<void> {
  const tablet = await tabletOf(req)
  if (!tablet) return toPassword(req, res)
  const person = await personChosen(req, tablet, fieldText(req.body, 'who'))
  if (!person) return res.redirect(303, '/sign-in/who?notice=gone')
  const returnTo = returnPath(fieldText(req.body, 'return'))
  const form = parsePin(req.body)
  if (form.errors) return showAgain(res, PIN, presentEnterPin({ tablet, person, returnTo, errors: form.errors }))
  const result = await signInByPin(doorOf(req, tablet), person.id, form.value.pin)
  if ('staffId' in result) return letIn(req, res, tablet, { ...result, returnTo })
  if (result.refused === 'gone') return res.redirect(303, '/sign-in/who?notice=gone')
  if (result.refused === 'wrong') {
    const errors = [wrongPin(result.triesLeft)]
    return showAgain(res, PIN, presentEnterPin({ tablet, person, returnTo, errors }))
  }
  const shown = { ...person, is_pin_locked: result.refused === 'locked', has_pin: result.refused === 'locked' }
  showAgain(res, PIN, presentEnterPin({ tablet, person: shown, returnTo }))
}

async function checkBadge(req: Request, res: Response): Promise<void> {
  const tablet = await tabletOf(req)
  if (!tablet) return toPassword(req, res)
  const returnTo = returnPath(fieldText(req.body, 'return'))
  const result = await signInByBadge(doorOf(req, tablet), fieldText(req.body, 'code').slice(0, 200))
  if ('staffId' in result) return letIn(req, res, tablet, { ...result, wrongBefore: 0, returnTo })
  if ('pinOf' in result) return res.redirect(303, withReturn('/sign-in/pin', returnTo, { who: result.pinOf }))
  const people = await listTabletPeople(services(req).db, tablet.id)
  showAgain(res, WHO, presentWho({ tablet, people, returnTo, notice: null, errors: [wrongBadge] }))
}

interface LetIn {
  staffId: number
  wrongBefore: number
  returnTo: string
}

async function letIn(req: Request, res: Response, tablet: AskingTablet, who: LetIn): Promise<void> {
  const flash = who.wrongBefore === 0 ? {} : { flash: { text: triedBefore(who.wrongBefore), isWarning: true } }
  await renewSession(req, who.staffId, { staffId: who.staffId, tabletId: tablet.id, ...flash })
  keepTabletCookie(req, res)
  res.redirect(303, req.session.waitingForm ? '/waiting-form' : who.returnTo)
}

/** Said once; whoever comes next reads nothing of it. */
async function showDone(req: Request, res: Response): Promise<void> {
  const done = req.session.taskDone
  if (!done || req.session.actor) return res.redirect(303, '/sign-in')
  delete req.session.taskDone
  await saveSession(req)
  renderPage(res, 'tablets/done', presentDone(done))
}

/** The tablet that asks, while it is enrolled and nobody is signed in there. */
async function tabletOf(req: Request): Promise<AskingTablet | null> {
  const tokenHash = tabletHashOf(req)
  if (tokenHash === null || req.session.actor) return null
  const tablet = await findAskingTablet(services(req).db, tokenHash)
  return tablet?.revoked_at === null ? tablet : null
}

async function personChosen(req: Request, tablet: AskingTablet, text: string): Promise<ChosenPerson | null> {
  if (!/^[1-9]\d{0,14}$/.test(text)) return null
  return findTabletPerson(services(req).db, tablet.id, Number(text))
}

function doorOf(req: Request, tablet: AskingTablet) {
  const { db, clock } = services(req)
  return { db, clock, tablet, ...(req.id !== undefined && { requestId: req.id }) }
}

function toPassword(req: Request, res: Response): void {
  res.redirect(303, req.session.actor ? '/' : '/sign-in')
}

/** Only ever a page of this service. */
function returnPath(asked: string): string {
  return ownPath(asked) ?? '/'
}
