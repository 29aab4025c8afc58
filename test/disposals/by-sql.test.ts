import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { addHold, type BySql, leaveStock, startBySql, verdict } from '../holds/by-sql.ts'

let by: BySql

beforeAll(async () => {
  by = await startBySql()
})
afterAll(() => by.close())

const then = '2026-08-03 09:00+00'
const later = '2026-08-04 09:00+00'

const noRecord = '23514 retired_has_its_record'

async function retired(): Promise<number> {
  const itemId = await by.item()
  await leaveStock(by, itemId, 'retired', then)
  return itemId
}

const record = (itemId: number, more: Record<string, string> = {}) => {
  const row = { how: 'recycled', to_whom: 'A firm', wiped_how: 'factory-reset', wiped_by: 'Sam', ...more }
  return by.run(
    `insert into disposals (organisation_id, item_id, how, to_whom, wiped_how, wiped_by, disposed_on, retired_at, retired_by)
     values ($1, $2, $3, $4, $5, $6, '2026-08-03', $7, $8)`,
    [by.organisationId, itemId, row.how, row.to_whom, row.wiped_how, row.wiped_by, then, by.champion.id],
  )
}

/** Several statements of one transaction, and what PostgreSQL says when it ends. */
async function together(...statements: [string, unknown[]][]): Promise<string> {
  const client = await by.connect()
  try {
    await client.query('begin')
    for (const [text, values] of statements) await client.query(text, values)
    return await verdict(client.query('commit'))
  } finally {
    await client.query('rollback')
    client.release()
  }
}

const undo = 'update disposals set undone_at = $2, undone_by = $3 where item_id = $1'
const comeBack = 'update items set left_at = null, left_as = null where id = $1'
const onTheBench = `insert into item_holds (organisation_id, item_id, kind, taken_at) values ($1, $2, 'turnaround', $3)`

describe('a retired item, by SQL alone', () => {
  it('has a record, and nothing else has one', async () => {
    const itemId = await by.item()
    const leave = (as: string) =>
      verdict(by.run('update items set left_at = $2, left_as = $3 where id = $1', [itemId, then, as]))
    expect(await leave('retired')).toBe(noRecord)
    expect(await verdict(record(itemId))).toBe(noRecord)
    expect(await leave('lost')).toBe('accepted')
    expect(await verdict(record(itemId))).toBe(noRecord)
    expect(await leave('retired')).toBe(noRecord)
  })

  it('keeps its record while it is gone, and the time both tell', async () => {
    const itemId = await retired()
    const change = (set: string) => verdict(by.run(`update items set ${set} where id = $1`, [itemId]))
    expect(await change(`left_at = '2026-08-04'`)).toBe(noRecord)
    expect(await change(`left_as = 'damaged'`)).toBe(noRecord)
    expect(await change('left_at = null, left_as = null')).toBe(noRecord)
    expect(await verdict(record(itemId))).toBe('23505 one_disposal_an_item')
    expect(await verdict(by.run('delete from disposals'))).toMatch(/^42501/)
    expect(await verdict(by.run(`update disposals set note = 'x' where item_id = $1`, [itemId]))).toBe(
      '23514 disposal_stays_as_written',
    )
  })

  it('comes back only to the bench, with its record taken back', async () => {
    const itemId = await retired()
    const taken: [string, unknown[]] = [undo, [itemId, later, by.champion.id]]
    const back: [string, unknown[]] = [comeBack, [itemId]]
    expect(await together(taken)).toBe(noRecord)
    expect(await together(taken, back)).toBe('23514 what_comes_back_is_made_ready')
    expect(await together(taken, back, [onTheBench, [by.organisationId, itemId, later]])).toBe('accepted')
    expect(
      await verdict(by.run('update disposals set undone_at = null, undone_by = null where item_id = $1', [itemId])),
    ).toBe('23514 disposal_stays_as_written')
  })

  it('comes back within 30 days', async () => {
    const itemId = await retired()
    const at = '2026-09-03 09:00+00'
    const late = verdict(by.run(undo, [itemId, at, by.champion.id]))
    expect(await late).toBe('23514 disposal_undone_in_time')
  })

  it('says who took it, unless it was destroyed, and who wiped it, unless nothing was on it', async () => {
    const itemId = await by.item()
    expect(await verdict(record(itemId, { to_whom: ' ' }))).toBe('23514 disposal_says_who_took_it')
    expect(await verdict(record(itemId, { wiped_by: '' }))).toBe('23514 disposal_says_who_wiped_it')
    expect(await verdict(record(itemId, { how: 'thrown' }))).toMatch(/^23514/)
  })
})

describe('a turnaround that ends as retired, by SQL alone', () => {
  it('is refused where the item is not retired', async () => {
    const holdId = await addHold(by, { itemId: await by.item(), kind: 'turnaround', takenAt: then })
    const end = by.run(`update item_holds set ended_at = $2, ended_as = 'retired' where id = $1`, [holdId, later])
    expect(await verdict(end)).toBe('23514 turnaround_has_all_its_steps')
  })
})
