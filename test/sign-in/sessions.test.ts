import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Test } from 'supertest'
import { examplePassword, staffMember } from '../../seeds/factories.ts'
import { clearOldSessions, SessionStore } from '../../src/web/session.ts'
import { startApp, startOfTest, type TestApp } from '../support/app.ts'

let app: TestApp

beforeAll(async () => {
  app = await startApp()
})
beforeEach(() => app.setClock(startOfTest))
afterAll(() => app.close())

const minutesOn = (minutes: number) => app.setClock(new Date(startOfTest.getTime() + minutes * 60_000))

/** What the browser was told to keep, by attribute. */
function cookieOf({ headers }: { headers: Record<string, unknown> }): Record<string, string | true> {
  const [cookie = ''] = (headers['set-cookie'] ?? []) as string[]
  const [pair = '', ...attributes] = cookie.split('; ')
  const [name = '', value = ''] = pair.split('=')
  const told = attributes.map((one): [string, string | true] => {
    const [key = '', setting] = one.split('=')
    return [key, setting ?? true]
  })
  return { name, value: decodeURIComponent(value), ...Object.fromEntries(told) }
}

const idIn = (value: string) => value.replace(/^s:/, '').replace(/\..*$/, '')

async function champion() {
  const person = await staffMember(app.db, { organisation_id: app.people.organisationId })
  const visitor = app.visitor()
  await visitor.readToken('/sign-in')
  const answer = await visitor.post('/sign-in', { email: person.email, password: examplePassword })
  await visitor.readToken('/')
  return { person, visitor, cookie: cookieOf(answer) }
}

describe('signing in', () => {
  it('begins a session of its own: the id from before is worth nothing', async () => {
    const { email } = await staffMember(app.db, { organisation_id: app.people.organisationId })
    const visitor = app.visitor()
    const before = cookieOf(await visitor.get('/sign-in'))
    await visitor.readToken('/sign-in')
    const after = cookieOf(await visitor.post('/sign-in', { email, password: examplePassword }))
    expect(after.value).not.toBe(before.value)
    const planted = await app
      .visitor()
      .get('/')
      .set('Cookie', `session=${encodeURIComponent(String(before.value))}`)
    expect(planted.headers.location).toBe('/sign-in?return=%2F')
  })

  it('takes no id that somebody made up, signed or not', async () => {
    for (const value of ['s:chosen-by-the-attacker', 's:a.b', 'chosen', 's:%00', "s:' or 1=1 --.x", 'j:{"a":1}']) {
      const answer = await app
        .visitor()
        .get('/sign-in')
        .set('Cookie', `session=${encodeURIComponent(value)}`)
      expect(answer.status).toBe(200)
      expect(cookieOf(answer).value).not.toContain('chosen')
    }
  })

  it('keeps only a hash of the id: a copy of the database signs nobody in', async () => {
    const { cookie, person } = await champion()
    const id = idIn(String(cookie.value))
    const rows = await app.db.selectFrom('sessions').selectAll().where('staff_id', '=', person.id).execute()
    expect(rows).toHaveLength(1)
    expect(rows[0]?.id_hash).toEqual(createHash('sha256').update(id).digest())
    expect(JSON.stringify(rows)).not.toContain(id)
    const stolen = rows[0]!.id_hash.toString('hex')
    for (const value of [stolen, `s:${stolen}`]) {
      const answer = await app
        .visitor()
        .get('/')
        .set('Cookie', `session=${encodeURIComponent(value)}`)
      expect(answer.status).toBe(303)
    }
  })

  it('gives an id that nobody can guess, and no two alike', async () => {
    const ids = []
    for (let time = 0; time < 5; time += 1) ids.push(idIn(String((await champion()).cookie.value)))
    expect(new Set(ids).size).toBe(5)
    // 24 bytes from the system's own source, in base64
    for (const id of ids) expect(id).toMatch(/^[\w-]{32}$/)
  })

  it('makes a new token for forms too', async () => {
    const visitor = app.visitor()
    await visitor.readToken('/sign-in')
    const before = visitor.csrfToken
    await visitor.signIn(app.people.actors.champion.email)
    expect(visitor.csrfToken).not.toBe(before)
  })
})

describe('the cookie', () => {
  it('is out of reach of scripts, goes to no other site with a form, and ends with the browser', async () => {
    const { cookie } = await champion()
    expect(cookie).toMatchObject({ name: 'session', Path: '/', HttpOnly: true, SameSite: 'Lax' })
    expect(cookie).not.toHaveProperty('Domain')
    expect(cookie).not.toHaveProperty('Expires')
    expect(cookie).not.toHaveProperty('Max-Age')
  })

  it('over https is bound to this very host, and never sent without encryption', async () => {
    const secure = await startApp({ PUBLIC_URL: 'https://loans.example', TRUST_PROXY: '1' })
    try {
      const ask = (request: Test) => request.set('X-Forwarded-Proto', 'https')
      const visitor = secure.visitor()
      const page = await ask(visitor.get('/sign-in'))
      expect(cookieOf(page)).toMatchObject({
        name: '__Host-session',
        Path: '/',
        Secure: true,
        HttpOnly: true,
        SameSite: 'Lax',
      })
      expect(cookieOf(page)).not.toHaveProperty('Domain')
      const sent = { Cookie: String(page.headers['set-cookie']).split(';')[0]! }
      const token = /name="_csrf" value="([^"]+)"/.exec(page.text)![1]
      const who = { email: secure.people.actors.champion.email, password: 'a kettle and two mugs', _csrf: token }
      const signedIn = await ask(secure.visitor().agent.post('/sign-in').set(sent).type('form').send(who))
      expect(signedIn.headers.location).toBe('/')
      expect(cookieOf(signedIn).name).toBe('__Host-session')

      const now = { Cookie: String(signedIn.headers['set-cookie']).split(';')[0]! }
      const home = await ask(secure.visitor().get('/').set(now))
      const leave = { _csrf: /name="_csrf" value="([^"]+)"/.exec(home.text)![1] }
      const out = await ask(secure.visitor().agent.post('/sign-out').set(now).type('form').send(leave))
      // a browser lets nothing but another __Host- cookie take the place of one
      expect(cookieOf(out)).toMatchObject({ name: '__Host-session', value: '', Path: '/', Secure: true })
      expect((await ask(secure.visitor().get('/').set(now))).headers.location).toMatch(/^\/sign-in/)
    } finally {
      await secure.close()
    }
  })

  it('is not given at all to who comes round the proxy without encryption', async () => {
    const secure = await startApp({ PUBLIC_URL: 'https://loans.example', TRUST_PROXY: '1' })
    expect((await secure.visitor().get('/sign-in')).headers['set-cookie']).toBeUndefined()
    await secure.close()
  })

  it('is not given for a page that asks for nothing: strangers fill no table', async () => {
    const count = () =>
      app.db
        .selectFrom('sessions')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
    const before = await count()
    for (const path of [
      '/help',
      '/nowhere',
      '/wp-login.php',
      '/',
      '/items',
      '/health/live',
      '/%E0%A4%A',
      '/assets/x/y.css',
    ]) {
      expect((await app.visitor().get(path)).headers['set-cookie']).toBeUndefined()
    }
    expect((await app.visitor().post('/items', { tag: 'x' })).headers['set-cookie']).toBeUndefined()
    expect(await count()).toEqual(before)
  })
})

describe('signing out', () => {
  it('ends the session on the server, so that a copy of the cookie is worth nothing', async () => {
    const { visitor, cookie } = await champion()
    const copy = `session=${encodeURIComponent(String(cookie.value))}`
    expect((await app.visitor().get('/').set('Cookie', copy)).status).toBe(200)
    const out = await visitor.post('/sign-out')
    expect(out.headers.location).toBe('/sign-in?notice=out')
    expect((await app.visitor().get('/').set('Cookie', copy)).headers.location).toBe('/sign-in?return=%2F')
  })

  it('leaves nothing for the Back button: no page was to be kept, and what was kept is cleared', async () => {
    const { visitor } = await champion()
    for (const path of ['/', '/items', '/service-users', '/items/import/template.csv', '/nowhere', '/sign-in']) {
      expect([path, (await visitor.get(path)).headers['cache-control']]).toEqual([path, 'no-store'])
    }
    const out = await visitor.post('/sign-out')
    expect(out.headers['clear-site-data']).toBe('"cache"')
    expect(cookieOf(out)).toMatchObject({ name: 'session', value: '' })
    expect((await visitor.get('/service-users')).headers.location).toBe('/sign-in?return=%2Fservice-users')
  })

  it('ends one session and not those at other computers', async () => {
    const { visitor, person } = await champion()
    const other = await app.visitor().signIn(person.email, examplePassword)
    await visitor.post('/sign-out')
    expect((await other.get('/')).status).toBe(200)
  })

  it('is written down', async () => {
    const { visitor, person } = await champion()
    await visitor.post('/sign-out')
    const rows = await app.db
      .selectFrom('audit_events')
      .select('verb')
      .where('staff_id', '=', person.id)
      .orderBy('id')
      .execute()
    expect(rows.map(({ verb }) => verb)).toEqual(['session:signed-in', 'session:signed-out'])
  })
})

describe('what an administrator does to an account', () => {
  const change = (id: number, set: object) => app.db.updateTable('staff').set(set).where('id', '=', id).execute()

  it('disabled: signed out with the next request, form or page', async () => {
    const { visitor, person } = await champion()
    await change(person.id, { disabled_at: startOfTest })
    expect((await visitor.get('/')).headers.location).toBe('/sign-in?return=%2F')
    expect((await visitor.post('/models', { category: 'tablet', name: 'After the end' })).status).toBe(303)
    expect(await app.db.selectFrom('models').select('id').where('name', '=', 'After the end').execute()).toEqual([])
  })

  it('another role: binds with the next request, both ways', async () => {
    const { visitor, person } = await champion()
    expect((await visitor.get('/service-users')).status).toBe(200)
    await change(person.id, { role: 'information-governance' })
    expect((await visitor.get('/service-users')).status).toBe(403)
    expect((await visitor.get('/audit')).status).toBe(200)
    await change(person.id, { role: 'champion' })
    expect((await visitor.get('/audit')).status).toBe(403)
  })

  it('another ward: binds with the next request', async () => {
    const { ward, otherWard, organisationId: organisation_id } = app.people
    const person = await staffMember(app.db, { organisation_id, role: 'ward-staff', wards: [ward] })
    const visitor = await app.visitor().signIn(person.email, examplePassword)
    expect((await visitor.get('/items')).text).toContain('Ash Ward')
    await app.db.updateTable('staff_wards').set({ ward_id: otherWard.id }).where('staff_id', '=', person.id).execute()
    const page = (await visitor.get('/items')).text
    expect(page).toContain('Birch Ward')
    expect(page).not.toContain('Ash Ward')
  })
})

describe('a slow request that was under way', () => {
  const store = () => new SessionStore({ db: app.db, clock: app.clock, idleMinutes: 30, hours: 12 })
  type Data = Parameters<SessionStore['set']>[1]

  /** The session as a request that began now holds it. */
  async function held(id: string): Promise<Data> {
    return new Promise((done, fail) => store().get(id, (error, data) => (data ? done(data) : fail(error))))
  }
  const save = (id: string, data: Data) =>
    new Promise<void>((done, fail) => store().set(id, data, (error) => (error ? fail(error) : done())))

  it.each(['signed out', 'disabled'])('cannot bring back the session of somebody %s meanwhile', async (how) => {
    const { visitor, cookie, person } = await champion()
    const id = idIn(String(cookie.value))
    const data = await held(id)
    if (how === 'signed out') await visitor.post('/sign-out')
    else await app.db.updateTable('staff').set({ disabled_at: startOfTest }).where('id', '=', person.id).execute()
    await save(id, { ...data, flash: 'Done, in the end.' })
    minutesOn(2)
    const copy = `session=${encodeURIComponent(String(cookie.value))}`
    expect((await app.visitor().get('/').set('Cookie', copy)).status).toBe(303)
  })

  it('cannot bring back one that was idle for too long', async () => {
    const { cookie } = await champion()
    const id = idIn(String(cookie.value))
    const data = await held(id)
    minutesOn(31)
    await save(id, { ...data, flash: 'Done, in the end.' })
    const copy = `session=${encodeURIComponent(String(cookie.value))}`
    expect((await app.visitor().get('/').set('Cookie', copy)).status).toBe(303)
  })

  it('cannot give an old role back', async () => {
    const { visitor, cookie, person } = await champion()
    const data = await held(idIn(String(cookie.value)))
    await app.db.updateTable('staff').set({ role: 'commissioner' }).where('id', '=', person.id).execute()
    await save(idIn(String(cookie.value)), data)
    expect((await visitor.get('/service-users')).status).toBe(403)
  })
})

describe('a session that nobody uses', () => {
  it('ends after 30 minutes', async () => {
    const { visitor } = await champion()
    minutesOn(29)
    expect((await visitor.get('/')).status).toBe(200)
    minutesOn(29 + 31)
    expect((await visitor.get('/')).headers.location).toBe('/sign-in?return=%2F')
  })

  it('goes on while it is used, and by asking for more time', async () => {
    const { visitor } = await champion()
    minutesOn(25)
    expect((await visitor.post('/session/extend')).status).toBe(204)
    minutesOn(50)
    expect((await visitor.get('/help')).status).toBe(200)
    minutesOn(75)
    expect((await visitor.get('/')).status).toBe(200)
  })

  it('goes on while forms are sent, too: what is said at the top of the next page makes no difference', async () => {
    const { visitor } = await champion()
    for (const minutes of [25, 50, 75]) {
      minutesOn(minutes)
      const saved = await visitor.post('/models', {
        category: 'tablet',
        name: `At ${minutes}`,
        key: crypto.randomUUID(),
      })
      expect(saved.status).toBe(303)
      expect((await visitor.get(saved.headers.location!)).text).toContain('The model is added')
    }
  })

  it('is not prolonged by asking too late, by a health check, or by a file of the look', async () => {
    const { visitor } = await champion()
    minutesOn(29)
    await visitor.get('/health/ready')
    await visitor.get('/assets/x/app.css')
    minutesOn(31)
    expect((await visitor.post('/session/extend')).headers.location).toBe('/sign-in')
    expect((await visitor.get('/')).status).toBe(303)
  })

  it('ends after 12 hours, however much it is used', async () => {
    const { visitor } = await champion()
    for (let minutes = 25; minutes < 12 * 60; minutes += 25) {
      minutesOn(minutes)
      expect((await visitor.get('/help')).text).toContain('Sign out')
    }
    minutesOn(12 * 60 + 1)
    expect((await visitor.get('/')).headers.location).toBe('/sign-in?return=%2F')
    expect((await visitor.post('/session/extend')).status).toBe(303)
  })

  it('has the limits that the organisation sets', async () => {
    const strict = await startApp({ SESSION_IDLE_MINUTES: '5', SESSION_HOURS: '1' })
    const visitor = await strict.signedInAs('champion')
    strict.setClock(new Date(startOfTest.getTime() + 6 * 60_000))
    expect((await visitor.get('/')).status).toBe(303)
    await strict.close()
  })

  it('tells whoever comes after nothing of what it was about to say', async () => {
    const { visitor } = await champion()
    const fields = {
      name: 'Canary Nightingale',
      'date-of-birth-day': 1,
      'date-of-birth-month': 1,
      'date-of-birth-year': 1980,
    }
    const saved = await visitor.post('/service-users', { ...fields, key: crypto.randomUUID() })
    expect(saved.status).toBe(303)
    minutesOn(31)
    for (const path of ['/sign-in', '/help', '/nowhere'])
      expect((await visitor.get(path)).text).not.toContain('Nightingale')
  })
})

describe('what is left of sessions', () => {
  it('is cleared away: those of strangers when they are idle, the rest when no form can wait in them any more', async () => {
    await app.db.deleteFrom('sessions').execute()
    await champion()
    await app.visitor().get('/sign-in')
    const kinds = async () => {
      await clearOldSessions(app.db, app.clock())
      return (await app.db.selectFrom('sessions').select('staff_id').execute()).map((row) => row.staff_id !== null)
    }
    expect((await kinds()).sort()).toEqual([false, true])
    minutesOn(31)
    expect(await kinds()).toEqual([true])
    minutesOn((12 + 11) * 60)
    expect(await kinds()).toEqual([true])
    minutesOn((12 + 13) * 60)
    expect(await kinds()).toEqual([])
  })
})
