import compression from 'compression'
import express, { type Express, type RequestHandler, Router } from 'express'
import helmet from 'helmet'
import type pino from 'pino'
import { callbacks, features } from './features.ts'
import { access } from './web/access.ts'
import { answerCallback } from './web/callbacks.ts'
import type { Services } from './web/context.ts'
import { checkCsrfToken, csrfTokenOf } from './web/csrf.ts'
import { lastResort, notFound, showError } from './web/errors.ts'
import { live, ready } from './web/health.ts'
import { pageFrame } from './web/layout.ts'
import { logRequests } from './web/log.ts'
import type { Metrics } from './web/metrics.ts'
import { requestId } from './web/request-id.ts'
import type { Route } from './web/routes.ts'
import { SessionStore, saveSessionFirst, sessions } from './web/session.ts'
import { askToSignIn, askToSignInAnew, releaseWaitingForm } from './web/sign-in-required.ts'
import { staticFiles } from './web/static.ts'
import { holdToTablet, signOutAfterTask } from './web/tablet-session.ts'
import { readUpload } from './web/upload.ts'
import { createViews } from './web/views.ts'

/** The whole app over its services. Tests make the same one, with another clock. */
export function createApp(services: Services & { log: pino.Logger; metrics?: Metrics | null }): Express {
  const { config, db, clock, log, sessionSecret, metrics } = services
  const app = express()
  app.locals.services = services
  app.set('trust proxy', config.trustProxy)
  app.set('query parser', 'simple')
  app.disable('x-powered-by')
  app.disable('etag')
  createViews(app)

  if (metrics) app.use(metrics.countRequests)
  app.use(requestId, logRequests(log), securityHeaders(config.publicUrl.startsWith('https://')), compression())
  app.get('/health/live', live)
  app.get('/health/ready', ready)
  if (metrics && config.metricsToken !== null) app.get('/metrics', metrics.show(config.metricsToken))
  for (const callback of callbacks) {
    if (callback.token(config) !== null) app.post(callback.path, answerCallback(callback, services))
  }
  app.use(neverStore, pageFrame(config, csrfTokenOf))
  app.use(staticFiles())
  const store = new SessionStore({ db, clock, idleMinutes: config.sessionIdleMinutes, hours: config.sessionHours })
  app.use(sessions(store, config, sessionSecret), saveSessionFirst, holdToTablet)
  app.use(express.urlencoded({ extended: false, limit: '200kb', parameterLimit: 2_000 }))
  app.use(routesByFirstWord(features.flatMap((feature) => feature.routes)))
  app.use(notFound, showError, lastResort)
  return app
}

/** Of some 300 routes, those that begin with the first word of the address are tried, in their order; the others need not be. */
function routesByFirstWord(routes: Route[]): RequestHandler {
  const routers = new Map<string, Router>()
  for (const [word, together] of Map.groupBy(routes, ({ path }) => firstWord(path))) {
    const router = Router()
    for (const route of together) mount(router, route)
    routers.set(word, router)
  }
  const findRoute: RequestHandler = (req, res, next) => {
    const router = routers.get(firstWord(req.path))
    return router ? router(req, res, next) : next()
  }
  // as Express's own routers have it: whoever lists what the app answers finds these routes too
  return Object.assign(findRoute, { stack: [...routers.values()].flatMap(({ stack }) => stack) })
}

/** As Express compares paths: in whatever case it was typed. */
function firstWord(path: string): string {
  return path.split('/', 2)[1]?.toLowerCase() ?? ''
}

/** Session, then right, then file, then token: nobody's file is read before they may send one. */
function mount(app: Router, { method, path, right, handler, upload, isStep }: Route): void {
  const guards: RequestHandler[] = [access(right, meansNothingLater(right) ? askToSignInAnew : askToSignIn)]
  if (upload) guards.push(readUpload(upload))
  if (method === 'post') guards.push(checkCsrfToken, releaseWaitingForm)
  if (method === 'post' && !isStep) guards.push(signOutAfterTask)
  app[method](path, ...guards, handler)
}

/** A form about the session is of no use after its end, and one about the account holds a password, which is kept nowhere. */
function meansNothingLater(right: Route['right']): boolean {
  return right === 'signed-in' || right === 'own-account:write' || right === 'own-pin:write'
}

function securityHeaders(isHttps: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: isHttps ? { maxAge: 63_072_000, includeSubDomains: true } : false,
    xFrameOptions: { action: 'deny' },
  })
}

const neverStore: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store')
  next()
}
