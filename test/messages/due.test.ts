import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import ICAL from 'ical.js'
import {
  appointment,
  contactAnswer,
  dataAllowance,
  diaryEntry,
  loanTo,
  serviceUser,
  supporter,
  trainingSession,
} from '../../seeds/factories.ts'
import { writeWhatIsDue } from '../../src/messages/occasion-actions.ts'
import { startApp, startOfTest, type TestApp } from '../support/app.ts'
import { doAllJobs } from '../support/jobs.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { type NotifyServer, startNotifyServer } from '../support/notify-server.ts'
import { calendarOf, headerOf } from './wire.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

let server: MailServer
let texts: NotifyServer
let app: TestApp

beforeAll(async () => {
  server = await startMailServer()
  texts = await startNotifyServer()
  app = await startApp({
    ...{ SMTP_URL: server.url, MAIL_FROM: 'Loans <loans@here.example>', NOTIFY_URL: texts.url },
    NOTIFY_API_KEY: `test-${crypto.randomUUID()}-${crypto.randomUUID()}`,
    NOTIFY_TEMPLATE_ID: crypto.randomUUID(),
  })
})
afterAll(async () => {
  await app.close()
  await server.stop()
  await texts.stop()
})
beforeEach(() => {
  server.received.length = 0
  texts.received.length = 0
  texts.behave(201)
  app.setClock(startOfTest)
})

const later = (ms: number) => new Date(startOfTest.getTime() + ms)
const written = () => writeWhatIsDue({ db: app.db, clock: app.clock, canText: true })
const mailTo = (address: string) => server.received.filter(({ to }) => to.includes(address))
const subjectsTo = (address: string) => mailTo(address).map(({ source }) => headerOf(source, 'Subject'))

async function someone(email: string, more: object = {}) {
  const person = await serviceUser(app.db, {
    organisation_id: app.people.organisationId,
    email,
    known_as: 'Kim',
    ...more,
  })
  await contactAnswer(app.db, { person, channel: 'email' })
  return person
}

const champion = () => ({ id: app.people.actors.champion.staffId, organisation_id: app.people.organisationId })

async function sessionWith(person: { id: number }, from: Date) {
  return diaryEntry(app.db, { champion: champion(), person, from, made_at: app.clock() })
}

const moved = (id: number, from: Date) =>
  app.pool.query(
    `update diary_entries set starts_at = $2::timestamptz, ends_at = $2::timestamptz + interval '30 minutes',
       leaves_at = $2::timestamptz, back_at = $2::timestamptz + interval '30 minutes', version = version + 1 where id = $1`,
    [id, from],
  )
const cancelled = (id: number) =>
  app.pool.query('update diary_entries set cancelled_at = $2, cancelled_by = $3 where id = $1', [
    id,
    app.clock(),
    champion().id,
  ])

async function pass(to: Date): Promise<void> {
  app.setClock(to)
  await written()
  await doAllJobs(app)
}

describe('A session', () => {
  it('is told of once, by whom the person knows, with a calendar file that opens; and a reminder follows', async () => {
    const person = await someone('told@post.example')
    await sessionWith(person, later(5 * DAY))
    await Promise.all([written(), written()])
    await pass(startOfTest)
    await pass(later(HOUR))
    expect(subjectsTo('told@post.example')).toEqual(['We meet on Saturday 8 August 2026 at 10:30am'])
    const [mail] = mailTo('told@post.example')
    expect(headerOf(mail!.source, 'From')).toContain(app.people.actors.champion.name)
    expect(mail?.source).toContain('text/html')
    // as another program reads what came over the wire
    const file = calendarOf(mail!.source)
    const opened = new ICAL.Component(ICAL.parse(file.slice(file.indexOf('BEGIN:VCALENDAR'))))
    const event = new ICAL.Event(opened.getFirstSubcomponent('vevent')!)
    expect([event.startDate.toJSDate(), event.endDate.toJSDate(), event.summary]).toEqual([
      new Date('2026-08-08T09:30:00Z'),
      new Date('2026-08-08T10:00:00Z'),
      'Call',
    ])
    await pass(later(3 * DAY + HOUR))
    await pass(later(5 * DAY - HOUR))
    expect(
      subjectsTo('told@post.example')
        .slice(1)
        .map((subject) => subject?.split(':')[0]),
    ).toEqual(['Reminder', 'Today'])
  })

  it('that is moved three times sends one reminder, and none once it is cancelled', async () => {
    const person = await someone('moved@post.example')
    const { id } = await sessionWith(person, later(6 * DAY))
    await pass(startOfTest)
    for (const days of [7, 8, 9]) await moved(id, later(days * DAY))
    await pass(later(HOUR))
    await pass(later(7 * DAY + 2 * HOUR))
    await pass(later(7 * DAY + 3 * HOUR))
    expect(subjectsTo('moved@post.example').map((subject) => subject?.split(/[:\d]/)[0]?.trim())).toEqual([
      'We meet on Sunday',
      'A new time',
      'Reminder',
    ])
    app.setClock(later(9 * DAY - HOUR))
    await written()
    await cancelled(id)
    await doAllJobs(app)
    expect(mailTo('moved@post.example')).toHaveLength(3)
    const { rows } = await app.pool.query(
      `select outcome from deliveries join messages on messages.id = message_id
       where service_user_id = $1 order by deliveries.id desc limit 1`,
      [person.id],
    )
    expect(rows).toEqual([{ outcome: 'overtaken' }])
    const over = `insert into deliveries (organisation_id, message_id, at, outcome)
      select organisation_id, id, $2, 'trying' from messages where service_user_id = $1 order by id desc limit 1`
    await expect(app.pool.query(over, [person.id, app.clock()])).rejects.toMatchObject({
      constraint: 'message_is_still_so',
    })
  })
})

describe('A session with somebody who supports them', () => {
  let days = 60
  const withSupporter = async (email: string) => {
    days += 1
    const person = await someone(`of-${email}`)
    const helper = await supporter(app.db, { of: person, name: 'Sam Example', email, told: ['training'] })
    await contactAnswer(app.db, { person, supporter_id: helper.id, channel: 'email' })
    await trainingSession(app.db, {
      ...{ champion: champion(), person, from: later(days * DAY), supporter_id: helper.id },
    })
    return { person, helper }
  }

  it('is told of to them, and not to the person', async () => {
    await withSupporter('sam@post.example')
    await pass(startOfTest)
    expect(subjectsTo('sam@post.example')).toHaveLength(1)
    expect(mailTo('sam@post.example')[0]?.source).toContain('Sam Example')
    expect(mailTo('of-sam@post.example')).toEqual([])
  })

  it('is a task to speak with the person where they may not be told about training any more', async () => {
    const { person, helper } = await withSupporter('told-less@post.example')
    await app.pool.query(`update supporters set may_be_told = '{devices}' where id = $1`, [helper.id])
    await pass(startOfTest)
    expect(mailTo('told-less@post.example')).toEqual([])
    const { rows } = await app.pool.query('select supporter_id, reason from contact_tasks where service_user_id = $1', [
      person.id,
    ])
    expect(rows).toEqual([{ supporter_id: helper.id, reason: 'supporter' }])
  })

  it('is not told of once they may not be told any more', async () => {
    const { helper } = await withSupporter('no-more@post.example')
    await written()
    await app.pool.query(
      `update supporters set consent = 'refused', consent_on = null, may_be_told = '{}' where id = $1`,
      [helper.id],
    )
    await doAllJobs(app)
    expect(mailTo('no-more@post.example')).toEqual([])
  })
})

describe('A call with their clinician', () => {
  it('is prepared for at the time it has: told anew when it moves, and not at all once they meet in person', async () => {
    const person = await someone('ready@post.example')
    const { id } = await appointment(app.db, { person, by: champion(), from: later(2 * DAY) })
    const changed = (set: string, ...values: unknown[]) =>
      app.pool.query(`update appointments set ${set} where id = $1`, [id, ...values])
    const to = `starts_at = $2::timestamptz, ends_at = $2::timestamptz + interval '50 minutes'`
    await pass(startOfTest)
    await pass(later(HOUR))
    for (const hours of [50, 51, 52]) await changed(to, later(hours * HOUR))
    await pass(later(2 * HOUR))
    await pass(later(3 * HOUR))
    expect(mailTo('ready@post.example').map(({ source }) => /You have a call on ([^.]*)\./.exec(source)?.[1])).toEqual([
      'Wednesday 5 August 2026 at 10:30am',
      'Wednesday 5 August 2026 at 2:30pm',
    ])
    await changed(to, later(60 * HOUR))
    await written()
    await changed(`way = 'face-to-face'`)
    await pass(later(4 * HOUR))
    expect(mailTo('ready@post.example')).toHaveLength(2)
  })
})

describe('An address that takes nothing', () => {
  it('gets nothing more by itself, and a person is told; another address does', async () => {
    const person = await someone('gone@post.example')
    const { id } = await sessionWith(person, later(20 * DAY))
    server.behave(550)
    await pass(startOfTest)
    server.behave('take')
    await moved(id, later(21 * DAY))
    await pass(later(HOUR))
    expect(mailTo('gone@post.example')).toEqual([])
    const { rows } = await app.pool.query(
      'select kind, reason from contact_tasks where service_user_id = $1 order by id',
      [person.id],
    )
    expect(rows).toEqual([
      { kind: 'session-made', reason: 'refused' },
      { kind: 'session-moved', reason: 'refused' },
    ])
    const record = await (await app.signedInAs('champion')).get(`/service-users/${person.id}/safe-contact`)
    expect(record.text).toContain('This number or address takes nothing from us')
    await app.pool.query(`update service_user_details set email = 'new@post.example' where service_user_id = $1`, [
      person.id,
    ])
    await moved(id, later(22 * DAY))
    await pass(later(2 * HOUR))
    expect(mailTo('new@post.example')).toHaveLength(1)
  })
})

describe('Somebody who agreed to texts alone', () => {
  const byText = async (phone: string) => {
    const person = await serviceUser(app.db, { organisation_id: app.people.organisationId, phone, known_as: 'Kim' })
    await contactAnswer(app.db, { person, channel: 'text' })
    return person
  }

  it('gets one, which says when and who and nothing else, once Notify is there to take it', async () => {
    const person = await byText('07700 900123')
    await sessionWith(person, later(4 * DAY))
    texts.behave(503)
    await pass(startOfTest)
    expect(texts.received).toEqual([])
    texts.behave(201)
    await doAllJobs(app)
    await doAllJobs(app)
    expect(texts.received).toHaveLength(1)
    expect(texts.received[0]).toMatchObject({
      phone_number: '07700 900123',
      reference: expect.stringMatching(/^message-\d+$/),
    })
    expect(texts.received[0]?.personalisation.text).toMatch(
      /^Hello Kim, Our video call is on Friday 7 August 2026 at 10:30am. You meet [^.]+. If that does not suit you, tell us. /,
    )
  })

  it('is told by a person where the number is a landline, and is not tried again where Notify refuses it', async () => {
    const atHome = await byText('0161 496 0000')
    await sessionWith(atHome, later(10 * DAY))
    const refused = await byText('07700 900456')
    await sessionWith(refused, later(11 * DAY))
    texts.behave(400)
    await pass(startOfTest)
    await doAllJobs(app)
    expect(texts.received).toEqual([])
    const { rows: tasks } = await app.pool.query('select kind from contact_tasks where service_user_id = $1', [
      atHome.id,
    ])
    expect(tasks).toEqual([{ kind: 'session-made' }])
    const { rows } = await app.pool.query(
      `select outcome, reason from deliveries join messages on messages.id = message_id where service_user_id = $1
       order by deliveries.id`,
      [refused.id],
    )
    expect(rows).toEqual([
      { outcome: 'trying', reason: null },
      { outcome: 'refused', reason: '400' },
    ])
  })
})

describe('What falls due', () => {
  it('is a review, data and a loan; nothing for who died, no chasing on a ward, a task where nobody asked', async () => {
    const day = (days: number) =>
      later(days * DAY)
        .toISOString()
        .slice(0, 10)
    const one = async (email: string, dueOn: string, more: object = {}) => {
      const person = await someone(email, more)
      await loanTo(app.db, { serviceUser: person, dueOn, lentAt: later(-90 * DAY), lentBy: champion() })
      return person
    }
    await one('week@post.example', day(7))
    await one('tomorrow@post.example', day(1))
    await one('three@post.example', day(-3))
    await one('ten@post.example', day(-10))
    await one('three-weeks@post.example', day(-21))
    const died = await one('died@post.example', day(-3))
    await app.pool.query(`update service_users set state = 'died', state_on = '2026-08-01' where id = $1`, [died.id])
    const admitted = await one('admitted@post.example', day(-3))
    await app.pool.query(`update service_users set state = 'admitted', state_on = '2026-08-01' where id = $1`, [
      admitted.id,
    ])
    const byHand = await one('by-hand@post.example', day(-28))
    const notAsked = await serviceUser(app.db, { organisation_id: app.people.organisationId, email: 'no@post.example' })
    await loanTo(app.db, { serviceUser: notAsked, dueOn: day(-3), lentAt: later(-90 * DAY) })
    const data = await someone('data@post.example')
    await dataAllowance(app.db, {
      ...{ organisation_id: app.people.organisationId, by: champion(), person: data },
      ...{ starts_on: day(-20), ends_on: day(5) },
    })
    await pass(startOfTest)
    await pass(later(HOUR))
    expect(server.received.flatMap(({ to }) => to).sort()).toEqual(
      ['week', 'tomorrow', 'three', 'ten', 'three-weeks', 'data'].map((name) => `${name}@post.example`).sort(),
    )
    expect(server.received.map(({ source }) => source).join()).not.toMatch(/mental|NHS|risk|Trust|clinic/i)
    const { rows } = await app.pool.query(
      `select service_user_id, kind, reason from contact_tasks where service_user_id = any($1) order by id`,
      [[byHand.id, notAsked.id, died.id, admitted.id]],
    )
    expect(rows).toEqual(
      expect.arrayContaining([
        { service_user_id: byHand.id, kind: 'overdue-by-hand', reason: 'by-hand' },
        { service_user_id: notAsked.id, kind: 'overdue-first', reason: 'not-asked' },
      ]),
    )
    expect(rows).toHaveLength(2)
  })
})
