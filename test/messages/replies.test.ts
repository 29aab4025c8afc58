import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { contactAnswer, dataAllowance, serviceUser, supporter } from '../../seeds/factories.ts'
import { writeWhatIsDue } from '../../src/messages/occasion-actions.ts'
import { readReply } from '../../src/messages/reply-rules.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { plainText } from '../support/html.ts'

const TOKEN = 'what-notify-says-who-it-is-with-0123456789'
const PATH = '/callbacks/notify/received'

let app: TestApp

beforeAll(async () => {
  app = await startApp({ NOTIFY_CALLBACK_TOKEN: TOKEN })
})
afterAll(() => app.close())

const reply = (source_number: string, message: string, id: string = crypto.randomUUID()) => ({
  ...{ id, source_number, destination_number: '447700900000', message, date_received: '2026-08-03T09:30:00Z' },
})
const tell = (body: object, token = TOKEN) =>
  app.visitor().agent.post(PATH).set('Authorization', `Bearer ${token}`).send(body)
const someone = async (phone: string, more: object = {}) => {
  const person = await serviceUser(app.db, {
    organisation_id: app.people.organisationId,
    phone,
    known_as: 'Kim',
    ...more,
  })
  await contactAnswer(app.db, { person, channel: 'text' })
  return person
}
const answersOf = async (person: { id: number }) =>
  await app.db
    .selectFrom('contact_answers')
    .select(['answer', 'recorded_by'])
    .where('service_user_id', '=', person.id)
    .where('channel', '=', 'text')
    .orderBy('id')
    .execute()
const tasksOf = (person: { id: number }) =>
  app.db.selectFrom('contact_tasks').select(['kind', 'reason']).where('service_user_id', '=', person.id).execute()
const stopped = { answer: 'not-allowed', recorded_by: null }

describe('STOP by text', () => {
  it('is a no to texts for everybody whose number it is, once, and the record says so', async () => {
    const [one, shares, other] = [
      await someone('07700 900 201'),
      await someone('+44 7700 900201'),
      await someone('07700 900 202'),
    ]
    const said = reply('447700900201', 'STOP')
    for (let time = 0; time < 2; time += 1) expect((await tell(said)).status).toBe(204)
    expect((await answersOf(one)).slice(1)).toEqual([stopped])
    expect((await answersOf(shares)).slice(1)).toEqual([stopped])
    expect(await answersOf(other)).toHaveLength(1)
    const champion = await app.signedInAs('champion')
    expect(plainText((await champion.get(`/service-users/${one.id}/history`)).text)).toContain(
      'said by text: no more texts',
    )
    const late = await champion.post(`/service-users/${one.id}/safe-contact/channels/text`, {
      answer: 'allowed',
      version: 0,
    })
    expect([late.status, plainText(late.text)]).toEqual([
      409,
      expect.stringContaining('A text from them answered this'),
    ])
  })

  it('means that nothing more goes by text: what falls due is for a person', async () => {
    const person = await someone('07700 900 203')
    await tell(reply('07700900203', ' Stop. '))
    const by = { id: app.people.actors.champion.staffId }
    const organisation_id = app.people.organisationId
    await dataAllowance(app.db, { organisation_id, by, person, starts_on: '2026-07-20', ends_on: '2026-08-05' })
    await writeWhatIsDue({ db: app.db, clock: app.clock, canText: true })
    const messages = app.db.selectFrom('messages').select('id').where('service_user_id', '=', person.id)
    expect(await messages.execute()).toEqual([])
    expect((await tasksOf(person)).length).toBeGreaterThan(0)
  })

  it('from somebody who supports a person stops texts to them, and not to the person', async () => {
    const person = await someone('07700 900 204')
    const helper = await supporter(app.db, { of: person, phone: '07700 900 205' })
    await tell(reply('447700900205', 'stop texts please'))
    const rows = app.db
      .selectFrom('contact_answers')
      .select(['supporter_id', 'answer'])
      .where('service_user_id', '=', person.id)
    expect(await rows.orderBy('id').execute()).toEqual([
      { supporter_id: null, answer: 'allowed' },
      { supporter_id: helper.id, answer: 'not-allowed' },
    ])
  })

  it.each([
    ['STOP', true],
    ['Stop.', true],
    ['  stop texting me  ', true],
    ['Please stop', true],
    ['STOP ALL', true],
    ['Stop by on Friday?', false],
    ['I cannot stop crying', false],
    ['STOPP', false],
    ['Don’t stop', false],
    ['', false],
  ])('“%s” is it: %s', (message, isStop) => {
    expect(readReply(reply('447700900201', message))).toMatchObject({ isStop })
  })

  it('is kept by PostgreSQL: without somebody who wrote it down there is no yes, and no no to anything else', async () => {
    const person = await someone('07700 900 206')
    const add = (channel: string, answer: string) =>
      app.pool.query(
        `insert into contact_answers (organisation_id, service_user_id, channel, answer, at) values ($1, $2, $3, $4, $5)`,
        [app.people.organisationId, person.id, channel, answer, app.clock()],
      )
    const refused = { constraint: 'nobody_but_staff_writes_a_yes' }
    await expect(add('text', 'allowed')).rejects.toMatchObject(refused)
    await expect(add('email', 'not-allowed')).rejects.toMatchObject(refused)
  })
})

describe('Any other answer to a text', () => {
  it('is a task to ring them, once, and none of its words are kept', async () => {
    const person = await someone('07700 900 207')
    const said = reply('447700900207', 'zz-canary I feel very low today')
    for (let time = 0; time < 3; time += 1) expect((await tell(said)).status).toBe(204)
    expect(await tasksOf(person)).toEqual([{ kind: 'text-answered', reason: 'by-hand' }])
    expect(await answersOf(person)).toHaveLength(1)
    const champion = await app.signedInAs('champion')
    expect(plainText((await champion.get('/')).text)).toContain('Somebody answered a text: ring them')
    const { rows } = await app.pool.query(
      `select from audit_details where details::text like '%zz-canary%' union all select from message_contents where body like '%zz-canary%'`,
    )
    expect(rows).toEqual([])
  })

  it('is passed over from a number that is nobody’s, without the token, or where it is no text at all', async () => {
    const person = await someone('07700 900 208')
    expect((await tell(reply('447700900299', 'STOP'))).status).toBe(204)
    expect((await tell({ message: 'STOP' })).status).toBe(204)
    expect((await tell(reply('447700900208', 'STOP'), 'wrong')).status).toBe(401)
    expect(await answersOf(person)).toHaveLength(1)
  })
})
