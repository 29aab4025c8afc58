import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { queued } from '../messages/orders.ts'
import { countJobs } from '../support/jobs.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { signInOver, visitorAt } from '../web/over-http.ts'
import type { ServerProcess } from '../web/server-process.ts'
import { type Service, startService } from './service.ts'

const MESSAGES = 60
const KILLS = 10

let service: Service
let mail: MailServer
let mailSettings: Record<string, string>
const workers: ChildProcess[] = []

beforeAll(async () => {
  service = await startService()
  // what is queued here is written by the test's own clock
  service.app.setClock(new Date())
  mail = await startMailServer()
  mailSettings = { SMTP_URL: mail.url, MAIL_FROM: 'loans@here.example' }
})
afterAll(async () => {
  await Promise.all(workers.map((child) => stopWorker(child)))
  await service.stop()
  await mail.stop()
})

function startWorker(): ChildProcess {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, ...service.settings, ...mailSettings }
  const child = spawn(process.execPath, ['src/commands/worker.ts'], { env, stdio: 'inherit' })
  workers.push(child)
  return child
}

async function stopWorker(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  await once(child, 'exit')
}

const queueMessages = async (count: number) => {
  const ids: number[] = []
  const sendUntil = new Date(Date.now() + 24 * 3_600_000)
  for (let at = 0; at < count; at += 1) ids.push(await queued(service.app, { sendUntil }))
  return ids
}

/** How often each message came in, by its number. */
function receivedCounts(): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { source } of mail.received) {
    const id = Number(/^Message-ID: <message-(\d+)@/im.exec(source)?.[1])
    counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return counts
}

describe('Two app processes and a worker on one database', () => {
  let one: ServerProcess
  let other: ServerProcess

  beforeAll(async () => {
    ;[one, other] = await Promise.all([
      service.start({ ...mailSettings, RUN_JOBS: 'yes' }),
      service.start({ ...mailSettings, RUN_JOBS: 'yes' }),
    ])
    startWorker()
  })

  it('share who is signed in, and who is no longer', async () => {
    const here = await signInOver(one.address, service.app.people.actors.champion.email)
    const there = await visitorAt(other.address, here.cookie)
    expect((await there.get('/items')).status).toBe(200)
    await there.post('/sign-out')
    expect((await here.get('/items')).status).toBe(303)
  })

  it('count guesses together', async () => {
    const { email } = service.app.people.actors.administrator
    const guess = async (at: number) => {
      const { address } = at % 2 === 0 ? one : other
      const door = await fetch(`${address}/sign-in`)
      const _csrf = /name="_csrf" value="([^"]+)"/.exec(await door.text())?.[1] ?? ''
      const body = new URLSearchParams({ _csrf, email, password: `a wrong one, number ${at}` })
      const headers = { cookie: door.headers.get('set-cookie')?.split(';')[0] ?? '' }
      const answer = await fetch(`${address}/sign-in`, { method: 'POST', body, headers, redirect: 'manual' })
      return (await answer.text()).includes('There were too many tries')
    }
    const refused: boolean[] = []
    for (let at = 0; at < 12; at += 1) refused.push(await guess(at))
    expect(refused).toEqual([...Array.from({ length: 10 }, () => false), true, true])
  })

  it('send each message once', async () => {
    mail.received.length = 0
    const ids = await queueMessages(MESSAGES)
    while ((await countJobs(service.app)) > 0) await pause(50)
    expect([...receivedCounts()].toSorted(([a], [b]) => a - b)).toEqual(ids.map((id) => [id, 1]))
    for (const { child, ended } of [one, other]) {
      child.kill('SIGTERM')
      expect(await ended).toBe(0)
    }
    await Promise.all(workers.splice(0).map((child) => stopWorker(child, 'SIGTERM')))
  })
})

describe('The mail server', () => {
  it('away while messages queue: pages go on, and all of them go out when it is back', async () => {
    mail.received.length = 0
    const port = Number(new URL(mail.url).port)
    await mail.stop()
    const server = await service.start({ ...mailSettings, RUN_JOBS: 'yes' })
    const ids = await queueMessages(20)
    const champion = await service.champion(server)
    expect((await champion.get('/items')).status).toBe(200)
    await pause(2_000)
    expect((await champion.get('/loans')).status).toBe(200)
    mail = await startMailServer(port)
    while ((await countJobs(service.app)) > 0) {
      // the pauses between two tries are minutes by then
      await service.app.pool.query('update graphile_worker._private_jobs set run_at = now() where locked_at is null')
      await pause(200)
    }
    expect([...receivedCounts().keys()].toSorted((a, b) => a - b)).toEqual(ids)
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
  })
})

describe(`A worker that is killed ${KILLS} times while it sends`, () => {
  it('sends every message at least once, and what came twice is the same message', async () => {
    mail.received.length = 0
    const ids = await queueMessages(MESSAGES)
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = mail.received.length
      const worker = startWorker()
      while (mail.received.length === before && (await countJobs(service.app)) > 0) await pause(5)
      await pause(Math.random() * 20)
      await stopWorker(worker)
      await forgetSilence()
    }
    startWorker()
    while ((await countJobs(service.app)) > 0) await pause(50)
    const counts = receivedCounts()
    expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual(ids)
    const twice = [...counts.values()].filter((count) => count > 1).length
    process.stderr.write(`killed ${KILLS} times: ${twice} of ${MESSAGES} messages came twice\n`)
    expect(twice).toBeLessThanOrEqual(KILLS * 2)
  })
})

/** As if two minutes had passed in which nothing was heard of the killed worker. */
async function forgetSilence(): Promise<void> {
  await service.app.pool.query(`update graphile_worker._private_jobs set locked_at = locked_at - interval '10 minutes'`)
  await service.app.pool.query(`update job_workers set seen_at = seen_at - interval '10 minutes'`)
}
