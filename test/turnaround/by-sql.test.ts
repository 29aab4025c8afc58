import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem } from '../../seeds/factories.ts'
import { type Category, categories } from '../../src/items/rules.ts'
import { stepsFor } from '../../src/turnaround/rules.ts'
import { addHold, type BySql, startBySql, verdict } from '../holds/by-sql.ts'

let by: BySql

beforeAll(async () => {
  by = await startBySql()
})
afterAll(() => by.close())

const cameBack = '2026-08-03 09:00+00'
const later = '2026-08-04 09:00+00'

/** An item of this category that came back, and the steps done in its turnaround. */
async function returnedItem(category: Category, done: readonly string[] = []): Promise<number> {
  const item = await availableItem(by.db, { organisation_id: by.organisationId, category })
  const holdId = await addHold(by, { itemId: item.id, kind: 'turnaround', takenAt: cameBack })
  for (const step of done) await tick(holdId, step)
  return holdId
}

function tick(holdId: number, step: string, more: { method?: string | null; note?: string } = {}) {
  const { method = step === 'wiped' ? 'factory-reset' : null, note = '' } = more
  return by.run(
    `insert into turnaround_steps (organisation_id, hold_id, step, method, note, done_at, done_by)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [by.organisationId, holdId, step, method, note, later, by.champion.id],
  )
}

const end = (holdId: number) =>
  by.run(`update item_holds set ended_at = $2, ended_as = 'ready' where id = $1`, [holdId, later])

describe('the steps by category', () => {
  it('are the same in PostgreSQL and in the code', async () => {
    const rows = await by.run('select category, step, position from turnaround_step_rules order by category, position')
    const stored = Object.groupBy(rows, (row) => String(row.category))
    for (const category of Object.keys(categories)) {
      const steps = stepsFor(category).map((step, at) => ({ category, step, position: at + 1 }))
      expect(stored[category]).toEqual(steps)
    }
    expect(Object.keys(stored).sort()).toEqual(Object.keys(categories).sort())
  })

  it('cannot be changed by the app', async () => {
    expect(await verdict(by.run('delete from turnaround_step_rules'))).toMatch(/^42501/)
    expect(await verdict(by.run("update turnaround_step_rules set step = 'polished'"))).toMatch(/^42501/)
  })
})

const incomplete = '23514 turnaround_has_all_its_steps'
const over = '23514 turnaround_step_of_open_turnaround'

describe('a turnaround, by SQL alone', () => {
  it.each(Object.keys(categories) as Category[])('of a %s ends with its last step and not before', async (category) => {
    const steps = stepsFor(category)
    const holdId = await returnedItem(category)
    for (const step of steps) {
      expect(await verdict(end(holdId))).toBe(incomplete)
      await tick(holdId, step)
    }
    expect(await verdict(end(holdId))).toBe('accepted')
  })

  it('cannot be written as if it were over already', async () => {
    const { id: itemId } = await availableItem(by.db, { organisation_id: by.organisationId, category: 'charger' })
    const whole = addHold(by, { itemId, kind: 'turnaround', takenAt: cameBack, endedAt: later })
    expect(await verdict(whole)).toBe(incomplete)
  })

  it('ends under no other name', async () => {
    const holdId = await returnedItem('tablet', ['inspected'])
    const asLost = by.run(`update item_holds set ended_at = $2, ended_as = 'lost' where id = $1`, [holdId, later])
    expect(await verdict(asLost)).toBe(incomplete)
  })

  it('cannot be called a repair, given to another item or untaken to get round it', async () => {
    const holdId = await returnedItem('tablet')
    const change = (set: string) => verdict(by.run(`update item_holds set ${set} where id = ${holdId}`))
    expect(await change("kind = 'repair'")).toBe('23514 turnaround_stays_one')
    expect(await change(`item_id = ${await by.item()}`)).toBe('23514 turnaround_stays_one')
    expect(await change('taken_at = null')).toMatch(/^23514/)
    expect(await change(`cancelled_at = '${later}'`)).toMatch(/^23514/)
    expect(await verdict(by.run(`delete from item_holds where id = ${holdId}`))).toMatch(/^42501/)
  })

  it('takes each step once', async () => {
    const holdId = await returnedItem('charger', ['inspected'])
    expect(await verdict(tick(holdId, 'inspected'))).toBe('23505 turnaround_steps_pkey')
  })

  it('takes a step back while it is under way, and not once it is over', async () => {
    const holdId = await returnedItem('charger', ['inspected', 'cleaned'])
    const takeBack = (step: string) =>
      verdict(by.run('delete from turnaround_steps where hold_id = $1 and step = $2', [holdId, step]))
    expect(await takeBack('cleaned')).toBe('accepted')
    await tick(holdId, 'cleaned')
    await end(holdId)
    expect(await takeBack('cleaned')).toBe(over)
    expect(await verdict(tick(holdId, 'charged'))).toBe(over)
    const other = await returnedItem('charger')
    const move = by.run('update turnaround_steps set hold_id = $2 where hold_id = $1', [holdId, other])
    expect(await verdict(move)).toBe(over)
  })

  it('has no steps but those of an item that came back', async () => {
    const itemId = await by.item()
    const repair = await addHold(by, { itemId, kind: 'repair', takenAt: cameBack })
    expect(await verdict(tick(repair, 'inspected'))).toBe(over)
  })

  it('says how a device was wiped, or why it was not', async () => {
    const holdId = await returnedItem('tablet')
    const wipe = (more: { method?: string | null; note?: string }) => verdict(tick(holdId, 'wiped', more))
    expect(await wipe({ method: null })).toBe('23514 turnaround_wipe_has_its_method')
    expect(await wipe({ method: 'with a cloth' })).toBe('23514 turnaround_wipe_has_its_method')
    expect(await wipe({ method: 'not-needed' })).toBe('23514 turnaround_wipe_left_out_has_a_reason')
    expect(await verdict(tick(holdId, 'cleaned', { method: 'factory-reset' }))).toBe(
      '23514 turnaround_wipe_has_its_method',
    )
    expect(await wipe({ method: 'not-needed', note: 'It was never switched on.' })).toBe('accepted')
  })

  it('is not ended by one while another takes a step back', async () => {
    const holdId = await returnedItem('charger', ['inspected', 'cleaned'])
    let ending: Promise<string> | undefined
    await by.db.transaction().execute(async (trx) => {
      await trx.deleteFrom('turnaround_steps').where('hold_id', '=', holdId).where('step', '=', 'cleaned').execute()
      ending = verdict(end(holdId))
      await new Promise((settle) => setTimeout(settle, 200))
    })
    expect(await ending).toBe(incomplete)
  })
})
