import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { manyItems } from '../imports/command.ts'
import { fieldsOf } from '../imports/journey.ts'
import { startStopwatch } from '../support/stopwatch.ts'
import { growthDuring } from '../support/weighing.ts'
import type { RemoteVisitor } from '../web/over-http.ts'
import type { ServerProcess } from '../web/server-process.ts'
import { type Service, startService } from './service.ts'

const ROWS = 10_000

let service: Service

beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const say = (text: string) => process.stderr.write(`${text}\n`)

/** Goes from the file to the preview, as a browser would; gives where its pages are, and what the button sends. */
async function toPreview(server: ServerProcess, visitor: RemoteVisitor, lines: string[]) {
  const form = new FormData()
  const door = await (await visitor.get('/items/import')).text()
  form.set('_csrf', /name="_csrf" value="([^"]+)"/.exec(door)?.[1] ?? '')
  form.set('key', crypto.randomUUID())
  form.set('file', new Blob([`${lines.join('\n')}\n`]), 'many.csv')
  const headers = { cookie: visitor.cookie }
  const sent = await fetch(`${server.address}/items/import`, {
    method: 'POST',
    body: form,
    headers,
    redirect: 'manual',
  })
  const path = sent.headers.get('location') ?? ''
  const columns = await (await visitor.get(path)).text()
  await visitor.post(path, fieldsOf(columns))
  const preview = await (await visitor.get(`${path}/preview`)).text()
  return { path, seen: fieldsOf(preview).seen ?? '' }
}

async function untilIn(visitor: RemoteVisitor, path: string): Promise<string> {
  while ((await visitor.get(`${path}/progress`)).status !== 303) await pause(100)
  return await (await visitor.get(`${path}/result`)).text()
}

async function traces() {
  const { rows } = await service.app.pool.query<{ items: number; audited: number; applied: number }>(
    `select (select count(*)::int from items where tag like 'M-%') as items,
            (select count(*)::int from audit_events where verb = 'item:created') as audited,
            (select count(*)::int from audit_events where verb = 'import:applied') as applied`,
  )
  return rows[0]
}

/** When the silence of a process that is gone is noticed, and what it left is taken up. */
async function twoMinutesLater(): Promise<void> {
  await service.app.pool.query(`update graphile_worker._private_jobs set locked_at = locked_at - interval '3 minutes'`)
  await service.app.pool.query(`update job_workers set seen_at = seen_at - interval '3 minutes'`)
}

it('is killed in the middle: nothing of it is there, and all of it once a worker takes it up again', async () => {
  const server = await service.start({ RUN_JOBS: 'yes' })
  const champion = await service.champion(server)
  const before = await traces()
  const { path, seen } = await toPreview(server, champion, manyItems(ROWS))
  expect((await champion.post(`${path}/apply`, { seen })).headers.get('location')).toBe(`${path}/progress`)
  const writing = `select from import_runs where stage = 'writing' and done_count > 2000`
  while ((await service.app.pool.query(writing)).rowCount === 0) await pause(5)
  server.child.kill('SIGKILL')
  await server.ended
  const others = `select from pg_stat_activity where application_name = 'app' and datname = current_database()`
  while ((await service.app.pool.query(others)).rowCount !== 0) await pause(20)
  expect(await traces()).toEqual(before)

  await twoMinutesLater()
  const next = await service.start({ RUN_JOBS: 'yes' })
  expect(await untilIn(await service.champion(next), path)).toContain('10000 created, 0 updated, 0 unchanged, 0 errors')
  expect((await traces())?.items).toBe(ROWS)
  expect((await traces())?.applied).toBe((before?.applied ?? 0) + 1)
  next.child.kill('SIGTERM')
  expect(await next.ended).toBe(0)
})

it('is stopped in the middle: it is done first or left for the next, ends well within ten seconds, and comes in once', async () => {
  const server = await service.start({ RUN_JOBS: 'yes' })
  const champion = await service.champion(server)
  const before = await traces()
  const lines = manyItems(ROWS).map((row) => row.replace(/^M-/, 'P-').replace(/,S(\d+),\d+,\d+,/, ',U$1,,,'))
  const { path, seen } = await toPreview(server, champion, lines)
  await champion.post(`${path}/apply`, { seen })
  const writing = `select from import_runs where stage = 'writing' and done_count > 2000`
  while ((await service.app.pool.query(writing)).rowCount === 0) await pause(5)
  const secondsSince = startStopwatch()
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(0)
  say(`stopped in mid import: ended after ${secondsSince().toFixed(1)} s`)
  const applied = (await traces())?.applied
  expect([before?.applied, (before?.applied ?? 0) + 1]).toContain(applied)

  await twoMinutesLater()
  const next = await service.start({ RUN_JOBS: 'yes' })
  expect(await untilIn(await service.champion(next), path)).toContain('10000 created, 0 updated, 0 unchanged, 0 errors')
  expect((await traces())?.applied).toBe((before?.applied ?? 0) + 1)
  next.child.kill('SIGTERM')
  expect(await next.ended).toBe(0)
})

it('takes less than 150 MB of the process that also answers, from the upload to the result', async () => {
  const server = await service.start({ RUN_JOBS: 'yes' })
  const champion = await service.champion(server)
  // what the first file of all costs is compiled code
  const [headings = '', ...rows] = manyItems(ROWS)
  const small = await toPreview(server, champion, [headings, 'Z-1,Tablet,Samsung,Tab 1,,,,,,,,'])
  await champion.post(`${small.path}/apply`, { seen: small.seen })
  const changed = rows.map((row) => row.replace(/"Item (\d+), with a note"/, 'Other note $1'))
  const others = rows.map((row) => row.replace(/^M-/, 'N-').replace(/,S(\d+),\d+,\d+,/, ',T$1,,,'))
  for (const [what, lines] of Object.entries({ changed, others })) {
    const secondsSince = startStopwatch()
    const grown = await growthDuring(server.child.pid!, async () => {
      const { path, seen } = await toPreview(server, champion, [headings, ...lines])
      await champion.post(`${path}/apply`, { seen })
      expect(await untilIn(champion, path)).toContain('0 errors')
    })
    say(`${ROWS} rows ${what}: ${Math.round(grown / 1e6)} MB more, ${secondsSince().toFixed(1)} s`)
    expect(grown).toBeLessThan(150e6)
  }
})
