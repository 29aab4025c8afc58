import { hash } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import session from 'express-session'
import type { Config } from '../config.ts'
import { builtOnce } from '../database/built-once.ts'
import type { Database } from '../database/connection.ts'
import { asRefusal } from '../database/refusals.ts'
import { AnswerLost, TooBusy } from '../lib/refusals.ts'
import { storableJson } from '../lib/storable-json.ts'
import { csrfTokenOf } from './csrf.ts'
import { showError } from './errors.ts'
import type { TaskDone } from './session-data.ts'
import { findSession } from './session-query.ts'

const MINUTE = 60_000
/** How long after its end a session can still say whose form arrived late. */
const KEPT_AFTER_END_HOURS = 12
const MOST_MS = 2_500
/** On a ward's tablet, where the next person is waiting; PostgreSQL takes no longer ones. */
export const TABLET_IDLE_MINUTES = 1
const TABLET_HOURS = 1

interface StoreOptions {
  db: Database
  clock: () => Date
  idleMinutes: number
  hours: number
}

/**
 * Sessions in PostgreSQL. Three things the ready-made stores get wrong here: only a hash of the id is kept; saving
 * updates and never brings back a session that was ended meanwhile; and both limits, idle and absolute, are kept on the
 * server.
 */
export class SessionStore extends session.Store {
  readonly #options: StoreOptions
  constructor(options: StoreOptions) {
    super()
    this.#options = options
  }

  override get(id: string, callback: (error: unknown, data?: session.SessionData | null) => void): void {
    inTime(this.#load(id)).then((data) => callback(null, data), callback)
  }

  override set(id: string, data: session.SessionData, callback: (error?: unknown) => void = () => {}): void {
    inTime(this.#save(id, data)).then(() => callback(), callback)
  }

  override destroy(id: string, callback: (error?: unknown) => void = () => {}): void {
    const ended = this.#options.db.deleteFrom('sessions').where('id_hash', '=', hashed(id)).execute()
    inTime(ended).then(() => callback(), callback)
  }

  async #load(id: string): Promise<session.SessionData | null> {
    const now = this.#options.clock()
    const row = await findSession(this.#options.db, hashed(id), now)
    if (!row || now > new Date(new Date(row.ends_at).getTime() + KEPT_AFTER_END_HOURS * 60 * MINUTE)) return null
    const isLive = now < new Date(row.idle_until) && now < new Date(row.ends_at)
    const isOnTablet = row.tablet_id !== null
    if (isLive && (isOnTablet || now.getTime() - Date.parse(row.seen_at) >= MINUTE))
      await this.#prolong(id, now, isOnTablet)
    return {
      ...row.data,
      cookie: { originalMaxAge: null },
      createdAt: row.created_at,
      seenAt: row.seen_at,
      endsAt: row.ends_at,
      ...(row.staff_id !== null && { staffId: row.staff_id }),
      ...(row.tablet_id !== null && {
        tabletId: row.tablet_id,
        tabletOfSession: { tokenHash: row.tablet_token_hash ?? '', isRevoked: row.tablet_revoked_at !== null },
      }),
      ...(isLive && row.staff && { actor: row.staff }),
    } as session.SessionData
  }

  async #save(id: string, data: session.SessionData): Promise<void> {
    const {
      actor: _,
      cookie: __,
      staffId = null,
      tabletId = null,
      createdAt,
      seenAt: ___,
      endsAt: ____,
      ...rest
    } = data
    const { tabletOfSession: _____, ...kept } = rest
    const { db, clock } = this.#options
    const now = clock()
    const values = { data: storableJson(kept) }
    const isOnTablet = tabletId !== null
    if (createdAt !== undefined) {
      const idleUntil = this.#idleUntil(now, isOnTablet).toISOString()
      await saveContent(db, { idHash: hashed(id), staffId, data: values.data, now: now.toISOString(), idleUntil })
      return
    }
    const limits = {
      created_at: now,
      seen_at: now,
      idle_until: this.#idleUntil(now, isOnTablet),
      ends_at: this.#endsAt(now, isOnTablet),
    }
    await db
      .insertInto('sessions')
      .values({ id_hash: hashed(id), staff_id: staffId, tablet_id: tabletId, ...values, ...limits })
      // saved twice by the request that began it
      .onConflict((conflict) => conflict.column('id_hash').doUpdateSet(values))
      .execute()
  }

  /**
   * At most once a minute, or every page view would be a write; but each time where a minute is all there is. An idle or ended
   * session is never revived. When it is read and not, as express-session would, when its page is sent: for that it holds the
   * last byte of every page back.
   */
  async #prolong(id: string, now: Date, isOnTablet: boolean): Promise<void> {
    await this.#options.db
      .updateTable('sessions')
      .set({ seen_at: now, idle_until: this.#idleUntil(now, isOnTablet) })
      .where('id_hash', '=', hashed(id))
      .where('idle_until', '>', now.toISOString())
      .execute()
  }

  #idleUntil(now: Date, isOnTablet: boolean): Date {
    return new Date(now.getTime() + (isOnTablet ? TABLET_IDLE_MINUTES : this.#options.idleMinutes) * MINUTE)
  }

  #endsAt(now: Date, isOnTablet: boolean): Date {
    return new Date(now.getTime() + (isOnTablet ? TABLET_HOURS : this.#options.hours) * 60 * MINUTE)
  }
}

/** What a session holds that is kept already. */
const saveContent = builtOnce(
  [],
  (db: Database, asked: { idHash: Buffer; staffId: number | null; data: string; now: string; idleUntil: string }) =>
    db
      .updateTable('sessions')
      .set((eb) => ({
        data: asked.data,
        seen_at: asked.now,
        // a form that was long under way counts as use until its end, of a session that has not ended
        idle_until: eb
          .case()
          .when('idle_until', '>', asked.now)
          .then(eb.cast<string>(eb.val(asked.idleUntil), 'timestamptz'))
          .else(eb.ref('idle_until'))
          .end(),
      }))
      .where('id_hash', '=', asked.idHash)
      // its task was done meanwhile: what a slow request still has to say gives it back to nobody
      .where('staff_id', 'is not distinct from', asked.staffId),
)

/** Clears away every session long past its limits, and at once those in which nobody ever signed in. */
export async function clearOldSessions(db: Database, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEPT_AFTER_END_HOURS * 60 * MINUTE)
  await db
    .deleteFrom('sessions')
    .where((eb) =>
      eb.or([
        eb('ends_at', '<', before.toISOString()),
        eb('staff_id', 'is', null).and('idle_until', '<', now.toISOString()),
      ]),
    )
    .execute()
}

/**
 * Goes on in a session with a new id, so that one planted before is worth nothing, and with nothing in it but what is
 * given and a form that waits for this person.
 */
export async function renewSession(
  req: Request,
  staffId: number,
  fields: Pick<session.SessionData, 'staffId' | 'tabletId' | 'pendingSignIn' | 'newRecoveryCodes' | 'flash'>,
): Promise<void> {
  const waiting = req.session.waitingForm
  await new Promise<void>((done, fail) => req.session.regenerate((error) => (error ? fail(error) : done())))
  Object.assign(req.session, fields)
  // a token made with the first page would be a second save
  csrfTokenOf(req)
  if (waiting?.staffId === staffId) req.session.waitingForm = waiting
  await saveSession(req)
}

/**
 * Signs out whoever did one task on a ward's tablet, and keeps in the session what was done. It goes on under the same id, as
 * nobody's, so that a second click on the same button is told what the first one did.
 */
export async function endTaskSession(req: Request, db: Database, taskDone: TaskDone): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ staff_id: null, tablet_id: null, data: storableJson({ taskDone }) })
    .where('id_hash', '=', hashed(req.sessionID))
    .where('staff_id', '=', req.session.staffId ?? 0)
    .execute()
  for (const key of ['actor', 'staffId', 'tabletId', 'tabletOfSession', 'csrfToken', 'flash', 'waitingForm'] as const)
    delete req.session[key]
  req.session.taskDone = taskDone
}

/** Writes the session now, so that a database that is away is an error page and not a page that leads nowhere. */
export async function saveSession(req: Request): Promise<void> {
  try {
    await new Promise<void>((done, fail) => req.session.save((error) => (error ? fail(error) : done())))
  } catch (error) {
    // the page that says so goes without, or it would be saved with that page and fail again
    delete (req as { session?: unknown }).session
    throw error
  }
  saved.set(req, contentOf(req.session))
}

/**
 * Every request needs its session, so it is here that a database which takes questions and does not answer is noticed.
 * (One that is gone refuses at once, and one that is busy lets nobody in: the pool tells.)
 */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new TooBusy()), MOST_MS)
  try {
    return await Promise.race([work, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

function hashed(id: string): Buffer {
  return hash('sha256', id, 'buffer')
}

/** `__Host-` keeps a cookie to this very host, over https; a browser takes it on nothing else, so loopback goes plain. */
export function cookieName(config: Config): string {
  return config.publicUrl.startsWith('https://') ? '__Host-session' : 'session'
}

export function sessions(store: SessionStore, config: Config, secret: string) {
  return session({
    store,
    secret,
    name: cookieName(config),
    resave: false,
    saveUninitialized: false,
    cookie: cookieOptions(config),
  })
}

/**
 * Saves what a request changed in its session before the answer to it begins. express-session sends the head of an answer
 * first and saves after that: on a busy machine one message in ten came too late for the page that a redirect leads to,
 * and when the database went away in between, the answer broke off in place of saying so.
 */
export const saveSessionFirst: RequestHandler = (req, res, next) => {
  // an address that is no path at all, like *, comes without one
  if (!req.session) return next()
  saved.set(req, contentOf(req.session))
  const end = res.end.bind(res) as (...body: unknown[]) => Response
  res.end = (...body: unknown[]) => {
    res.end = end
    // a file that is sent in pieces has begun, and changes no session
    if (!req.session || res.headersSent || contentOf(req.session) === saved.get(req)) return end(...body)
    saveSession(req)
      .then(
        () => end(...body),
        (error: unknown) => {
          for (const name of ofTheAnswer) res.removeHeader(name)
          // not by `next`: the answer that is lost may itself be an error page
          return showError(asRefusal(error) instanceof TooBusy ? new AnswerLost() : error, req, res, next)
        },
      )
      .catch(next)
    return res
  }
  next()
}

const ofTheAnswer = ['Location', 'Content-Type', 'Content-Length', 'Content-Disposition']

/** What was in the session when it was last read or saved. */
const saved = new WeakMap<Request, string>()

function contentOf({ cookie: _, ...content }: session.SessionData): string {
  return JSON.stringify(content)
}

/** Also for clearing the cookie: a browser lets nothing but a `__Host-` cookie replace one. */
export function cookieOptions(config: Config) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: config.publicUrl.startsWith('https://') } as const
}
