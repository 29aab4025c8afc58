import type { Request, RequestHandler } from 'express'
import { saveSession } from './session.ts'
import type { WaitingForm } from './session-data.ts'

const MOST_BYTES = 50_000
const LONGEST_RETURN = 200

/**
 * Nobody is signed in. A page is asked for again after signing in. A form that came after its session had ended is
 * kept for its sender, and theirs alone: the ended session must be the one the form's token was made for, so that no
 * other site can leave a form waiting here.
 */
export const askToSignIn: RequestHandler = async (req, res) => {
  if (req.method !== 'POST') return res.redirect(303, signInUrl(req))
  // a second click on what was one task at a ward's tablet, and is done
  if (req.session.taskDone) return res.redirect(303, '/sign-in/done')
  const waiting = waitingForm(req)
  if (!waiting) return res.redirect(303, '/sign-in')
  req.session.waitingForm = waiting
  await saveSession(req)
  res.redirect(303, '/sign-in?notice=kept')
}

/** As {@link askToSignIn}, for what means nothing once the session has ended: signing out, or asking for more time. */
export const askToSignInAnew: RequestHandler = (_req, res) => {
  res.redirect(303, '/sign-in')
}

/** The form that waited is being sent, so it waits no longer. */
export const releaseWaitingForm: RequestHandler = (req, _res, next) => {
  if (req.session.waitingForm?.url === req.originalUrl) delete req.session.waitingForm
  next()
}

function signInUrl({ originalUrl }: Request): string {
  return originalUrl.length > LONGEST_RETURN ? '/sign-in' : `/sign-in?return=${encodeURIComponent(originalUrl)}`
}

/** The token is of the session that has ended; a secret is typed anew, and kept nowhere meanwhile. */
const neverWaits: ReadonlySet<string> = new Set(['_csrf', 'pin', 'password'])

function waitingForm(req: Request): WaitingForm | null {
  const { staffId, csrfToken } = req.session
  const body = (req.body ?? {}) as Record<string, unknown>
  if (staffId === undefined || csrfToken === undefined || body._csrf !== csrfToken) return null
  const fields = Object.entries(body)
    .filter(([name]) => !neverWaits.has(name))
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
    )
  return JSON.stringify(fields).length > MOST_BYTES ? null : { staffId, url: req.originalUrl, fields }
}
