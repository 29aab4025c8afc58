import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { doAllJobs } from '../support/jobs.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { outcomes, queued } from './orders.ts'

let server: MailServer
let app: TestApp
let administrator: Visitor

beforeAll(async () => {
  server = await startMailServer()
  app = await startApp({ SMTP_URL: server.url })
  administrator = await app.signedInAs('administrator')
})
afterAll(async () => {
  await app.close()
  await server.stop()
})

describe('The messages', () => {
  it('say what became of each, and that emails are not going out while they are not', async () => {
    server.behave(451)
    await queued(app)
    await doAllJobs(app)
    const page = await administrator.get('/messages')
    expect(page.text).toContain('Invitation to join')
    expect(page.text).toContain('Not sent yet, will be tried again')
    expect(page.text).toContain('Emails are not going out. The mail server was last tried on Monday 3 August 2026')
    expect(page.text).toContain('(451')

    server.behave('take')
    await doAllJobs(app)
    const after = await administrator.get('/messages')
    expect(after.text).not.toContain('Emails are not going out')
    expect((await administrator.get('/messages?show=stuck')).text).toContain(
      'Every message was sent, or is on its way.',
    )
  })

  it('that were not sent can be tried again, once', async () => {
    server.behave(550)
    const id = await queued(app)
    await doAllJobs(app)
    expect((await administrator.get('/messages?show=stuck')).text).toContain(`/messages/${id}`)
    expect((await administrator.get(`/messages/${id}`)).text).toContain('Try to send it again')

    server.behave('take')
    expect((await administrator.post(`/messages/${id}/again`)).status).toBe(303)
    expect((await administrator.post(`/messages/${id}/again`)).status).toBe(409)
    await doAllJobs(app)
    expect(await outcomes(app, id)).toEqual(['trying', 'refused', 'again', 'trying', 'sent'])
  })

  it('that open a door are read by nobody', async () => {
    const id = await queued(app, { isSecret: true, body: 'https://here.example/reset/abcdef' })
    const page = await administrator.get(`/messages/${id}`)
    expect(page.text).not.toContain('abcdef')
    expect(page.text).toContain('for the person it is sent to, and nobody else')
  })

  it('of another organisation are not there', async () => {
    const id = await queued(app)
    const other = await app.signedInAs(app.people.foreignActors.administrator)
    expect((await other.get('/messages')).text).not.toContain('Nadia Newcomer')
    expect((await other.get(`/messages/${id}`)).status).toBe(404)
    expect((await other.post(`/messages/${id}/again`)).status).toBe(404)
  })
})

describe('What was delivered', () => {
  it('cannot be changed or taken away, by the app or by the owner of the table', async () => {
    const id = await queued(app)
    await doAllJobs(app)
    const change = `update deliveries set outcome = 'sent' where message_id = ${id}`
    const remove = `delete from deliveries where message_id = ${id}`
    for (const statement of [change, remove]) {
      await expect(app.pool.query(statement)).rejects.toMatchObject({ code: '42501' })
      await expect(asOwner(statement)).rejects.toMatchObject({ code: '42501' })
    }
  })

  it('was sent once, as PostgreSQL has it', async () => {
    const id = await queued(app)
    await doAllJobs(app)
    const again = `insert into deliveries (organisation_id, message_id, at, outcome)
      select organisation_id, message_id, at, outcome from deliveries where message_id = ${id} and outcome = 'sent'`
    await expect(app.pool.query(again)).rejects.toMatchObject({ code: '23505', constraint: 'message_is_sent_once' })
  })
})

async function asOwner(statement: string): Promise<void> {
  const { default: pg } = await import('pg')
  const owner = new pg.Client({ connectionString: app.ownerUrl })
  await owner.connect()
  try {
    await owner.query(statement)
  } finally {
    await owner.end()
  }
}
