import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  type Item,
  type ItemOverrides,
  itemBookedLater,
  itemInRepair,
  itemInTurnaround,
  kit,
  loanTo,
  placement,
  retiredItem,
} from '../../seeds/factories.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const shelved = (more: ItemOverrides = {}) => availableItem(app.db, { ...here(), ...more })

const told = {
  how: 'recycled',
  'to-whom': 'Green Wires Ltd',
  wiped: 'erasure-software',
  'wiped-by': 'Sam Example',
  certificate: 'GW-77',
  note: 'Battery swollen.',
  'disposed-on-day': '2',
  'disposed-on-month': '8',
  'disposed-on-year': '2026',
}

const retire = (item: Item, more: Record<string, string> = {}) =>
  champion.post(`/items/${item.tag}/retire`, { ...told, key: crypto.randomUUID(), ...more })

const bringBack = async (item: Item) =>
  champion.post(`/items/${item.tag}/bring-back`, { disposal: (await disposalOf(item)).id })

const disposalOf = (item: Item) =>
  app.db
    .selectFrom('disposals')
    .selectAll()
    .where('item_id', '=', item.id)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()

const itemNow = (item: Item) =>
  app.db
    .selectFrom('items')
    .select(['left_at', 'left_as', 'kit_id'])
    .where('id', '=', item.id)
    .executeTakeFirstOrThrow()

async function holdsOf(item: Item) {
  const holds = await app.db
    .selectFrom('item_holds')
    .select(['kind', 'ended_as'])
    .where('item_id', '=', item.id)
    .where('kind', '<>', 'loan')
    .orderBy('id')
    .execute()
  return holds.map(({ kind, ended_as }) => [kind, ended_as])
}

async function verbsOf(item: Item) {
  const events = await app.db
    .selectFrom('audit_events')
    .select('verb')
    .where('subject_type', '=', 'item')
    .where('subject_id', '=', item.id)
    .orderBy('id')
    .execute()
  return events.map(({ verb }) => verb)
}

function text(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

describe('retiring an item', () => {
  it('writes down where it went and what became of its data, and takes it out of the stock and its kit', async () => {
    const item = await shelved()
    await kit(app.db, { ...here(), items: [item] })
    const answer = await retire(item)
    expect([answer.status, answer.headers.location]).toEqual([303, `/items/${item.tag}`])
    expect(await itemNow(item)).toEqual({ left_at: '2026-08-03 09:30:00+00', left_as: 'retired', kit_id: null })
    expect(await disposalOf(item)).toMatchObject({
      how: 'recycled',
      to_whom: 'Green Wires Ltd',
      wiped_how: 'erasure-software',
      wiped_by: 'Sam Example',
      certificate: 'GW-77',
      disposed_on: '2026-08-02',
      note: 'Battery swollen.',
      retired_by: app.people.actors.champion.staffId,
    })
    expect(await verbsOf(item)).toEqual(['item:removed-from-kit', 'item:retired'])
    expect(text((await champion.get(`/items/${item.tag}`)).text)).toContain('See how it left')
    const record = text((await champion.get(`/items/${item.tag}/retire`)).text)
    expect(record).toContain('Who took it Green Wires Ltd')
    expect(record).toContain('you can bring it back until 2 September 2026')
  })

  it.each([
    ['its turnaround', () => itemInTurnaround(app.db, here()), [['turnaround', 'retired']]],
    ['its repair', () => itemInRepair(app.db, here()), [['repair', 'beyond-repair']]],
  ])('ends %s', async (_what, make, holds) => {
    const item = await make()
    expect((await retire(item)).status).toBe(303)
    expect(await holdsOf(item)).toEqual(holds)
  })

  it('needs nobody to take what we destroy, nor to wipe what holds no data', async () => {
    const item = await shelved({ category: 'charger' })
    const answer = await retire(item, { how: 'destroyed', 'to-whom': '', wiped: 'nothing-on-it', 'wiped-by': '' })
    expect(answer.status).toBe(303)
  })

  it('says everything that is missing at once', async () => {
    const item = await shelved()
    const nothing = await champion.post(`/items/${item.tag}/retire`, { key: crypto.randomUUID() })
    expect(nothing.status).toBe(422)
    for (const error of ['Choose what became of it', 'Enter the day it left', 'Choose how its data was wiped']) {
      expect(text(nothing.text)).toContain(error)
    }
    const half = await retire(item, { 'to-whom': '', 'wiped-by': '', 'disposed-on-day': '4' })
    for (const error of ['Enter who took it', 'Enter who wiped it', 'Day it left must be today or in the past']) {
      expect(text(half.text)).toContain(error)
    }
    expect((await itemNow(item)).left_as).toBeNull()
  })

  it.each([
    [
      'is lent',
      async (item: Item) => void (await loanTo(app.db, { items: [item] })),
      'is on loan. Take it back first.',
    ],
    [
      'a ward has',
      async (item: Item) =>
        void (await placement(app.db, { ward: { id: app.people.ward.id, ...here() }, items: [item] })),
      'belongs to what Ash Ward has. Take it back from the ward first.',
    ],
    [
      'is promised to somebody',
      async (item: Item) => void (await itemBookedLater(app.db, { item })),
      'is planned for somebody from Tuesday 4 August 2026 at 2pm. Call that off first.',
    ],
  ])('is refused of what %s', async (_what, make, reason) => {
    const item = await shelved()
    await make(item)
    const answer = await retire(item)
    expect([answer.status, text(answer.text)]).toEqual([409, expect.stringContaining(`${item.tag} ${reason}`)])
    expect(answer.text).toMatch(/name="to-whom"[^>]* value="[^"]/)
    expect((await itemNow(item)).left_as).toBeNull()
  })

  it('happens once for two who do it at once', async () => {
    const item = await shelved()
    const answers = await Promise.all([retire(item), retire(item)])
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
  })
})

describe('an item that was retired by mistake', () => {
  it('is brought back to the bench, with every step to do, and the record stays', async () => {
    const item = await itemInTurnaround(app.db, here())
    await retire(item)
    const answer = await bringBack(item)
    expect([answer.status, answer.headers.location]).toEqual([303, `/items/${item.tag}`])
    expect((await itemNow(item)).left_as).toBeNull()
    expect(await holdsOf(item)).toEqual([
      ['turnaround', 'retired'],
      ['turnaround', null],
    ])
    expect(await disposalOf(item)).toMatchObject({
      undone_at: '2026-08-03 09:30:00+00',
      undone_by: app.people.actors.champion.staffId,
    })
    expect(await verbsOf(item)).toEqual(['item:retired', 'item:brought-back'])
    expect((await bringBack(item)).status).toBe(303)
    expect(await holdsOf(item)).toHaveLength(2)
    expect((await retire(item)).status).toBe(303)
  })

  it('is brought back for 30 days, and not on the 31st', async () => {
    const day = 24 * 60 * 60 * 1000
    const ago = (days: number) => new Date(startOfTest.getTime() - days * day)
    const inTime = await retiredItem(app.db, { ...here(), left_at: ago(30) })
    expect((await bringBack(inTime)).status).toBe(303)
    const late = await retiredItem(app.db, { ...here(), left_at: ago(31) })
    expect(text((await champion.get(`/items/${late.tag}/retire`)).text)).toContain('It could be brought back until')
    const answer = await bringBack(late)
    expect([answer.status, text(answer.text)]).toEqual([409, expect.stringContaining('was retired too long ago')])
    expect((await itemNow(late)).left_as).toBe('retired')
  })
})
