import type { Request, Response } from 'express'
import { fieldText } from '../lib/fields.ts'
import { listUrl } from '../lib/keyset.ts'
import { ownPath } from '../lib/safe-url.ts'
import type { Page } from '../lib/view-model.ts'
import { findAskingTablet } from '../tablets/queries.ts'
import { recordInAudit } from '../web/audit.ts'
import { queryText, services } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { cookieName, cookieOptions, renewSession } from '../web/session.ts'
import { forgetTabletCookie, tabletHashOf } from '../web/tablet-cookie.ts'
import { renderPage } from '../web/views.ts'
import { signIn } from './actions.ts'
import { parseSignIn } from './form.ts'
import { presentSignIn, signInNotices, tooManyGuesses, wrongSignIn } from './presenter.ts'

export const signInRoutes = [
  get('/sign-in', 'public', showSignIn),
  post('/sign-in', 'public', checkSignIn),
  post('/sign-out', 'signed-in', signOut),
  post('/session/extend', 'signed-in', extendSession),
  get('/waiting-form', 'signed-in', showWaitingForm),
  post('/waiting-form/discard', 'signed-in', discardWaitingForm),
]

async function showSignIn(req: Request, res: Response): Promise<void> {
  if (req.session.actor) return res.redirect(303, '/')
  const tablet = await tabletThatAsks(req)
  if (tablet?.revoked_at === null && queryText(req, 'with') !== 'password')
    return res.redirect(303, listUrl('/sign-in/who', queryOf(req)))
  if (tablet !== null && tablet.revoked_at !== null) forgetTabletCookie(req, res)
  const notice = signInNotices[tablet?.revoked_at ? 'revoked' : queryText(req, 'notice')] ?? null
  const returnTo = returnPath(queryText(req, 'return'))
  renderPage(res, 'sign-in/sign-in', presentSignIn({ returnTo, notice, isOnTablet: tablet?.revoked_at === null }))
}

/** A ward's tablet, which first asks who is there. */
async function tabletThatAsks(req: Request) {
  const tokenHash = tabletHashOf(req)
  return tokenHash === null ? null : findAskingTablet(services(req).db, tokenHash)
}

function queryOf(req: Request): Record<string, string> {
  const asked = { notice: queryText(req, 'notice'), return: queryText(req, 'return') }
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== ''))
}

async function checkSignIn(req: Request, res: Response): Promise<void> {
  const form = parseSignIn(req.body)
  const returnTo = returnPath(fieldText(req.body, 'return'))
  if (form.errors) return showAgain(res, 'sign-in/sign-in', presentSignIn({ ...form, returnTo }))

  const { db, clock, guesses } = services(req)
  const result = await signIn({ db, clock, guesses, requestId: req.id }, form.value)
  if ('refused' in result) {
    const error = result.refused === 'wrong' ? wrongSignIn : tooManyGuesses(result.minutes)
    return showAgain(res, 'sign-in/sign-in', presentSignIn({ values: form.values, errors: [error], returnTo }))
  }
  if ('pending' in result) {
    const { id: staffId, version, has_second_step } = result.pending
    await renewSession(req, staffId, {
      pendingSignIn: { staffId, version, since: clock().toISOString(), returnTo },
    })
    return res.redirect(303, has_second_step ? '/sign-in/code' : '/sign-in/set-up')
  }
  await renewSession(req, result.staffId, { staffId: result.staffId })
  res.redirect(303, req.session.waitingForm ? '/waiting-form' : returnTo)
}

async function signOut(req: Request, res: Response): Promise<void> {
  await recordInAudit(req, { verb: 'session:signed-out' })
  await new Promise<void>((done, fail) => req.session.destroy((error) => (error ? fail(error) : done())))
  const { config } = services(req)
  res.clearCookie(cookieName(config), cookieOptions(config))
  res.set('Clear-Site-Data', '"cache"')
  res.redirect(303, '/sign-in?notice=out')
}

/** Asking is enough: every request of a live session moves its idle limit. */
function extendSession(_req: Request, res: Response): void {
  res.status(204).end()
}

async function showWaitingForm(req: Request, res: Response): Promise<void> {
  const waiting = req.session.waitingForm
  if (!waiting) return res.redirect(303, '/')
  const page: Page & { action: string; fields: { name: string; value: string }[] } = {
    title: 'Your form was kept',
    action: returnPath(waiting.url),
    fields: waiting.fields.map(([name, value]) => ({ name, value })),
  }
  renderPage(res, 'sign-in/waiting-form', page)
}

function discardWaitingForm(req: Request, res: Response): void {
  delete req.session.waitingForm
  res.redirect(303, '/')
}

/** Only ever a page of this service. */
function returnPath(asked: string): string {
  return ownPath(asked) ?? '/'
}
