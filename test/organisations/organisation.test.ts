import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { codeAt, secretOn } from '../second-step/phones.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { doAllJobs } from '../support/jobs.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'

const root = new URL('../../', import.meta.url).pathname
const DAY = 24 * 3_600_000

let server: MailServer
let app: TestApp

beforeAll(async () => {
  server = await startMailServer()
  app = await startApp({ SMTP_URL: server.url })
})
afterAll(async () => {
  await app.close()
  await server.stop()
})
beforeEach(() => {
  server.received.length = 0
  // the command runs by the clock of the machine
  app.setClock(new Date())
})

async function run(given: Record<string, string>, more: string[] = [], environment: Record<string, string> = {}) {
  const args = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value])
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, ['src/commands/organisation.ts', ...args, ...more], {
    cwd: root,
    env: { PATH, HOME, DATABASE_URL: app.appUrl, SMTP_URL: server.url, ...environment },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  const [code] = await once(child, 'close')
  return { code, said }
}

const north = {
  code: 'rx1',
  name: 'North Example NHS Trust',
  administrator: 'Ada@north.example',
  'administrator-name': 'Ada Administrator',
}
const lastLink = () =>
  new URL(/http\S+\/invitation\/[\w-]+/.exec(server.received.at(-1)!.source.replaceAll('=\r\n', ''))![0]).pathname

async function join(link: string) {
  const visitor = app.visitor()
  await visitor.readToken(link)
  return visitor.post(link, { password: 'kettle on the window sill' })
}

describe('A new organisation', () => {
  it('is there with its first administrator invited, who joins, signs in and invites others', async () => {
    const { code, said } = await run(north)
    expect(said).toBe(
      'North Example NHS Trust is there, with the code RX1\n' +
        'An invitation goes to ada@north.example as soon as the app or a worker runs. Its link works for 7 days\n',
    )
    expect(code).toBe(0)

    await doAllJobs(app)
    expect(server.received.map(({ to }) => to)).toEqual([['ada@north.example']])
    expect((await join(lastLink())).status).toBe(303)
    const ada = app.visitor()
    await ada.readToken('/sign-in')
    const answer = await ada.post('/sign-in', { email: 'ada@north.example', password: 'kettle on the window sill' })
    // nothing was said about a second step, so administrators must have one
    expect(answer.headers.location).toBe('/sign-in/set-up')
    await ada.readToken('/sign-in/set-up')
    const shown = codeAt(app.clock(), secretOn((await ada.get('/sign-in/set-up')).text))
    expect((await ada.post('/sign-in/set-up', { code: shown })).status).toBe(303)
    const page = await ada.get('/admin/staff')
    expect(page.text).toContain('Ada Administrator')
    expect(page.text).not.toContain(app.people.actors.champion.name)
    expect((await ada.get('/admin/staff/new')).status).toBe(200)
  })

  it('is in its audit, made by nobody who is signed in', async () => {
    const events = await app.db
      .selectFrom('audit_events')
      .innerJoin('organisations', 'organisations.id', 'audit_events.organisation_id')
      .select(['verb', 'staff_id'])
      .where('code', '=', 'RX1')
      .orderBy('audit_events.id')
      .execute()
    expect(events[0]).toEqual({ verb: 'staff:invited', staff_id: null })
  })

  it('is refused when its code is there, or somebody has its administrator’s address', async () => {
    const again = await run({ ...north, administrator: 'other@north.example' })
    expect([again.code, again.said]).toEqual([
      1,
      'There is an organisation with the code RX1. If nobody could join it, add --again.\n',
    ])
    const taken = await run({ ...north, code: 'RX2' })
    expect([taken.code, taken.said]).toEqual([
      1,
      'ada@north.example has an account already, and one address is one account.\n',
    ])
    const rows = await app.db.selectFrom('organisations').select('id').where('code', '=', 'RX2').execute()
    expect(rows).toEqual([])
  })

  it('is refused with everything that is wrong said at once', async () => {
    const { code, said } = await run({ code: 'a_b', administrator: 'nobody' })
    expect(code).toBe(1)
    for (const option of ['--code: ', '--name: ', '--administrator: ', '--administrator-name: ']) {
      expect(said).toContain(option)
    }
    expect((await run({}, ['--colour', 'blue'])).said).toMatch(/--colour[\s\S]*npm run organisation/)
  })

  it('without a mail server says in which folder the invitation is put', async () => {
    const west = { ...north, code: 'RX3', name: 'West', administrator: 'wes@west.example' }
    const { code, said } = await run(west, [], { SMTP_URL: '', DATA_DIR: '/tmp/nowhere-yet' })
    expect([code, said]).toEqual([0, expect.stringContaining('is put into /tmp/nowhere-yet/outbox as soon as')])
  })
})

describe('An organisation that nobody could join', () => {
  it('is sent a new invitation, to another address too; once somebody has joined, it is not', async () => {
    await doAllJobs(app)
    server.received.length = 0
    const south = { ...north, code: 'RX4', name: 'South', administrator: 'sam@south.example' }
    await run(south)
    await doAllJobs(app)
    const first = lastLink()
    app.setClock(new Date(Date.now() + 8 * DAY))
    expect((await app.visitor().get(first)).status).toBe(404)

    app.setClock(new Date())
    expect((await run(south, ['--again'])).code).toBe(0)
    expect((await run({ ...south, administrator: 'sue@south.example' }, ['--again'])).code).toBe(0)
    await doAllJobs(app)
    expect(server.received.map(({ to }) => to[0]).toSorted()).toEqual([
      'sam@south.example',
      'sam@south.example',
      'sue@south.example',
    ])
    expect((await join(lastLink())).status).toBe(303)
    const late = await run(south, ['--again'])
    expect([late.code, late.said]).toEqual([
      1,
      'Somebody has joined this organisation: they invite the others, under Staff.\n',
    ])
  })

  it('has to be there', async () => {
    const { code, said } = await run({ ...north, code: 'NOBODY' }, ['--again'])
    expect([code, said]).toEqual([1, 'No organisation has the code NOBODY.\n'])
  })
})
