import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  addHold,
  addLine,
  august,
  type BySql,
  correctLine,
  endHold,
  endLine,
  inHands,
  overlaps,
  planner,
  startBySql,
  userNames,
  users,
  verdict,
} from './by-sql.ts'

let by: BySql

beforeAll(async () => {
  by = await startBySql()
})
afterAll(() => by.close())

const anotherPool = '23P01 item_in_another_pool'

/** With a ward from the 3rd of August until its review on the 20th. */
function place(itemId: number, more: { wardId?: number; from?: string; dueOn?: string } = {}): Promise<number> {
  const { wardId = by.ward.id, from = august(3), dueOn = '2026-08-20' } = more
  return addLine(by, { itemId, from, takenAt: from, dueOn, wardId })
}

async function placedItem(): Promise<number> {
  const itemId = await by.item()
  await place(itemId)
  return itemId
}

function book(itemId: number, wardId: number | undefined, day: number): Promise<number> {
  const plan = `[2026-08-${day} 13:00+00,2026-08-${day} 13:45+00)`
  return addHold(by, { itemId, kind: 'booking', wardId, plan })
}

async function poolOf(lineId: number) {
  const [row] = await by.run('select ward_id from item_holds where loan_line_id = $1', [lineId])
  return row?.ward_id
}

describe('an item placed with a ward', () => {
  it('holds no time of its own: the ward books it, as often as it likes', async () => {
    const itemId = await placedItem()
    const holds = await by.run('select id from item_holds where item_id = $1', [itemId])
    expect(holds).toEqual([])
    expect(await verdict(book(itemId, by.ward.id, 11))).toBe('accepted')
    expect(await verdict(book(itemId, by.ward.id, 12))).toBe('accepted')
    expect(await verdict(book(itemId, by.ward.id, 12))).toBe(overlaps)
  })

  it('is handed out by its ward for a booking, taken back, and made ready, all within the placement', async () => {
    const itemId = await placedItem()
    const booking = await book(itemId, by.ward.id, 11)
    await by.run('update item_holds set taken_at = $2 where id = $1', [booking, '2026-08-11 13:02+00'])
    expect(await verdict(book(itemId, by.ward.id, 12))).toBe('accepted')
    await endHold(by, booking, '2026-08-11 13:40+00')
    expect(await verdict(users['being made ready'].takeNow(by, itemId, '2026-08-11 13:40+00', ''))).toBe('accepted')
  })

  it('is lent on to a person, out of the ward’s pool', async () => {
    const itemId = await placedItem()
    const lineId = await users['a loan'].takeNow(by, itemId, august(5), august(15))
    expect(await poolOf(lineId)).toBe(by.ward.id)
    expect(await verdict(book(itemId, by.ward.id, 12))).toBe(overlaps)
    expect(await verdict(book(itemId, by.ward.id, 16))).toBe('accepted')
  })

  it('is not booked by another ward, nor by nobody’s', async () => {
    const itemId = await placedItem()
    expect(await verdict(book(itemId, by.otherWard.id, 11))).toBe(anotherPool)
    expect(await verdict(book(itemId, undefined, 11))).toBe(anotherPool)
  })

  it('cannot have a booking moved into it from another item, to another ward, or to an earlier day', async () => {
    const itemId = await placedItem()
    const free = await book(await by.item(), undefined, 11)
    const wards = await book(itemId, by.ward.id, 11)
    const later = await book(itemId, undefined, 25)
    const change = (set: string, values: unknown[]) =>
      verdict(by.run(`update item_holds set ${set} where id = $1`, values))
    expect(await change('item_id = $2', [free, itemId])).toBe(anotherPool)
    expect(await change('ward_id = $2', [wards, by.otherWard.id])).toBe(anotherPool)
    expect(await change('plan = $2', [later, '[2026-08-12 13:00+00,2026-08-12 14:00+00)'])).toBe(anotherPool)
  })

  it('may be planned for somebody else after the review, but is not handed to them while the ward still has it', async () => {
    const itemId = await placedItem()
    const later = await book(itemId, undefined, 25)
    expect(await verdict(book(itemId, by.otherWard.id, 26))).toBe(anotherPool)
    const take = () => by.run('update item_holds set taken_at = $2 where id = $1', [later, '2026-08-25 13:00+00'])
    expect(await verdict(take())).toBe(anotherPool)
    await by.run(`update loan_lines set ended_at = $2, ended_as = 'returned' where item_id = $1`, [
      itemId,
      '2026-08-24',
    ])
    expect(await verdict(take())).toBe('accepted')
  })

  it('is placed with one ward at a time', async () => {
    const itemId = await placedItem()
    expect(await verdict(place(itemId, { wardId: by.otherWard.id, from: august(25), dueOn: '2026-09-20' }))).toBe(
      '23505 one_open_placement_an_item',
    )
    expect(await verdict(place(itemId))).toBe('23505 one_open_placement_an_item')
  })

  it('can come back late, and then be placed with another ward', async () => {
    const itemId = await by.item()
    const lineId = await place(itemId)
    expect(await verdict(endLine(by, lineId, august(28)))).toBe('accepted')
    expect(await verdict(place(itemId, { wardId: by.otherWard.id, from: august(28), dueOn: '2026-09-20' }))).toBe(
      'accepted',
    )
  })

  it('cannot be booked for a ward that it no longer belongs to', async () => {
    const itemId = await by.item()
    const lineId = await place(itemId)
    const booking = await book(itemId, by.ward.id, 12)
    await endLine(by, lineId, august(10))
    expect(await verdict(book(itemId, by.ward.id, 13))).toBe(anotherPool)
    const take = by.run('update item_holds set taken_at = $2 where id = $1', [booking, '2026-08-12 13:00+00'])
    expect(await verdict(take)).toBe(anotherPool)
    expect(await verdict(by.run('update item_holds set cancelled_at = $2 where id = $1', [booking, august(10)]))).toBe(
      'accepted',
    )
  })

  it('stays ours: it leaves the stock only when it has left the ward', async () => {
    const itemId = await by.item()
    const lineId = await place(itemId)
    const lose = () => by.run(`update items set left_at = $2, left_as = 'lost' where id = $1`, [itemId, august(9)])
    expect(await verdict(lose())).toBe('23P01 one_open_placement_an_item')
    await endLine(by, lineId, august(9), 'lost')
    expect(await verdict(lose())).toBe('accepted')
  })

  it('is extended up to what somebody else planned after its review, whatever its own ward has planned', async () => {
    const itemId = await by.item()
    const lineId = await place(itemId)
    await book(itemId, by.ward.id, 19)
    await book(itemId, undefined, 25)
    const extendTo = (dueOn: string) =>
      verdict(by.run('update loan_lines set due_on = $2 where id = $1', [lineId, dueOn]))
    expect(await extendTo('2026-08-25')).toBe(overlaps)
    expect(await extendTo('2026-08-24')).toBe('accepted')
  })
})

describe('a placement', () => {
  it.each(userNames)('is refused of what is away for %s', async (name) => {
    const itemId = await by.item()
    const id = await users[name].takeNow(by, itemId, '2026-07-20T23:00:00Z', '2026-07-25T23:00:00Z')
    expect(await verdict(place(itemId))).toBe('23P01 item_in_one_pair_of_hands')
    await users[name].end(by, id, august(3))
    expect(await verdict(place(itemId))).toBe('accepted')
  })

  it('is refused over what somebody else has planned, and accepted up to the day before', async () => {
    const itemId = await by.item()
    await planner('a booking').plan(by, itemId, august(19), august(20))
    expect(await verdict(place(itemId))).toBe(overlaps)
    expect(await verdict(place(itemId, { dueOn: '2026-08-18' }))).toBe('accepted')
  })

  it('begins when it is made: it cannot be planned, which nothing would show', async () => {
    const itemId = await by.item()
    const planned = addLine(by, { itemId, from: august(10), dueOn: '2026-08-20', wardId: by.ward.id })
    expect(await verdict(planned)).toBe('23514 placement_begins_when_it_is_made')
  })

  it('cannot be reopened while somebody has the item', async () => {
    const itemId = await by.item()
    const lineId = await place(itemId)
    await endLine(by, lineId, august(9))
    await users['a loan'].takeNow(by, itemId, august(10), august(30))
    const reopen = correctLine(by, lineId, 'ended_at = null, ended_as = null')
    expect(await verdict(reopen)).toBe('23P01 item_in_one_pair_of_hands')
  })

  it('waits for whoever is just being handed the item', async () => {
    const itemId = await by.item()
    const first = await by.connect()
    await first.query('begin')
    await first.query(
      `insert into item_holds (organisation_id, item_id, kind, plan, taken_at) values ($1, $2, 'booking', $3, $4)`,
      [by.organisationId, itemId, `[${august(1)},${august(2)})`, august(1)],
    )
    const second = verdict(place(itemId))
    await first.query('select pg_sleep(0.2)')
    await first.query('commit')
    first.release()
    expect(await second).toBe('23P01 item_in_one_pair_of_hands')
  })

  it('leaves an item that its ward has handed out in one pair of hands', async () => {
    const itemId = await placedItem()
    await users['a loan'].takeNow(by, itemId, august(5), august(7))
    const walkUp = {
      itemId,
      kind: 'booking',
      wardId: by.ward.id,
      plan: `[${august(9)},${august(10)})`,
      takenAt: august(9),
    }
    expect(await verdict(addHold(by, walkUp))).toBe(inHands)
  })
})
