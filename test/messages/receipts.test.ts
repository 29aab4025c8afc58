import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { contactAnswer, diaryEntry, serviceUser } from '../../seeds/factories.ts'
import { writeWhatIsDue } from '../../src/messages/occasion-actions.ts'
import { readReceipt } from '../../src/messages/receipt-rules.ts'
import { startApp, startOfTest, type TestApp } from '../support/app.ts'
import { plainText } from '../support/html.ts'
import { doAllJobs } from '../support/jobs.ts'
import { type NotifyServer, startNotifyServer } from '../support/notify-server.ts'

const TOKEN = 'what-notify-says-who-it-is-with-0123456789'
const PATH = '/callbacks/notify/delivery'
const DAY = 86_400_000
const FIRST = 100

let texts: NotifyServer
let app: TestApp
let last = FIRST

beforeAll(async () => {
  texts = await startNotifyServer()
  app = await startApp({
    ...{ NOTIFY_URL: texts.url, NOTIFY_CALLBACK_TOKEN: TOKEN, NOTIFY_TEMPLATE_ID: crypto.randomUUID() },
    NOTIFY_API_KEY: `test-${crypto.randomUUID()}-${crypto.randomUUID()}`,
  })
})
afterAll(async () => {
  await app.close()
  await texts.stop()
})
beforeEach(() => {
  texts.received.length = 0
})

/** A text about a call that was handed over to Notify, and whom it is for. */
async function textSent() {
  last += 1
  const phone = `07700 900${last}`
  const person = await serviceUser(app.db, { organisation_id: app.people.organisationId, phone, known_as: 'Kim' })
  await contactAnswer(app.db, { person, channel: 'text' })
  const champion = { id: app.people.actors.champion.staffId, organisation_id: app.people.organisationId }
  const from = new Date(startOfTest.getTime() + (4 + last - FIRST) * DAY)
  await diaryEntry(app.db, { champion, person, from, made_at: app.clock() })
  await writeWhatIsDue({ db: app.db, clock: app.clock, canText: true })
  await doAllJobs(app)
  const [text] = texts.received.filter(({ phone_number }) => phone_number === phone)
  return { person, phone, reference: text!.reference, id: Number(text!.reference.slice('message-'.length)) }
}
const receipt = (reference: string, status: string) => ({
  ...{ id: crypto.randomUUID(), reference, to: '07700900123', status, notification_type: 'sms' },
  ...{ created_at: '2026-08-03T09:00:00Z', completed_at: '2026-08-03T09:00:05Z', sent_at: '2026-08-03T09:00:01Z' },
})
const tell = (body: object, token = TOKEN) =>
  app.visitor().agent.post(PATH).set('Authorization', `Bearer ${token}`).send(body)
const outcomesOf = async (id: number) => {
  const rows = await app.db
    .selectFrom('deliveries')
    .select('outcome')
    .where('message_id', '=', id)
    .orderBy('id')
    .execute()
  return rows.map(({ outcome }) => outcome)
}
const tasksOf = (person: { id: number }) =>
  app.db.selectFrom('contact_tasks').select(['kind', 'reason']).where('service_user_id', '=', person.id).execute()

describe('What GOV.UK Notify tells of a text', () => {
  it('that it arrived, is written down once however often it is told', async () => {
    const { id, reference, person } = await textSent()
    for (let time = 0; time < 3; time += 1) {
      const answer = await tell(receipt(reference, 'delivered'))
      expect([answer.status, answer.text]).toEqual([204, ''])
    }
    await tell(receipt(reference, 'permanent-failure'))
    expect(await outcomesOf(id)).toEqual(['trying', 'sent', 'delivered'])
    expect(await tasksOf(person)).toEqual([])
    const champion = await app.signedInAs('champion')
    expect(plainText((await champion.get(`/service-users/${person.id}/safe-contact`)).text)).toContain('Arrived')
  })

  it('told many times at once, it is written down once', async () => {
    const { id, reference } = await textSent()
    const answers = await Promise.all(Array.from({ length: 6 }, () => tell(receipt(reference, 'delivered'))))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 204))
    expect(await outcomesOf(id)).toEqual(['trying', 'sent', 'delivered'])
    const again = app.pool.query(
      `insert into deliveries (organisation_id, message_id, at, outcome) values ($1, $2, $3, 'undelivered')`,
      [app.people.organisationId, id, app.clock()],
    )
    await expect(again).rejects.toMatchObject({ constraint: 'message_arrives_once' })
  })

  it.each([
    ['permanent-failure', 'turned-away', 'refused'],
    ['temporary-failure', 'undelivered', 'undelivered'],
    ['technical-failure', 'undelivered', 'undelivered'],
  ])(
    'that it did not arrive (%s), makes a task for a person, and it is never sent twice',
    async (status, outcome, why) => {
      const { id, reference, person } = await textSent()
      expect((await tell(receipt(reference, status))).status).toBe(204)
      expect((await tell(receipt(reference, status))).status).toBe(204)
      expect(await outcomesOf(id)).toEqual(['trying', 'sent', outcome])
      expect(await tasksOf(person)).toEqual([{ kind: 'session-made', reason: why }])
      const administrator = await app.signedInAs('administrator')
      expect((await administrator.post(`/admin/messages/${id}/again`, {})).status).not.toBe(303)
      await doAllJobs(app)
      expect(texts.received.filter((text) => text.reference === reference)).toHaveLength(1)
    },
  )

  it('that comes before we know that it was handed over, is told again by Notify, and is not lost', async () => {
    const { id, reference } = await textSent()
    const early = `message-${id + 1_000_000}`
    await app.pool.query(
      `with made as (
         insert into messages (id, organisation_id, service_user_id, cause, kind, channel, purpose, created_at, send_until)
         overriding system value
         select id + 1000000, organisation_id, service_user_id, 'test:early', kind, channel, purpose, created_at, send_until
         from messages where id = $1 returning id, organisation_id, created_at
       )
       insert into message_contents (message_id, to_name, to_address, subject, body)
       select made.id, to_name, to_address, subject, body from made, message_contents where message_id = $1`,
      [id],
    )
    const note = (outcome: string) =>
      app.pool.query(`insert into deliveries (organisation_id, message_id, at, outcome) values ($1, $2, $3, $4)`, [
        app.people.organisationId,
        id + 1_000_000,
        app.clock(),
        outcome,
      ])
    await note('trying')
    expect((await tell(receipt(early, 'delivered'))).status).toBe(503)
    await note('sent')
    expect((await tell(receipt(early, 'delivered'))).status).toBe(204)
    expect(await outcomesOf(id + 1_000_000)).toEqual(['trying', 'sent', 'delivered'])
    expect((await tell(receipt(reference, 'delivered'))).status).toBe(204)
  })

  it('nothing more goes by itself to a number that there is not', async () => {
    const { reference, person, phone } = await textSent()
    await tell(receipt(reference, 'permanent-failure'))
    texts.received.length = 0
    app.setClock(new Date(startOfTest.getTime() + (2 + last - FIRST) * DAY))
    await writeWhatIsDue({ db: app.db, clock: app.clock, canText: true })
    await doAllJobs(app)
    expect(texts.received.length).toBeGreaterThan(0)
    expect(texts.received.filter(({ phone_number }) => phone_number === phone)).toEqual([])
    expect((await tasksOf(person)).length).toBeGreaterThan(1)
    app.setClock(startOfTest)
  })

  it('is passed over where it is of no text of ours, not final, or nothing at all', async () => {
    const { id, reference } = await textSent()
    for (const body of [
      receipt('message-900000001', 'delivered'),
      receipt('somebody-elses', 'delivered'),
      receipt(reference, 'sending'),
      receipt(reference, '__proto__'),
      { status: 'delivered' },
      [],
    ]) {
      expect((await tell(body)).status).toBe(204)
    }
    expect(await outcomesOf(id)).toEqual(['trying', 'sent'])
    expect(readReceipt({ reference: `message-${'9'.repeat(40)}`, status: 'delivered' })).toBeNull()
  })

  it('is heard from nobody without the token, who learns nothing, and only as much as a receipt has', async () => {
    const { id, reference } = await textSent()
    for (const token of ['', 'wrong', `${TOKEN}x`, TOKEN.slice(1)]) {
      const answer = await tell(receipt(reference, 'delivered'), token)
      expect([answer.status, answer.text]).toEqual([401, ''])
    }
    const without = await app.visitor().agent.post(PATH).send(receipt(reference, 'delivered'))
    expect(without.status).toBe(401)
    expect(without.headers['set-cookie']).toBeUndefined()
    expect((await tell({ ...receipt(reference, 'delivered'), more: 'x'.repeat(9_000) })).status).toBe(400)
    const broken = app.visitor().agent.post(PATH).set('Authorization', `Bearer ${TOKEN}`)
    expect((await broken.set('Content-Type', 'application/json').send('{"reference":')).status).toBe(400)
    expect(await outcomesOf(id)).toEqual(['trying', 'sent'])
  })

  it('has no address where no token was agreed', async () => {
    const other = await startApp()
    const answer = await other.visitor().agent.post(PATH).set('Authorization', 'Bearer ').send({})
    expect(answer.status).not.toBe(204)
    expect(answer.status).not.toBe(401)
    await other.close()
  })
})
