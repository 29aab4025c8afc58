import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, contactAddress, contactAnswer, loanTo, serviceUser } from '../../seeds/factories.ts'
import { askWhoIsDue } from '../../src/check-ins/actions.ts'
import { verdict } from '../holds/by-sql.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

const DAY = 86_400_000
let app: TestApp
let champion: Visitor
let nobody: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  nobody = await app.visitor()
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const by = () => ({ id: app.people.actors.champion.staffId })
const publicUrl = 'https://loans.example'
const ask = (days = 0) => {
  const clock = () => new Date(startOfTest.getTime() + days * DAY)
  return askWhoIsDue({ db: app.db, clock, publicUrl })
}

/** Somebody who has had a tablet for 15 days, may be emailed, and said yes or no to being asked. */
async function lent(name: string, mayAsk: 'yes' | 'no' | null, mayEmail = true) {
  const email = `${name.toLowerCase().replace(/\W/g, '.')}@post.example`
  const person = await serviceUser(app.db, { ...here(), name, email })
  await contactAddress(app.db, { person, address: email, isSafe: true })
  if (mayEmail) await contactAnswer(app.db, { person, channel: 'email' })
  const at = new Date(startOfTest.getTime() - 15 * DAY)
  const loan = await loanTo(app.db, {
    serviceUser: person,
    items: [await availableItem(app.db, here())],
    lentBy: by(),
    lentAt: at,
  })
  if (mayAsk) expect((await champion.post(`/loans/${loan.id}/check-ins`, { 'may-ask': mayAsk })).status).toBe(303)
  return { person, loan }
}

async function linkOf(loanId: number): Promise<string> {
  const { body } = await app.db
    .selectFrom('messages')
    .innerJoin('message_contents', 'message_id', 'messages.id')
    .select('body')
    // its words are emptied once it is sent
    .where('is_secret', '=', true)
    .where('cause', 'like', `check-in:${loanId}:%`)
    .executeTakeFirstOrThrow()
  return /https:\/\/loans\.example(\/how-is-it-going\/[\w-]{43})/.exec(body ?? '')?.[1] ?? ''
}

const checkInsOf = (loanId: number) =>
  app.db.selectFrom('check_ins').selectAll().where('loan_id', '=', loanId).orderBy('id').execute()

describe('How it is going', () => {
  it('is asked after two weeks, once, of whoever said yes, and answered with one tap', async () => {
    const { loan } = await lent('Ada Asked', 'yes')
    const others = [await lent('Ben Silent', null), await lent('Cy Refused', 'no')]
    expect([await ask(), await ask()]).toEqual([1, 0])
    for (const other of others) expect(await checkInsOf(other.loan.id)).toEqual([])

    const link = await linkOf(loan.id)
    const looks = [await nobody.get(link), await nobody.get(link)]
    await nobody.readToken(link)
    for (const { status, text } of looks) {
      expect(status).toBe(200)
      for (const word of ['Ada', 'Asked', 'HERE', 'NHS Foundation']) expect(plainText(text)).not.toContain(word)
    }
    expect((await checkInsOf(loan.id))[0]).toMatchObject({ answer: null, week: 2 })
    expect((await nobody.post(link, { answer: 'rather well' })).status).toBe(422)
    const thanks = await nobody.post(link, { answer: 'some-trouble' })
    expect([thanks.status, plainText(thanks.text).includes('Thank you')]).toEqual([200, true])
    const again = await nobody.post(link, { answer: 'well' })
    expect([again.status, (await nobody.get(link)).status]).toEqual([404, 404])
    expect(await checkInsOf(loan.id)).toMatchObject([{ answer: 'some-trouble' }])

    expect(plainText((await champion.get('/')).text)).toMatch(/Ada Asked .*There is some trouble/)
    const page = `/loans/${loan.id}/check-ins`
    const [one] = await checkInsOf(loan.id)
    const followed = () => champion.post(`${page}/${one?.id}`, {})
    expect([(await followed()).status, (await followed()).status]).toEqual([303, 409])
    expect(plainText((await champion.get(page)).text)).toContain('HERE champion followed it up')
    expect(plainText((await champion.get('/')).text)).not.toContain('There is some trouble')
  })

  it('is asked in no way that they did not agree to: it becomes a task', async () => {
    const { person, loan } = await lent('Dot Unasked', 'yes', false)
    expect(await ask()).toBe(1)
    const tasks = await app.db
      .selectFrom('contact_tasks')
      .select('kind')
      .where('service_user_id', '=', person.id)
      .execute()
    expect(tasks).toEqual([{ kind: 'check-in' }])
    expect(await checkInsOf(loan.id)).toHaveLength(1)
  })

  it('has links that are secret, end, and answer for their own loan alone', async () => {
    const { loan } = await lent('Eve Late', 'yes')
    await ask()
    const link = await linkOf(loan.id)
    const [row] = await checkInsOf(loan.id)
    expect(JSON.stringify(row)).not.toContain(link.split('/').at(-1))
    app.setClock(new Date(startOfTest.getTime() + 15 * DAY))
    expect((await nobody.get(link)).status).toBe(404)
    app.setClock(startOfTest)
    expect((await nobody.get('/how-is-it-going/nonsense')).status).toBe(404)
    const { loan: other } = await lent('Flo Other', null)
    const hers = await champion.post(`/loans/${other.id}/check-ins/${row?.id}`, {})
    expect(hers.status).toBe(404)
    const more = { loan_id: other.id, service_user_id: other.service_user_id ?? 0, week: 2, token_hash: 'x' }
    const forged = app.db
      .insertInto('check_ins')
      .values({ ...here(), ...more, asked_at: startOfTest, expires_at: startOfTest })
      .execute()
    await expect(forged).rejects.toThrow(/nobody said that they may be asked/)
    expect((await champion.post(`/loans/${other.id}/check-ins`, {})).status).toBe(422)
    expect(
      await verdict(app.pool.query(`update check_ins set answer = null, answered_at = null where answer is not null`)),
    ).toMatch(/check_in_stays_as_answered/)
  })

  it('is asked again after six weeks', async () => {
    const { loan } = await lent('Gus Sixweeks', 'yes')
    await ask()
    await ask(28)
    expect((await checkInsOf(loan.id)).map(({ week }) => week)).toEqual([2, 6])
  })
})
