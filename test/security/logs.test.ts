import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { makeTestNhsNumber } from '../../seeds/identifiers.ts'
import { createLog } from '../../src/web/log.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { makeRecords } from './records.ts'
import { askProperly, exampleOf, routeNames } from './route-table.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const nhsNumber = makeTestNhsNumber(4242)
const canaries = {
  name: 'Canary Nightingale',
  phone: '07700 900 777',
  email: 'canary.nightingale@post.example',
  'nhs-number': nhsNumber,
}
const birth = { 'date-of-birth-day': '12', 'date-of-birth-month': '5', 'date-of-birth-year': '1920' }

/** Each as it was typed, and as it might come out. */
function traces(): string[] {
  const spaced = nhsNumber.replace(/(...)(...)(....)/, '$1 $2 $3')
  const values = [...Object.values(canaries), 'Nightingale', '07700900777', spaced, '1920-05-12', '12 May 1920']
  return [
    ...values,
    ...values.map(encodeURIComponent),
    ...values.map((value) => new URLSearchParams({ value }).toString().slice(6)),
  ]
}

function expectNoTrace(text: string): void {
  for (const trace of traces()) expect(text.toLowerCase()).not.toContain(trace.toLowerCase())
}

describe('somebody whose record is made, found, changed and lent to', () => {
  it('is in no line of the log, in no address, and in no title', async () => {
    const addresses: string[] = []
    const titles: string[] = []
    const follow = async (path: string, fields: Record<string, string>) => {
      const answer = await champion.post(path, fields)
      if (answer.headers.location) addresses.push(answer.headers.location)
      const page = answer.headers.location ? await champion.get(answer.headers.location) : answer
      titles.push(/<title>([^<]*)/.exec(page.text)?.[1] ?? '')
      return answer.headers.location ?? ''
    }
    const key = () => ({ key: crypto.randomUUID() })
    const person = await follow('/service-users', { ...canaries, ...birth, ...key() })
    expect(person).toMatch(/^\/service-users\/\d+$/)
    await follow('/service-users', { ...canaries, ...birth, ...key() })
    await follow('/service-users', { ...canaries, email: 'canary.nightingale@', ...birth, ...key() })
    for (const search of Object.values(canaries)) {
      await follow('/service-users/search', { search })
      await follow('/loans/new/people', { search })
    }
    await follow(person, { ...canaries, ...birth, version: '1' })
    await follow(person, { ...canaries, ...birth, version: '1' })
    for (const path of [
      person,
      `${person}/edit`,
      `${person}/history`,
      `/loans/new?service-user=${person.split('/')[2]}`,
    ]) {
      const page = await champion.get(path)
      expect(page.text).toContain('Canary Nightingale')
      titles.push(/<title>([^<]*)/.exec(page.text)?.[1] ?? '')
    }
    expect(titles.length).toBeGreaterThan(10)
    expectNoTrace(app.logged())
    expectNoTrace(addresses.join('\n'))
    expectNoTrace(titles.join('\n'))
  })

  it('is not in the log when they are asked for in an address by somebody who should not', async () => {
    for (const path of ['/items?search=', '/scan?code=', '/service-users?search=', '/sign-in?return=/']) {
      await champion.get(`${path}${encodeURIComponent(canaries.name)}`)
      await app
        .visitor()
        .get(`${path}${encodeURIComponent(nhsNumber)}`)
        .set('User-Agent', canaries.name)
    }
    await app.visitor().get(`/service-users/${encodeURIComponent(canaries.name)}`)
    await app.visitor().get(`/nowhere/${canaries.email}`).set('Referer', `https://here.example/${canaries.email}`)
    expectNoTrace(app.logged())
  })
})

describe('what opens the door', () => {
  it('is never in the log, in an address or on a page: password, session id, token, hash', async () => {
    const visitor = app.visitor()
    await visitor.readToken('/sign-in')
    const secret = 'canary-password-of-somebody'
    await visitor.post('/sign-in', { email: 'canary@post.example', password: secret })
    await visitor.post('/sign-in', { email: secret, password: 'canary@post.example' })
    const cookies = champion.agent.jar.getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false })
    const id = decodeURIComponent(cookies.toValueString())
      .replace(/^session=s:/, '')
      .split('.')[0]!
    const { password_hash } = await app.db.selectFrom('staff').select('password_hash').executeTakeFirstOrThrow()
    const page = (await champion.get('/')).text
    expect(id.length).toBeGreaterThan(20)
    for (const what of [secret, 'canary@post.example', id, champion.csrfToken, visitor.csrfToken, password_hash]) {
      expect(app.logged()).not.toContain(what)
    }
    for (const what of [secret, id, password_hash]) expect(page).not.toContain(what)
  })
})

describe('the log', () => {
  it('has one line for each request, whatever line ends are sent', async () => {
    const before = app.logged().length
    const injected = 'x\r\n{"level":50,"msg":"forged"}\n\u2028\u0085\u001b[31m'
    await champion.post('/kits', { tag: injected, name: injected, key: crypto.randomUUID() })
    await champion.get(`/items?search=${encodeURIComponent(injected)}`)
    await champion.get(`/items/${encodeURIComponent(injected)}`)
    await champion.get('/help').set('User-Agent', 'x\u0009{"level":50}').set('X-Request-Id', 'forged')
    const lines = app
      .logged()
      .slice(before)
      .split('\n')
      .filter((line) => line !== '')
    expect(lines).toHaveLength(4)
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ level: 30, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    expect(lines.join()).not.toContain('forged')
    expect(lines.join()).not.toContain('\u001b')
  })

  it('names the route and never the address, on every route', async () => {
    const { actors, ward } = app.people
    const records = await makeRecords(app.db, { by: actors.champion, ward, mark: 'zzcanary' })
    const before = app.logged().length
    for (const name of routeNames.filter((one) => !exampleOf(one).endsSession))
      await askProperly(champion, name, records)
    const lines = app
      .logged()
      .slice(before)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(JSON.stringify(lines)).not.toContain('zzcanary')
    const known = new Set(routeNames.map((name) => name.split(' ')[1]))
    for (const line of lines) {
      expect(Object.keys(line).sort()).toEqual(
        ['level', 'method', 'ms', 'requestId', 'route', 'staff', 'status', 'time'].sort(),
      )
      expect(known).toContain(line.route)
    }
  })

  it('tells an error by its kind and place, and not by what it was given', () => {
    const lines: string[] = []
    const log = createLog('info', { write: (line) => void lines.push(line) })
    const fromPostgres = Object.assign(new Error('duplicate key value\n  Canary Nightingale'), {
      severity: 'ERROR',
      code: '23505',
      constraint: 'a_key',
      detail: 'Key (name)=(Canary Nightingale) already exists.',
      parameters: ['Canary Nightingale'],
    })
    log.error({ err: fromPostgres }, 'request failed')
    log.error({ err: 'Canary Nightingale' }, 'something was thrown')
    const told = lines.map((line) => JSON.parse(line))
    expect(told[0].err).toMatchObject({ code: '23505', constraint: 'a_key' })
    expect(told[0].err.stack[0]).toMatch(/^\s+at /)
    expect(lines.join()).not.toContain('Canary')
    expect(lines).toHaveLength(2)
  })
})
