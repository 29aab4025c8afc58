import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import { asRefusal } from '../database/refusals.ts'
import {
  AnswerLost,
  ForgedForm,
  NotAllowed,
  NotFound,
  Refusal,
  RuleBroken,
  Stale,
  TabletRevoked,
  Taken,
  TooBusy,
} from '../lib/refusals.ts'
import type { Page } from '../lib/view-model.ts'
import { recordInAudit } from './audit.ts'
import { services } from './context.ts'
import { renderPage } from './views.ts'

type ErrorPage = Page & { lead: string; more: string[]; requestId: string }

/** Nothing answered: there is no such page. */
export const notFound: RequestHandler = () => {
  throw new NotFound()
}

/**
 * The one place where a refusal or a fault becomes a page: true status, plain words, a reference to quote, and never a
 * stack, whatever NODE_ENV is.
 */
export const showError: ErrorRequestHandler = async (thrown, req, res, next) => {
  const error = asRefusal(thrown)
  const status = statusOf(error)
  const log = services(req).log
  if (status >= 500 && !(error instanceof Refusal)) log.error({ err: error, requestId: req.id }, 'request failed')
  if (res.writableEnded) return
  if (res.headersSent) return next(error)
  if (error instanceof Refusal && isWorthKeeping(error, req)) await keepRefusal(req, error)
  res.status(status)
  if (error instanceof TooBusy) res.set('Retry-After', '5')
  renderPage(res, 'error', errorPage(error, status, req), { status })
}

/** When even the error page cannot be made, or half of another page is sent: Express itself would show the stack. */
export const lastResort: ErrorRequestHandler = (error, req, res, _next) => {
  services(req).log.error({ err: error, requestId: req.id }, 'no error page could be shown')
  if (res.headersSent) return void req.socket.destroy()
  res.status(500).type('text').send(`Something went wrong. Reference: ${req.id}`)
}

function statusOf(error: unknown): number {
  if (error instanceof Refusal) return error.status
  // what Express and its parsers raise for a bad request carries its own status
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500
  return status >= 400 && status < 500 ? status : 500
}

/** A page nobody has is no event; a record asked for that is not theirs is, and so is every write that was refused. */
function isWorthKeeping(error: Refusal, req: Request): boolean {
  if (error instanceof TooBusy || !req.session?.actor) return error instanceof ForgedForm
  return !(error instanceof NotFound) || req.route !== undefined
}

/** Writes a refusal to the audit, in a statement of its own: what was refused was rolled back. */
export async function keepRefusal(req: Request, error: Refusal): Promise<void> {
  try {
    await recordInAudit(req, { verb: error.verb, details: { method: req.method, path: req.path } })
  } catch (failure) {
    services(req).log.error({ err: failure, requestId: req.id }, 'a refusal could not be audited')
  }
}

function errorPage(error: unknown, status: number, req: Request): ErrorPage {
  const isOnTablet = error instanceof NotAllowed && Boolean(req.session?.actor?.tablet)
  const [title, lead, ...more] = isOnTablet ? notOnTablet : wordsFor(error, status)
  return { title, lead, more, requestId: req.id }
}

const notOnTablet: [string, string] = [
  'You cannot do this with a PIN or a badge',
  'They are for the ward’s own work. For this, sign out and sign in with your email and password.',
]

function wordsFor(error: unknown, status: number): [string, string, ...string[]] {
  if (error instanceof NotAllowed) {
    return [
      'You cannot do this',
      'Your role does not allow this. If you need it for your work, ask your administrator.',
    ]
  }
  if (error instanceof TabletRevoked) {
    return [
      'This tablet is no longer enrolled',
      'An administrator has taken it off. You are signed out, and what you had just sent was not saved.',
      'You can still sign in with your email and password. To enrol the tablet again, ask your administrator.',
    ]
  }
  if (error instanceof ForgedForm) {
    return [
      'Send the form again',
      'This page was open too long or in another window, so nothing was saved. Go back, load the page again and send it again.',
    ]
  }
  if (error instanceof Stale) {
    return [
      'Someone changed this first',
      error.message,
      'Nothing you typed was saved. Open the page again to see how it is now.',
    ]
  }
  if (error instanceof NotFound && error.message !== '') return ['This is not here', error.message]
  if (error instanceof Taken || error instanceof RuleBroken)
    return ['This cannot be done', error.message, 'Nothing was changed.']
  if (error instanceof Refusal && status === 409) return ['This cannot be done', error.message, 'Nothing was changed.']
  if (error instanceof AnswerLost) {
    return [
      'The service is busy',
      'Wait a minute and open the page again.',
      'If you had just sent a form, it may have been saved. Look before you send it again.',
    ]
  }
  return wordsForStatus(status)
}

function wordsForStatus(status: number): [string, string, ...string[]] {
  if (status === 404) {
    return [
      'Page not found',
      'If you typed the web address, check it is right.',
      'If you followed a link, what it led to may have been moved or removed.',
    ]
  }
  if (status === 413)
    return ['This is too large', 'What you sent is larger than this service takes. Nothing was saved.']
  if (status === 503) {
    return [
      'The service is busy',
      'Wait a minute and try again. Nothing was lost, but what you just sent was not saved.',
    ]
  }
  if (status < 500)
    return [
      'This could not be read',
      'Something in what was sent is not as it should be. Nothing was saved. Go back and try again.',
    ]
  return [
    'Something went wrong',
    'Try again later. Nothing was half saved.',
    'If it keeps happening, tell your administrator the reference below.',
  ]
}

/** Shows a form again with what is wrong in it. */
export function showAgain(res: Response, view: string, page: Page, status: 409 | 422 = 422): void {
  renderPage(res, view, page, { status })
}
