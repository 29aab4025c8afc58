import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { model } from '../../seeds/factories.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { readCluster } from '../support/database.ts'
import { startStopwatch } from '../support/stopwatch.ts'
import { type ServerProcess, startServer, untilReady } from './server-process.ts'

let app: TestApp
let dataDir: string
let settings: Record<string, string>
const servers: ServerProcess[] = []

beforeAll(async () => {
  app = await startApp()
  dataDir = await mkdtemp(join(tmpdir(), 'loans-server-'))
  settings = { DATABASE_URL: app.appUrl, DATA_DIR: dataDir, DEMO_DATA: 'no' }
})
afterAll(async () => {
  for (const { child } of servers) child.kill('SIGKILL')
  await Promise.all(servers.map(({ ended }) => ended))
  await rm(dataDir, { recursive: true, force: true })
  await app.close()
})

async function start(changed: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startServer({ ...settings, ...changed })
  servers.push(server)
  return server
}

/** The same database, signed in to as somebody else. */
function urlAs(role: 'owner' | 'admin'): string {
  const { ownerUrl, adminUrl } = readCluster()
  const url = new URL(role === 'owner' ? ownerUrl : adminUrl)
  url.pathname = new URL(app.appUrl).pathname
  return url.href
}

const production = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://loans.example',
  TRUST_PROXY: '1',
  SESSION_SECRET: 'a secret of more than 32 characters',
  SECOND_STEP_KEY: 'a key of 32 characters and more than that',
  SMTP_URL: 'smtp://127.0.0.1:9',
  MAIL_FROM: 'loans@loans.example',
}

describe('in production', () => {
  it.each(['owner', 'admin'] as const)('it does not start as the %s of the database', async (role) => {
    const server = await start({ ...production, DATABASE_URL: urlAs(role) })
    expect(await server.ended).toBe(1)
    expect(server.output()).toContain(
      'DATABASE_URL: the app must not sign in as the owner of its tables or as a superuser',
    )
    expect(server.output()).not.toMatch(/postgres(ql)?:\/\//)
  })

  it('it does not start as somebody who may become the owner', async () => {
    const admin = new pg.Client({ connectionString: urlAs('admin') })
    await admin.connect()
    const role = `sly_${process.pid}`
    await admin.query(`create role ${role} login password 'sly' in role loans_owner`)
    const url = new URL(app.appUrl)
    url.username = role
    url.password = 'sly'
    await admin.query(`grant connect on database ${url.pathname.slice(1)} to ${role}`)
    try {
      const server = await start({ ...production, DATABASE_URL: url.href })
      expect(await server.ended).toBe(1)
      expect(server.output()).toContain('DATABASE_URL: the app must not sign in as the owner')
    } finally {
      await admin.query(`drop owned by ${role}; drop role ${role}`)
      await admin.end()
    }
  })

  it('it does not start on unsafe settings, and says all that is wrong at once', async () => {
    const server = await start({ NODE_ENV: 'production', DEMO_DATA: 'yes' })
    expect(await server.ended).toBe(1)
    for (const name of ['SESSION_SECRET', 'PUBLIC_URL', 'DEMO_DATA']) expect(server.output()).toContain(`${name}: `)
    expect(server.output()).not.toMatch(/\bat .+\.ts:\d/)
  })
})

describe('told to stop', () => {
  let address: string
  let server: ServerProcess
  let cookie: string
  let token: string

  async function signIn(): Promise<void> {
    const page = await fetch(`${address}/sign-in`)
    const text = await page.text()
    const before = page.headers.get('set-cookie')!.split(';')[0]!
    const { email } = app.people.actors.champion
    const body = new URLSearchParams({ _csrf: tokenIn(text), email, password: 'a kettle and two mugs' })
    const answer = await fetch(`${address}/sign-in`, {
      method: 'POST',
      body,
      headers: { cookie: before },
      redirect: 'manual',
    })
    cookie = answer.headers.get('set-cookie')!.split(';')[0]!
    token = tokenIn(await (await fetch(`${address}/`, { headers: { cookie } })).text())
  }

  const tokenIn = (text: string) => /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? ''

  /** Somebody else has the row, so that the form that changes it hangs. */
  async function holdModel(id: number): Promise<pg.Client> {
    const other = new pg.Client({ connectionString: app.appUrl })
    await other.connect()
    await other.query('begin')
    await other.query('select from models where id = $1 for update', [id])
    return other
  }

  const rename = (id: number) =>
    fetch(`${address}/models/${id}`, {
      method: 'POST',
      headers: { cookie },
      body: new URLSearchParams({ _csrf: token, category: 'tablet', name: `Renamed ${id}`, version: '1' }),
      redirect: 'manual',
    })

  async function startAgain(): Promise<void> {
    server = await start()
    address = server.address
    await untilReady(server)
    await signIn()
  }

  it('it finishes what is in flight, takes nothing new, and ends well within ten seconds', async () => {
    await startAgain()
    const { id } = await model(app.db, { organisation_id: app.people.organisationId })
    const other = await holdModel(id)
    const inFlight = rename(id)
    await new Promise((later) => setTimeout(later, 300))

    const secondsSince = startStopwatch()
    server.child.kill('SIGTERM')
    await new Promise((later) => setTimeout(later, 300))
    await expect(fetch(`${address}/help`)).rejects.toThrow()
    await other.query('commit')
    await other.end()

    expect((await inFlight).status).toBe(303)
    expect(await server.ended).toBe(0)
    expect(secondsSince()).toBeLessThan(10)
    const row = await app.db.selectFrom('models').select('name').where('id', '=', id).executeTakeFirstOrThrow()
    expect(row.name).toBe(`Renamed ${id}`)
  })

  it('it ends all the same when something hangs for ever', async () => {
    await startAgain()
    const socket = fetch(`${address}/models`, {
      method: 'POST',
      headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('name='))
        },
      }),
      duplex: 'half',
    } as RequestInit).catch(() => null)
    await new Promise((later) => setTimeout(later, 300))
    const secondsSince = startStopwatch()
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    expect(secondsSince()).toBeLessThan(10)
    expect(await socket).toBeNull()
  })

  it('by Ctrl+C, with nothing to do, it ends at once', async () => {
    server = await start()
    await untilReady(server)
    const secondsSince = startStopwatch()
    server.child.kill('SIGINT')
    expect(await server.ended).toBe(0)
    expect(secondsSince()).toBeLessThan(3)
    expect(server.output()).not.toContain('"level":50')
  })
})
