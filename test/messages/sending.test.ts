import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { queueEmail } from '../../src/messages/actions.ts'
import { startApp, startOfTest, type TestApp } from '../support/app.ts'
import { countJobs, doAllJobs } from '../support/jobs.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { emailOrder, FIRST_STAFF, outcomes, queued } from './orders.ts'

const HOUR = 3_600_000

let server: MailServer
let app: TestApp

beforeAll(async () => {
  server = await startMailServer()
  app = await startApp({ SMTP_URL: server.url, MAIL_FROM: 'Loans <loans@here.example>' })
})
afterAll(async () => {
  await app.close()
  await server.stop()
})
beforeEach(() => {
  server.received.length = 0
  server.behave('take')
  app.setClock(startOfTest)
})

const messageIdOf = (source: string) => /^Message-ID: (.+)\r$/im.exec(source)?.[1]

describe('A message that was committed', () => {
  it('reaches the mail server once, however often the queue is worked through', async () => {
    const id = await queued(app)
    expect(server.received).toEqual([])

    await doAllJobs(app)
    await doAllJobs(app)

    expect(server.received).toHaveLength(1)
    expect(server.received[0]).toMatchObject({ from: 'loans@here.example', to: ['nadia@here.example'] })
    expect(server.received[0]?.source).toContain('You can sign in from Monday.')
    expect(messageIdOf(server.received[0]!.source)).toBe(`<message-${id}@127.0.0.1>`)
    expect(await outcomes(app, id)).toEqual(['trying', 'sent'])
    expect(await countJobs(app)).toBe(0)
  })

  it('is written once for one cause', async () => {
    const order = emailOrder()
    const ask = () =>
      app.changeAs('administrator', async (change) => {
        change.audit({ verb: 'staff:invited' })
        return await queueEmail(change, order)
      })
    expect(await ask()).not.toBeNull()
    expect(await ask()).toBeNull()
    await doAllJobs(app)
    expect(server.received).toHaveLength(1)
  })

  it('waits while the mail server is away, and goes out when it is back', async () => {
    const port = Number(new URL(server.url).port)
    await server.stop()
    const id = await queued(app)
    await doAllJobs(app)
    await doAllJobs(app)
    expect(await outcomes(app, id)).toEqual(['trying', 'failed', 'trying', 'failed'])

    server = await startMailServer(port)
    await doAllJobs(app)
    expect(server.received.map(({ to }) => to)).toEqual([['nadia@here.example']])
    expect(await outcomes(app, id)).toEqual(['trying', 'failed', 'trying', 'failed', 'trying', 'sent'])
  })

  it('is sent again under the same Message-ID when the server took it and could not say so', async () => {
    server.behave('hang-up')
    await queued(app)
    await doAllJobs(app)
    server.behave('take')
    await doAllJobs(app)
    const ids = server.received.map(({ source }) => messageIdOf(source))
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  it('is not tried again when the mail server will never take it', async () => {
    server.behave(550)
    const id = await queued(app)
    await doAllJobs(app)
    expect(await outcomes(app, id)).toEqual(['trying', 'refused'])
    expect(await countJobs(app)).toBe(0)
  })

  it('keeps nobody waiting when one before it is always turned away for now', async () => {
    server.behave(451)
    const poison = await queued(app)
    await doAllJobs(app)
    server.behave('take')
    await app.pool.query(`update graphile_worker._private_jobs set run_at = now() + interval '1 hour'`)
    const other = await queued(app)
    await app.pool.query(`update graphile_worker._private_jobs set attempts = max_attempts - 1 where attempts > 0`)
    server.behave(451)
    await doAllJobs(app)
    expect(await outcomes(app, poison)).toEqual(['trying', 'failed', 'trying', 'gave-up'])
    server.behave('take')
    await doAllJobs(app)
    expect((await outcomes(app, other)).at(-1)).toBe('sent')
  })

  it('is not sent when what it says is of no use any more', async () => {
    const id = await queued(app, { isSecret: true, sendUntil: new Date(startOfTest.getTime() + HOUR) })
    app.setClock(new Date(startOfTest.getTime() + HOUR))
    await doAllJobs(app)
    expect(server.received).toEqual([])
    expect(await outcomes(app, id)).toEqual(['too-late'])
    expect(await bodyOf(id)).toBeNull()
  })

  it('is emptied once it is sent, when it opens a door', async () => {
    const id = await queued(app, { isSecret: true, body: 'https://here.example/reset/abcdef' })
    expect(await bodyOf(id)).toContain('abcdef')
    await doAllJobs(app)
    expect(server.received[0]?.source).toContain('abcdef')
    expect(await bodyOf(id)).toBeNull()
  })
})

describe('A message whose cause was rolled back', () => {
  it('is never sent', async () => {
    const asked = app.changeAs('administrator', async (change) => {
      change.audit({ verb: 'staff:invited' })
      await queueEmail(change, emailOrder())
      throw new Error('something else went wrong')
    })
    await expect(asked).rejects.toThrow('something else went wrong')
    await doAllJobs(app)
    expect(server.received).toEqual([])
  })
})

describe('What is typed into a message', () => {
  it('adds no recipient and no header', async () => {
    const nasty = 'Nadia\r\nBcc: evil@evil.example, "quoted" <other@evil.example>'
    await queued(app, {
      subject: `Hello ${nasty}`,
      to: { staffId: FIRST_STAFF, name: nasty, address: 'nadia@here.example' },
    })
    await doAllJobs(app)
    const [received] = server.received
    expect(received?.to).toEqual(['nadia@here.example'])
    expect(received?.source).not.toMatch(/^bcc:/im)
  })
})

describe('Without a mail server', () => {
  it('a message is kept in a folder, whole, and can be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'outbox-'))
    const alone = await startApp({ DATA_DIR: folder })
    try {
      const id = await queued(alone)
      await doAllJobs(alone)
      const files = await readdir(join(folder, 'outbox'))
      expect(files).toEqual([`message-${id}127.0.0.1.eml`])
      expect(await readFile(join(folder, 'outbox', files[0]!), 'utf8')).toContain(
        'To: Nadia Newcomer <nadia@here.example>',
      )
      expect(await outcomes(alone, id)).toEqual(['trying', 'kept'])
    } finally {
      await alone.close()
      await rm(folder, { recursive: true })
    }
  })
})

async function bodyOf(id: number) {
  const row = await app.db.selectFrom('message_contents').select('body').where('message_id', '=', id).executeTakeFirst()
  return row?.body
}
