import { isNativeError } from 'node:util/types'
import type { Request, RequestHandler, Response } from 'express'
import pino, { type DestinationStream } from 'pino'

/**
 * Structured lines, one an event. What people typed never gets in: a request is logged by its route and not its URL, and
 * an error by its kind and message and not by what it was given. pino writes JSON, so a line end in a value stays text.
 */
export function createLog(level: string, destination?: DestinationStream) {
  const options = { level, base: null, serializers: { err: safeError } }
  return pino(options, destination ?? pino.destination(WRITTEN_TOGETHER))
}

/** A write for each line took a tenth of a small page. Lines wait a fifth of a second at most, and for no exit. */
const WRITTEN_TOGETHER = { sync: false, minLength: 16_000, periodicFlush: 200 }

/** PostgreSQL puts the offending row into `detail`, so an error is copied field by field. */
function safeError(error: unknown): object {
  if (!isNativeError(error)) return { type: typeof error }
  const { name, message, stack } = error
  const isFromPostgres = 'severity' in error
  const code = 'code' in error ? error.code : undefined
  const constraint = 'constraint' in error ? error.constraint : undefined
  return {
    type: name,
    code,
    constraint,
    message: isFromPostgres ? undefined : message,
    // a message of several lines stands in here too
    stack: stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 7),
  }
}

/** Logs each request once it is answered. */
export function logRequests(log: pino.Logger): RequestHandler {
  return (req, res, next) => {
    const start = process.hrtime.bigint()
    res.on('finish', () => {
      const ms = Number(process.hrtime.bigint() - start) / 1e6
      const route = routeOf(req, res)
      const staff = req.session?.actor?.staffId
      log.info({ requestId: req.id, method: req.method, route, status: res.statusCode, ms: Math.round(ms), staff })
    })
    next()
  }
}

/** What a request is called where its address must not stand: the route that answered it. */
export function routeOf(req: Request, res: Response): string {
  return req.route?.path ?? (res.statusCode === 404 ? 'unknown' : 'none')
}
