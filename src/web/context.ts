import type { Request } from 'express'
import type { RateLimiterPostgres } from 'rate-limiter-flexible'
import type { Config } from '../config.ts'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { NotAllowed, NotFound } from '../lib/refusals.ts'

export interface Logger {
  info(fields: object, message?: string): void
  warn(fields: object, message?: string): void
  error(fields: object, message?: string): void
}

/** What the app is made with. Tests replace the clock; the database is always a real one. */
export interface Services {
  config: Config
  db: Database
  clock: () => Date
  log: Logger
  sessionSecret: string
  /** Encrypts the secrets of second steps; see lib/sealed.ts. */
  secondStepKey: string
  /** Counts guesses at passwords; see sign-in/actions.ts. */
  guesses: RateLimiterPostgres
}

export interface Context {
  db: Database
  actor: Actor
  now: Date
  config: Config
  log: Logger
}

/** What a handler works with. Throws where nobody is signed in: such a route forgot its right. */
export function context(req: Request): Context {
  const { db, clock, config, log } = services(req)
  const actor = req.session.actor
  if (!actor) throw new NotAllowed()
  return { db, actor, now: clock(), config, log }
}

export function services(req: Request): Services {
  return req.app.locals.services as Services
}

/** An id from the URL. Whatever is no id at all answers like an id nobody has. */
export function idFrom(req: Request, name = 'id'): number {
  const text = req.params[name]
  if (typeof text !== 'string' || !/^[1-9]\d{0,14}$/.test(text)) throw new NotFound()
  return Number(text)
}

/** A text from the URL's path, such as a tag. */
export function textFrom(req: Request, name: string): string {
  const text = req.params[name]
  // PostgreSQL text holds no NUL
  if (typeof text !== 'string' || text.includes('\0') || text.length > 200) throw new NotFound()
  return text
}

/** One value of the query string; a repeated one is an array there, and counts as none. */
export function queryText(req: Request, name: string): string {
  const value = req.query[name]
  return typeof value === 'string' ? value.replaceAll('\0', '').trim().slice(0, 200) : ''
}

/** The cursor of a list: of the page before a row, or after it, or of none. */
export function listCursor(req: Request): { after?: string; before?: string } {
  const before = queryText(req, 'before')
  const after = queryText(req, 'after')
  if (before !== '') return { before }
  return after === '' ? {} : { after }
}

/** The cursor of a list whose cursors are ids. What is no id counts as none, and the list begins at its first page. */
export function idCursor(req: Request): { after?: string; before?: string } {
  const isId = (text: string) => /^[1-9]\d{0,14}$/.test(text)
  const before = queryText(req, 'before')
  const after = queryText(req, 'after')
  if (isId(before)) return { before }
  return isId(after) ? { after } : {}
}
