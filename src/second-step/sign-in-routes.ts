import type { Request, Response } from 'express'
import { NotUnique } from '../lib/refusals.ts'
import { services } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { renewSession, saveSession } from '../web/session.ts'
import { renderPage } from '../web/views.ts'
import { parseCode, type TypedCode } from './form.ts'
import { codesLeftWords, presentCode, presentSetUp, tooManyTries, wrongCode, wrongRecoveryCode } from './presenter.ts'
import { findWhoSignsIn, type SignsIn } from './queries.ts'
import { FEW_RECOVERY_CODES, MINUTES_FOR_THE_CODE } from './rules.ts'
import { doorOf, keepCodes, secretToSetUp } from './shared-routes.ts'
import { finishSignIn, setUpAtSignIn } from './sign-in-actions.ts'

/** Between the password and being signed in. Nothing but these answers a session in which the second step is to come. */
export const secondStepSignInRoutes = [
  get('/sign-in/code', 'public', showCode),
  post('/sign-in/code', 'public', checkCode),
  get('/sign-in/set-up', 'public', showSetUp),
  post('/sign-in/set-up', 'public', saveSetUp),
]

const CODE = 'second-step/code'
const SET_UP = 'second-step/set-up'

async function showCode(req: Request, res: Response): Promise<void> {
  const who = await whoSignsIn(req)
  if (!who) return startAgain(req, res)
  if (!who.has_second_step) return res.redirect(303, '/sign-in/set-up')
  renderPage(res, CODE, presentCode())
}

async function checkCode(req: Request, res: Response): Promise<void> {
  const who = await whoSignsIn(req)
  if (!who?.has_second_step) return startAgain(req, res)
  const form = parseCode(req.body)
  if (form.errors) return showAgain(res, CODE, presentCode(form.errors))
  const result = await finishSignIn(doorOf(req), who, form.value)
  if ('refused' in result) {
    const error = result.refused === 'wrong' ? wrongFor(form.value) : tooManyTries('code', result.minutes)
    return showAgain(res, CODE, presentCode([error]))
  }
  const next = nextPage(req)
  const isToldOfCodes = form.value.kind === 'recovery' || result.codesLeft <= FEW_RECOVERY_CODES
  await renewSession(req, who.id, { staffId: who.id, ...(isToldOfCodes && { flash: flashOf(result.codesLeft) }) })
  res.redirect(303, req.session.waitingForm ? '/waiting-form' : next)
}

const wrongFor = ({ kind }: TypedCode) => (kind === 'phone' ? wrongCode : wrongRecoveryCode)

const flashOf = (codesLeft: number) => ({
  text: `Recovery codes: ${codesLeftWords(codesLeft)}.`,
  link: { href: '/account/second-step', text: 'Your second step of signing in' },
})

async function showSetUp(req: Request, res: Response): Promise<void> {
  const who = await whoSignsIn(req)
  if (!who) return startAgain(req, res)
  if (who.has_second_step) return res.redirect(303, '/sign-in/code')
  const secret = secretToSetUp(req, who.id)
  await saveSession(req)
  renderPage(res, SET_UP, presentSetUp({ secret, email: who.email, isSignIn: true }))
}

async function saveSetUp(req: Request, res: Response): Promise<void> {
  const who = await whoSignsIn(req)
  if (!who || who.has_second_step) return startAgain(req, res)
  const secret = secretToSetUp(req, who.id)
  const again = (errors = [wrongCode]) =>
    showAgain(res, SET_UP, presentSetUp({ secret, email: who.email, isSignIn: true, errors }))
  const form = parseCode(req.body)
  if (form.errors) return again(form.errors)
  try {
    const codes = await setUpAtSignIn(doorOf(req), who, { secret, code: form.value.code })
    if (codes === null) return again()
    const next = nextPage(req)
    await renewSession(req, who.id, { staffId: who.id, ...keepCodes(req, who.id, codes, next) })
    res.redirect(303, '/account/second-step/codes')
  } catch (error) {
    // set up in another window meanwhile: its code is asked for
    if (error instanceof NotUnique) return startAgain(req, res)
    throw error
  }
}

/** Whose password was right a moment ago; nobody once it is too long ago, or their account has changed since. */
async function whoSignsIn(req: Request): Promise<SignsIn | null> {
  const { pendingSignIn: pending, actor } = req.session
  if (pending === undefined || actor) return null
  const { db, clock } = services(req)
  if (clock().getTime() - Date.parse(pending.since) > MINUTES_FOR_THE_CODE * 60_000) return null
  const who = await findWhoSignsIn(db, pending.staffId)
  return who?.version === pending.version ? who : null
}

function startAgain(req: Request, res: Response): void {
  const { actor, pendingSignIn } = req.session
  delete req.session.pendingSignIn
  delete req.session.newSecret
  const signIn = pendingSignIn === undefined ? '/sign-in' : '/sign-in?notice=late'
  res.redirect(303, actor ? '/' : signIn)
}

function nextPage(req: Request): string {
  return req.session.pendingSignIn?.returnTo ?? '/'
}
