import express, { type RequestHandler } from 'express'
import type { Config } from '../config.ts'
import { TooBusy } from '../lib/refusals.ts'
import { isBearer } from './bearer.ts'
import type { Services } from './context.ts'

/** An address at which another program tells us something: no session, no form, and nothing said in answer. */
export interface Callback {
  path: string
  /** What that program was given to prove who it is; null where none was agreed, and then there is no such address. */
  token: (config: Config) => string | null
  /** Whatever it does not know it passes over: the program would only send it again. */
  handle: (services: Services, body: unknown) => Promise<void>
}

const MOST_BYTES = '8kb'

interface Log {
  error(about: object, message: string): void
}

/** Token, then body: nobody's is read before they may send one. What fails is asked for again by the program itself. */
export function answerCallback({ token, handle }: Callback, services: Services & { log: Log }): RequestHandler[] {
  const expected = token(services.config)
  const guard: RequestHandler = (req, res, next) => {
    if (expected !== null && isBearer(req.headers.authorization, expected)) return next()
    res.status(401).end()
  }
  const readJson: RequestHandler = (req, res, next) => {
    express.json({ limit: MOST_BYTES })(req, res, (error: unknown) => {
      if (error) return void res.status(400).end()
      next()
    })
  }
  const answer: RequestHandler = async (req, res) => {
    try {
      await handle(services, req.body)
      res.status(204).end()
    } catch (error) {
      if (!(error instanceof TooBusy)) services.log.error({ err: error }, 'a callback could not be written down')
      res.status(503).end()
    }
  }
  return [guard, readJson, answer]
}
