import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { brokenRules } from '../holds/invariants.ts'
import { startStopwatch } from '../support/stopwatch.ts'
import type { RemoteVisitor } from '../web/over-http.ts'
import { type Errand, everything, nothing, prepareErrands, type Service, startService, tracesOf } from './service.ts'

/** A fresh process for each would take half an hour: so each that is killed has ten forms under way. */
const KILLS = 20
const FORMS_A_KILL = 10

let service: Service

beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

/** The status of the answer. Once a service is gone, its port may be another's on this machine, who asks to sign in: that is none. */
const send = (visitor: RemoteVisitor, { fields }: Errand) =>
  visitor.post('/loans', fields).then(
    ({ status, headers }) => (headers.get('location')?.startsWith('/sign-in') ? null : status),
    () => null,
  )

describe(`kill -9 at ${KILLS} random moments, with ${FORMS_A_KILL} loans of five items being made`, () => {
  it('leaves each loan made or not made, and every one that was answered is made', async () => {
    const found = { made: 0, not: 0, answered: 0 }
    for (let kill = 0; kill < KILLS; kill += 1) {
      const server = await service.start()
      const champion = await service.champion(server)
      const errands = await prepareErrands(service.app, FORMS_A_KILL)
      let done = 0
      const answers = errands.map((errand) => send(champion, errand).finally(() => (done += 1)))
      // a fresh process is slow at first: counted from what it has answered, no moment is too early for every round
      const wanted = kill % (FORMS_A_KILL - 2)
      while (done < wanted) await pause(1)
      await pause(Math.random() * 60)
      server.child.kill('SIGKILL')
      const statuses = await Promise.all(answers)
      await server.ended
      await untilAlone()
      for (const [at, errand] of errands.entries()) {
        const traces = await tracesOf(service.app, errand)
        expect([nothing, everything]).toContainEqual(traces)
        if (statuses[at] !== null) expect([statuses[at], traces]).toEqual([303, everything])
        found[traces?.lines === 0 ? 'not' : 'made'] += 1
        if (statuses[at] !== null) found.answered += 1
      }
    }
    process.stderr.write(`killed ${KILLS} times: ${JSON.stringify(found)}\n`)
    expect(found.made).toBeGreaterThan(0)
    expect(found.not).toBeGreaterThan(0)
    expect(await brokenRules(service.app.db)).toEqual({})
  })
})

describe('SIGTERM while people work', () => {
  it('loses nothing that was answered, and ends within ten seconds', async () => {
    const server = await service.start()
    const champion = await service.champion(server)
    const errands = await prepareErrands(service.app, 60)
    const waiting = [...errands]
    const answered: Errand[] = []
    const work = async () => {
      for (let errand = waiting.pop(); errand; errand = waiting.pop()) {
        const status = await send(champion, errand)
        if (status === null) return
        expect(status).toBe(303)
        answered.push(errand)
      }
    }
    const workers = Array.from({ length: 8 }, work)
    while (answered.length < 10) await pause(10)
    const secondsSince = startStopwatch()
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    expect(secondsSince()).toBeLessThan(10)
    await Promise.all(workers)
    const before = answered.length
    expect(before).toBeLessThan(errands.length)
    for (const errand of errands) {
      const traces = await tracesOf(service.app, errand)
      if (answered.includes(errand)) expect(traces).toEqual(everything)
      else expect([nothing, everything]).toContainEqual(traces)
    }
  })
})

/** The server notices that a killed process is gone when it next writes to it; what it was doing is then undone. */
async function untilAlone(): Promise<void> {
  const others = `select from pg_stat_activity where application_name = 'app' and datname = current_database()`
  while ((await service.app.pool.query(others)).rowCount !== 0) await pause(20)
}
