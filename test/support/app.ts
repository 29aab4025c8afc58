import { createHmac, randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import type { Express } from 'express'
import type { Pool } from 'pg'
import supertest from 'supertest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { type Change, makeChange } from '../../src/database/change.ts'
import { type Database, openDatabase } from '../../src/database/connection.ts'
import type { Actor, Role } from '../../src/lib/actor.ts'
import { countGuesses } from '../../src/sign-in/actions.ts'
import { createLog } from '../../src/web/log.ts'
import { cookieName, SessionStore } from '../../src/web/session.ts'
import { createTestDatabase, openTestPool } from './database.ts'
import { addPeople, type People, password } from './people.ts'

/** A Monday in summer time, 10:30 in London. */
export const startOfTest = new Date('2026-08-03T09:30:00.000Z')

export interface TestApp {
  app: Express
  /** Where it listens. */
  address: string
  db: Database
  pool: Pool
  /** What the app was made with. */
  services: Parameters<typeof createApp>[0]
  ownerUrl: string
  appUrl: string
  retentionUrl: string
  /** The superuser, in this database. */
  adminUrl: string
  people: People
  /** The app's clock; move it with `setClock`. */
  clock: () => Date
  setClock(now: Date): void
  /** Everything that was logged so far. */
  logged(): string
  visitor(): Visitor
  /** As after signing in, by a session that was put there: to sign in for every test would take a third of a run. */
  signedInAs(who: Role | Actor): Promise<Visitor>
  /** The cookie and the token of a session that was put there. */
  beginSession(staffId: number): Promise<{ name: string; value: string; csrfToken: string }>
  /** Makes a change as the app would, without a request. */
  changeAs<T>(who: Role | Actor, work: (change: Change) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** The real app over a real database of its own. Only the clock is ours. */
export async function startApp(env: NodeJS.ProcessEnv = {}): Promise<TestApp> {
  const database = await createTestDatabase()
  const pool = openTestPool({ url: database.appUrl, applicationName: 'test', connections: 4 })
  const db = openDatabase(pool)
  let now = startOfTest
  const clock = () => now
  const lines: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: database.appUrl, ...env })
  const services = {
    config,
    db,
    clock,
    log: createLog('info', sink),
    sessionSecret: secret,
    secondStepKey: secret,
    guesses: countGuesses(pool),
  }
  const app = createApp(services)
  const server = await listen(app)
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const people = await addPeople(db, now)
  const store = new SessionStore({ db, clock, idleMinutes: config.sessionIdleMinutes, hours: config.sessionHours })
  const beginSession = async (staffId: number) => {
    const [id, csrfToken] = [randomBytes(16).toString('hex'), randomBytes(128).toString('hex')]
    const data = { cookie: { originalMaxAge: null }, staffId, csrfToken }
    await new Promise<void>((done, fail) => store.set(id, data, (error) => (error ? fail(error) : done())))
    return { name: cookieName(config), value: encodeURIComponent(signed(id)), csrfToken }
  }
  const actorOf = (who: Role | Actor) => (typeof who === 'string' ? people.actors[who] : who)
  return {
    app,
    address,
    db,
    pool,
    services,
    ownerUrl: database.ownerUrl,
    appUrl: database.appUrl,
    retentionUrl: database.retentionUrl,
    adminUrl: database.adminUrl,
    people,
    clock,
    setClock: (to) => {
      now = to
    },
    logged: () => lines.join(''),
    visitor: () => new Visitor(server),
    signedInAs: async (who) => new Visitor(server).resume(await beginSession(actorOf(who).staffId)),
    beginSession,
    changeAs: (who, work) => makeChange({ db, by: actorOf(who), clock }, work),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await db.destroy()
      await database.drop()
    },
  }
}

const secret = 'only for tests'

/** As express-session signs what it puts into its cookie. */
function signed(id: string): string {
  return `s:${id}.${createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '')}`
}

/** One server for all that is asked in a test file: supertest would start another for every question. */
async function listen(app: Express): Promise<Server> {
  const server = app.listen(0, '127.0.0.1')
  // a connection that nothing went over for a while must not be closed the moment something does
  server.keepAliveTimeout = 0
  await new Promise((listening) => server.once('listening', listening))
  return server
}

type Fields = Record<string, string | number | string[]>

/** A picture of words is read as what it is; supertest takes every picture for bytes. */
function readAsText(res: supertest.Response, done: (error: Error | null, body: unknown) => void): void {
  const stream = res as unknown as NodeJS.ReadableStream & { text: string }
  stream.text = ''
  stream.on('data', (chunk: Buffer) => {
    stream.text += chunk.toString()
  })
  stream.on('end', () => done(null, {}))
}

/** A browser without a screen: keeps its cookies, and sends the token of its session with every form. */
export class Visitor {
  readonly agent: ReturnType<typeof supertest.agent>
  csrfToken = ''

  constructor(app: Express | Server) {
    this.agent = supertest.agent(app)
  }

  async signIn(email: string, secret: string = password): Promise<this> {
    await this.readToken('/sign-in')
    const answer = await this.post('/sign-in', { email, password: secret })
    if (answer.status !== 303) throw new Error(`${email} could not sign in: ${answer.status}`)
    await this.readToken('/')
    return this
  }

  /** Goes on with a session that was begun elsewhere. */
  resume({ name, value, csrfToken }: { name: string; value: string; csrfToken: string }): this {
    this.agent.jar.setCookie(`${name}=${value}; Path=/`, '127.0.0.1', '/')
    this.csrfToken = csrfToken
    return this
  }

  get(path: string) {
    const asked = this.agent.get(path)
    return path.includes('.svg') ? asked.buffer(true).parse(readAsText) : asked
  }

  /** Sends a form. Redirects are not followed: where it leads is part of the answer. */
  post(path: string, fields: Fields = {}) {
    return this.agent
      .post(path)
      .type('form')
      .send({ _csrf: this.csrfToken, ...fields })
  }

  postFile(path: string, field: string, bytes: Buffer, fileName: string, fields: Record<string, string> = {}) {
    const request = this.agent.post(path).field('_csrf', this.csrfToken)
    for (const [name, value] of Object.entries(fields)) request.field(name, value)
    return request.attach(field, bytes, fileName)
  }

  async readToken(path: string): Promise<void> {
    const page = await this.get(path)
    this.csrfToken = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  }
}
