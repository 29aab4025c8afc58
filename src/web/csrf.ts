import { csrfSync } from 'csrf-sync'
import type { Request, RequestHandler } from 'express'
import { ForgedForm } from '../lib/refusals.ts'

const { csrfSynchronisedProtection, generateToken } = csrfSync({
  getTokenFromRequest: (req) => {
    const sent = req.body?._csrf ?? req.headers['x-csrf-token']
    return typeof sent === 'string' ? sent : undefined
  },
  getTokenFromState: (req) => req.session.csrfToken,
  storeTokenInState: (req, token) => {
    if (typeof token === 'string') req.session.csrfToken = token
  },
})

/** The session's token, made when the first form of the session is shown. */
export function csrfTokenOf(req: Request): string {
  return generateToken(req)
}

/** Refuses a form whose token is missing, foreign or of another session. */
export const checkCsrfToken: RequestHandler = (req, res, next) => {
  csrfSynchronisedProtection(req, res, (error?: unknown) => next(error === undefined ? undefined : new ForgedForm()))
}
