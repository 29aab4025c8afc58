import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Express } from 'express'
import { serviceUser } from '../../seeds/factories.ts'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { openDatabase, openPool } from '../../src/database/connection.ts'
import { addJob } from '../../src/database/jobs.ts'
import { createMetrics } from '../../src/web/metrics.ts'
import { startApp, type TestApp, Visitor } from '../support/app.ts'

const token = 'a long enough token'

let app: TestApp
let measured: Express

beforeAll(async () => {
  app = await startApp()
  const metrics = createMetrics()
  const db = openDatabase(app.pool, metrics.countQuery)
  metrics.watch(app.pool, db)
  const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: app.appUrl, METRICS_TOKEN: token })
  measured = createApp({ ...app.services, config, db, metrics })
})
afterAll(() => app.close())

const read = (sent = `Bearer ${token}`) => new Visitor(measured).get('/metrics').set('Authorization', sent)

async function lines(): Promise<string[]> {
  const { status, text } = await read()
  expect(status).toBe(200)
  return text.split('\n')
}

describe('The metrics', () => {
  it('are a page that is not there, for whoever has no token, or another one', async () => {
    const missing = await new Visitor(measured).get('/nowhere')
    for (const sent of ['', 'Bearer', 'Bearer wrong', `Basic ${token}`, token, `Bearer ${token}x`]) {
      const answer = await read(sent)
      expect(answer.status).toBe(404)
      expect(answer.text.replace(/Reference: \S+/, '')).toBe(missing.text.replace(/Reference: \S+/, ''))
    }
    expect((await app.visitor().get('/metrics').set('Authorization', `Bearer ${token}`)).status).toBe(404)
    expect(() => readConfig({ METRICS_TOKEN: 'short' })).toThrow(/METRICS_TOKEN: must be 16 characters/)
  })

  it('count requests by route and status, and hold nothing of the address', async () => {
    const { organisationId: organisation_id } = app.people
    const person = await serviceUser(app.db, { organisation_id, name: 'Canary Person' })
    const champion = await new Visitor(measured).signIn(app.people.actors.champion.email)
    expect((await champion.get(`/service-users/${person.id}`)).status).toBe(200)
    await champion.get('/service-users?q=Canary')
    await champion.get('/canary/<script>')
    const text = (await lines()).join('\n')
    expect(text).toContain(
      'http_request_duration_seconds_count{method="GET",route="/service-users/:id",status="200"} 1',
    )
    expect(text).toContain('route="unknown",status="404"}')
    expect(text).toMatch(/database_query_duration_seconds_count [1-9]/)
    expect(text).not.toMatch(/canary|script|champion@/i)
  })

  it('say how the pool, the queue and the process are', async () => {
    await app.db.transaction().execute((trx) => addJob(trx, 'send-message', { messageId: 0 }))
    const later = new Date(Date.now() + 60_000)
    await app.db.transaction().execute((trx) => addJob(trx, 'send-message', { messageId: 0 }, { runAt: later }))
    const given = new Map((await lines()).map((line) => [line.slice(0, line.lastIndexOf(' ')), line.split(' ').at(-1)]))
    expect(given.get('jobs{state="waiting"}')).toBe('1')
    expect(given.get('jobs{state="failed"}')).toBe('0')
    expect(given.get('database_up')).toBe('1')
    for (const name of ['database_pool_connections{state="total"}', 'process_resident_memory_bytes']) {
      expect(Number(given.get(name))).toBeGreaterThan(0)
    }
    for (const name of ['jobs_oldest_seconds', 'nodejs_eventloop_delay_seconds{quantile="0.99"}']) {
      expect(Number(given.get(name))).toBeGreaterThanOrEqual(0)
    }
  })

  it('are there while the database is away, and say so', async () => {
    const metrics = createMetrics()
    const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: app.appUrl, METRICS_TOKEN: token })
    const nowhere = openPool({ url: 'postgres://nobody@127.0.0.1:9/none', applicationName: 'nowhere' })
    metrics.watch(nowhere, openDatabase(nowhere))
    const alone = createApp({ ...app.services, config, metrics })
    const { status, text } = await new Visitor(alone).get('/metrics').set('Authorization', `Bearer ${token}`)
    expect(status).toBe(200)
    expect(text).toContain('database_up 0')
    await nowhere.end()
  })
})
