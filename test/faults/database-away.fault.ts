import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { readCluster } from '../support/database.ts'
import { startStopwatch } from '../support/stopwatch.ts'
import { LineToDatabase } from '../web/line-to-database.ts'
import type { RemoteVisitor } from '../web/over-http.ts'
import type { ServerProcess } from '../web/server-process.ts'
import { everything, nothing, prepareErrands, type Service, startService, tracesOf } from './service.ts'

const AWAY_MS = 60_000
const TERMINATIONS = 100

const statusOf = ({ status }: Response) => status

let service: Service
let line: LineToDatabase
let server: ServerProcess
let champion: RemoteVisitor
let admin: pg.Client | undefined

beforeAll(async () => {
  service = await startService()
  line = new LineToDatabase(service.app.appUrl)
  // jobs run in it too: the worker has to come back by itself
  server = await service.start({ DATABASE_URL: await line.open(), RUN_JOBS: 'yes' })
  champion = await service.champion(server)
})
afterAll(async () => {
  await admin?.end()
  await service.stop()
  await line.cut()
})

async function well(): Promise<void> {
  while ((await champion.get('/health/ready')).status !== 200) await pause(50)
  expect((await champion.get('/items')).status).toBe(200)
}

describe('A database that is away for a minute', () => {
  it('is said on every page within three seconds, and used again within five of its return, by the same process', async () => {
    await line.cut()
    const until = Date.now() + AWAY_MS
    while (Date.now() < until) {
      const paths = ['/health/live', '/health/ready', '/items', '/loans', '/']
      const answers = await Promise.all(
        paths.map(async (path) => {
          const secondsSince = startStopwatch()
          const { status } = await champion.get(path)
          expect(secondsSince()).toBeLessThan(3)
          return status
        }),
      )
      expect(answers).toEqual([200, 503, 503, 503, 503])
      await pause(1_000)
    }
    await line.mend()
    const secondsSince = startStopwatch()
    await well()
    expect(secondsSince()).toBeLessThan(5)
    expect(server.child.exitCode).toBeNull()
  })
})

describe(`Connections that the server ends ${TERMINATIONS} times, idle, asking and in the middle of a change`, () => {
  it('cost what was under way, never half of it, and never the process', async () => {
    admin = new pg.Client({ connectionString: readCluster().adminUrl })
    await admin.connect()
    const name = new URL(service.app.appUrl).pathname.slice(1)
    const statuses: Record<number, number> = {}
    for (let round = 0; round < TERMINATIONS; round += 1) {
      const [errand] = await prepareErrands(service.app, 1)
      const asked = [champion.post('/loans', errand!.fields), champion.get('/items'), champion.get('/loans')]
      await pause(Math.random() * 120)
      const ended = `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = $1 and application_name in ('app', 'worker')`
      await admin.query(ended, [name])
      const answers = await Promise.all(asked.map((one) => one.then(statusOf)))
      for (const status of answers) statuses[status] = (statuses[status] ?? 0) + 1
      const traces = await tracesOf(service.app, errand!)
      expect([nothing, everything]).toContainEqual(traces)
      if (answers[0] === 303) expect(traces).toEqual(everything)
    }
    process.stderr.write(`connections ended ${TERMINATIONS} times: ${JSON.stringify(statuses)}\n`)
    expect(Object.keys(statuses).filter((status) => !['200', '303', '503'].includes(status))).toEqual([])
    await well()
    expect(server.child.exitCode).toBeNull()
  })
})
