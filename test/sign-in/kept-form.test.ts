import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { examplePassword, type Staff, staffMember } from '../../seeds/factories.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let person: Staff
let visitor: Visitor

beforeAll(async () => {
  app = await startApp()
})
beforeEach(async () => {
  app.setClock(startOfTest)
  person = await staffMember(app.db, { organisation_id: app.people.organisationId })
  visitor = await app.visitor().signIn(person.email, examplePassword)
})
afterAll(() => app.close())

const afterTheEnd = () => app.setClock(new Date(startOfTest.getTime() + 31 * 60_000))

let last = 0
function form() {
  last += 1
  const key = crypto.randomUUID()
  return { category: 'tablet', name: `Kept <b>${last}</b> & "whole"`, maker: 'Line\nbreak \u0000 \ud83e\uded6', key }
}

/** As somebody who was sent to the sign-in page does. */
async function signInAgain(who: Visitor, email: string) {
  await who.readToken('/sign-in?notice=kept')
  return who.post('/sign-in', { email, password: examplePassword })
}

/** What a browser would send from the page on which the form waits. */
async function waitingFields(): Promise<{ action: string; fields: Record<string, string> }> {
  const { text } = await visitor.get('/waiting-form')
  const [, action = ''] = /<form action="([^"]+)"/.exec(text.slice(text.indexOf('Nothing has been saved yet')))!
  const own = text.slice(text.indexOf(`<form action="${action}"`)).split('</form>')[0]!
  const inputs = [...own.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)]
  return { action, fields: Object.fromEntries(inputs.map(([, name, value]) => [name!, decode(value!)])) }
}

function decode(text: string): string {
  const entities: Record<string, string> = {
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    '#x27': "'",
    '#x60': '`',
    '#x3D': '=',
  }
  return text.replace(/&([\w#]+);/g, (_, name: string) => entities[name] ?? '')
}

const modelsNamed = (name: string) => app.db.selectFrom('models').select('id').where('name', '=', name).execute()
const isHome = (location: string | undefined) => location === '/'

describe('a form sent after the session had ended', () => {
  it('waits for its sender, who signs in again and sends it once', async () => {
    const sent = form()
    afterTheEnd()
    const answer = await visitor.post('/models', sent)
    expect(answer.headers.location).toBe('/sign-in?notice=kept')
    expect(await modelsNamed(sent.name)).toEqual([])

    expect((await signInAgain(visitor, person.email)).headers.location).toBe('/waiting-form')
    const { action, fields } = await waitingFields()
    expect(action).toBe('/models')
    expect(fields).toMatchObject({ category: 'tablet', name: sent.name, key: sent.key })

    const saved = await visitor.agent.post(action).type('form').send(fields)
    expect(saved.status).toBe(303)
    expect(await modelsNamed(sent.name)).toHaveLength(1)
    // once it is sent, it waits no longer; and the same again makes nothing new
    expect(isHome((await visitor.get('/waiting-form')).headers.location)).toBe(true)
    await visitor.agent.post(action).type('form').send(fields)
    expect(await modelsNamed(sent.name)).toHaveLength(1)
  })

  it('can be thrown away', async () => {
    const sent = form()
    afterTheEnd()
    await visitor.post('/models', sent)
    await signInAgain(visitor, person.email)
    await visitor.readToken('/waiting-form')
    expect((await visitor.post('/waiting-form/discard')).headers.location).toBe('/')
    expect(isHome((await visitor.get('/waiting-form')).headers.location)).toBe(true)
    const rows = await app.db.selectFrom('sessions').select('data').where('staff_id', '=', person.id).execute()
    expect(JSON.stringify(rows)).not.toContain('Kept')
  })

  it('waits for nobody else who signs in at the same computer', async () => {
    const colleague = await staffMember(app.db, { organisation_id: app.people.organisationId })
    afterTheEnd()
    await visitor.post('/models', form())
    const answer = await signInAgain(visitor, colleague.email)
    expect(answer.headers.location).toBe('/')
    expect(isHome((await visitor.get('/waiting-form')).headers.location)).toBe(true)
    const rows = await app.db.selectFrom('sessions').select('data').execute()
    expect(JSON.stringify(rows)).not.toContain(`Kept <b>${last}</b>`)
  })

  it('does not wait at the wrong password, and shows nothing of itself before the right one', async () => {
    afterTheEnd()
    await visitor.post('/models', form())
    await visitor.readToken('/sign-in')
    const wrong = await visitor.post('/sign-in', { email: person.email, password: 'wrong' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).not.toContain('Kept')
    expect((await visitor.get('/waiting-form')).headers.location).toBe('/sign-in')
    expect((await signInAgain(visitor, person.email)).headers.location).toBe('/waiting-form')
  })

  it('is not kept when it was not sent from a page of that session: no other site can plant one', async () => {
    afterTheEnd()
    const planted = form()
    for (const token of [undefined, '', 'f'.repeat(256), (await app.signedInAs('champion')).csrfToken]) {
      const answer = await visitor.agent
        .post('/models')
        .type('form')
        .send({ ...planted, _csrf: token })
      expect(answer.headers.location).toBe('/sign-in')
    }
    const twice = `_csrf=${visitor.csrfToken}&_csrf=${visitor.csrfToken}&name=x`
    expect((await visitor.agent.post('/models').type('form').send(twice)).headers.location).toBe('/sign-in')
    expect((await signInAgain(visitor, person.email)).headers.location).toBe('/')
  })

  it('is not kept for a stranger, who has no session that ended', async () => {
    const stranger = app.visitor()
    await stranger.readToken('/sign-in')
    expect((await stranger.post('/models', form())).headers.location).toBe('/sign-in')
    expect((await signInAgain(stranger, person.email)).headers.location).toBe('/')
  })

  it('is not kept when it was to sign out or to ask for more time', async () => {
    afterTheEnd()
    for (const path of ['/sign-out', '/session/extend', '/waiting-form/discard']) {
      expect((await visitor.post(path)).headers.location).toBe('/sign-in')
    }
    expect((await signInAgain(visitor, person.email)).headers.location).toBe('/')
  })

  it('is not kept when it is very large', async () => {
    afterTheEnd()
    const answer = await visitor.post('/models', { ...form(), name: 'a'.repeat(60_000) })
    expect(answer.headers.location).toBe('/sign-in')
  })

  it('is sent again with no more right than its sender has by then', async () => {
    const sent = form()
    afterTheEnd()
    await visitor.post('/models', sent)
    await app.db.updateTable('staff').set({ role: 'care-team' }).where('id', '=', person.id).execute()
    await signInAgain(visitor, person.email)
    const { action, fields } = await waitingFields()
    expect((await visitor.agent.post(action).type('form').send(fields)).status).toBe(403)
    expect(await modelsNamed(sent.name)).toEqual([])
  })

  it('leads to no other site, whatever address it was sent to', async () => {
    afterTheEnd()
    await visitor.post('/models?next=//evil.example', form())
    await signInAgain(visitor, person.email)
    expect((await waitingFields()).action).toMatch(/^\/models\?/)
  })

  it('is gone half a day after the session could have lasted', async () => {
    afterTheEnd()
    await visitor.post('/models', form())
    app.setClock(new Date(startOfTest.getTime() + 25 * 3_600_000))
    expect((await signInAgain(visitor, person.email)).headers.location).toBe('/')
  })
})

describe('the page that was asked for', () => {
  it('is the one that signing in leads to', async () => {
    afterTheEnd()
    const asked = await visitor.get('/items?search=iPad&state=available')
    const page = await visitor.get(asked.headers.location!)
    expect(page.text).toContain('name="return" value="/items?search&#x3D;iPad&amp;state&#x3D;available"')
  })

  it('is left out where its address is too long to be carried whole', async () => {
    const answer = await app.visitor().get(`/items?search=${'%E2%82%AC'.repeat(50)}`)
    expect(answer.headers.location).toBe('/sign-in')
  })
})
