import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { addHold, type BySql, startBySql, verdict } from '../holds/by-sql.ts'

let by: BySql

beforeAll(async () => {
  by = await startBySql()
})
afterAll(() => by.close())

const sent = '2026-08-03 09:00+00'
const later = '2026-08-04 09:00+00'

const onTheBench = async () => {
  const itemId = await by.item()
  return { itemId, holdId: await addHold(by, { itemId, kind: 'turnaround', takenAt: sent }) }
}

const endAs = (holdId: number, as: string) =>
  by.run('update item_holds set ended_at = $2, ended_as = $3 where id = $1', [holdId, later, as])

describe('a turnaround that ends as sent to repair, by SQL alone', () => {
  it('is refused where no repair begins, so that nothing leaves the bench unready under that name', async () => {
    const { holdId } = await onTheBench()
    expect(await verdict(endAs(holdId, 'to-repair'))).toBe('23514 turnaround_has_all_its_steps')
  })

  it('is refused where the repair begins at another time', async () => {
    const { itemId, holdId } = await onTheBench()
    const client = await by.connect()
    await client.query('begin')
    await client.query(`update item_holds set ended_at = $2, ended_as = 'to-repair' where id = $1`, [holdId, later])
    await client.query(
      `with hold as (
         insert into item_holds (organisation_id, item_id, kind, taken_at) values ($1, $2, 'repair', '2026-08-05')
         returning id)
       insert into repairs (hold_id, organisation_id, reason, place, sent_by) select id, $1, 'a', 'b', $3 from hold`,
      [by.organisationId, itemId, by.champion.id],
    )
    expect(await verdict(client.query('commit'))).toBe('23514 turnaround_has_all_its_steps')
    client.release()
  })

  it('is accepted together with the repair', async () => {
    const { itemId, holdId } = await onTheBench()
    const client = await by.connect()
    await client.query('begin')
    await client.query(`update item_holds set ended_at = $2, ended_as = 'to-repair' where id = $1`, [holdId, later])
    await client.query(
      `with hold as (
         insert into item_holds (organisation_id, item_id, kind, taken_at) values ($1, $2, 'repair', $4) returning id)
       insert into repairs (hold_id, organisation_id, reason, place, sent_by) select id, $1, 'a', 'b', $3 from hold`,
      [by.organisationId, itemId, by.champion.id, later],
    )
    expect(await verdict(client.query('commit'))).toBe('accepted')
    client.release()
  })
})

describe('a repair, by SQL alone', () => {
  const repair = async () => addHold(by, { itemId: await by.item(), kind: 'repair', takenAt: sent })

  it('says what is wrong and where it is', async () => {
    const itemId = await by.item()
    const bare = by.run(
      `insert into item_holds (organisation_id, item_id, kind, taken_at) values ($1, $2, 'repair', $3)`,
      [by.organisationId, itemId, sent],
    )
    expect(await verdict(bare)).toBe('23514 repair_has_its_record')
    const change = (set: string, id: number) => verdict(by.run(`update repairs set ${set} where hold_id = $1`, [id]))
    const id = await repair()
    expect(await change(`reason = ' '`, id)).toMatch(/^23514/)
    expect(await change(`place = ''`, id)).toMatch(/^23514/)
    expect(await change('cost_pence = -1', id)).toMatch(/^23514/)
    expect(await change(`expected_back_on = 'infinity'`, id)).toMatch(/^23514/)
    expect(await verdict(by.run('delete from repairs'))).toMatch(/^42501/)
  })

  it('is under way for as long as its hold, whatever is said of it', async () => {
    const id = await repair()
    const isUnderWay = async () =>
      (await by.run('select is_under_way from repairs where hold_id = $1', [id]))[0]?.is_under_way
    await by.run('update repairs set is_under_way = false where hold_id = $1', [id])
    expect(await isUnderWay()).toBe(true)
    const end = (at: string | null, as: string | null) =>
      by.run('update item_holds set ended_at = $2, ended_as = $3 where id = $1', [id, at, as])
    await end('2026-08-06', 'beyond-repair')
    expect(await isUnderWay()).toBe(false)
    await by.run('update repairs set is_under_way = true where hold_id = $1', [id])
    expect(await isUnderWay()).toBe(false)
    await end(null, null)
    expect(await isUnderWay()).toBe(true)
  })

  it('is of a repair and stays one', async () => {
    const { holdId } = await onTheBench()
    const id = await repair()
    const other = by.run(
      `insert into repairs (hold_id, organisation_id, reason, place, sent_by) values ($1, $2, 'a', 'b', $3)`,
      [holdId, by.organisationId, by.champion.id],
    )
    expect(await verdict(other)).toBe('23514 repair_record_is_of_a_repair')
    expect(await verdict(by.run('update repairs set hold_id = $2 where hold_id = $1', [id, holdId]))).toBe(
      '23514 repair_record_is_of_a_repair',
    )
    expect(await verdict(by.run(`update item_holds set kind = 'turnaround' where id = $1`, [id]))).toBe(
      '23514 repair_stays_one',
    )
  })
})
