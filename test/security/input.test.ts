import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Role, roles } from '../../src/lib/actor.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { allFieldsOf, freeText, naughtyStrings, tryText } from './naughty.ts'
import { makeRecords, noRecords, type Records } from './records.ts'
import { partsOf } from './request-parts.ts'
import { ask, exampleOf, getNames, isFor, postNames, routeNames } from './route-table.ts'

let app: TestApp
let visitors: Record<Role, Visitor>
let records: Records

beforeAll(async () => {
  app = await startApp()
  visitors = {} as Record<Role, Visitor>
  for (const role of roles) visitors[role] = await app.signedInAs(role)
  records = await makeRecords(app.db, { by: app.people.actors.champion, ward: app.people.ward, mark: 'mine' })
})
afterAll(() => app.close())

function visitorFor(name: string): Visitor {
  const allowed = roles.filter((role) => isFor(exampleOf(name), role))
  return visitors[allowed.find((role) => role !== 'administrator') ?? 'administrator']
}

/** Somebody whose session the route leaves alone: signing in, or out, would end it. */
async function senderOf(name: string): Promise<Visitor> {
  if (name !== 'POST /sign-in' && name !== 'GET /sign-in') return visitorFor(name)
  const visitor = app.visitor()
  await visitor.readToken('/sign-in')
  return visitor
}

/** The fault run tries every spelling on every form; here each form takes its turn. */
const isWholeRun = process.env.WHOLE_RUN === 'yes'

const placed = (names: string[]) => names.map((name, at) => [name, at] as const)
const posts = postNames.filter((name) => !exampleOf(name).endsSession)

/** What is no number, date or id, though it is read like one somewhere. */
const odd = [
  ...['\0', '9'.repeat(40), '99999999999999999', '-1', '0', '1.5', '1e3', '0x10', 'NaN', '\u0661\u0662\u0663'],
  ...['infinity', '-infinity', 'now', 'epoch', 'null', 'undefined', 'true', '[object Object]'],
  ...['__proto__', 'constructor', 'toString', '{{this}}', '../../etc/passwd', '%00', '\ufffd'],
  ...['1;drop table items', "1' or '1'='1", '\r\nSet-Cookie: a=b'],
]

describe('a value that is none', () => {
  const inPath = [
    ...['%00', '9'.repeat(40), '-1', '0', '1.5', '1e3', 'infinity', "'", '%0d%0aX:y'],
    ...['%2e%2e', '..%2f..%2fetc', '1%2f2', '%E0%A4%A', '%F0%9F', '%c0%ae'],
  ]
  it.each(placed(routeNames))('%s: in its path leads nowhere', async (name, from) => {
    const parts = partsOf(name, noRecords, 'x').filter((part) => part.name.startsWith('/'))
    const places = parts.flatMap(({ value }, at) => (Object.values(noRecords).map(String).includes(value) ? [at] : []))
    for (const at of places) {
      for (const value of inPath.filter((_, place) => place % 3 === from % 3)) {
        const path = parts.map((part, place) => (place === at ? value : part.value)).join('/')
        const { status } = await ask(visitorFor(name), name, noRecords, { path })
        expect([path, status]).toEqual([path, status === 400 ? 400 : 404])
      }
    }
  })

  it.each(placed(getNames))('%s: in its address is passed over, once and repeated', async (name, from) => {
    const path = exampleOf(name).path(records).replace(/\?.*/, '')
    const names = ['search', 'ward', 'model', 'staff', 'before', 'after', 'item', 'kit', 'code', 'from-year', 'return']
    const visitor = await senderOf(name)
    for (const value of odd.filter((_, at) => at % 16 === from % 16)) {
      const query = names.map((one) => `${one}=${encodeURIComponent(value)}`).join('&')
      for (const url of [`${path}?${query}`, `${path}?${query}&${query}`]) {
        const { status } = await visitor.get(url)
        expect([url, status]).toEqual([url, status < 500 ? status : 'no fault'])
      }
    }
    const broken = await visitor.get(`${path}?search=%E0%A4%A&%=%&__proto__[a]=b&constructor=1&a[b][c]=d&=`)
    expect(broken.status).toBeLessThan(500)
  })

  it.each(placed(posts))('%s: in any one field, alone or repeated, is a mistake and no fault', async (name, turn) => {
    const visitor = await senderOf(name)
    const repeated = ['a', '\0', '9'.repeat(30)]
    for (const [from, field] of allFieldsOf(name, records).entries()) {
      const alone = odd.filter((_, at) => at % 24 === (turn + from) % 24)
      const isRepeated = (turn + from) % 3 === 0
      for (const value of isWholeRun ? [...odd, repeated] : isRepeated ? [repeated] : alone) {
        const { status } = await ask(visitor, name, records, { fields: { [field]: value } })
        expect([field, value, status]).toEqual([field, value, status < 500 ? status : 'no fault'])
      }
    }
  })

  const bodies = ['text/plain', 'application/json', 'application/xml', 'multipart/form-data']

  it.each(placed(posts))('%s: does without any body it can read', async (name, turn) => {
    const visitor = await senderOf(name)
    const path = exampleOf(name).path(records)
    for (const type of isWholeRun ? bodies : [bodies[turn % 4]!]) {
      const { status } = await visitor.agent
        .post(path)
        .set('X-CSRF-Token', visitor.csrfToken)
        .set('Content-Type', type)
        .send('{"a":[[[[1]]]]}')
      expect([type, status]).toEqual([type, status < 500 ? status : 'no fault'])
    }
  })
})

describe('naughty strings', () => {
  // a sample, for each form another one; npm run test:faults takes them all
  const sampleFrom = (at: number) => naughtyStrings.filter((_, place) => place % 160 === at % 160)

  it.each(placed(Object.keys(freeText)))('%s takes them where anything may be written', async (name, at) => {
    const visitor = await senderOf(name)
    for (const text of sampleFrom(at)) await tryText(visitor, { name, fields: freeText[name]!, text, records })
  })

  it.each(placed(posts))('%s takes them in all its fields at once', async (name, at) => {
    const visitor = await senderOf(name)
    const fields = allFieldsOf(name, records)
    for (const text of sampleFrom(at + 17)) await tryText(visitor, { name, fields, text, records })
  })

  it.each(placed(getNames))('%s takes them in its address', async (name, at) => {
    const visitor = await senderOf(name)
    const path = exampleOf(name).path(records).replace(/\?.*/, '')
    const names = ['search', 'code', 'tag', 'like', 'state', 'category', 'kind', 'show', 'before', 'after', 'return']
    for (const text of sampleFrom(at + 29)) {
      const query = new URLSearchParams(names.map((one): [string, string] => [one, text]))
      const answer = await visitor.get(`${path}?${query}`)
      expect([200, 303, 400, 404, 422, 431]).toContain(answer.status)
      if (/[<>]/.test(text)) expect(answer.text).not.toContain(text)
    }
  })
})

/** What a processor worked since; it waits for nobody, and so is the same on a busy machine. */
function secondsOfWork(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000_000
}

describe('a text made to take for ever', () => {
  const patterns: [string, string][] = [
    ['piles of accents', `a${'\u0315\u0300'.repeat(45_000)}`],
    ['spaces', ' '.repeat(180_000).concat('x')],
    ['lines', 'a \n'.repeat(60_000)],
    ['unseen characters', '\u200b\u0301'.repeat(35_000)],
    ['brackets and stars', '(*'.repeat(90_000)],
    ['digits', '1'.repeat(180_000)],
    ['an address', `${'a.'.repeat(90_000)}@${'a-'.repeat(100)}`],
    ['a link', `https://${'/items/'.repeat(25_000)}`],
  ]
  const names = Object.keys(freeText).filter((name) => name !== 'POST /sign-in')

  it.each(patterns)('%s: is answered at once by every form', async (_what, text) => {
    for (const name of names) {
      const [first, ...others] = freeText[name]!
      for (const field of [first!, others.at(-1)].filter((one) => one !== undefined)) {
        const before = process.cpuUsage()
        const { status } = await ask(visitorFor(name), name, records, { fields: { [field]: text } })
        expect([name, field, status]).toEqual([name, field, status < 500 ? status : 'no fault'])
        expect([name, field, secondsOfWork(before) < 2.5]).toEqual([name, field, true])
      }
    }
  })

  it.each(patterns)('%s: is answered at once in a spreadsheet too', async (_what, text) => {
    const before = process.cpuUsage()
    const sheet = `Asset tag,"${text}",Notes\r\n"${text.slice(0, 60_000)}",2,"${text}"\r\n`
    const visitor = visitors.champion
    const sent = await visitor.postFile('/items/import', 'file', Buffer.from(sheet), 'sheet.csv')
    expect([303, 422]).toContain(sent.status)
    if (sent.status === 303) expect((await visitor.get(`${sent.headers.location}/preview`)).status).toBe(200)
    expect(secondsOfWork(before)).toBeLessThan(5)
  })
})

describe('a body that is no form', () => {
  let server: Server
  let address: string
  beforeAll(() => {
    server = app.app.listen(0)
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.close()
  })

  const form = 'application/x-www-form-urlencoded'
  it.each<[string, Record<string, string>, string | Buffer<ArrayBuffer>, number]>([
    ['too large', {}, `name=${'a'.repeat(210_000)}`, 413],
    ['with too many fields', {}, 'a=1&'.repeat(2_001), 413],
    ['that grows when it is unpacked', { 'Content-Encoding': 'gzip' }, gzipSync(Buffer.alloc(5_000_000, 'a')), 413],
    ['packed in a way nobody knows', { 'Content-Encoding': 'zip' }, 'a=1', 415],
    ['in letters nobody knows', { 'Content-Type': `${form}; charset=utf-7` }, 'a=1', 415],
    ['that claims to be packed and is not', { 'Content-Encoding': 'gzip' }, 'a=1', 400],
  ])('%s: is refused, and said so', async (_what, headers, body, status) => {
    const answer = await fetch(`${address}/models`, {
      method: 'POST',
      headers: { 'Content-Type': form, ...headers },
      body,
      redirect: 'manual',
    })
    expect(answer.status).toBe(status)
    const page = await answer.text()
    expect(page).toContain('<h1 class="nhsuk-heading-l">')
    expect(page).not.toMatch(/node_modules|at .+\.ts:\d+/)
  })

  it('as deep as it is long is flat to this service', async () => {
    const { champion } = visitors
    const body = `_csrf=${champion.csrfToken}&a${'[b]'.repeat(20_000)}=1`
    expect((await champion.agent.post('/models').type('form').send(body)).status).toBe(422)
  })

  it('and is long in coming is not waited for by anybody else', async () => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    socket.write(`POST /models HTTP/1.1\r\nHost: here\r\nContent-Type: ${form}\r\nContent-Length: 1000\r\n\r\na=`)
    expect((await fetch(`${address}/help`)).status).toBe(200)
    socket.destroy()
  })

  it('is not even read from somebody who may not send a file', async () => {
    const body = new FormData()
    body.set('file', new Blob([Buffer.alloc(9_000_000, 'a')]), 'a.csv')
    const before = process.memoryUsage().arrayBuffers
    const answer = await fetch(`${address}/items/import`, { method: 'POST', body, redirect: 'manual' })
    expect(answer.status).toBe(303)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40_000_000)
  })

  it.each([
    ['without a boundary', 'multipart/form-data', 'x'],
    [
      'cut short',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
    ],
    ['with a part that is none', 'multipart/form-data; boundary=b', '--b\r\nfoo\r\n\r\nabc\r\n--b--'],
    ['of nothing', 'multipart/form-data; boundary=b', ''],
  ])('a file %s is a mistake and no fault', async (_what, type, body) => {
    const answer = await visitors.champion.agent.post('/items/import').set('Content-Type', type).send(body)
    expect([400, 403]).toContain(answer.status)
  })

  it('a file of more than ten megabytes is told to the form, and is not kept', async () => {
    const before = process.memoryUsage.rss()
    const answer = await visitors.champion.postFile('/items/import', 'file', Buffer.alloc(11_000_000, 'a'), 'a.csv')
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('larger than 10 MB')
    expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000)
  })
})

describe('an address written in another way', () => {
  /** The same page to a careless guard, another to a careful one. */
  const ways: [string, (path: string) => string][] = [
    ['in capitals', (path) => path.toUpperCase()],
    ['with a slash after it', (path) => `${path}/`],
    ['with two slashes before it', (path) => `/${path}`],
    ['with two slashes in it', (path) => path.replace(/(.)\//, '$1//')],
    ['with a dot in it', (path) => `/.${path}`],
    ['with an encoded dot in it', (path) => `/%2e${path}`],
    ['up and down again', (path) => `/help/..${path}`],
    ['up and down again, encoded', (path) => `/help/%2e%2e${path}`],
    ['with an encoded slash', (path) => path.replace(/(.)\//, '$1%2f')],
    ['with a backslash', (path) => path.replace(/(.)\//, '$1\\')],
    ['with a letter encoded', (path) => path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`)],
    ['with a parameter in its path', (path) => `${path};a=b`],
    ['with an end of its own', (path) => `${path}%00`],
    ['with another ending', (path) => `${path}.json`],
  ]

  const tried = ways.map(
    ([way, rewrite], from) => [way, rewrite, routeNames.filter((_, at) => at % 7 === from % 7)] as const,
  )

  it.each(tried)('%s is refused to whom the page is refused, or is no page at all', async (_way, rewrite, names) => {
    for (const name of names) {
      const example = exampleOf(name)
      if (example.who === 'everybody') continue
      const path = rewrite(example.path(noRecords).replace(/\?.*/, ''))
      const role = roles.find((one) => !isFor(example, one))
      const method = name.startsWith('GET ') ? 'get' : 'post'
      const nobody = await app.visitor().agent[method](path)
      expect([path, nobody.status]).toEqual([path, nobody.status === 303 ? 303 : nobody.status === 400 ? 400 : 404])
      if (nobody.status === 303) expect(nobody.headers.location).toMatch(/^\/sign-in/)
      if (role === undefined) continue
      const { status } = await visitors[role].agent[method](path)
      expect([path, role, status]).toEqual([path, role, [400, 403].includes(status) ? status : 404])
    }
  })

  it('that is no path at all is answered like one that leads nowhere', async () => {
    const server = app.app.listen(0)
    const { port } = server.address() as AddressInfo
    const ask = (target: string, method = 'GET') =>
      new Promise<string>((done, fail) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.write(`${method} ${target} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n`)
        })
        let text = ''
        socket.on('data', (chunk) => {
          text += String(chunk)
        })
        socket.on('close', () => done(text.slice(0, text.indexOf('\r\n'))))
        socket.on('error', fail)
      })
    try {
      expect(await ask('*')).toBe('HTTP/1.1 404 Not Found')
      expect(await ask('*', 'OPTIONS')).not.toContain(' 5')
      expect(await ask('http://evil.example/items')).toBe('HTTP/1.1 303 See Other')
      expect(await ask('//evil.example/items')).toBe('HTTP/1.1 404 Not Found')
      expect(await ask('/items', 'TRACE')).toBe('HTTP/1.1 404 Not Found')
      expect(await ask(`/items?search=${'a'.repeat(20_000)}`)).toBe('HTTP/1.1 431 Request Header Fields Too Large')
    } finally {
      server.close()
    }
  })
})

describe('where an answer leads', () => {
  const hostile = [
    ...[
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '\\/evil.example',
      '/\t/evil.example',
      '/\n/evil.example',
    ],
    ...[
      'https://evil.example',
      'javascript:alert(1)',
      'data:text/html,x',
      '/..//evil.example',
      '/%0d%0aSet-Cookie:a=b',
    ],
    ...['@evil.example', '.evil.example', ' //evil.example', '/\u2028/evil.example', 'items', ''],
  ]

  it('after signing in is a page of this service, whatever the address asked for', async () => {
    for (const target of hostile) {
      const page = await app.visitor().get(`/sign-in?return=${encodeURIComponent(target)}`)
      const shown = /name="return" value="([^"]*)"/.exec(page.text)?.[1]?.replaceAll('&#x3D;', '=') ?? 'none'
      expect([target, new URL(shown, 'https://here.example').host]).toEqual([target, 'here.example'])
    }
    for (const target of ['//evil.example', '/\\evil.example', 'javascript:alert(1)', '/items\r\nSet-Cookie: a=b']) {
      const visitor = await senderOf('POST /sign-in')
      const secret = { email: app.people.actors.champion.email, password: 'a kettle and two mugs' }
      const answer = await visitor.post('/sign-in', { ...secret, return: target })
      expect([target, answer.headers.location]).toEqual([target, '/'])
    }
  })

  it('takes nothing from the Host header, nor from those of a proxy that is not there', async () => {
    const evil = {
      Host: 'evil.example',
      'X-Forwarded-Host': 'evil.example',
      Forwarded: 'host=evil.example;proto=https',
    }
    for (const path of ['/', '/sign-in', '/items', '/nowhere', '/help', `/loans/${records.loanId}`, '/items/import']) {
      for (const visitor of [visitors.champion, app.visitor()]) {
        const answer = await visitor.get(path).set(evil).set('X-Forwarded-Proto', 'https')
        expect(`${JSON.stringify(answer.headers)}${answer.text}`).not.toContain('evil.example')
      }
    }
  })

  it('has no header that somebody typed', async () => {
    const injected = 'x\r\nSet-Cookie: injected=1\r\n\r\n<p>injected</p>'
    const { champion } = visitors
    const answers = [
      await champion.get(`/scan?code=${encodeURIComponent(injected)}`),
      await champion.get(`/items?search=${encodeURIComponent(injected)}`),
      await champion.post('/items', {
        model: records.modelId,
        tag: injected,
        next: 'another',
        key: crypto.randomUUID(),
      }),
      await champion.post('/kits', { tag: injected, name: injected, key: crypto.randomUUID() }),
      await app.visitor().get(`/${encodeURIComponent(injected)}`),
    ]
    for (const { headers } of answers) {
      expect(headers['set-cookie'] ?? []).not.toContainEqual(expect.stringContaining('injected'))
      expect(headers.location ?? '').not.toMatch(/[\r\n<>]/)
    }
  })
})
