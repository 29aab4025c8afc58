import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { contactAddress, contactAnswer, privateNote, serviceUser, supporter } from '../../seeds/factories.ts'
import { type PersonEmail, queueEmailToPerson } from '../../src/messages/actions.ts'
import { sendMessage } from '../../src/messages/sending-actions.ts'
import { outcomes } from '../messages/orders.ts'
import { startApp, startOfTest, type TestApp } from '../support/app.ts'
import { plainText } from '../support/html.ts'
import { countJobs, doAllJobs } from '../support/jobs.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'

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
  app.setClock(startOfTest)
})

const DAY = 86_400_000
let causes = 0

const someone = (more: object = {}) => serviceUser(app.db, { organisation_id: app.people.organisationId, ...more })

function order(serviceUserId: number, changed: Partial<PersonEmail> = {}): PersonEmail {
  causes += 1
  return {
    cause: `test:person-${causes}`,
    kind: 'appointment-preparation',
    to: { serviceUserId, supporterId: null },
    purpose: 'appointment',
    write: ({ namesService }) => ({ subject: 'Your call', body: namesService ? 'From the Trust' : 'See you then' }),
    sendUntil: new Date(startOfTest.getTime() + 2 * DAY),
    isSecret: false,
    ...changed,
  }
}

const queue = (asked: PersonEmail) =>
  app.changeAs('champion', async (change) => {
    change.audit({ verb: 'service-user:viewed' })
    return queueEmailToPerson(change, asked)
  })

async function queued(asked: PersonEmail): Promise<number> {
  const written = await queue(asked)
  if (!written || !('id' in written)) throw new Error('it was not written')
  return written.id
}

const tasksOf = (id: number) =>
  app.db.selectFrom('contact_tasks').select(['reason', 'channel']).where('service_user_id', '=', id).execute()

describe('A message to a service user', () => {
  it('goes to the address on the record, once, in neutral words unless they agreed to others', async () => {
    const person = await someone({ email: 'kim@post.example', known_as: 'Kim' })
    await contactAnswer(app.db, { person, channel: 'email' })
    const asked = order(person.id)
    const id = await queued(asked)
    expect(await queue(asked)).toBeNull()
    await doAllJobs(app)
    expect(await outcomes(app, id)).toEqual(['trying', 'sent'])
    expect(server.received.map(({ to }) => to)).toEqual([['kim@post.example']])
    expect(server.received[0]?.source).toContain('See you then')
    await contactAnswer(app.db, { person, channel: 'email', names_service: true })
    await queued(order(person.id))
    await doAllJobs(app)
    expect(server.received[1]?.source).toContain('From the Trust')
  })

  it.each<
    [string, (person: { id: number; organisation_id: number; email: string }) => Promise<unknown>, object, string]
  >([
    ['who was not asked', async () => {}, {}, 'not-asked'],
    [
      'who said no',
      (person) => contactAnswer(app.db, { person, channel: 'email', answer: 'not-allowed' }),
      {},
      'not-allowed',
    ],
    [
      'who has no address',
      (person) => contactAnswer(app.db, { person, channel: 'email' }),
      { email: '' },
      'no-address',
    ],
    [
      'who died this morning',
      (person) => contactAnswer(app.db, { person, channel: 'email' }),
      { state: 'died' },
      'died',
    ],
    [
      'whose address is paused',
      async (person) => {
        await contactAnswer(app.db, { person, channel: 'email' })
        await privateNote(app.db, { person })
      },
      {},
      'paused',
    ],
  ])('%s is not written at all, and becomes one task', async (_, prepare, more, reason) => {
    const person = await someone(more)
    await prepare(person)
    const asked = order(person.id)
    expect(await queue(asked)).toEqual({ taskId: expect.any(Number) })
    expect(await queue(asked)).toBeNull()
    expect(await tasksOf(person.id)).toEqual([{ reason, channel: 'email' }])
    expect(await countJobs(app)).toBe(0)
  })

  it('waits for the hour they agreed, and goes out then', async () => {
    const person = await someone()
    await contactAnswer(app.db, { person, channel: 'email', from_hour: 14, until_hour: 16 })
    const id = await queued(order(person.id))
    expect(await outcomes(app, id)).toEqual([])
    // the queue goes by the true time; asked too early by ours all the same, it goes back
    await sendNow(id)
    expect(await outcomes(app, id)).toEqual([])
    app.setClock(new Date('2026-08-03T13:00:00Z'))
    await doAllJobs(app)
    expect(await outcomes(app, id)).toEqual(['trying', 'sent'])
  })

  it('that can only go out too late becomes a task', async () => {
    const person = await someone()
    await contactAnswer(app.db, { person, channel: 'email', from_hour: 14, until_hour: 16 })
    await queue(order(person.id, { sendUntil: new Date(startOfTest.getTime() + 3_600_000) }))
    expect(await tasksOf(person.id)).toEqual([{ reason: 'too-late', channel: 'email' }])
  })

  it.each<[string, (person: { id: number; organisation_id: number; email: string }) => Promise<unknown>, string]>([
    [
      'died',
      ({ id }) => app.db.updateTable('service_users').set({ state: 'died' }).where('id', '=', id).execute(),
      'died',
    ],
    ['said no', (person) => contactAnswer(app.db, { person, channel: 'email', answer: 'not-allowed' }), 'not-allowed'],
    ['was paused', (person) => privateNote(app.db, { person }), 'paused'],
    [
      'lost that address',
      (person) => contactAddress(app.db, { person, address: person.email, isSafe: false }),
      'not-safe',
    ],
  ])('is held back where somebody %s while it waited', async (_, happens, reason) => {
    const person = await someone()
    await contactAnswer(app.db, { person, channel: 'email' })
    const id = await queued(order(person.id))
    await happens(person)
    await doAllJobs(app)
    expect(await outcomes(app, id)).toEqual(['withheld'])
    expect(server.received).toEqual([])
    expect(await tasksOf(person.id)).toEqual([{ reason, channel: 'email' }])
  })

  it.each(['sent', 'withheld'])('with a link that opens a door is not kept once it is %s', async (outcome) => {
    const person = await someone()
    await contactAnswer(app.db, { person, channel: 'email' })
    const id = await queued(order(person.id, { isSecret: true }))
    if (outcome === 'withheld') await contactAnswer(app.db, { person, channel: 'email', answer: 'not-allowed' })
    await doAllJobs(app)
    expect((await outcomes(app, id)).at(-1)).toBe(outcome)
    const words = app.db.selectFrom('message_contents').select(['subject', 'body']).where('message_id', '=', id)
    expect(await words.execute()).toEqual([{ subject: 'Your call', body: null }])
  })

  it('goes to a supporter with consent, by their own answer', async () => {
    const person = await someone()
    await contactAnswer(app.db, { person, channel: 'email' })
    const made = await supporter(app.db, { of: person, email: 'sal@post.example' })
    const to = { serviceUserId: person.id, supporterId: made.id }
    expect(await queue(order(person.id, { to }))).toHaveProperty('taskId')
    await contactAnswer(app.db, { person, channel: 'email', supporter_id: made.id })
    await queued(order(person.id, { to }))
    await doAllJobs(app)
    expect(server.received.map((mail) => mail.to)).toEqual([['sal@post.example']])
    expect(await queue(order(person.id, { to: { ...to, supporterId: 999_999 } })).catch((error) => error.code)).toBe(
      '23503',
    )
  })

  it('is on their record, and on no page of whoever looks after the service', async () => {
    const person = await someone({ name: 'Zed Zzmessage', email: 'zz@post.example' })
    await contactAnswer(app.db, { person, channel: 'email' })
    const id = await queued(order(person.id))
    const champion = await app.signedInAs('champion')
    expect(plainText((await champion.get(`/service-users/${person.id}/safe-contact`)).text)).toContain(
      'What was sent lately',
    )
    const administrator = await app.signedInAs('administrator')
    expect((await administrator.get('/messages')).text).not.toMatch(/Zzmessage|zz@post/)
    expect((await administrator.get(`/messages/${id}`)).status).toBe(404)
    expect((await administrator.post(`/messages/${id}/again`)).status).toBe(404)
  })
})

describe('The door that messages go through', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const naming = (words: RegExp) => files.filter((file) => words.test(readFileSync(join('src', file), 'utf8'))).sort()

  it('is the only one, with its twin for all that falls due at once: nothing else writes a message', () => {
    expect(naming(/insertInto\('message(s|_contents)'\)|insert into message(s|_contents)\b/)).toEqual([
      'messages/actions.ts',
      'messages/occasion-actions.ts',
    ])
    expect(naming(/mayContact\(/)).toContain('messages/occasion-actions.ts')
  })

  /** The types of the schema, what goes along when two records become one, and what may be emptied and why. */
  const onlyNaming = [
    'database/schema.ts',
    'database/grants.ts',
    'database/personal-data/contact.ts',
    'service-users/merge-rules.ts',
  ]

  it('and nothing but the private pages reads why contact is not safe', () => {
    expect(naming(/contact_risk/).filter((file) => !onlyNaming.includes(file))).toEqual([
      'safe-contact/private-actions.ts',
      'safe-contact/private-queries.ts',
    ])
  })
})

function sendNow(id: number): Promise<void> {
  const send = () => Promise.reject(new Error('nothing may be sent'))
  const sendText = send
  return sendMessage({ db: app.db, clock: app.clock, send, sendText, host: 'here.example', isLastTry: false }, id)
}
