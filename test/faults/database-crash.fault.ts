import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { brokenRules } from '../holds/invariants.ts'
import { readCluster } from '../support/database.ts'
import type { RemoteVisitor } from '../web/over-http.ts'
import type { ServerProcess } from '../web/server-process.ts'
import { type Errand, everything, nothing, prepareErrands, type Service, startService, tracesOf } from './service.ts'

const CRASHES = 5
const FORMS_A_CRASH = 40
const AT_ONCE = 8

let service: Service
let server: ServerProcess
let champion: RemoteVisitor

beforeAll(async () => {
  service = await startService()
  // the tests' own server waits for no disk; here it has to, or what was answered may be lost
  await asAdmin((admin) => admin.query(`alter database ${databaseName()} set synchronous_commit = on`))
  server = await service.start()
  champion = await service.champion(server)
})
afterAll(() => service.stop())

const databaseName = () => new URL(service.app.appUrl).pathname.slice(1)

async function asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: readCluster().adminUrl })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

/** What ran, and how to run it again: the same program, with the same arguments, as the same user of the machine. */
async function readPostmaster() {
  const { rows } = await asAdmin((admin) =>
    admin.query<{ folder: string }>('select current_setting($1) as folder', ['data_directory']),
  )
  const folder = rows[0]?.folder ?? ''
  const pid = Number((await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')[0])
  const [program = '', ...args] = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, -1)
  const { uid, gid } = await stat(folder)
  const start = (): ChildProcess =>
    spawn(program, args, {
      cwd: folder,
      stdio: 'ignore',
      detached: true,
      ...(process.getuid?.() === 0 && { uid, gid }),
    })
  return { pid, start }
}

const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function untilWell(): Promise<void> {
  while ((await fetch(`${server.address}/health/ready`)).status !== 200) await pause(50)
}

describe(`PostgreSQL that is stopped on the spot ${CRASHES} times while people lend`, () => {
  it('has every loan that was answered, no half of one, and goes on with the same app', async () => {
    const found = { answered: 0, made: 0, not: 0 }
    for (let crash = 0; crash < CRASHES; crash += 1) {
      const errands = await prepareErrands(service.app, FORMS_A_CRASH)
      const waiting = [...errands]
      const answered = new Set<Errand>()
      const lend = async () => {
        for (let errand = waiting.pop(); errand; errand = waiting.pop()) {
          const status = await champion.post('/loans', errand.fields).then(
            (answer) => answer.status,
            () => 0,
          )
          if (status === 303) answered.add(errand)
          else expect([0, 503]).toContain(status)
        }
      }
      const postmaster = await readPostmaster()
      const people = Array.from({ length: AT_ONCE }, lend)
      while (answered.size < 3 + crash * 4) await pause(1)
      await pause(Math.random() * 30)
      process.kill(postmaster.pid, 'SIGQUIT')
      await Promise.all(people)
      while (isRunning(postmaster.pid)) await pause(20)
      postmaster.start().unref()
      await untilWell()
      for (const errand of errands) {
        const traces = await tracesOf(service.app, errand)
        if (answered.has(errand)) expect(traces).toEqual(everything)
        else expect([nothing, everything]).toContainEqual(traces)
        found[traces?.lines === 0 ? 'not' : 'made'] += 1
      }
      found.answered += answered.size
    }
    process.stderr.write(`PostgreSQL stopped ${CRASHES} times: ${JSON.stringify(found)}\n`)
    expect(found.not).toBeGreaterThan(0)
    expect(server.child.exitCode).toBeNull()
    expect(await brokenRules(service.app.db)).toEqual({})
  })
})
