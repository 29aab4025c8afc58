import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  addHold,
  addLine,
  august,
  type BySql,
  correctLine,
  endLine,
  inHands,
  leaveStock,
  overlaps,
  planner,
  planners,
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

const pairs = userNames.flatMap((holder) => userNames.map((next) => [holder, next] as const))

describe.each(pairs)('an item that is still away for %s, wanted for %s', (holder, next) => {
  it('is not handed out, however long it is overdue, and is when it is back', async () => {
    const itemId = await by.item()
    const id = await users[holder].takeNow(by, itemId, august(3), august(10))
    expect(await verdict(users[next].takeNow(by, itemId, august(12), august(14)))).toBe(inHands)
    expect(await verdict(users[holder].end(by, id, august(12)))).toBe('accepted')
    expect(await verdict(users[next].takeNow(by, itemId, august(12), august(14)))).toBe('accepted')
  })
})

const planPairs = userNames.flatMap((holder) => planners.map((next) => [holder, next] as const))

describe.each(planPairs)('an item that is late back from %s, and planned for %s', (holder, next) => {
  it('can still come back, and only then be handed out as planned', async () => {
    const itemId = await by.item()
    const late = await users[holder].takeNow(by, itemId, august(3), august(10))
    const planned = await planner(next).plan(by, itemId, august(10), august(20))
    expect(await verdict(planner(next).take(by, planned, august(11)))).toBe(inHands)
    expect(await verdict(users[holder].end(by, late, august(12)))).toBe('accepted')
    expect(await verdict(planner(next).take(by, planned, august(12)))).toBe('accepted')
  })
})

describe('a late return', () => {
  it('works on the day somebody else was to have the item, and goes straight to being made ready', async () => {
    const itemId = await by.item()
    const lineId = await users['a loan'].takeNow(by, itemId, august(3), august(10))
    await planner('a booking').plan(by, itemId, august(10), august(20))
    const back = august(15)
    expect(await verdict(endLine(by, lineId, back))).toBe('accepted')
    expect(await verdict(users['being made ready'].takeNow(by, itemId, back, ''))).toBe('accepted')
  })

  it('works when the item is said to be lost, and leaves the stock with it', async () => {
    const itemId = await by.item()
    const lineId = await users['a loan'].takeNow(by, itemId, august(3), august(10))
    await planner('a booking').plan(by, itemId, august(10), august(20))
    expect(await verdict(endLine(by, lineId, august(15), 'lost'))).toBe('accepted')
    expect(await verdict(leave(itemId, 'lost'))).toBe('accepted')
  })
})

describe('a use that is written down when it is over', () => {
  const wasInHands = '23P01 item_in_one_pair_of_hands'
  const past = (itemId: number, from: number, until: number) =>
    addHold(by, {
      itemId,
      kind: 'booking',
      plan: `[${august(25)},${august(26)})`,
      takenAt: august(from),
      endedAt: august(until),
    })

  it.each([
    ['in the middle of it', 6, 8],
    ['all around it', 3, 12],
    ['from before its end', 9, 11],
    ['until after its beginning', 4, 6],
  ])('is refused where somebody else had the item then: %s', async (_how, from, until) => {
    const itemId = await by.item()
    const id = await users['a loan'].takeNow(by, itemId, august(5), august(20))
    await endLine(by, id, august(10))
    expect(await verdict(past(itemId, from, until))).toBe(wasInHands)
  })

  it('is refused after the beginning of what somebody has now, and accepted before', async () => {
    const itemId = await by.item()
    await users['a loan'].takeNow(by, itemId, august(5), august(20))
    expect(await verdict(past(itemId, 3, 6))).toBe(wasInHands)
    expect(await verdict(past(itemId, 3, 5))).toBe('accepted')
  })

  it('may fill the time between two others to the moment', async () => {
    const itemId = await by.item()
    await endLine(by, await users['a loan'].takeNow(by, itemId, august(1), august(20)), august(5))
    await endLine(by, await users['a loan'].takeNow(by, itemId, august(8), august(20)), august(10))
    expect(await verdict(past(itemId, 5, 8))).toBe('accepted')
  })

  it('cannot be stretched over somebody else’s afterwards', async () => {
    const itemId = await by.item()
    const first = await users['a loan'].takeNow(by, itemId, august(1), august(20))
    await endLine(by, first, august(5))
    await users['a repair'].takeNow(by, itemId, august(6), '')
    expect(await verdict(correctLine(by, first, `ended_at = '${august(7)}'`))).toBe(wasInHands)
    // to the moment the next one begins it may, but what came back then was made ready from then on: there is no time for it
    expect(await verdict(correctLine(by, first, `ended_at = '${august(6)}'`))).toBe(
      '23514 corrected_return_has_its_turnaround',
    )
  })
})

describe('a gift', () => {
  const give = (itemId: number, at: string) =>
    addLine(by, { itemId, from: at, dueOn: null, takenAt: at, endedAt: at, endedAs: 'given' })

  it.each(userNames)('is refused of what is still away for %s, overdue or not', async (holder) => {
    const itemId = await by.item()
    await users[holder].takeNow(by, itemId, august(3), august(10))
    expect(await verdict(give(itemId, august(12)))).toBe('23P01 item_in_one_pair_of_hands')
    expect(await verdict(give(itemId, august(4)))).toBe('23P01 item_in_one_pair_of_hands')
  })

  it('is refused of what was given to somebody else', async () => {
    const itemId = await by.item()
    await give(itemId, august(3))
    await leave(itemId, 'given')
    expect(await verdict(give(itemId, august(4)))).toBe('23P01 item_has_left_the_stock')
  })

  it('is refused at the time somebody else is to have it', async () => {
    const itemId = await by.item()
    await planner('a booking').plan(by, itemId, august(3), august(5))
    expect(await verdict(give(itemId, august(4)))).toBe(overlaps)
  })
})

describe('an item that left the stock', () => {
  const gone = async (as: string) => {
    const itemId = await by.item()
    await leave(itemId, as)
    return itemId
  }

  it.each(userNames)('is not handed out for %s', async (name) => {
    const itemId = await gone('lost')
    expect(await verdict(users[name].takeNow(by, itemId, august(5), august(7)))).toBe('23P01 item_has_left_the_stock')
  })

  it.each(planners)('is not planned for %s', async (name) => {
    const itemId = await gone('retired')
    expect(await verdict(planner(name).plan(by, itemId, august(5), august(7)))).toBe('23P01 item_has_left_the_stock')
  })

  it('is placed with no ward', async () => {
    const itemId = await gone('stolen')
    const placement = { itemId, from: august(5), takenAt: august(5), dueOn: '2026-08-20', wardId: by.ward.id }
    expect(await verdict(addLine(by, placement))).toBe('23P01 item_has_left_the_stock')
  })

  it.each(planners)(
    'keeps what was planned for %s before it was lost: not to be handed out, only cancelled',
    async (name) => {
      const itemId = await by.item()
      const table = name === 'a loan' ? 'loan_lines' : 'item_holds'
      const id = await planner(name).plan(by, itemId, august(10), august(20))
      expect(await verdict(leave(itemId, 'lost'))).toBe('accepted')
      expect(await verdict(planner(name).take(by, id, august(10)))).toBe('23P01 item_has_left_the_stock')
      expect(await verdict(by.run(`update ${table} set cancelled_at = $2 where id = $1`, [id, august(9)]))).toBe(
        'accepted',
      )
    },
  )

  it('can be handed out again when it is found', async () => {
    const itemId = await gone('lost')
    await by.run('update items set left_at = null, left_as = null where id = $1', [itemId])
    expect(await verdict(users['a loan'].takeNow(by, itemId, august(5), august(7)))).toBe('accepted')
  })

  it('left once: with a word of how, and when', async () => {
    const itemId = await by.item()
    expect(await verdict(by.run('update items set left_at = $2 where id = $1', [itemId, august(3)]))).toMatch(/^23514/)
    expect(await verdict(leave(itemId, 'melted'))).toMatch(/^23514/)
  })
})

describe('an item that is to leave the stock', () => {
  it.each([
    ['a loan', 'given'],
    ['a loan', 'lost'],
    ['a booking', 'retired'],
    ['a booking', 'stolen'],
  ] as const)(
    'is kept while it is away for %s, also when it is said to be %s: that must end first',
    async (name, as) => {
      const itemId = await by.item()
      const id = await users[name].takeNow(by, itemId, august(3), august(10))
      expect(await verdict(leave(itemId, as))).toBe('23P01 item_in_one_pair_of_hands')
      await users[name].end(by, id, august(5))
      expect(await verdict(leave(itemId, as))).toBe('accepted')
    },
  )

  it.each(['given', 'retired'])('cannot be %s while somebody is to have it', async (as) => {
    const itemId = await by.item()
    const id = await planner('a booking').plan(by, itemId, august(10), august(20))
    expect(await verdict(leave(itemId, as))).toBe(overlaps)
    await by.run('update item_holds set cancelled_at = $2 where id = $1', [id, august(4)])
    expect(await verdict(leave(itemId, as))).toBe('accepted')
  })

  it('is not kept by a plan of the past that nobody came for', async () => {
    const itemId = await by.item()
    await planner('a booking').plan(by, itemId, '2026-07-01T10:00:00Z', '2026-07-01T11:00:00Z')
    expect(await verdict(leave(itemId, 'retired'))).toBe('accepted')
  })

  it.each(['being made ready', 'a repair'] as const)('may turn out to be beyond use during %s', async (name) => {
    const itemId = await by.item()
    await users[name].takeNow(by, itemId, august(1), '')
    expect(await verdict(leave(itemId, 'damaged'))).toBe('accepted')
  })
})

describe('the lock on the item’s row', () => {
  it('makes the second of two who reach for one item wait, and then tells it who was first', async () => {
    const itemId = await by.item()
    const first = await by.connect()
    await first.query('begin')
    await first.query(
      `insert into item_holds (organisation_id, item_id, kind, taken_at) values ($1, $2, 'turnaround', $3)`,
      [by.organisationId, itemId, august(3)],
    )
    const second = verdict(addHold(by, { itemId, kind: 'repair', takenAt: august(3) }))
    await first.query('select pg_sleep(0.2)')
    await first.query('commit')
    first.release()
    expect(await second).toBe(inHands)
  })

  it('lets two who reach for two items in opposite order both have their answer, once they lock by id', async () => {
    const [one = 0, other = 0] = [await by.item(), await by.item()].sort((a, b) => a - b)
    const take = async (...itemIds: number[]) => {
      const client = await by.connect()
      try {
        await client.query('begin')
        await client.query('select id from items where id = any ($1) order by id for no key update', [itemIds])
        await client.query(
          `insert into item_holds (organisation_id, item_id, kind, taken_at)
           select $1, id, 'turnaround', $3 from unnest($2::bigint[]) id`,
          [by.organisationId, itemIds, august(3)],
        )
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw error
      } finally {
        client.release()
      }
    }
    const verdicts = await Promise.all([verdict(take(one, other)), verdict(take(other, one))])
    expect(verdicts.sort()).toEqual([inHands, 'accepted'])
  })
})

function leave(itemId: number, as: string): Promise<unknown> {
  return leaveStock(by, itemId, as, august(3))
}
