import { createHash } from 'node:crypto'
import session from 'express-session'
import { sql } from 'kysely'
import type { Config } from '../config.ts'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'

declare module 'express-session' {
  interface SessionData {
    /** Read anew with every request and never stored, so that disabling someone or changing a role binds at once. */
    actor?: Actor
    staffId?: number
    createdAt?: string
    seenAt?: string
    endsAt?: string
    csrfToken?: string
    /** What to say once at the top of the next page. */
    flash?: string
    /** A form that came after the session ended, waiting for its sender to sign in again. */
    waitingForm?: WaitingForm
  }
}

export interface WaitingForm {
  staffId: number
  url: string
  fields: [string, string][]
}

const MINUTE = 60_000
/** How long after its end a session can still say whose form arrived late. */
const KEPT_AFTER_END_HOURS = 12

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
    this.#load(id).then((data) => callback(null, data), callback)
  }

  override set(id: string, data: session.SessionData, callback: (error?: unknown) => void = () => {}): void {
    this.#save(id, data).then(() => callback(), callback)
  }

  override touch(id: string, data: session.SessionData, callback: (error?: unknown) => void = () => {}): void {
    this.#touch(id, data).then(() => callback(), callback)
  }

  override destroy(id: string, callback: (error?: unknown) => void = () => {}): void {
    const ended = this.#options.db.deleteFrom('sessions').where('id_hash', '=', hashed(id)).execute()
    ended.then(() => callback(), callback)
  }

  async #load(id: string): Promise<session.SessionData | null> {
    const now = this.#options.clock()
    const row = await findSession(this.#options.db, hashed(id))
    if (!row || now > new Date(new Date(row.ends_at).getTime() + KEPT_AFTER_END_HOURS * 60 * MINUTE)) return null
    const stored = row.data as object
    const isLive = now < new Date(row.idle_until) && now < new Date(row.ends_at)
    return {
      ...stored,
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
    const values = { staff_id: staffId, data: JSON.stringify(kept) }
    if (createdAt !== undefined) {
      await db.updateTable('sessions').set(values).where('id_hash', '=', hashed(id)).execute()
      return
    }
    const limits = { created_at: now, seen_at: now, idle_until: this.#idleUntil(now), ends_at: this.#endsAt(now) }
    await db
      .insertInto('sessions')
      .values({ id_hash: hashed(id), ...values, ...limits })
      .execute()
  }

  /** At most once a minute, or every page view would be a write. An idle or ended session is never revived. */
  async #touch(id: string, data: session.SessionData): Promise<void> {
    const now = this.#options.clock()
    if (!data.seenAt || now.getTime() - new Date(data.seenAt).getTime() < MINUTE) return
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

/** Ends every session long past its limits. */
export async function clearOldSessions(db: Database, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEPT_AFTER_END_HOURS * 60 * MINUTE)
  await db.deleteFrom('sessions').where('ends_at', '<', before.toISOString()).execute()
}

function hashed(id: string): Buffer {
  return createHash('sha256').update(id).digest()
}

/** The session, and who it belongs to as they are now: role, wards, organisation, and nobody if disabled. */
function findSession(db: Database, idHash: Buffer) {
  return db
    .selectFrom('sessions')
    .leftJoin('staff', (join) => join.onRef('staff.id', '=', 'sessions.staff_id').on('staff.disabled_at', 'is', null))
    .leftJoin('organisations', 'organisations.id', 'staff.organisation_id')
    .select((eb) => [
      'sessions.staff_id',
      'sessions.data',
      'sessions.created_at',
      'sessions.seen_at',
      'sessions.idle_until',
      'sessions.ends_at',
      eb
        .case()
        .when('staff.id', 'is not', null)
        .then(
          sql<Actor | null>`json_build_object(
            'staffId', staff.id, 'organisationId', staff.organisation_id, 'organisationName', organisations.name,
            'name', staff.name, 'email', staff.email, 'role', staff.role, 'isLeadChampion', staff.is_lead_champion,
            'wardIds', array(select ward_id from staff_wards where staff_wards.staff_id = staff.id order by 1))`,
        )
        .end()
        .as('staff'),
    ])
    .where('sessions.id_hash', '=', idHash)
    .executeTakeFirst()
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
    cookie: { path: '/', httpOnly: true, sameSite: 'lax', secure: config.publicUrl.startsWith('https://') },
  })
}
