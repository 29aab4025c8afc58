import type { Request, Response } from 'express'
import { endSessions } from '../account/link-actions.ts'
import { sessionHash } from '../account/queries.ts'
import type { FieldError } from '../lib/fields.ts'
import { RuleBroken } from '../lib/refusals.ts'
import { context, services } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, type Handler, post } from '../web/routes.ts'
import { saveSession } from '../web/session.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { type Owner, renewRecoveryCodes, setUpSecondStep, switchOffSecondStep } from './actions.ts'
import { type Proof, parseCode, parseProof } from './form.ts'
import {
  presentOwnStep,
  presentProve,
  presentRecoveryCodes,
  presentSetUp,
  type proofs,
  tooManyTries,
  wrongCode,
  wrongRecoveryCode,
} from './presenter.ts'
import { findSecondStep, isSecondStepRequired } from './queries.ts'
import { beginSecret, codesToShow, doorOf, keepCodes, secretBeingSetUp } from './shared-routes.ts'
import { checkProof, type ProofResult } from './sign-in-actions.ts'

const OWN = '/account/second-step'

export const secondStepRoutes = [
  get(OWN, 'own-account:write', showOwn),
  get(`${OWN}/begin`, 'own-account:write', showProve('begin')),
  post(`${OWN}/begin`, 'own-account:write', onceProved('begin', begin)),
  get(`${OWN}/set-up`, 'own-account:write', showSetUp),
  post(`${OWN}/set-up`, 'own-account:write', saveSetUp),
  get(`${OWN}/recovery-codes`, 'own-account:write', showProve('recovery-codes')),
  post(`${OWN}/recovery-codes`, 'own-account:write', onceProved('recovery-codes', makeCodes)),
  get(`${OWN}/off`, 'own-account:write', showProve('off')),
  post(`${OWN}/off`, 'own-account:write', onceProved('off', switchOff)),
  get(`${OWN}/codes`, 'own-account:write', showCodes),
  post(`${OWN}/codes`, 'own-account:write', codesAreKept),
]

type Proved = 'begin' | 'recovery-codes' | 'off'

async function showOwn(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const step = await findSecondStep(db, actor.staffId)
  renderPage(res, 'second-step/own', presentOwnStep(step, await isSecondStepRequired(db, actor, actor.role)))
}

function showProve(what: Proved): Handler {
  return async (req, res) => {
    const hasSecondStep = await hasOne(req)
    if (what !== 'begin' && !hasSecondStep) return res.redirect(303, OWN)
    if (what === 'off') await refuseWhereRequired(req)
    const { email } = context(req).actor
    renderPage(res, 'second-step/prove', presentProve({ what: wordsFor(what, hasSecondStep), email, hasSecondStep }))
  }
}

function onceProved(what: Proved, go: Handler): Handler {
  return async (req, res) => {
    const { db, actor } = context(req)
    const step = await findSecondStep(db, actor.staffId)
    if (what !== 'begin' && step === null) return res.redirect(303, OWN)
    if (what === 'off') await refuseWhereRequired(req)
    const hasSecondStep = step !== null
    const again = (errors: FieldError[]) => {
      const shown = { what: wordsFor(what, hasSecondStep), email: actor.email, hasSecondStep, errors }
      return showAgain(res, 'second-step/prove', presentProve(shown))
    }
    const form = parseProof(req.body, hasSecondStep)
    if (form.errors) return again(form.errors)
    const result = await checkProof(doorOf(req), actor, step, form.value)
    if (result !== 'right') return again([errorFor(result, form.value)])
    return go(req, res)
  }
}

function errorFor(result: Exclude<ProofResult, 'right'>, { code }: Proof): FieldError {
  if (result === 'wrong-password') return { field: 'password', text: 'This is not your password' }
  if (result === 'wrong-code') return code?.kind === 'recovery' ? wrongRecoveryCode : wrongCode
  return tooManyTries('password', result.minutes)
}

const wordsFor = (what: Proved, hasSecondStep: boolean): keyof typeof proofs =>
  what === 'begin' && hasSecondStep ? 'anew' : what

async function hasOne(req: Request): Promise<boolean> {
  const { db, actor } = context(req)
  return (await findSecondStep(db, actor.staffId)) !== null
}

async function refuseWhereRequired(req: Request): Promise<void> {
  const { db, actor } = context(req)
  if (await isSecondStepRequired(db, actor, actor.role))
    throw new RuleBroken('Your organisation asks for the second step, so it cannot be switched off.')
}

async function begin(req: Request, res: Response): Promise<void> {
  beginSecret(req, context(req).actor.staffId)
  await saveSession(req)
  res.redirect(303, `${OWN}/set-up`)
}

function showSetUp(req: Request, res: Response): void {
  const { email, staffId } = context(req).actor
  const secret = secretBeingSetUp(req, staffId)
  if (secret === null) res.redirect(303, `${OWN}/begin`)
  else renderPage(res, 'second-step/set-up', presentSetUp({ secret, email, isSignIn: false }))
}

async function saveSetUp(req: Request, res: Response): Promise<void> {
  const { actor } = context(req)
  const secret = secretBeingSetUp(req, actor.staffId)
  if (secret === null) return res.redirect(303, `${OWN}/begin`)
  const again = (errors: FieldError[]) =>
    showAgain(res, 'second-step/set-up', presentSetUp({ secret, email: actor.email, isSignIn: false, errors }))
  const form = parseCode(req.body)
  if (form.errors) return again(form.errors)
  const key = services(req).secondStepKey
  const codes = await inTransaction(req, async (change) => {
    const order = { secret, code: form.value.code, key, replaces: true }
    const made = await setUpSecondStep(change, ownerOf(req), order)
    if (made !== null) await endSessions(change, actor.staffId, sessionHash(req.sessionID))
    return made
  })
  if (codes === null) return again([wrongCode])
  delete req.session.newSecret
  await goToCodes(req, res, codes)
}

async function makeCodes(req: Request, res: Response): Promise<void> {
  const key = services(req).secondStepKey
  await goToCodes(req, res, await inTransaction(req, (change) => renewRecoveryCodes(change, ownerOf(req), key)))
}

async function switchOff(req: Request, res: Response): Promise<void> {
  await inTransaction(req, (change) => switchOffSecondStep(change, ownerOf(req)))
  req.session.flash = 'The second step is switched off.'
  res.redirect(303, OWN)
}

/** A browser follows a redirect by its head, so what the next page shows is saved before it. */
async function goToCodes(req: Request, res: Response, codes: string[]): Promise<void> {
  Object.assign(req.session, keepCodes(req, context(req).actor.staffId, codes, OWN))
  await saveSession(req)
  res.redirect(303, `${OWN}/codes`)
}

function showCodes(req: Request, res: Response): void {
  const { actor, now } = context(req)
  const codes = codesToShow(req, actor.staffId)
  if (codes === null) res.redirect(303, OWN)
  else renderPage(res, 'second-step/codes', presentRecoveryCodes(codes, actor.email, now), { layout: 'print' })
}

/** Shown once: whoever did not keep them makes new ones. */
async function codesAreKept(req: Request, res: Response): Promise<void> {
  const next = req.session.newRecoveryCodes?.next ?? OWN
  delete req.session.newRecoveryCodes
  await saveSession(req)
  res.redirect(303, req.session.waitingForm ? '/waiting-form' : next)
}

function ownerOf(req: Request): Owner {
  const { staffId: id, name, email } = context(req).actor
  return { id, name, email }
}
