import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { model } from '../../seeds/factories.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { readCluster } from '../support/database.ts'
import { startStopwatch } from '../support/stopwatch.ts'
import { signInOver } from './over-http.ts'
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

/** A form whose answer waits, because somebody else has the row that it changes, until it is let go. */
async function formInFlight({ address }: ServerProcess) {
  const champion = await signInOver(address, app.people.actors.champion.email)
  const { id } = await model(app.db, { organisation_id: app.people.organisationId })
  const other = new pg.Client({ connectionString: app.appUrl })
  await other.connect()
  await other.query('begin')
  await other.query('select from models where id = $1 for update', [id])
  const answer = champion.post(`/models/${id}`, { category: 'tablet', name: `Renamed ${id}`, version: '1' })
  await pause(300)
  return {
    letGo: async () => {
      await other.query('commit')
      await other.end()
      return (await answer).status
    },
    nameNow: async () =>
      (await app.db.selectFrom('models').select('name').where('id', '=', id).executeTakeFirstOrThrow()).name,
    newName: `Renamed ${id}`,
  }
}

async function startReady(changed: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await start(changed)
  await untilReady(server)
  return server
}

describe('told to stop', () => {
  it('it finishes what is in flight, takes nothing new, and ends well within ten seconds', async () => {
    const server = await startReady()
    const form = await formInFlight(server)
    const secondsSince = startStopwatch()
    server.child.kill('SIGTERM')
    await pause(300)
    await expect(fetch(`${server.address}/help`)).rejects.toThrow()
    expect(await form.letGo()).toBe(303)
    expect(await server.ended).toBe(0)
    expect(secondsSince()).toBeLessThan(10)
    expect(await form.nameNow()).toBe(form.newName)
  })

  it('it ends all the same when something hangs for ever', async () => {
    const server = await startReady()
    const { cookie } = await signInOver(server.address, app.people.actors.champion.email)
    const socket = fetch(`${server.address}/models`, {
      method: 'POST',
      headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('name='))
        },
      }),
      duplex: 'half',
    } as RequestInit).catch(() => null)
    await pause(300)
    const secondsSince = startStopwatch()
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    expect(secondsSince()).toBeLessThan(10)
    expect(await socket).toBeNull()
  })

  it('by Ctrl+C, with nothing to do, it ends at once', async () => {
    const server = await startReady()
    const secondsSince = startStopwatch()
    server.child.kill('SIGINT')
    expect(await server.ended).toBe(0)
    expect(secondsSince()).toBeLessThan(3)
    expect(server.output()).not.toContain('"level":50')
  })
})

/** Loaded before the service, as a mistake in any part of it would be. */
const mistakes = `
  process.on('SIGUSR2', () => Promise.reject(new Error('Canary-Nightingale')))
  process.on('SIGHUP', () => setTimeout(() => { throw new Error('Canary-Nightingale') }))
`
const withMistakes = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(mistakes)}` }

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(20)
}

describe('a mistake outside every request', () => {
  it('that nobody waited for is written down, and everything goes on', async () => {
    const server = await startReady(withMistakes)
    server.child.kill('SIGUSR2')
    await until(() => server.output().includes('nobody waited for'))
    expect((await fetch(`${server.address}/help`)).status).toBe(200)
    expect(server.child.exitCode).toBeNull()
  })

  it('that nobody caught ends the service as failed, once what is in flight is answered', async () => {
    const server = await startReady(withMistakes)
    const form = await formInFlight(server)
    server.child.kill('SIGHUP')
    await until(() => server.output().includes('nobody caught'))
    expect(await form.letGo()).toBe(303)
    expect(await server.ended).toBe(1)
  })
})
