import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'

declare module 'express-serve-static-core' {
  interface Request {
    /** Names this request in the log, in the audit and on an error page. */
    id: string
  }
}

/** Every request gets an id of our own: one sent by the caller could carry anything into the log. */
export const requestId: RequestHandler = (req, res, next) => {
  req.id = randomUUID()
  res.set('X-Request-Id', req.id)
  next()
}
