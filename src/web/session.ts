import { hash } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import session from 'express-session'
import { CompiledQuery } from 'kysely'
import type { Config } from '../config.ts'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { TooBusy } from '../lib/refusals.ts'
import { storableJson } from '../lib/storable-json.ts'
import type { Link } from '../lib/view-model.ts'
import { csrfTokenOf } from './csrf.ts'

declare module 'express-session' {
  interface SessionData {
    /** Read anew with every request and never stored, so that disabling someone or changing a role binds at once. */
    actor?: Actor
    staffId?: number
    /** The password was right and the second step is still to come: nobody is signed in yet, so there is no staffId. */
    pendingSignIn?: PendingSignIn
    /** The secret of a phone that is being set up, sealed. */
    newSecret?: { sealed: string; since: string }
    /** Recovery codes that were made and are to be written down, sealed; and where to go on after that. */
    newRecoveryCodes?: { sealed: string; next: string }
    createdAt?: string
    seenAt?: string
    endsAt?: string
    /** What to say once at the top of the next page. */
    flash?: string | Flash
    /** A form that came after the session ended, waiting for its sender to sign in again. */
    waitingForm?: WaitingForm
    /** What this person's last scan at the bench did, to be taken back by one more scan. */
    lastScan?: { itemId: number; holdId: number; tag: string; steps: string[] }
  }
}

export interface Flash {
  text: string
  /** Where to go on. */
  link?: Link
  /** For a page that gives the focus to a box of its own, which is `describedBy` the message and so reads it out. */
  leavesFocus?: boolean
  /** It was done, and is not all well: said without the green of success. */
  isWarning?: boolean
}

export interface PendingSignIn {
  staffId: number
  /** As the account was: a new password, another role or a reset meanwhile, and one begins again. */
  version: number
  since: string
  returnTo: string
}

export interface WaitingForm {
  staffId: number
  url: string
  fields: [string, string][]
}

const MINUTE = 60_000
/** How long after its end a session can still say whose form arrived late. */
const KEPT_AFTER_END_HOURS = 12
const MOST_MS = 2_500

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
    const row = await findSession(this.#options.db, hashed(id))
    if (!row || now > new Date(new Date(row.ends_at).getTime() + KEPT_AFTER_END_HOURS * 60 * MINUTE)) return null
    const isLive = now < new Date(row.idle_until) && now < new Date(row.ends_at)
    if (isLive && now.getTime() - Date.parse(row.seen_at) >= MINUTE) await this.#prolong(id, now)
    return {
      ...row.data,
      cookie: { originalMaxAge: null },
      createdAt: row.created_at,
      seenAt: row.seen_at,
      endsAt: row.ends_at,
      ...(row.staff_id !== null && { staffId: row.staff_id }),
      ...(isLive && row.staff && { actor: row.staff }),
    } as session.SessionData
  }

  async #save(id: string, data: session.SessionData): Promise<void> {
    const { actor: _, cookie: __, staffId = null, createdAt, seenAt: ___, endsAt: ____, ...kept } = data
    const { db, clock } = this.#options
    const now = clock()
    const values = { staff_id: staffId, data: storableJson(kept) }
    if (createdAt !== undefined) {
      // a form that was long under way counts as use until its end, of a session that has not ended
      const idleUntil = this.#idleUntil(now).toISOString()
      await db
        .updateTable('sessions')
        .set((eb) => ({
          ...values,
          seen_at: now,
          idle_until: eb
            .case()
            .when('idle_until', '>', now.toISOString())
            .then(eb.cast<string>(eb.val(idleUntil), 'timestamptz'))
            .else(eb.ref('idle_until'))
            .end(),
        }))
        .where('id_hash', '=', hashed(id))
        .execute()
      return
    }
    const limits = { created_at: now, seen_at: now, idle_until: this.#idleUntil(now), ends_at: this.#endsAt(now) }
    await db
      .insertInto('sessions')
      .values({ id_hash: hashed(id), ...values, ...limits })
      // saved twice by the request that began it
      .onConflict((conflict) => conflict.column('id_hash').doUpdateSet(values))
      .execute()
  }

  /**
   * At most once a minute, or every page view would be a write. An idle or ended session is never revived. When it is
   * read and not, as express-session would, when its page is sent: for that it holds the last byte of every page back.
   */
  async #prolong(id: string, now: Date): Promise<void> {
    await this.#options.db
      .updateTable('sessions')
      .set({ seen_at: now, idle_until: this.#idleUntil(now) })
      .where('id_hash', '=', hashed(id))
      .where('idle_until', '>', now.toISOString())
      .execute()
  }

  #idleUntil(now: Date): Date {
    return new Date(now.getTime() + this.#options.idleMinutes * MINUTE)
  }

  #endsAt(now: Date): Date {
    return new Date(now.getTime() + this.#options.hours * 60 * MINUTE)
  }
}

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
  fields: Pick<session.SessionData, 'staffId' | 'pendingSignIn' | 'newRecoveryCodes' | 'flash'>,
): Promise<void> {
  const waiting = req.session.waitingForm
  await new Promise<void>((done, fail) => req.session.regenerate((error) => (error ? fail(error) : done())))
  Object.assign(req.session, fields)
  // a token made with the first page would be saved after that page is on its way
  csrfTokenOf(req)
  if (waiting?.staffId === staffId) req.session.waitingForm = waiting
  await saveSession(req)
}

/** Writes the session now, so that a database that is away is an error page and not a page that leads nowhere. */
export async function saveSession(req: Request): Promise<void> {
  await new Promise<void>((done, fail) => req.session.save((error) => (error ? fail(error) : done())))
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

interface SessionRow {
  staff_id: number | null
  data: object
  created_at: string
  seen_at: string
  idle_until: string
  ends_at: string
  staff: Actor | null
}

/**
 * The session, and who it belongs to as they are now: role, wards, organisation, and nobody if disabled. Every request
 * asks this, so it is text: Kysely takes as long to put it together as PostgreSQL to answer it.
 */
const SESSION_SQL = `
  select sessions.staff_id, sessions.data, sessions.created_at, sessions.seen_at, sessions.idle_until, sessions.ends_at,
         case when staff.id is not null then json_build_object(
           'staffId', staff.id, 'organisationId', staff.organisation_id, 'organisationName', organisations.name,
           'name', staff.name, 'email', staff.email, 'role', staff.role, 'isLeadChampion', staff.is_lead_champion, 'caseloadOnly', staff.caseload_only, 'openedIds', '[]'::json,
           'wardIds', array(select ward_id from staff_wards where staff_wards.staff_id = staff.id order by 1)
         ) end as staff
  from sessions
  left join staff on staff.id = sessions.staff_id and staff.disabled_at is null
  left join organisations on organisations.id = staff.organisation_id
  where sessions.id_hash = $1`

async function findSession(db: Database, idHash: Buffer): Promise<SessionRow | undefined> {
  const { rows } = await db.executeQuery<SessionRow>(CompiledQuery.raw(SESSION_SQL, [idHash]))
  return rows[0]
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
 * Saves what is to be said on the next page before the redirect to it is sent. express-session sends the head of an
 * answer first and saves after that, and a browser follows a redirect by its head: on a busy machine one message in ten
 * came too late for its page.
 */
export const saveFlashFirst: RequestHandler = (req, res, next) => {
  const redirect = res.redirect.bind(res) as (...to: unknown[]) => void
  res.redirect = (...to: unknown[]) => {
    if (req.session?.flash === undefined) return redirect(...to)
    saveSession(req).then(() => redirect(...to), next)
  }
  next()
}

/** Also for clearing the cookie: a browser lets nothing but a `__Host-` cookie replace one. */
export function cookieOptions(config: Config) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: config.publicUrl.startsWith('https://') } as const
}
