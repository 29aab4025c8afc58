import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { secondStep, staffMember } from '../../seeds/factories.ts'
import { startApp, type TestApp } from '../support/app.ts'

const root = new URL('../../', import.meta.url).pathname

let app: TestApp
beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

async function run(...args: string[]) {
  const child = spawn(process.execPath, ['src/commands/reset-second-step.ts', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, DATABASE_URL: app.appUrl },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes))
  const [code] = await once(child, 'close')
  return { code, said }
}

it('A phone is taken off by a command, for the one administrator who lost it; the audit says so', async () => {
  const staff = await staffMember(app.db, { organisation_id: app.people.organisationId, role: 'administrator' })
  await secondStep(app.db, staff, { key: app.services.secondStepKey })
  const visitor = await app.visitor().resume(await app.beginSession(staff.id))
  expect(await run(staff.email.toUpperCase())).toMatchObject({ code: 0, said: expect.stringContaining(staff.email) })
  const { rows } = await app.pool.query(
    "select staff_id from audit_events where verb = 'staff:second-step-reset' and subject_id = $1",
    [staff.id],
  )
  expect(rows).toEqual([{ staff_id: null }])
  expect((await visitor.get('/account')).status).toBe(303)

  expect(await run(staff.email)).toMatchObject({ code: 1, said: expect.stringContaining('no second step to reset') })
  expect(await run('nobody@here.example')).toMatchObject({ code: 1, said: expect.stringContaining('No open account') })
  expect((await run()).code).toBe(1)
})
