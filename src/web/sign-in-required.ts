import type { Request, RequestHandler } from 'express'
import type { WaitingForm } from './session.ts'

const MOST_BYTES = 50_000

/**
 * Nobody is signed in. A page is asked for again after signing in. A form that came after its session had ended is
 * kept for its sender, and theirs alone: the ended session must be the one the form's token was made for, so that no
 * other site can leave a form waiting here.
 */
export function askToSignIn(req: Request): RequestHandler {
  return (_req, res) => {
    if (req.method === 'GET' || req.method === 'HEAD') {
      res.redirect(303, `/sign-in?return=${encodeURIComponent(req.originalUrl)}`)
      return
    }
    const waiting = waitingForm(req)
    if (waiting) req.session.waitingForm = waiting
    res.redirect(303, waiting ? '/sign-in?notice=kept' : '/sign-in')
  }
}

function waitingForm(req: Request): WaitingForm | null {
  const { staffId, csrfToken } = req.session
  const body = (req.body ?? {}) as Record<string, unknown>
  if (staffId === undefined || csrfToken === undefined || body._csrf !== csrfToken) return null
  const fields = Object.entries(body)
    .filter(([name]) => name !== '_csrf')
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
    )
  return JSON.stringify(fields).length > MOST_BYTES ? null : { staffId, url: req.originalUrl, fields }
}
