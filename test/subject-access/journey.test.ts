import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { loanTo, privateNote, recordOpening, serviceUser, supporter } from '../../seeds/factories.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { unzip } from '../support/unzip.ts'

let app: TestApp
let governance: Visitor
let person: { id: number; organisation_id: number }

beforeAll(async () => {
  app = await startApp()
  const { organisationId } = app.people
  const champion = { id: app.people.actors.champion.staffId }
  person = await serviceUser(app.db, {
    organisation_id: organisationId,
    name: 'Kim Example-Person',
    needs_words: 'Reads large letters <only>',
  })
  await supporter(app.db, { of: person, name: 'Ash Sister-Example', phone: '07700 900 555' })
  const loan = await loanTo(app.db, { organisationId, serviceUser: person })
  await app.db.updateTable('loans').set({ notes: 'Her neighbour shouts: zzharm' }).where('id', '=', loan.id).execute()
  await privateNote(app.db, { person, by: champion, note: 'zzprivate: somebody at home may be a risk' })
  governance = await app.signedInAs('information-governance')
  const by = { id: app.people.actors['information-governance'].staffId }
  await recordOpening(app.db, { organisationId, by, serviceUser: person })
})
afterAll(() => app.close())

const asked = {
  'asked-by': 'person',
  'identity-check': 'documents',
  'identity-note': 'Passport, seen by Ida',
  'received-on-day': '1',
  'received-on-month': '8',
  'received-on-year': '2026',
}
const begin = async (fields: Record<string, string> = asked, key = crypto.randomUUID()) =>
  await governance.post(`/service-users/${person.id}/subject-access`, { ...fields, key })

/** What stands to be decided on a page: each item's fields, with what it says. */
function itemsOn(text: string) {
  return [...text.matchAll(/name="item-(\d+)" value="([^"]*)"/g)].map(([, at = '', id = '']) => ({
    at,
    id,
    print: new RegExp(`name="print-${at}" value="([^"]*)"`).exec(text)?.[1] ?? '',
  }))
}

async function decideAll(url: string, how: (id: string) => [string, string]): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    const items = itemsOn((await governance.get(`${url}/review`)).text)
    if (items.length === 0) return
    const fields = items.flatMap(({ at, id, print }) => {
      const [decision, note] = how(id)
      return [
        [`item-${at}`, id],
        [`print-${at}`, print],
        [`decision-${at}`, decision],
        [`note-${at}`, note],
      ]
    })
    expect((await governance.post(`${url}/review`, Object.fromEntries(fields))).status).toBe(303)
  }
  throw new Error('there is always something left')
}

describe('A copy of what is kept about somebody', () => {
  let url: string

  it('begins with who asked and how we know them, and is due in a month', async () => {
    const key = crypto.randomUUID()
    const answer = await begin(asked, key)
    expect(answer.status).toBe(303)
    url = answer.headers.location!
    expect((await begin(asked, key)).headers.location).toBe(url)
    const { text } = await governance.get(url)
    expect(text).toContain('1 September 2026')
    expect(text).toContain('Passport, seen by Ida')
    expect((await governance.get('/subject-access')).text).toContain('29 days left')
  })

  it('says everything that is wrong with the form at once, and keeps what was typed', async () => {
    const { status, text } = await begin({ 'asked-by': 'on-their-behalf', 'received-on-day': '1' })
    expect(status).toBe(422)
    for (const words of ['by what right', 'how you know who asked', 'what you saw']) expect(text).toContain(words)
    const future = await begin({ ...asked, 'received-on-year': '2027' })
    expect(future.text).toContain('must be today or in the past')
  })

  it('begins at a record that was opened, and at no other', async () => {
    const other = await serviceUser(app.db, { organisation_id: person.organisation_id })
    expect((await governance.get(`/service-users/${other.id}/subject-access/new`)).status).toBe(404)
  })

  it('is not made while something was not read, nor given', async () => {
    expect((await governance.get(`${url}/copy`)).headers.location).toBe(`${url}/review`)
    const version = /name="version" value="(\d+)"/.exec((await governance.get(url)).text)?.[1] ?? ''
    const answer = await governance.post(`${url}/close`, { as: 'given', note: 'Handed over', version })
    expect([answer.status, answer.text.includes('was not read yet')]).toEqual([409, true])
  })

  it('leaves nothing out without a reason, and takes no decision about what says something else by now', async () => {
    const [first] = itemsOn((await governance.get(`${url}/review`)).text)
    const fields = { 'item-1': first!.id, 'print-1': first!.print, 'decision-1': 'third-party', 'note-1': '' }
    const without = await governance.post(`${url}/review`, fields)
    expect([without.status, without.text.includes('Say why it is left out')]).toEqual([422, true])
    const stale = await governance.post(`${url}/review`, {
      ...fields,
      'print-1': 'other',
      'note-1': 'About her sister',
    })
    expect(stale.status).toBe(409)
  })

  it('has everything that may be given in words, and nothing of what is left out', async () => {
    await decideAll(url, (id) => {
      if (id.startsWith('supporter_details.')) return ['third-party', 'She was not asked']
      return id.includes('notes') ? ['serious-harm', 'It would put somebody in danger'] : ['give', '']
    })
    const answer = await governance.get(`${url}/copy`).buffer(true).parse(asBytes)
    expect(answer.headers['content-type']).toMatch(/zip/)
    const files = await unzip(answer.body as Buffer)
    expect([...files.keys()].sort()).toEqual(['data.json', 'read-me-first.html'])
    const [html = '', json = ''] = [files.get('read-me-first.html'), files.get('data.json')]
    for (const text of [html, json]) {
      expect(text).toContain('Kim Example-Person')
      expect(text).toContain('Left out, because it is about somebody else')
      expect(text).not.toMatch(/zzharm|zzprivate|may be a risk|Sister-Example|900 555|private notes/i)
    }
    expect(html).toContain('Reads large letters &#60;only&#62;')
    expect(html).toMatch(/Monday 3 August 2026/)
    expect(JSON.parse(json).parts.length).toBeGreaterThan(4)
    expect(html).not.toMatch(/\b(?:null|undefined|true|false|\[object)\b/)
  })

  it('asks again about what was changed since it was read', async () => {
    await app.pool.query(`update service_user_details set needs_words = 'Something new' where service_user_id = $1`, [
      person.id,
    ])
    const { text } = await governance.get(`${url}/review`)
    expect(itemsOn(text)).toHaveLength(1)
    expect((await governance.get(`${url}/copy`)).headers.location).toBe(`${url}/review`)
    await decideAll(url, () => ['give', ''])
  })

  it('is closed once, says how it was given, and stays as it was', async () => {
    const version = /name="version" value="(\d+)"/.exec((await governance.get(url)).text)?.[1] ?? ''
    const close = () => governance.post(`${url}/close`, { as: 'given', note: 'Handed over at the hub', version })
    expect((await close()).status).toBe(303)
    expect((await close()).status).toBe(409)
    expect((await governance.get('/subject-access?show=closed')).text).toContain('Kim Example-Person')
    const change = app.pool.query(`update subject_access_requests set closed_note = 'Other'`)
    await expect(change).rejects.toThrow('stays as it was')
    const { rows } = await app.pool.query(
      `select distinct verb from audit_events where subject_type = 'subject-access' order by verb`,
    )
    expect(rows.map(({ verb }) => verb)).toEqual([
      'subject-access:closed',
      'subject-access:downloaded',
      'subject-access:recorded',
      'subject-access:reviewed',
      'subject-access:viewed',
    ])
  })

  it('may take two months more, once, with a reason', async () => {
    const other = (await begin()).headers.location!
    const extend = (version: string) =>
      governance.post(`${other}/extension`, { reason: 'Records of ten years', version })
    expect((await governance.post(`${other}/extension`, { reason: '', version: '1' })).status).toBe(422)
    expect((await extend('1')).status).toBe(303)
    expect((await extend('1')).status).toBe(409)
    expect((await governance.get(other)).text).toContain('2 November 2026')
  })
})

type Parser = Extract<Parameters<ReturnType<Visitor['get']>['parse']>[0], (...given: never[]) => void>

const asBytes = ((answer: NodeJS.ReadableStream, done: (error: Error | null, body: Buffer) => void): void => {
  const chunks: Buffer[] = []
  answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)))
}) as unknown as Parser
