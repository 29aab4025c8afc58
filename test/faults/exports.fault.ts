import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { availableItem, model } from '../../seeds/factories.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { cookieFor } from '../support/sign-in.ts'
import { growthDuring } from '../support/weighing.ts'
import { type ServerProcess, startServer, untilReady } from '../web/server-process.ts'

const ROWS = 100_000
const MOST_GROWTH = 50 * 1024 * 1024

/**
 * As much as the service needs to stand still, and a little: V8 lets old garbage lie until it needs the room, and what lies
 * there is no memory that a download takes. A server that held the rows would end here.
 */
const HEAP_MB = 80

let app: TestApp
let server: ServerProcess
let dataDir: string
let cookie: string

beforeAll(async () => {
  app = await startApp()
  const { organisationId } = app.people
  const tablet = await model(app.db, { organisation_id: organisationId })
  const first = await availableItem(app.db, { model: tablet, tag: 'FIRST' })
  for (let from = 1; from < ROWS; from += 10_000) {
    const last = Math.min(from + 9_999, ROWS - 1)
    await sql`
      insert into items (
        organisation_id, category, model_id, tag, serial, kept_at_ward_id, bought_on, cost_pence, notes, created_at
      )
      select organisation_id, category, model_id, 'EXP-' || lpad(n::text, 6, '0'), 'S' || n, ${app.people.ward.id},
             '2026-02-01', 34999, 'A note about number ' || n, created_at
      from items cross join generate_series(${from}::int, ${last}::int) n where id = ${first.id}`.execute(app.db)
  }
  await sql`analyze items`.execute(app.db)
  dataDir = await mkdtemp(join(tmpdir(), 'loans-exports-'))
  const settings = { DATABASE_URL: app.appUrl, DATA_DIR: dataDir, DEMO_DATA: 'no', LOG_LEVEL: 'warn' }
  server = await startServer({ ...settings, NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` })
  await untilReady(server)
  cookie = await cookieFor(server.address, app.people.actors.champion.email)
})
afterAll(async () => {
  server.child.kill()
  await server.ended
  await app.close()
  await rm(dataDir, { recursive: true, force: true })
})

/** Takes a whole file and keeps nothing of it but its size and its line ends. */
async function take(path: string): Promise<{ status: number; bytes: number; lines: number }> {
  const answer = await fetch(`${server.address}${path}`, { headers: { cookie } })
  let [bytes, lines] = [0, 0]
  for await (const piece of answer.body ?? []) {
    bytes += piece.length
    for (const byte of piece) if (byte === 10) lines += 1
  }
  return { status: answer.status, bytes, lines }
}

describe(`a list of ${ROWS} rows`, () => {
  it.each(['csv', 'xlsx'])('streams as %s: the server grows by less than 50 MB', async (format) => {
    // A process that has had as much to do as this already, but with a tenth of the rows at a time: V8 gives a process that
    // is busy for the first time 48 MB more for short-lived objects, whatever it is busy with.
    for (let time = 0; time < 10; time += 1) await take(`/items/export?format=${format}&search=EXP-00`)
    const { pid } = server.child
    let taken = { status: 0, bytes: 0, lines: 0 }
    const growth = await growthDuring(pid as number, async () => {
      taken = await take(`/items/export?format=${format}`)
    })
    expect(taken.status).toBe(200)
    if (format === 'csv') expect(taken.lines).toBe(ROWS + 1)
    else expect(taken.bytes).toBeGreaterThan(1_000_000)
    process.stdout.write(`${format}: ${Math.round(growth / 1024 / 1024)} MB more for ${ROWS} rows\n`)
    expect(growth).toBeLessThan(MOST_GROWTH)
  })
})
