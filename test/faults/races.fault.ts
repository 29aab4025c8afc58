import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { brokenRules } from '../holds/invariants.ts'
import { wordsOf } from '../loans/forms.ts'
import { addHeadsets, countDeadlocks, holders, type Race, startRace, type Try, tryToLend } from './racers.ts'

let race: Race

beforeAll(async () => {
  race = await startRace(40, 40)
})
afterAll(() => race.app.close())

const everyItem = () => race.items.map((item) => item.id)

function tally(tries: Try[]): Record<number, number> {
  const counted: Record<number, number> = {}
  for (const { status } of tries) counted[status] = (counted[status] ?? 0) + 1
  return counted
}

function expectToBeToldWho(tries: Try[], winners: Map<number, string>): void {
  for (const { itemIds, text, status } of tries) {
    if (status === 409) expect(wordsOf(text)).toContain(`${winners.get(itemIds[0]!)} has HEA-`)
  }
}

describe('40 champions and 40 items', () => {
  it('all after the same item at the same moment, item by item: one wins each, 39 are told who', async () => {
    const tries: Try[] = []
    for (const itemId of everyItem()) {
      tries.push(...(await Promise.all(race.racers.map((racer) => tryToLend(racer, [itemId])))))
    }
    expect(tally(tries)).toEqual({ 303: 40, 409: 1560 })
    const winners = await holders(race.app)
    expect([...winners.keys()].sort((a, b) => a - b)).toEqual(everyItem())
    expectToBeToldWho(tries, winners)
  })

  it('each going through all of them in an order of their own: one wins each', async () => {
    const items = (await addHeadsets(race.app, 40)).map((item) => item.id)
    const before = await holders(race.app)
    const tries = await Promise.all(
      race.racers.map(async (racer, at) => {
        const own: Try[] = []
        // 3, 7, 9 … steps through 40 items are 40 different items
        const step = [1, 3, 7, 9, 11, 13, 17, 19][at % 8]!
        for (let turn = 0; turn < 40; turn += 1) {
          own.push(await tryToLend(racer, [items[(at + turn * step) % 40]!]))
        }
        return own
      }),
    )
    expect(tally(tries.flat())).toEqual({ 303: 40, 409: 1560 })
    const after = await holders(race.app)
    expect(after.size - before.size).toBe(40)
    expectToBeToldWho(tries.flat(), after)
  })

  it('all after all 40 at once, each naming them in another order: one has all of them, the others none', async () => {
    const items = (await addHeadsets(race.app, 40)).map((item) => item.id)
    const before = await holders(race.app)
    const tries = await Promise.all(
      race.racers.map((racer, at) => tryToLend(racer, [...items.slice(at), ...items.slice(0, at)])),
    )
    expect(tally(tries)).toEqual({ 303: 1, 409: 39 })
    const after = await holders(race.app)
    expect(after.size - before.size).toBe(40)
    expect(new Set(items.map((id) => after.get(id))).size).toBe(1)
  })

  it('after kits that share items: all of a kit or nothing of it', async () => {
    const items = (await addHeadsets(race.app, 40)).map((item) => item.id)
    const before = await holders(race.app)
    const tries = await Promise.all(
      race.racers.map((racer, at) => {
        const kit = [0, 1, 2, 3, 4].map((place) => items[(at + place * 7) % 40]!)
        return tryToLend(racer, at % 2 === 0 ? kit : kit.reverse())
      }),
    )
    const lent = tries.filter(({ status }) => status === 303).flatMap(({ itemIds }) => itemIds)
    expect(Object.keys(tally(tries))).toEqual(['303', '409'])
    expect(new Set(lent).size).toBe(lent.length)
    expect((await holders(race.app)).size - before.size).toBe(lent.length)
  })

  it('leave nothing behind that breaks a rule, no fault in the log and no deadlock on the server', async () => {
    expect(await brokenRules(race.app.db)).toEqual({})
    const faults = race.app
      .logged()
      .split('\n')
      .filter((line) => /"level":[56]0/.test(line))
    expect(faults).toEqual([])
    expect(await countDeadlocks(race.app)).toBe(0)
  })
})
