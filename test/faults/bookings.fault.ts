import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { availableItems, model } from '../../seeds/factories.ts'
import { startWard, steps, tell, type Ward } from '../bookings/stories.ts'
import { brokenRules } from '../holds/invariants.ts'

let ward: Ward
// one for each test: where time is up, the story that was being told then goes on
beforeEach(async () => {
  ward = await startWard()
})
afterEach(() => ward.close())

describe('A ward', () => {
  it('keeps its rules in 1,000 stories that nobody has told before', async () => {
    // what fails names its seed and path: give both to the same test to see it again
    const holds = fc.asyncProperty(steps, (story) => tell(ward, story))
    await fc.assert(holds, { numRuns: 1_000, interruptAfterTimeLimit: 550_000, markInterruptAsFailure: true })
  })

  it('gives 20 free slots to 20 of 200 people who press at once, and tells the others clearly', async () => {
    const { app } = ward
    app.setClock(new Date('2026-08-03T09:30:00Z'))
    const { organisationId: organisation_id, otherWard } = app.people
    const charger = await model(app.db, { organisation_id, category: 'charger' })
    const slots = Array.from({ length: 20 }, () => ({ model: charger, kept_at_ward_id: otherWard.id }))
    await availableItems(app.db, slots)
    const champion = await app.signedInAs('champion')
    const form = (at: number) => ({
      key: crypto.randomUUID(),
      ward: otherWard.code,
      category: 'charger',
      ...{ 'on-day': '3', 'on-month': '8', 'on-year': '2026', from: '14:00', length: '30' },
      ...{ for: 'initials', initials: `P${at}` },
    })
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, at) => {
        let answer = await champion.post('/bookings/wanted', form(at))
        // busy is an honest answer, and asks to be sent again; nothing was made of it
        while (answer.status === 503) answer = await champion.post('/bookings/wanted', form(at))
        return { at, status: answer.status, text: answer.text }
      }),
    )
    const of = (status: number) => answers.filter((answer) => answer.status === status)
    expect([of(303).length, of(409).length]).toEqual([20, 180])
    for (const { at, text } of of(409)) {
      expect(text).toContain('What is free together')
      expect(text).toContain(`value="P${at}"`)
    }
    const { rows } = await app.pool.query(
      `select count(distinct item_id)::int as items, count(*)::int as holds from item_holds
       where ward_id = $1 and kind = 'booking' and cancelled_at is null`,
      [otherWard.id],
    )
    expect(rows).toEqual([{ items: 20, holds: 20 }])
    expect(await brokenRules(app.db)).toEqual({})
  })
})
