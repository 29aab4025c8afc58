import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Kysely, PostgresDialect } from 'kysely'
import { availableItem, type Item, kit, model, placement, retiredItem } from '../../seeds/factories.ts'
import { makeIccid, makeImei } from '../../seeds/identifiers.ts'
import type { DB } from '../../src/database/schema.ts'
import type { Actor } from '../../src/lib/actor.ts'
import { findByCode } from '../../src/scan/queries.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor
let phone: Item

const imei = makeImei(41)
const iccid = makeIccid(41)

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  phone = await availableItem(app.db, {
    ...here(),
    category: 'smartphone',
    tag: 'Pho/41 ä',
    serial: 'SN-41',
    imei,
    iccid,
  })
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const there = () => ({ organisation_id: app.people.otherOrganisationId })
const scan = (who: Visitor, code: string) => who.get(`/scan?code=${encodeURIComponent(code)}`)

describe('scanning on any page', () => {
  it.each([
    ['its asset tag', 'Pho/41 ä'],
    ['its asset tag in other capitals, with spaces round it', ' PHO/41 Ä '],
    ['its serial number in other capitals', 'sn-41'],
    ['its IMEI', imei],
    ['its IMEI in groups', `${imei.slice(0, 2)}-${imei.slice(2, 8)}-${imei.slice(8, 14)}-${imei.slice(14)}`],
    ['its SIM number', iccid],
    ['its SIM number in groups', iccid.replace(/(.{4})/g, '$1 ')],
    ['the address on its QR label', `https://loans.example.nhs.uk/items/${encodeURIComponent('Pho/41 ä')}`],
    ['the address on an old label', `HTTP://old-name/items/${encodeURIComponent('Pho/41 ä')}/?from=label#top`],
  ])('leads to the item by %s', async (_, code) => {
    const answer = await scan(champion, code)
    expect([answer.status, answer.headers.location]).toEqual([303, `/items/${encodeURIComponent(phone.tag)}`])
    expect((await champion.get(answer.headers.location as string)).status).toBe(200)
  })

  it('leads to a kit by its tag', async () => {
    const made = await kit(app.db, { ...here(), tag: 'Bag 41' })
    const answer = await scan(champion, 'BAG 41')
    expect([answer.status, answer.headers.location]).toEqual([303, `/kits/${made.id}`])
  })

  it('leads to an item that is no longer ours', async () => {
    const gone = await retiredItem(app.db, here())
    expect((await scan(champion, gone.tag)).headers.location).toBe(`/items/${gone.tag}`)
  })

  it('asks which, when several items have the serial number', async () => {
    const made = await model(app.db, { ...here(), maker: 'Sony', name: 'WH-1' })
    await availableItem(app.db, {
      ...here(),
      model: made,
      tag: 'ONE',
      serial: 'SAME',
      kept_at_ward_id: app.people.ward.id,
    })
    await retiredItem(app.db, { ...here(), model: made, tag: 'TWO', serial: 'same' })
    const page = await scan(champion, 'Same')
    expect(page.status).toBe(200)
    for (const text of [
      'Which item is Same?',
      '2 items have the number Same',
      'href="/items/ONE"',
      'href="/items/TWO"',
      'Ash Ward',
      'Retired',
    ]) {
      expect(page.text).toContain(text)
    }
    expect(page.text).not.toContain('Add an item')
  })

  it('takes a tag for a tag, also where it is the serial number of something else', async () => {
    await availableItem(app.db, { ...here(), tag: '777' })
    await availableItem(app.db, { ...here(), serial: '777' })
    expect((await scan(champion, '777')).headers.location).toBe('/items/777')
  })

  it('says so when there is nothing, keeps the code, and offers to add it', async () => {
    const page = await scan(champion, 'NOT THERE <1>')
    expect(page.status).toBe(200)
    expect(page.text).toContain('No item or kit has the tag or number NOT THERE &lt;1&gt;.')
    expect(page.text).toContain('value="NOT THERE &lt;1&gt;"')
    expect(plain(page.text)).toContain('href="/items/new?tag=NOT+THERE+%3C1%3E">Add an item with this tag')
    const unknownImei = makeImei(42)
    expect(plain((await scan(champion, unknownImei)).text)).toContain(
      `href="/items/new?imei=${unknownImei}">Add an item with this IMEI`,
    )
    const unknownIccid = makeIccid(42)
    expect(plain((await scan(champion, unknownIccid)).text)).toContain(
      `href="/items/new?iccid=${unknownIccid}">Add an item with this SIM`,
    )
    const offered = await champion.get('/items/new?tag=NOT+THERE+%3C1%3E')
    expect(offered.status).toBe(200)
  })

  it('asks for a code when there is none', async () => {
    for (const address of ['/scan', '/scan?code=', '/scan?code=%20', '/scan?code=a&code=b']) {
      const page = await champion.get(address)
      expect(page.status).toBe(200)
      expect(page.text).toContain('Scan its label, or type what is on it.')
    }
  })

  it('takes whatever is typed', async () => {
    for (const code of [
      '%',
      "'; drop table items --",
      '\u0000',
      'https://x/items/%zz',
      'x'.repeat(5_000),
      '🎧',
      '-1',
      '../..',
    ]) {
      expect((await scan(champion, code)).status).toBe(200)
    }
  })

  it("finds nothing of another organisation's", async () => {
    await availableItem(app.db, { ...there(), tag: 'FOREIGN', serial: 'FOREIGN-S' })
    await kit(app.db, { ...there(), tag: 'FOREIGN KIT' })
    for (const code of ['FOREIGN', 'FOREIGN-S', 'FOREIGN KIT']) {
      expect((await scan(champion, code)).text).toContain('No item or kit has the tag or number')
    }
  })

  it.each(['care-team', 'information-governance', 'commissioner'] as const)('is not for %s', async (role) => {
    expect((await scan(await app.signedInAs(role), phone.tag)).status).toBe(403)
  })
})

describe('scanning on a ward', () => {
  let ward: Actor
  const found = async (code: string) => {
    const { items, kits } = await findByCode(app.db, ward, code)
    return [...items, ...kits].map(({ tag }) => tag)
  }
  beforeAll(() => {
    ward = app.people.actors['ward-staff']
  })

  it('finds what is kept at or placed with the ward, and nothing else', async () => {
    const { ward: own, otherWard, organisationId } = app.people
    const kept = await availableItem(app.db, { ...here(), tag: 'KEPT', kept_at_ward_id: own.id })
    await availableItem(app.db, { ...here(), tag: 'ELSEWHERE', kept_at_ward_id: otherWard.id })
    await availableItem(app.db, { ...here(), tag: 'NOWHERE' })
    const placed = await availableItem(app.db, { ...here(), tag: 'PLACED', kept_at_ward_id: otherWard.id })
    const away = await availableItem(app.db, { ...here(), tag: 'AWAY', kept_at_ward_id: own.id })
    await placement(app.db, { ward: { id: own.id, organisation_id: organisationId }, items: [placed] })
    await placement(app.db, { ward: { id: otherWard.id, organisation_id: organisationId }, items: [away] })
    expect(await found(kept.tag)).toEqual(['KEPT'])
    expect(await found('PLACED')).toEqual(['PLACED'])
    for (const tag of ['ELSEWHERE', 'NOWHERE', 'AWAY']) expect(await found(tag)).toEqual([])
  })

  it('finds a kit when something of it is in reach', async () => {
    const own = await availableItem(app.db, { ...here(), kept_at_ward_id: app.people.ward.id })
    const other = await availableItem(app.db, here())
    await kit(app.db, { ...here(), tag: 'OWN KIT', items: [own, other] })
    await kit(app.db, { ...here(), tag: 'OTHER KIT', items: [await availableItem(app.db, here())] })
    expect(await found('own kit')).toEqual(['OWN KIT'])
    expect(await found('other kit')).toEqual([])
  })

  it('offers nobody to add what they may not', async () => {
    const page = await scan(await app.signedInAs('ward-staff'), 'ELSEWHERE')
    expect(page.text).toContain('No item or kit has the tag or number ELSEWHERE')
    expect(page.text).not.toContain('Add an item')
  })

  it('finds nothing for somebody without a ward', async () => {
    ward = { ...ward, wardIds: [] }
    expect(await found('KEPT')).toEqual([])
  })
})

describe('looking a code up among many', () => {
  it('asks twice at most, and reads neither stock nor loans from end to end', async () => {
    await fillStock(20_000)
    const asked: { text: string; values: readonly unknown[] }[] = []
    const watched = new Kysely<DB>({
      dialect: new PostgresDialect({ pool: app.pool }),
      log: ({ query }) => void asked.push({ text: query.sql, values: query.parameters }),
    })
    for (const role of ['champion', 'ward-staff'] as const) {
      asked.length = 0
      await findByCode(watched, app.people.actors[role], 'MANY-777')
      expect(asked.length).toBeLessThanOrEqual(2)
      for (const { text, values } of asked) {
        const { rows } = await app.pool.query(`explain ${text}`, [...values])
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
        expect(plan).toMatch(/Index/)
        expect(plan).not.toMatch(/Seq Scan on (?:items|kits|loan_lines)/)
      }
    }
  })

  async function fillStock(count: number): Promise<void> {
    const made = await model(app.db, here())
    const [first] = (await app.pool.query('select coalesce(max(id), 0) as id from items')).rows
    await app.pool.query(
      `insert into items (organisation_id, model_id, category, tag, serial, created_at)
       select $1, $2, $3, 'MANY-' || n, 'S-' || n, now() from generate_series(1, $4::integer) n`,
      [app.people.organisationId, made.id, made.category, count],
    )
    await app.pool.query(
      `insert into kits (organisation_id, tag, name, created_at)
       select $1, 'KITS-' || n, 'Kit ' || n, now() from generate_series(1, 2000) n`,
      [app.people.organisationId],
    )
    await app.pool.query(`insert into loans (organisation_id, ward_id, lent_at, lent_by) values ($1, $2, now(), $3)`, [
      app.people.organisationId,
      app.people.ward.id,
      app.people.actors.champion.staffId,
    ])
    await app.pool.query(
      `insert into loan_lines (organisation_id, loan_id, item_id, placed_with_ward_id, from_at, due_on, taken_at)
       select items.organisation_id, (select max(id) from loans), items.id, $1, now(), '2030-01-01', now()
       from items where id > $2 and tag like 'MANY-%' limit 5000`,
      [app.people.ward.id, first.id],
    )
    await analyse()
  }

  /** By the owner: the app's role may not. */
  async function analyse(): Promise<void> {
    const pg = await import('pg')
    const owner = new pg.default.Client({ connectionString: app.ownerUrl })
    await owner.connect()
    await owner.query('analyze')
    await owner.end()
  }
})

/** With the characters back that Handlebars writes in its own way. */
function plain(html: string): string {
  return html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
}
