import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, kit, type Model, model, retiredItem } from '../../seeds/factories.ts'
import { makeIccid, makeImei } from '../../seeds/identifiers.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor
let foreignChampion: Visitor
let tablet: Model
let phone: Model

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  foreignChampion = await app.signedInAs(app.people.foreignActors.champion)
  tablet = await model(app.db, { ...here(), maker: 'Apple', name: 'iPad' })
  phone = await model(app.db, { ...here(), category: 'smartphone', maker: 'Nokia', name: 'G22' })
})
afterAll(() => app.close())

let last = 0
const next = () => {
  last += 1
  return last
}
const key = () => crypto.randomUUID()
const here = () => ({ organisation_id: app.people.organisationId })
const there = () => ({ organisation_id: app.people.otherOrganisationId })

/** As a browser sends it: every field of the form, the empty ones too. */
function typed(fields: Record<string, string | number> = {}) {
  return {
    model: tablet.id,
    tag: `T-${next()}`,
    serial: '',
    imei: '',
    iccid: '',
    'phone-number': '',
    'kept-at': '',
    'bought-on-day': '',
    'bought-on-month': '',
    'bought-on-year': '',
    cost: '',
    'order-number': '',
    notes: '',
    ...fields,
  }
}

async function storedItem(tag: string) {
  return app.db
    .selectFrom('items')
    .selectAll()
    .where('tag', '=', tag)
    .where('organisation_id', '=', app.people.organisationId)
    .executeTakeFirst()
}

async function auditOf(id: number) {
  return app.db
    .selectFrom('audit_events')
    .leftJoin('audit_details', 'audit_event_id', 'audit_events.id')
    .select(['verb', 'details', 'staff_id'])
    .where('subject_type', '=', 'item')
    .where('subject_id', '=', id)
    .orderBy('audit_events.id')
    .execute()
}

describe('choosing the model first', () => {
  it('lists the models, finds some by name, and takes a scanned tag along', async () => {
    const all = await champion.get('/items/new?tag=NEW-1')
    expect(all.text).toContain('Which model is it?')
    expect(plain(all.text)).toContain(`href="/items/new?model=${tablet.id}&tag=NEW-1"`)
    const some = await champion.get('/items/new?search=nokia&tag=NEW-1')
    expect(some.text).toContain('Nokia G22')
    expect(some.text).not.toContain('Apple iPad')
    const form = await champion.get(`/items/new?model=${tablet.id}&tag=NEW-1`)
    expect(form.text).toContain('value="NEW-1"')
  })

  it('takes signs that mean something to a search for what they are', async () => {
    await model(app.db, { ...here(), name: '100% cotton' })
    expect((await champion.get('/items/new?search=100%25')).text).toContain('100% cotton')
    expect((await champion.get('/items/new?search=%25%25%25')).text).toContain('No models fit')
  })

  it('asks at once for what the category needs, and folds the rest away', async () => {
    const sim = await model(app.db, { ...here(), category: 'sim' })
    const page = await champion.get(`/items/new?model=${sim.id}`)
    const [obvious, folded] = page.text.split('<details') as [string, string]
    expect(obvious).toContain('name="iccid"')
    expect(obvious).not.toContain('name="imei"')
    expect(folded).toContain('name="imei"')
  })

  it("answers 404 to another organisation's model and to none at all", async () => {
    const foreign = await model(app.db, there())
    for (const id of [foreign.id, 999_999, 'abc']) {
      expect((await champion.get(`/items/new?model=${id}`)).status).toBe(404)
      expect((await champion.post('/items', { ...typed({ model: id }), key: key() })).status).toBe(404)
    }
  })
})

describe('adding an item', () => {
  it('keeps all that was typed and leads to the page of the item', async () => {
    const imei = makeImei(1)
    const iccid = makeIccid(1)
    const form = typed({
      tag: ' PHO  1 ',
      model: phone.id,
      serial: 'S123',
      imei: `${imei.slice(0, 2)}-${imei.slice(2, 8)} ${imei.slice(8)}`,
      iccid,
      'phone-number': '07700 900 123',
      'kept-at': app.people.ward.id,
      'bought-on-day': '3',
      'bought-on-month': 'August',
      'bought-on-year': '2026',
      cost: '£1,249.99',
      'order-number': 'PO 77',
      notes: 'Cracked corner\r\nstill works',
    })
    const answer = await champion.post('/items', { ...form, key: key() })
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('/items/PHO%201')
    const item = await storedItem('PHO 1')
    expect(item).toMatchObject({
      organisation_id: app.people.organisationId,
      category: 'smartphone',
      serial: 'S123',
      imei,
      iccid,
      phone_number: '07700 900 123',
      kept_at_ward_id: app.people.ward.id,
      bought_on: '2026-08-03',
      cost_pence: 124_999,
      order_number: 'PO 77',
      notes: 'Cracked corner\nstill works',
    })
    expect(await auditOf(item!.id)).toMatchObject([
      { verb: 'item:created', staff_id: app.people.actors.champion.staffId, details: { new: { tag: 'PHO 1', imei } } },
    ])
    expect((await champion.get('/items/PHO%201')).text).toContain('PHO 1 is added.')
  })

  it('says all that is wrong at once, keeps what was typed, and unfolds what is wrong', async () => {
    const form = typed({
      tag: '',
      imei: '356938035643808',
      iccid: '123',
      'phone-number': 'ring me',
      'kept-at': 'x',
      'bought-on-day': '4',
      'bought-on-month': '8',
      'bought-on-year': '2026',
      cost: '12,5',
      notes: 'n'.repeat(2_001),
    })
    const answer = await champion.post('/items', { ...form, key: key() })
    expect(answer.status).toBe(422)
    for (const text of [
      'Enter the asset tag',
      'IMEI has a wrong digit',
      'SIM number (ICCID) must begin with 89',
      'Enter a phone number',
      'Choose where it is kept',
      'Date it was bought must be today or in the past',
      'Cost must use a point before the pence',
      'Notes must be 2,000 characters or less',
    ]) {
      expect(answer.text).toContain(text)
    }
    expect(answer.text).toContain('value="356938035643808"')
    expect(answer.text.match(/<details[^>]* open>/g)).toHaveLength(2)
  })

  it.each(['new', 'Labels', 'IMPORT', 'export', 'scan', '.', '..', '\u0130mport'])(
    'refuses the tag %s, which the service uses itself',
    async (tag) => {
      const answer = await champion.post('/items', { ...typed({ tag }), key: key() })
      expect(answer.status).toBe(422)
      expect(answer.text).toContain('because the service uses that word itself')
    },
  )

  it('asks for the model where a form came without one', async () => {
    const answer = await champion.post('/items', { ...typed({ model: '' }), key: key() })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('Choose a model')
  })

  it('has one effect when the same form is sent twice', async () => {
    const form = { ...typed({ tag: 'TWICE' }), key: key() }
    const answers = await Promise.all([champion.post('/items', form), champion.post('/items', form)])
    expect(answers.map(({ status, headers }) => [status, headers.location])).toEqual([
      [303, '/items/TWICE'],
      [303, '/items/TWICE'],
    ])
  })

  it('goes on with another like it when asked to', async () => {
    const form = typed({
      tag: 'LIKE 1',
      serial: 'ONE',
      'kept-at': app.people.ward.id,
      cost: '99',
      'order-number': 'PO 9',
    })
    const answer = await champion.post('/items', { ...form, next: 'another', key: key() })
    expect(answer.headers.location).toBe('/items/new?like=LIKE%201')
    const page = await champion.get('/items/new?like=LIKE%201')
    expect(page.text).toContain('LIKE 1 is added.')
    expect(page.text).toContain('Apple iPad')
    expect(page.text).toContain(`<option value="${app.people.ward.id}" selected>`)
    expect(page.text).toContain('value="PO 9"')
    expect(page.text).toContain('value="99"')
    expect(page.text).not.toContain('value="ONE"')
    expect(page.text).toMatch(/id="tag"[^>]* value=""/)
  })

  it("answers 404 to another organisation's ward, as to none at all", async () => {
    for (const ward of [app.people.foreignWard.id, 999_999]) {
      const answer = await champion.post('/items', { ...typed({ 'kept-at': ward }), key: key() })
      expect(answer.status).toBe(404)
    }
  })

  it.each(['ward-staff', 'care-team', 'information-governance', 'commissioner'] as const)(
    'is not for %s',
    async (role) => {
      const visitor = await app.signedInAs(role)
      const item = await availableItem(app.db, here())
      expect((await visitor.get('/items/new')).status).toBe(403)
      expect((await visitor.post('/items', { ...typed(), key: key() })).status).toBe(403)
      expect((await visitor.get(`/items/${item.tag}/edit`)).status).toBe(403)
      expect((await visitor.get(`/items/${item.tag}/model`)).status).toBe(403)
      expect((await visitor.post(`/items/${item.tag}`, { ...typed(), version: 1 })).status).toBe(403)
    },
  )
})

describe('what must be unique', () => {
  it('says at each field which number is taken, and leads to what has it', async () => {
    const imei = makeImei(2)
    const iccid = makeIccid(2)
    const byTag = await availableItem(app.db, { ...here(), model: tablet, tag: 'Taken/1' })
    const byImei = await retiredItem(app.db, { ...here(), model: tablet, imei })
    await availableItem(app.db, { ...here(), model: tablet, iccid, tag: 'Holds the SIM' })
    const answer = await champion.post('/items', { ...typed({ tag: 'TAKEN/1', imei, iccid }), key: key() })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('href="#tag">Another item has this asset tag<')
    expect(answer.text).toContain('href="#imei">Another item has this IMEI<')
    expect(answer.text).toContain('href="#iccid">Another item has this SIM number<')
    expect(answer.text).toContain(`href="/items/${encodeURIComponent(byTag.tag)}"`)
    expect(answer.text).toContain(`href="/items/${byImei.tag}"`)
    expect(answer.text).toContain('href="/items/Holds%20the%20SIM"')
    expect(answer.text).toContain('no longer in stock (retired)')
    expect(await storedItem('TAKEN/1')).toBeUndefined()
  })

  it('lets one of two people who press together win, and tells the other at the field', async () => {
    const administrator = await app.signedInAs('administrator')
    const form = typed({ tag: 'RACE' })
    const answers = await Promise.all([
      champion.post('/items', { ...form, key: key() }),
      administrator.post('/items', { ...form, key: key() }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422])
    expect(answers.find(({ status }) => status === 422)?.text).toContain('Another item has this asset tag')
  })

  it('lets another organisation use the same tag and numbers', async () => {
    const imei = makeImei(3)
    await availableItem(app.db, { ...there(), tag: 'SHARED', imei })
    const answer = await champion.post('/items', { ...typed({ tag: 'SHARED', imei }), key: key() })
    expect(answer.status).toBe(303)
  })

  it('refuses the tag of a kit, also while the kit is being made', async () => {
    const made = await kit(app.db, { ...here(), tag: 'Bag 7', items: [] })
    const answer = await champion.post('/items', { ...typed({ tag: 'bag 7' }), key: key() })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('A kit has this tag')
    expect(answer.text).toContain(`href="/kits/${made.id}"`)
    expect(await storedItem('bag 7')).toBeUndefined()
  })
})

describe('changing an item', () => {
  it('saves, keeps old and new values in the audit, and follows a new tag', async () => {
    const item = await availableItem(app.db, { ...here(), model: tablet, tag: 'OLD 1', serial: 'A' })
    const form = await champion.get('/items/OLD%201/edit')
    expect(form.text).toContain('value="OLD 1"')
    const changes = typed({ tag: 'NEW/1', serial: 'B', cost: '10' })
    const answer = await champion.post('/items/OLD%201', { ...changes, item: item.id, version: 1 })
    expect([answer.status, answer.headers.location]).toEqual([303, '/items/NEW%2F1'])
    expect(await storedItem('NEW/1')).toMatchObject({ id: item.id, serial: 'B', cost_pence: 1000, version: 2 })
    expect(await auditOf(item.id)).toMatchObject([
      {
        verb: 'item:updated',
        details: {
          old: { tag: 'OLD 1', serial: 'A', cost_pence: null },
          new: { tag: 'NEW/1', serial: 'B', cost_pence: 1000 },
        },
      },
    ])
  })

  it('may become a copy of another model, chosen from the list', async () => {
    const item = await availableItem(app.db, { ...here(), model: tablet })
    const models = await champion.get(`/items/${item.tag}/model?search=nokia`)
    expect(plain(models.text)).toContain(`href="/items/${item.tag}/edit?model=${phone.id}"`)
    const form = await champion.get(`/items/${item.tag}/edit?model=${phone.id}`)
    expect(form.text).toContain('Nokia G22')
    const changes = typed({ tag: item.tag, model: phone.id })
    expect((await champion.post(`/items/${item.tag}`, { ...changes, version: 1 })).status).toBe(303)
    expect(await storedItem(item.tag)).toMatchObject({ model_id: phone.id, category: 'smartphone' })
  })

  it('shows a form that somebody overtook with both versions, and saves it when it is sent again', async () => {
    const item = await availableItem(app.db, { ...here(), model: tablet, tag: 'STALE' })
    const first = { ...typed({ tag: 'STALE 2', notes: 'Theirs', model: phone.id }), item: item.id }
    const mine = { ...typed({ tag: 'STALE', notes: 'Mine' }), item: item.id }
    expect((await champion.post('/items/STALE', { ...first, version: 1 })).status).toBe(303)
    const overtaken = await champion.post('/items/STALE', { ...mine, version: 1 })
    expect(overtaken.status).toBe(409)
    for (const text of ['Someone changed this item', 'Theirs', '>Mine<', 'Nokia G22', 'name="version" value="2"']) {
      expect(overtaken.text).toContain(text)
    }
    expect(await auditOf(item.id)).toContainEqual(expect.objectContaining({ verb: 'refused:stale' }))
    expect((await champion.post('/items/STALE%202', { ...mine, version: 2 })).status).toBe(303)
    expect(await storedItem('STALE')).toMatchObject({ id: item.id, notes: 'Mine', model_id: tablet.id })
  })

  it('shows the form again when something in it is wrong or taken', async () => {
    const taken = await availableItem(app.db, { ...here(), model: tablet })
    const item = await availableItem(app.db, { ...here(), model: tablet })
    const wrong = await champion.post(`/items/${item.tag}`, { ...typed({ imei: '1' }), version: 1 })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('name="version" value="1"')
    const clash = await champion.post(`/items/${item.tag}`, { ...typed({ tag: taken.tag }), version: 1 })
    expect(clash.status).toBe(422)
    expect(clash.text).toContain(`href="/items/${taken.tag}"`)
    const itself = await champion.post(`/items/${item.tag}`, { ...typed({ tag: item.tag.toLowerCase() }), version: 1 })
    expect(itself.status).toBe(303)
  })

  it("answers 404 to another organisation's item, as to none at all", async () => {
    const foreign = await availableItem(app.db, { ...there(), tag: 'FOREIGN' })
    const foreignWard = app.people.foreignWard.id
    for (const tag of ['FOREIGN', 'NOBODYS']) {
      expect((await champion.get(`/items/${tag}/edit`)).status).toBe(404)
      expect((await champion.get(`/items/${tag}/model`)).status).toBe(404)
      const answer = await champion.post(`/items/${tag}`, { ...typed(), item: foreign.id, version: 1 })
      expect(answer.status).toBe(404)
    }
    const item = await availableItem(app.db, { ...here(), model: tablet })
    const foreignModel = await model(app.db, there())
    const fieldsOfOthers: Record<string, number>[] = [{ 'kept-at': foreignWard }, { model: foreignModel.id }]
    for (const fields of fieldsOfOthers) {
      expect((await champion.post(`/items/${item.tag}`, { ...typed(fields), version: 1 })).status).toBe(404)
    }
    expect((await foreignChampion.get(`/items/${item.tag}/edit`)).status).toBe(404)
  })
})

describe('a tag in a web address', () => {
  it.each([
    'A/B',
    'with space',
    '100%',
    'a?b#c',
    'ÄRZTE-Ω',
    'ΑΣ',
    '日本 1',
    '%2F',
    'a&b=c;d',
    "o'clock",
    '<b>',
    '🎧 1',
    '..a',
    '+1',
  ])('may be %s', async (tag) => {
    const made = await champion.post('/items', { ...typed({ tag }), key: key() })
    expect(made.status).toBe(303)
    const url = made.headers.location ?? ''
    expect(url).toBe(`/items/${encodeURIComponent(tag)}`)
    expect((await champion.get(url)).status).toBe(200)
    expect((await champion.get(`${url}/edit`)).status).toBe(200)
    const saved = await champion.post(url, { ...typed({ tag, notes: 'changed' }), version: 1 })
    expect([saved.status, saved.headers.location]).toEqual([303, url])
    expect(await storedItem(tag)).toMatchObject({ notes: 'changed' })
  })

  it('may be in any capitals', async () => {
    await availableItem(app.db, { ...here(), model: tablet, tag: 'Ärzte/Ω' })
    for (const tag of ['ÄRZTE/Ω', 'ärzte/ω']) {
      expect((await champion.get(`/items/${encodeURIComponent(tag)}/edit`)).status).toBe(200)
    }
  })
})

/** With the characters back that Handlebars writes in its own way. */
function plain(html: string): string {
  return html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
}
