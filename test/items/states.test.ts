import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  closedLoan,
  damagedItem,
  giftLoan,
  type Item,
  itemBookedLater,
  itemInRepair,
  itemInTurnaround,
  itemInUse,
  loanDueToday,
  loanTo,
  lostItem,
  overdueLoan,
  placement,
  retiredItem,
  stolenItem,
} from '../../seeds/factories.ts'
import { listItems } from '../../src/items/list-queries.ts'
import { type ItemState, itemState, itemStates } from '../../src/items/rules.ts'
import { startApp, startOfTest, type TestApp } from '../support/app.ts'

const today = '2026-08-03'
const states = Object.keys(itemStates) as ItemState[]

let app: TestApp

/** Everything that can become of an item, made by the factories, and what it is then called. */
const made: Record<string, [expected: ItemState, make: () => Promise<Item>]> = {
  'on the shelf': ['available', () => onTheShelf()],
  'booked for tomorrow': ['available', async () => (await itemBookedLater(app.db, { item: await onTheShelf() })).item],
  'lent and back and made ready': ['available', () => lent(closedLoan)],
  'lent to a person': ['on-loan', () => lent(loanTo)],
  'due today': ['on-loan', () => lent(loanDueToday)],
  overdue: ['overdue', () => lent(overdueLoan)],
  given: ['gone', () => lent(giftLoan)],
  'handed out for a booking': ['in-use', async () => itemInUse(app.db, { item: await onTheShelf() })],
  'came back': ['turnaround', () => itemInTurnaround(app.db, here())],
  'in repair': ['repair', () => itemInRepair(app.db, here())],
  'with a ward': ['on-ward', () => placed()],
  'with a ward for too long': ['overdue', () => placed('2026-07-31')],
  'with a ward until today': ['on-ward', () => placed('2026-08-03')],
  'lent on from a ward': ['on-loan', async () => lent(loanTo, await placed())],
  'lent on from a ward for too long': ['overdue', async () => lent(overdueLoan, await placed())],
  'lent on from a ward that should have it back': ['on-loan', async () => lent(loanTo, await placed('2026-07-31'))],
  'booked on a ward and handed out': [
    'in-use',
    async () => itemInUse(app.db, { item: await placed(), ward: app.people.ward }),
  ],
  'back on a ward and not ready': ['turnaround', async () => onTheBench(await placed())],
  lost: ['gone', () => lostItem(app.db, here())],
  stolen: ['gone', () => stolenItem(app.db, here())],
  damaged: ['gone', () => damagedItem(app.db, here())],
  retired: ['gone', () => retiredItem(app.db, here())],
  'found beyond use on the bench': ['gone', async () => leftFrom(await itemInTurnaround(app.db, here()))],
  'found beyond repair': ['gone', async () => leftFrom(await itemInRepair(app.db, here()))],
}

const here = () => ({ organisation_id: app.people.organisationId })
const onTheShelf = () => availableItem(app.db, here())

async function lent(make: typeof loanTo, item?: Item): Promise<Item> {
  const thing = item ?? (await onTheShelf())
  await make(app.db, { items: [thing] })
  return thing
}

async function placed(dueOn?: string): Promise<Item> {
  const item = await onTheShelf()
  const lentAt = new Date('2026-03-02T09:00:00Z')
  const ward = { id: app.people.ward.id, organisation_id: app.people.organisationId }
  await placement(app.db, { ward, items: [item], lentAt, dueOn: dueOn ?? '2026-12-01' })
  return item
}

async function onTheBench(item: Item): Promise<Item> {
  const { organisation_id, id: item_id } = item
  await app.db
    .insertInto('item_holds')
    .values({ organisation_id, item_id, kind: 'turnaround', taken_at: startOfTest })
    .execute()
  return item
}

async function leftFrom(item: Item): Promise<Item> {
  await app.db
    .updateTable('items')
    .set({ left_at: startOfTest, left_as: 'damaged' })
    .where('id', '=', item.id)
    .execute()
  return item
}

const items = new Map<string, { name: string; expected: ItemState }>()

beforeAll(async () => {
  app = await startApp()
  for (const [name, [expected, make]] of Object.entries(made)) items.set((await make()).tag, { name, expected })
})
afterAll(() => app.close())

async function listed(state: ItemState | undefined, day: string) {
  const { rows } = await listItems(app.db, app.people.actors.champion, { state }, day, { size: 200 })
  return rows.map((row) => ({ tag: row.tag, state: itemState(row, day) }))
}

describe('the state of an item', () => {
  it('is made in every way there is', () => {
    expect(states.filter((state) => ![...items.values()].some(({ expected }) => expected === state))).toEqual([])
  })

  it('is what everybody would call it', async () => {
    const found = (await listed(undefined, today)).map(({ tag, state }) => [items.get(tag)?.name, state])
    const wanted = [...items.values()].map(({ name, expected }) => [name, expected])
    expect(found.sort()).toEqual(wanted.sort())
  })

  it.each([
    ['today', today],
    ['on the day after a due date', '2026-08-04'],
    ['in years', '2031-01-01'],
    ['long ago', '2026-04-01'],
  ])('is the same for PostgreSQL and for the code, and one each: %s', async (_when, day) => {
    const all = await listed(undefined, day)
    const byState = await Promise.all(states.map((state) => listed(state, day)))
    for (const [at, state] of states.entries()) {
      const inCode = all.filter((item) => item.state === state).map(({ tag }) => [items.get(tag)?.name, state])
      const inSql = byState[at]?.map(({ tag }) => [items.get(tag)?.name, state])
      expect(inSql?.sort()).toEqual(inCode.sort())
    }
    expect(byState.flat()).toHaveLength(all.length)
  })
})
