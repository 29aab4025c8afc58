import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor
let owner: pg.Client

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  owner = new pg.Client({ connectionString: app.ownerUrl })
  await owner.connect()
  await owner.query(`create function break_off() returns trigger language plpgsql as $$
    begin raise exception 'terminating connection due to administrator command' using errcode = '57P01'; end $$`)
})
afterEach(() => owner.query('drop trigger if exists break_off on sessions'))
afterAll(async () => {
  await owner.end()
  await app.close()
})

/** From now on a session can be read, and not saved: as when the database goes away while a page is made. */
const loseSaving = () =>
  owner.query(`create trigger break_off before insert or update on sessions for each row execute function break_off()`)

const addModel = (name: string) => champion.post('/models', { key: crypto.randomUUID(), category: 'tablet', name })

async function expectBusyPage(request: ReturnType<Visitor['get']>): Promise<void> {
  const { status, headers, text } = await request
  expect([status, headers['content-type'], headers.location]).toEqual([503, 'text/html; charset=utf-8', undefined])
  expect(headers['retry-after']).toBe('5')
  expect(text).toContain('The service is busy')
  expect(text).toContain('If you had just sent a form, it may have been saved. Look before you send it again.')
  expect(text).toContain(`Reference: ${headers['x-request-id']}`)
  expect(text.trimEnd()).toMatch(/<\/html>$/)
}

describe('A session that cannot be saved when the answer is ready', () => {
  it('is a page that says so, in place of a redirect to a page that would not say what was done', async () => {
    await loseSaving()
    await expectBusyPage(addModel('Kept all the same'))
    const kept = app.db.selectFrom('models').select('id').where('name', '=', 'Kept all the same').execute()
    expect(await kept).toHaveLength(1)
  })

  it('is such a page where the message is to be taken down, which then waits for the next page', async () => {
    const { headers } = await addModel('Told later')
    await loseSaving()
    await expectBusyPage(champion.get(String(headers.location)))
    await owner.query('drop trigger break_off on sessions')
    expect((await champion.get(String(headers.location))).text).toContain('The model is added.')
  })

  it('is such a page for a visitor whose first page has a form, and no cookie goes out', async () => {
    await loseSaving()
    for (const path of ['/sign-in', '/reset-password']) {
      const { status, headers, text } = await app.visitor().get(path)
      expect([status, headers['set-cookie']]).toEqual([503, undefined])
      expect(text).toContain('The service is busy')
    }
  })

  it('is such a page where an error page would have had the message on it', async () => {
    await addModel('Lost on the way')
    await loseSaving()
    await expectBusyPage(champion.get('/nowhere'))
  })

  it('is no matter where nothing in it changes', async () => {
    expect((await champion.get('/items')).text).toContain('The model is added.')
    await loseSaving()
    expect((await champion.get('/items')).status).toBe(200)
    expect((await champion.get('/items/import/template.csv')).status).toBe(200)
    expect((await champion.get('/items.csv')).status).not.toBe(503)
  })
})
