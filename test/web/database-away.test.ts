import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { Express } from 'express'
import pg from 'pg'
import type { Test } from 'supertest'
import { createApp } from '../../src/app.ts'
import { openDatabase, openPool } from '../../src/database/connection.ts'
import { countGuesses } from '../../src/sign-in/actions.ts'
import { startApp, type TestApp, Visitor } from '../support/app.ts'
import { readCluster } from '../support/database.ts'
import { startStopwatch } from '../support/stopwatch.ts'
import { LineToDatabase } from './line-to-database.ts'

let app: TestApp
let line: LineToDatabase
let pool: pg.Pool
let through: Express
let champion: Visitor
let admin: pg.Client
const broken: Error[] = []

beforeAll(async () => {
  app = await startApp()
  line = new LineToDatabase(app.appUrl)
  const url = await line.open()
  pool = openPool({ url, applicationName: 'through', connections: 3, onError: (error) => broken.push(error) })
  const services = app.app.locals.services
  through = createApp({ ...services, db: openDatabase(pool), guesses: countGuesses(pool) })
  champion = await new Visitor(through).signIn(app.people.actors.champion.email)
  admin = new pg.Client({ connectionString: readCluster().adminUrl })
  await admin.connect()
})
afterEach(() => line.mend())
afterAll(async () => {
  await line.cut()
  await pool.end()
  await admin.end()
  await app.close()
})

async function timed<T>(work: PromiseLike<T>): Promise<{ answer: T; seconds: number }> {
  const secondsSince = startStopwatch()
  const answer = await work
  return { answer, seconds: secondsSince() }
}

const paths = ['/', '/items', '/loans', '/service-users', '/nowhere']

async function expectBusy(request: Test): Promise<void> {
  const { answer, seconds } = await timed(request)
  expect(answer.status).toBe(503)
  expect(answer.headers['retry-after']).toBe('5')
  expect(answer.text).toContain('The service is busy')
  expect(answer.text).toContain(`Reference: ${answer.headers['x-request-id']}`)
  expect(answer.text).not.toMatch(/ECONN|timeout|node_modules|postgres/i)
  expect(seconds).toBeLessThan(3)
}

async function expectHealth(ready: number): Promise<void> {
  expect((await champion.get('/health/live')).status).toBe(200)
  const { answer, seconds } = await timed(champion.get('/health/ready'))
  expect(answer.status).toBe(ready)
  expect(seconds).toBeLessThan(3)
}

async function expectWell(): Promise<void> {
  const secondsSince = startStopwatch()
  while ((await champion.get('/health/ready')).status !== 200) await new Promise((later) => setTimeout(later, 50))
  expect(secondsSince()).toBeLessThan(5)
  expect((await champion.get('/items')).status).toBe(200)
}

describe.each([
  ['that is gone', () => line.cut()],
  ['that falls silent', () => line.fallSilent()],
])('a database %s', (_how, takeAway) => {
  it('is told to everybody within three seconds, and is used again as soon as it is back', async () => {
    expect((await champion.get('/items')).status).toBe(200)
    await takeAway()
    await Promise.all([
      ...paths.map((path) => expectBusy(champion.get(path))),
      expectBusy(champion.post('/models', { category: 'tablet', name: 'Lost' })),
      // a form to sign in with that nobody could send
      expectBusy(new Visitor(through).get('/sign-in')),
      expectHealth(503),
    ])
    expect((await new Visitor(through).get('/help')).status).toBe(200)
    await line.mend()
    await expectWell()
    await expectHealth(200)
    expect(await app.db.selectFrom('models').select('id').where('name', '=', 'Lost').execute()).toEqual([])
  })
})

describe('a database whose connections are all in use', () => {
  it('is told within three seconds, and is used again as soon as one is free', async () => {
    const taken = await Promise.all(Array.from({ length: 3 }, () => pool.connect()))
    await Promise.all([...paths.map((path) => expectBusy(champion.get(path))), expectHealth(503)])
    for (const client of taken) client.release()
    await expectWell()
  })
})

describe('a connection that the server ends', () => {
  async function endAll(): Promise<void> {
    await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'through'")
  }

  it('while nobody uses it: nobody notices', async () => {
    await champion.get('/items')
    await endAll()
    await new Promise((later) => setTimeout(later, 100))
    expect((await champion.get('/items')).status).toBe(200)
  })

  it('while a question is being asked, or in the middle of a change: that one fails, the process lives', async () => {
    broken.length = 0
    const asking = pool.query('select pg_sleep(5)').catch((error: Error) => error)
    const change = await pool.connect()
    await change.query('begin')
    await new Promise((later) => setTimeout(later, 100))
    await endAll()
    expect(await asking).toMatchObject({ code: '57P01' })
    // said on the connection itself, since nothing was being asked on it
    while (broken.length === 0) await new Promise((later) => setTimeout(later, 20))
    await expect(change.query('commit')).rejects.toThrow()
    change.release(true)
    await expectWell()
  })
})
