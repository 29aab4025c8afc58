import { createHash } from 'node:crypto'
import type { Request, Response } from 'express'
import { RateLimiterRes } from 'rate-limiter-flexible'
import { hashPassword, verifyPassword } from '../lib/passwords.ts'
import { NotFound } from '../lib/refusals.ts'
import { findTabletKeys } from '../pins/queries.ts'
import { findSecondStep, isSecondStepRequired } from '../second-step/queries.ts'
import { may } from '../web/access.ts'
import { context, services } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { askForReset, takeUpLink } from './actions.ts'
import { parseNewPassword, parsePasswordChange, parseResetRequest } from './form.ts'
import { endSessions, findLink, type LinkPurpose, setPassword } from './link-actions.ts'
import { shortestFor } from './password-rules.ts'
import {
  deadLink,
  presentAskForReset,
  presentInvitationTaken,
  presentOwnAccount,
  presentPasswordChange,
  presentReset,
  resetAsked,
} from './presenter.ts'
import { findPasswordHash, listSessions, sessionHash } from './queries.ts'

export const accountRoutes = [
  get('/invitation/:token', 'public', showLink('invitation')),
  post('/invitation/:token', 'public', openLink('invitation')),
  get('/reset-password', 'public', showAskForReset),
  post('/reset-password', 'public', askToReset),
  get('/reset-password/:token', 'public', showLink('password-reset')),
  post('/reset-password/:token', 'public', openLink('password-reset')),
  get('/account', 'own-account:write', showAccount),
  post('/account/sign-out-elsewhere', 'own-account:write', signOutElsewhere),
  get('/account/password', 'own-account:write', showPasswordChange),
  post('/account/password', 'own-account:write', savePassword),
]

const CHOOSE = 'account/choose-password'
const SAID = 'account/said'

/** Looking changes nothing: a mail scanner that follows every link must not use it up. */
function showLink(purpose: LinkPurpose) {
  return async (req: Request, res: Response): Promise<void> => {
    const link = await findLinkOf(req, purpose)
    if (!link) return renderPage(res, SAID, deadLink, { status: 404 })
    renderPage(
      res,
      CHOOSE,
      presentLink(purpose, { ...link, token: tokenOf(req), shortest: await shortestOf(req, link) }),
    )
  }
}

function openLink(purpose: LinkPurpose) {
  return async (req: Request, res: Response): Promise<void> => {
    const link = await findLinkOf(req, purpose)
    if (!link) return renderPage(res, SAID, deadLink, { status: 404 })
    const shortest = await shortestOf(req, link)
    const form = parseNewPassword(req.body, link, shortest)
    if (form.errors)
      return showAgain(
        res,
        CHOOSE,
        presentLink(purpose, { ...link, token: tokenOf(req), shortest, errors: form.errors }),
      )
    const passwordHash = await hashPassword(form.value.password)
    const { db, clock } = services(req)
    try {
      await takeUpLink({ db, clock, requestId: req.id }, link, passwordHash)
    } catch (error) {
      if (error instanceof NotFound) return renderPage(res, SAID, deadLink, { status: 404 })
      throw error
    }
    res.redirect(303, '/sign-in?notice=password')
  }
}

const presentLink = (purpose: LinkPurpose, shown: Parameters<typeof presentInvitationTaken>[0]) =>
  purpose === 'invitation' ? presentInvitationTaken(shown) : presentReset(shown)

/** Shorter where a second step follows the password. */
async function shortestOf(req: Request, { organisation_id, role }: { organisation_id: number; role: string }) {
  return shortestFor(await isSecondStepRequired(services(req).db, { organisationId: organisation_id }, role))
}

function findLinkOf(req: Request, purpose: LinkPurpose) {
  const { db, clock } = services(req)
  return findLink(db, purpose, tokenOf(req), clock())
}

function tokenOf(req: Request): string {
  const { token } = req.params
  return typeof token === 'string' && /^[\w-]{43}$/.test(token) ? token : ''
}

async function showAskForReset(_req: Request, res: Response): Promise<void> {
  renderPage(res, 'account/ask-for-reset', presentAskForReset())
}

/** The answer leaves before the address is looked up: neither its words nor how long it took tell who has an account. */
async function askToReset(req: Request, res: Response): Promise<void> {
  const form = parseResetRequest(req.body)
  if (form.errors) return showAgain(res, 'account/ask-for-reset', presentAskForReset(form))
  const { email } = form.value
  const { db, clock, config, guesses, log } = services(req)
  renderPage(res, SAID, resetAsked)
  try {
    await guesses.consume(`reset-${createHash('sha256').update(email).digest('hex')}`)
    await askForReset({ db, clock, requestId: req.id, publicUrl: config.publicUrl }, email)
  } catch (error) {
    // asked for too often: the mailbox is full of links already
    if (!(error instanceof RateLimiterRes)) log.error({ err: error }, 'a link to set a new password could not be made')
  }
}

async function showAccount(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const own = sessionHash(req.sessionID)
  const sessions = await listSessions(db, actor, now)
  const shown = sessions.map((one) => ({ ...one, isThis: own.equals(one.id_hash) }))
  const [secondStep, tabletKeys] = await Promise.all([
    findSecondStep(db, actor.staffId),
    may(actor, 'own-pin:write') ? findTabletKeys(db, actor.staffId) : null,
  ])
  renderPage(res, 'account/account', presentOwnAccount({ actor, sessions: shown, secondStep, tabletKeys }))
}

async function signOutElsewhere(req: Request, res: Response): Promise<void> {
  const { actor } = context(req)
  await inTransaction(req, async (change) => {
    await endSessions(change, actor.staffId, sessionHash(req.sessionID))
    change.audit({ verb: 'staff:signed-out-everywhere', subject: ['staff', actor.staffId] })
  })
  req.session.flash = 'You are signed out everywhere else.'
  res.redirect(303, '/account')
}

async function showPasswordChange(req: Request, res: Response): Promise<void> {
  const { organisationId: organisation_id, role, email } = context(req).actor
  renderPage(res, CHOOSE, presentPasswordChange(email, await shortestOf(req, { organisation_id, role })))
}

async function savePassword(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const shortest = await shortestOf(req, { organisation_id: actor.organisationId, role: actor.role })
  const form = parsePasswordChange(req.body, { ...actor, organisation: actor.organisationName }, shortest)
  if (form.errors) return showAgain(res, CHOOSE, presentPasswordChange(actor.email, shortest, form.errors))
  if (!(await verifyPassword(await findPasswordHash(db, actor), form.value.present))) {
    const errors = [{ field: 'present', text: 'This is not the password you have now' }]
    return showAgain(res, CHOOSE, presentPasswordChange(actor.email, shortest, errors))
  }
  const passwordHash = await hashPassword(form.value.password)
  await inTransaction(req, async (change) => {
    await setPassword(change, actor.staffId, passwordHash, sessionHash(req.sessionID))
    change.audit({ verb: 'staff:password-set', subject: ['staff', actor.staffId] })
  })
  req.session.flash = 'Your password is changed.'
  res.redirect(303, '/account')
}
