import type { Request, RequestHandler } from 'express'
import { TabletRevoked } from '../lib/refusals.ts'
import { recordInAudit } from './audit.ts'
import { services } from './context.ts'
import { endTaskSession } from './session.ts'
import { forgetTabletCookie, tabletHashOf } from './tablet-cookie.ts'

/**
 * A session that began on a ward's tablet counts on that tablet alone: its cookie in another browser is worth nothing. Once
 * the tablet is revoked the next request is told so, whatever it asks for, and the session is over.
 */
export const holdToTablet: RequestHandler = async (req, res, next) => {
  // an address that is no path at all, like *, comes without a session
  const tablet = req.session?.tabletOfSession
  if (!tablet) return next()
  if (tablet.isRevoked) {
    await new Promise<void>((done, fail) => req.session.destroy((error) => (error ? fail(error) : done())))
    forgetTabletCookie(req, res)
    throw new TabletRevoked()
  }
  if (tabletHashOf(req)?.toString('hex') !== tablet.tokenHash) delete req.session.actor
  next()
}

const changed = new WeakSet<Request>()

/** This request has saved something. */
export function noteChanged(req: Request): void {
  changed.add(req)
}

/**
 * Whoever signed in on a ward's tablet did so for one task, and a form that saved something and leads on ends it. What would
 * have been said at the top of the next page is said on a page of its own, which also says that they are signed out.
 */
export const signOutAfterTask: RequestHandler = (req, res, next) => {
  if (!req.session.actor?.tablet) return next()
  const redirect = res.redirect.bind(res) as (...to: unknown[]) => void
  res.redirect = (...to: unknown[]) => {
    if (!changed.has(req) || !req.session.actor?.tablet) return redirect(...to)
    finishTask(req).then(() => redirect(303, '/sign-in/done'), next)
  }
  next()
}

async function finishTask(req: Request): Promise<void> {
  const { flash, actor } = req.session
  const text = typeof flash === 'string' ? flash : (flash?.text ?? 'It is saved.')
  await recordInAudit(req, { verb: 'session:signed-out', details: { why: 'the task was done' } })
  await endTaskSession(req, services(req).db, { text, name: actor?.name ?? '' })
}
