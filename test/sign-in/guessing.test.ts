import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { staffMember } from '../../seeds/factories.ts'
import { createApp } from '../../src/app.ts'
import { openDatabase } from '../../src/database/connection.ts'
import { countGuesses } from '../../src/sign-in/actions.ts'
import { clearOldGuesses } from '../../src/sign-in/queries.ts'
import { startApp, type TestApp, Visitor } from '../support/app.ts'
import { openTestPool } from '../support/database.ts'

let app: TestApp

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

const password = 'teapot-lantern-orchard'
const MINUTE = 60_000

async function somebody(): Promise<string> {
  const { email } = await staffMember(app.db, { organisation_id: app.people.organisationId, password })
  return email
}

async function guess(email: string, secret = 'a wrong guess', visitor = app.visitor()) {
  await visitor.readToken('/sign-in')
  return visitor.post('/sign-in', { email, password: secret })
}

async function guessTimes(times: number, email: string): Promise<void> {
  for (let time = 0; time < times; time += 1) expect((await guess(email)).text).toContain(wrong)
}

const wrong = 'The email address or password is not right'
const tooMany = 'There were too many tries. Wait 5 minutes and try again'

/** The limiter goes by real time, so time passes by what it wrote down being set back. */
async function passTime(milliseconds: number): Promise<void> {
  await app.db
    .updateTable('rate_limits')
    .set((eb) => ({ expire: eb('expire', '-', milliseconds) }))
    .execute()
}

/** Another process on the same database, as after a restart or beside the first. */
async function inAnotherProcess<T>(work: (visitor: () => Visitor) => Promise<T>): Promise<T> {
  const pool = openTestPool({ url: app.appUrl, applicationName: 'other', connections: 2 })
  const db = openDatabase(pool)
  const services = app.app.locals.services
  const other = createApp({ ...services, db, guesses: countGuesses(pool) })
  try {
    return await work(() => new Visitor(other))
  } finally {
    await db.destroy()
  }
}

describe('guessing a password', () => {
  it('ends after ten tries: then not even the right one is looked at', async () => {
    const email = await somebody()
    await guessTimes(10, email)
    const eleventh = await guess(email, password)
    expect(eleventh.status).toBe(422)
    expect(eleventh.text).toContain(tooMany)
  })

  it('the right password at the tenth try still goes', async () => {
    const email = await somebody()
    await guessTimes(9, email)
    expect((await guess(email, password)).status).toBe(303)
  })

  it('is counted for the account: not by address, browser, capitals or spaces', async () => {
    const email = await somebody()
    for (let time = 0; time < 10; time += 1) {
      const visitor = app.visitor()
      await visitor.readToken('/sign-in')
      const typed = time % 2 === 0 ? ` ${email.toUpperCase()} ` : email
      const request = visitor.post('/sign-in', { email: typed, password: `guess ${time}` })
      expect((await request.set('X-Forwarded-For', `192.0.2.${time}`)).text).toContain(wrong)
    }
    expect((await guess(email, password)).text).toContain(tooMany)
  })

  it('is not counted for the neighbours, who share an address', async () => {
    const email = await somebody()
    const neighbour = await somebody()
    await guessTimes(10, email)
    expect((await guess(neighbour, password)).status).toBe(303)
  })

  it('is counted together by several processes, and on through a restart', async () => {
    const email = await somebody()
    await guessTimes(5, email)
    await inAnotherProcess(async (visitor) => {
      for (let time = 0; time < 5; time += 1) expect((await guess(email, 'wrong', visitor())).text).toContain(wrong)
      expect((await guess(email, password, visitor())).text).toContain(tooMany)
    })
    expect((await guess(email, password)).text).toContain(tooMany)
  })

  it('many at once gets no more than ten', async () => {
    const email = await somebody()
    const visitors = Array.from({ length: 25 }, () => app.visitor())
    for (const visitor of visitors) await visitor.readToken('/sign-in')
    const answers = await Promise.all(visitors.map((visitor) => visitor.post('/sign-in', { email, password: 'wrong' })))
    expect(answers.filter(({ text }) => text.includes(wrong))).toHaveLength(10)
    expect(answers.filter(({ text }) => text.includes('There were too many tries'))).toHaveLength(15)
  })

  it('gets ten in any five minutes, not ten at the end of one five and ten at the start of the next', async () => {
    const email = await somebody()
    await guessTimes(1, email)
    await passTime(4.9 * MINUTE)
    await guessTimes(8, email)
    await passTime(0.2 * MINUTE)
    await guessTimes(1, email)
    expect((await guess(email)).text).toContain('There were too many tries')
  })

  it('gets no fresh start when the owner signs in between', async () => {
    const email = await somebody()
    await guessTimes(9, email)
    expect((await guess(email, password)).status).toBe(303)
    await guessTimes(1, email)
    expect((await guess(email)).text).toContain(tooMany)
  })

  it('keeps the owner out for five minutes, however often the guesser goes on trying', async () => {
    const email = await somebody()
    await guessTimes(10, email)
    await passTime(3 * MINUTE)
    for (let time = 0; time < 20; time += 1) await guess(email)
    expect((await guess(email, password)).text).toContain('Wait 2 minutes and try again')
    await passTime(2.1 * MINUTE)
    expect((await guess(email, password)).status).toBe(303)
  })

  it('does not count those who sign in: a busy ward may, as often as it likes', async () => {
    const email = await somebody()
    for (let time = 0; time < 15; time += 1) expect((await guess(email, password)).status).toBe(303)
  })

  it('leaves nothing behind: counts that are over are cleared away', async () => {
    const email = await somebody()
    await guessTimes(1, email)
    await passTime(6 * MINUTE)
    await guessTimes(1, await somebody())
    await clearOldGuesses(app.db, new Date())
    expect(await app.db.selectFrom('rate_limits').selectAll().execute()).toHaveLength(1)
  })

  it('is in the audit each time, with whose account it was and never with what was tried', async () => {
    const person = await staffMember(app.db, { organisation_id: app.people.organisationId, password })
    await guessTimes(10, person.email)
    await guess(person.email)
    await guess(person.email, password)
    const rows = await app.db
      .selectFrom('audit_events')
      .innerJoin('audit_details', 'audit_event_id', 'audit_events.id')
      .select(['verb', 'details'])
      .where('staff_id', '=', person.id)
      .orderBy('audit_events.id')
      .execute()
    const why = rows.map(({ verb, details }) => `${verb} ${(details as { why: string }).why}`)
    expect(why).toEqual([
      ...Array(10).fill('session:refused wrong password'),
      ...Array(2).fill('session:refused too many guesses'),
    ])
    expect(JSON.stringify(rows)).not.toMatch(/wrong guess|teapot|@/)
  })
})

describe('an address that nobody has', () => {
  it('gets the same page, status and headers as a wrong password, and so does a disabled account', async () => {
    const email = await somebody()
    const left = await staffMember(app.db, {
      organisation_id: app.people.organisationId,
      password,
      disabled_at: new Date(),
    })
    const answers = []
    for (const [one, secret] of [
      [email, 'wrong'],
      ['nobody@nowhere.example', 'wrong'],
      [left.email, password],
    ] as const) {
      const { status, text, headers } = await guess(one, secret)
      const { date: _, 'x-request-id': __, 'content-length': ___, ...steady } = headers
      const page = text.replaceAll(one, 'ADDRESS').replace(/[0-9a-f]{256}/g, 'TOKEN')
      answers.push({ status, page, steady: { ...steady, 'set-cookie': undefined } })
    }
    expect(answers[0]?.status).toBe(422)
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  })

  it('is blocked after ten tries too', async () => {
    await guessTimes(10, 'somebody@nowhere.example')
    expect((await guess('somebody@nowhere.example')).text).toContain(tooMany)
  })

  it('takes as long, within the noise of the same run', async () => {
    const known: number[] = []
    const unknown: number[] = []
    const visitor = app.visitor()
    await visitor.readToken('/sign-in')
    const time = async (email: string) => {
      const start = performance.now()
      await visitor.post('/sign-in', { email, password: 'a wrong guess' })
      return performance.now() - start
    }
    const people = await Promise.all(Array.from({ length: 4 }, somebody))
    await time('warm@nowhere.example')
    for (let round = 0; round < 32; round += 1) {
      const pair = [() => time(people[round % 4]!), () => time(`nobody-${round % 4}@nowhere.example`)] as const
      // whichever comes first has the colder caches
      const isKnownFirst = round % 2 === 0
      const first = await pair[isKnownFirst ? 0 : 1]()
      const second = await pair[isKnownFirst ? 1 : 0]()
      known.push(isKnownFirst ? first : second)
      unknown.push(isKnownFirst ? second : first)
    }
    const spread = Math.max(quartileSpread(known), quartileSpread(unknown))
    expect(Math.abs(median(known) - median(unknown))).toBeLessThan(Math.max(spread, 3))
  })
})

function at(values: number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0
}

const median = (values: number[]) => at(values, 0.5)
const quartileSpread = (values: number[]) => at(values, 0.75) - at(values, 0.25)
