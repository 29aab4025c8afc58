import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  type Item,
  type ItemOverrides,
  itemInRepair,
  itemInTurnaround,
  itemInUse,
  loanTo,
  lostItem,
  placement,
} from '../../seeds/factories.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor
let administrator: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  administrator = await app.signedInAs('administrator')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const shelved = (more: ItemOverrides = {}) => availableItem(app.db, { ...here(), ...more })

const told = {
  reason: 'The screen is cracked.',
  place: 'Example Repairs',
  cost: '',
  'expected-back-day': '10',
  'expected-back-month': '8',
  'expected-back-year': '2026',
}

const send = (visitor: Visitor, item: { id: number }, more: Record<string, string> = {}) =>
  visitor.post('/repairs', { item: item.id, key: crypto.randomUUID(), ...told, ...more })

async function holdsOf(item: Item) {
  return app.db
    .selectFrom('item_holds')
    .select(['id', 'kind', 'taken_at', 'ended_at', 'ended_as'])
    .where('item_id', '=', item.id)
    .where('kind', '<>', 'loan')
    .orderBy('id')
    .execute()
}

async function repairOf(item: Item) {
  return app.db
    .selectFrom('repairs')
    .innerJoin('item_holds', 'item_holds.id', 'hold_id')
    .selectAll('repairs')
    .where('item_id', '=', item.id)
    .executeTakeFirstOrThrow()
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

/** What a person reads of it. */
function text(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replace(/\s+/g, ' ')
    .trim()
}

const now = '2026-08-03 09:30:00+00'

describe('sending to repair', () => {
  it('takes an item from the shelf, with what is wrong, where it goes and when it is expected back', async () => {
    const item = await shelved()
    const answer = await send(champion, item, { cost: '£49.50' })
    const repair = await repairOf(item)
    expect([answer.status, answer.headers.location]).toEqual([303, `/repairs/${repair.hold_id}`])
    expect(repair).toMatchObject({
      reason: 'The screen is cracked.',
      place: 'Example Repairs',
      cost_pence: 4950,
      expected_back_on: '2026-08-10',
      sent_by: app.people.actors.champion.staffId,
    })
    expect(await holdsOf(item)).toMatchObject([{ kind: 'repair', taken_at: now, ended_at: null }])
    expect(await verbsOf(item)).toEqual(['repair:sent'])
    const page = text((await champion.get(answer.headers.location ?? '')).text)
    expect(page).toContain('Sent 3 August 2026, by HERE champion')
    expect(page).toContain('Cost £49.50')
    expect(text((await champion.get(`/items/${item.tag}`)).text)).toContain('In repair since 3 August 2026.')
  })

  it('takes an item off the bench, whose turnaround ends with that although steps are left', async () => {
    const item = await itemInTurnaround(app.db, here())
    expect((await send(administrator, item)).status).toBe(303)
    expect(await holdsOf(item)).toMatchObject([
      { kind: 'turnaround', ended_at: now, ended_as: 'to-repair' },
      { kind: 'repair', taken_at: now, ended_at: null },
    ])
    const history = text((await champion.get(`/items/${item.tag}`)).text)
    expect(history).toContain('Went to repair.')
    expect(history).not.toContain('Made ready')
  })

  it('takes an item that a ward has, which stays the ward’s', async () => {
    const item = await shelved()
    await placement(app.db, { ward: { id: app.people.ward.id, ...here() }, items: [item] })
    expect((await send(champion, item)).status).toBe(303)
    expect(await holdsOf(item)).toMatchObject([{ kind: 'repair', ended_at: null }])
  })

  it('happens once, however often the form is sent', async () => {
    const item = await shelved()
    const key = crypto.randomUUID()
    const [one, other] = await Promise.all([send(champion, item, { key }), send(champion, item, { key })])
    expect(one.headers.location).toBe(other.headers.location)
    expect(await holdsOf(item)).toHaveLength(1)
  })

  it.each([
    ['is on loan', async () => (await lent()) as Item, 'is on loan. Take it back first.'],
    ['is in use', async () => itemInUse(app.db, { item: await shelved() }), 'is in use. Take it back first.'],
    ['is lost', () => lostItem(app.db, here()), 'is no longer ours: lost.'],
    ['is in repair', () => itemInRepair(app.db, here()), 'is in repair already.'],
  ])('is refused of what %s, with the reason', async (_what, make, reason) => {
    const item = await make()
    const before = await holdsOf(item)
    const answer = await send(champion, item)
    expect([answer.status, text(answer.text)]).toEqual([409, expect.stringContaining(`${item.tag} ${reason}`)])
    expect(answer.text).toContain('href="#reason"')
    expect(answer.text).toContain('The screen is cracked.</textarea>')
    expect(await holdsOf(item)).toEqual(before)
  })

  it('leads to the repair of what is there already, and says at once why something cannot go', async () => {
    const broken = await itemInRepair(app.db, here())
    const { hold_id } = await repairOf(broken)
    expect((await champion.get(`/repairs/new?item=${broken.id}`)).headers.location).toBe(`/repairs/${hold_id}`)
    expect((await champion.get(`/repairs/new?item=${(await lent()).id}`)).status).toBe(409)
    expect((await champion.get('/repairs/new')).status).toBe(404)
  })

  it('says everything that is wrong with the form at once, and keeps what was typed', async () => {
    const item = await shelved()
    const answer = await send(champion, item, { reason: ' ', place: '', cost: '12,5', 'expected-back-day': '2' })
    expect(answer.status).toBe(422)
    const page = text(answer.text)
    expect(page).toContain('Say what is wrong with it')
    expect(page).toContain('Enter where it goes')
    expect(page).toContain('Day it is expected back must be today or in the future')
    expect(page).toContain('Cost must use a point before the pence')
    expect(answer.text).toContain('value="12,5"')
    expect(await holdsOf(item)).toEqual([])
  })
})

async function lent(): Promise<Item> {
  const item = await shelved()
  await loanTo(app.db, { items: [item] })
  return item
}

describe('a repair', () => {
  it('is changed when more is known, and an overtaken change is shown beside what is saved', async () => {
    const item = await itemInRepair(app.db, here())
    const { hold_id } = await repairOf(item)
    const change = (cost: string, version: number) =>
      champion.post(`/repairs/${hold_id}`, { ...told, cost, version, 'expected-back-day': '1' })
    expect((await change('60', 1)).headers.location).toBe(`/repairs/${hold_id}`)
    expect(await repairOf(item)).toMatchObject({ cost_pence: 6000, expected_back_on: '2026-08-01', version: 2 })
    const overtaken = await change('70', 1)
    expect([overtaken.status, text(overtaken.text)]).toEqual([409, expect.stringContaining('What is different')])
    expect((await repairOf(item)).cost_pence).toBe(6000)
    expect((await change('70', 2)).status).toBe(303)
    expect(await verbsOf(item)).toEqual(['repair:changed', 'refused:stale', 'repair:changed'])
  })

  it('ends when the item is back, which is made ready anew', async () => {
    const item = await itemInTurnaround(app.db, here())
    await send(champion, item)
    const { hold_id } = await repairOf(item)
    const answer = await champion.post(`/repairs/${hold_id}/back`)
    expect([answer.status, answer.headers.location]).toEqual([303, `/turnaround/${item.id}`])
    const holds = await holdsOf(item)
    expect(holds.map(({ kind, ended_as }) => [kind, ended_as])).toEqual([
      ['turnaround', 'to-repair'],
      ['repair', 'back'],
      ['turnaround', null],
    ])
    const steps = await app.db
      .selectFrom('turnaround_steps')
      .select('hold_id')
      .where('hold_id', '=', holds[2]!.id)
      .execute()
    expect(steps).toEqual([])
    expect(await verbsOf(item)).toEqual(['repair:sent', 'repair:back'])
    const again = await champion.post(`/repairs/${hold_id}/back`)
    expect(again.headers.location).toBe(`/repairs/${hold_id}`)
    expect(text((await champion.get(`/repairs/${hold_id}`)).text)).toContain('is back from repair already.')
    expect(await holdsOf(item)).toEqual(holds)
  })

  it('takes its cost when it is over, too', async () => {
    const item = await shelved()
    await send(champion, item)
    const { hold_id } = await repairOf(item)
    await champion.post(`/repairs/${hold_id}/back`)
    expect((await champion.post(`/repairs/${hold_id}`, { ...told, cost: '15', version: 1 })).status).toBe(303)
    expect((await repairOf(item)).cost_pence).toBe(1500)
  })
})

describe('the list of repairs', () => {
  it('shows what is late first, then by the day it is expected, then what nobody said a day for', async () => {
    await app.db
      .updateTable('item_holds')
      .set({ ended_at: now, ended_as: 'lost' })
      .where('kind', '=', 'repair')
      .where('ended_at', 'is', null)
      .execute()
    const repair = (expected_back_on: string | null) =>
      itemInRepair(app.db, { ...here(), repair: { expected_back_on } })
    const later = await repair('2026-08-09')
    const unknown = await repair(null)
    const late = await repair('2026-07-30')
    const today = await repair('2026-08-03')
    const { text: html } = await champion.get('/repairs')
    const order = [late, today, later, unknown].map(({ tag }) => html.indexOf(`>${tag}<`))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(order).not.toContain(-1)
    const rows = html.split('<tr').map(text)
    expect(rows.find((row) => row.includes(late.tag))).toContain('Late')
    expect(rows.find((row) => row.includes(late.tag))).toContain('4 days late')
    expect(rows.find((row) => row.includes(today.tag))).not.toContain('late')
    expect(rows.find((row) => row.includes(unknown.tag))).toContain('Nobody said')
    const worklist = text((await champion.get('/')).text)
    expect(worklist).toContain('Expected back from repair')
    expect(worklist).toContain(`Ask after it, or take it back (${late.tag})`)
    expect(worklist).toContain(`Ask after it, or take it back (${today.tag})`)
    expect(worklist).not.toContain(later.tag)
    expect(text((await champion.get('/repairs?show=over')).text)).toContain('Did not come back')
  })

  it('goes on from page to page, both ways, and shows another organisation nothing', async () => {
    const many = await Promise.all(
      Array.from({ length: 52 }, (_, n) =>
        itemInRepair(app.db, { ...here(), repair: { expected_back_on: n % 2 === 0 ? '2026-10-01' : null } }),
      ),
    )
    const first = await champion.get('/repairs')
    const nextUrl = /href="(\/repairs\?after[^"]+)"/.exec(first.text)?.[1] ?? ''
    const second = await champion.get(nextUrl.replaceAll('&#x3D;', '='))
    const seen = many.filter(({ tag }) => first.text.includes(`>${tag}<`) !== second.text.includes(`>${tag}<`))
    expect(seen).toHaveLength(52)
    const backUrl = /href="(\/repairs\?before[^"]+)"/.exec(second.text)?.[1] ?? ''
    const back = await champion.get(backUrl.replaceAll('&#x3D;', '='))
    expect(many.filter(({ tag }) => back.text.includes(`>${tag}<`))).toEqual(
      many.filter(({ tag }) => first.text.includes(`>${tag}<`)),
    )
    const foreign = await app.signedInAs(app.people.foreignActors.champion)
    expect(text((await foreign.get('/repairs')).text)).toContain('Nothing is in repair.')
  })
})
