import type { Request, Response } from 'express'
import type { FieldError } from '../lib/fields.ts'
import { hashPassword } from '../lib/passwords.ts'
import { seal, unseal } from '../lib/sealed.ts'
import { checkProof } from '../second-step/sign-in-actions.ts'
import { context, services } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { saveSession } from '../web/session.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { issueBadge, ownerOf, removeBadge, removePin, setPin } from './actions.ts'
import { parseNewPin, parsePassword } from './form.ts'
import { presentBadge, presentCard, presentPin } from './presenter.ts'
import { findTabletKeys } from './queries.ts'

/** What somebody signs in with on their ward's tablets: each sees to their own, and shows by the password that it is them. */
export const pinRoutes = [
  get('/account/pin', 'own-pin:write', showPin),
  post('/account/pin', 'own-pin:write', savePin),
  post('/account/pin/removal', 'own-pin:write', takePinAway),
  get('/account/badge', 'own-pin:write', showBadge),
  post('/account/badge', 'own-pin:write', makeBadge),
  get('/account/badge/card', 'own-pin:write', showCard),
  post('/account/badge/card', 'own-pin:write', cardIsPrinted),
  post('/account/badge/removal', 'own-pin:write', takeBadgeAway),
]

const PIN = 'pins/pin'
const BADGE = 'pins/badge'

async function showPin(req: Request, res: Response): Promise<void> {
  renderPage(res, PIN, presentPin(await keysOf(req)))
}

async function savePin(req: Request, res: Response): Promise<void> {
  const again = async (errors: FieldError[]) => showAgain(res, PIN, presentPin({ ...(await keysOf(req)), errors }))
  const form = parseNewPin(req.body)
  if (form.errors) return again(form.errors)
  const problem = await whyNotThem(req, form.value.password)
  if (problem !== null) return again([problem])
  const pinHash = await hashPassword(form.value.pin)
  await inTransaction(req, (change) => setPin(change, ownerOf(change.by), pinHash))
  req.session.flash = 'Your PIN is set. Use it on the tablets of your wards.'
  res.redirect(303, '/account')
}

async function takePinAway(req: Request, res: Response): Promise<void> {
  await inTransaction(req, (change) => removePin(change, ownerOf(change.by)))
  req.session.flash = 'Your PIN is removed.'
  res.redirect(303, '/account')
}

async function showBadge(req: Request, res: Response): Promise<void> {
  renderPage(res, BADGE, presentBadge(await keysOf(req)))
}

async function makeBadge(req: Request, res: Response): Promise<void> {
  const again = async (errors: FieldError[]) => showAgain(res, BADGE, presentBadge({ ...(await keysOf(req)), errors }))
  const form = parsePassword(req.body)
  if (form.errors) return again(form.errors)
  const problem = await whyNotThem(req, form.value.password)
  if (problem !== null) return again([problem])
  const code = await inTransaction(req, (change) => issueBadge(change, ownerOf(change.by)))
  req.session.newBadge = seal(services(req).secondStepKey, code, aboutBadgeOf(req)).toString('base64')
  await saveSession(req)
  res.redirect(303, '/account/badge/card')
}

/** Shown until they say that it is printed, and never again. */
function showCard(req: Request, res: Response): void {
  const { newBadge } = req.session
  if (newBadge === undefined) res.redirect(303, '/account/badge')
  else
    renderPage(res, 'pins/card', presentCard(unsealBadge(req, newBadge), context(req).actor.name), { layout: 'print' })
}

function unsealBadge(req: Request, sealed: string): string {
  return unseal(services(req).secondStepKey, Buffer.from(sealed, 'base64'), aboutBadgeOf(req))
}

async function cardIsPrinted(req: Request, res: Response): Promise<void> {
  delete req.session.newBadge
  await saveSession(req)
  res.redirect(303, '/account')
}

async function takeBadgeAway(req: Request, res: Response): Promise<void> {
  await inTransaction(req, (change) => removeBadge(change, ownerOf(change.by)))
  delete req.session.newBadge
  req.session.flash = 'Your badge is removed. It opens nothing any more.'
  res.redirect(303, '/account')
}

async function keysOf(req: Request) {
  const { db, actor } = context(req)
  return { keys: await findTabletKeys(db, actor.staffId), email: actor.email }
}

/** Wrong passwords count as they do at the door. */
async function whyNotThem(req: Request, password: string): Promise<FieldError | null> {
  const { db, clock, guesses, secondStepKey } = services(req)
  const door = { db, clock, guesses, secondStepKey, ...(req.id !== undefined && { requestId: req.id }) }
  const result = await checkProof(door, context(req).actor, null, { password, code: null })
  if (result === 'right') return null
  if (typeof result === 'string') return { field: 'password', text: 'This is not your password' }
  const wait = result.minutes === 1 ? 'a minute' : `${result.minutes} minutes`
  return { field: 'password', text: `There were too many tries. Wait ${wait} and try again` }
}

const aboutBadgeOf = (req: Request) => `badge of ${context(req).actor.staffId}`
