import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import {
  addHeadsets,
  countDeadlocks,
  holders,
  type Race,
  type Racer,
  startRace,
  type Try,
  tryToLend,
} from '../faults/racers.ts'
import { brokenRules } from '../holds/invariants.ts'
import { startApp } from '../support/app.ts'
import { dateFields, errorsOf, fieldValue, idsIn, loanIdIn, storedLines, wordsOf } from './forms.ts'

let race: Race

beforeAll(async () => {
  race = await startRace(12, 12)
})
afterAll(() => race.app.close())

const everyItem = () => race.items.map((item) => item.id)
const two = () => race.racers.slice(0, 2) as [Racer, Racer]
const statuses = (tries: Try[]) => tries.map(({ status }) => status).sort()

describe('many champions who lend the same items at the same moment', () => {
  it('have one winner an item, and the page tells each of the others who has it and until when', async () => {
    const winners = new Map<number, string>()
    for (const itemId of everyItem()) {
      const tries = await Promise.all(race.racers.map((racer) => tryToLend(racer, [itemId])))
      expect(statuses(tries)).toEqual([303, ...Array.from({ length: race.racers.length - 1 }, () => 409)])
      const winner = tries.find(({ status }) => status === 303)!.racer.person.name
      winners.set(itemId, winner)
      for (const loser of tries.filter(({ status }) => status === 409)) {
        expect(wordsOf(loser.text)).toMatch(
          new RegExp(`${winner} has HEA-\\d+ since 3 August 2026, until 26 October 2026`),
        )
      }
    }
    expect(await holders(race.app)).toEqual(winners)
  })

  it('get all of a kit or nothing of it, in whatever order each names its items', async () => {
    const [a, b, c, d] = (await addHeadsets(race.app, 4)).map((item) => item.id) as [number, number, number, number]
    const orders = [
      [a, b, c],
      [c, b, a],
      [b, d],
      [d, b],
      [d, c, a],
      [a, c, d],
    ]
    const before = (await holders(race.app)).size
    const tries = await Promise.all(race.racers.map((racer, at) => tryToLend(racer, orders[at % orders.length]!)))
    expect(new Set(statuses(tries))).toEqual(new Set([303, 409]))
    const lent = tries.filter(({ status }) => status === 303).flatMap(({ itemIds }) => itemIds)
    expect(new Set(lent).size).toBe(lent.length)
    expect((await holders(race.app)).size - before).toBe(lent.length)
  })

  it('and wards that are lent the same items: in hands or in a pool, and never in both', async () => {
    const { ward, otherWard } = race.app.people
    const items = await addHeadsets(race.app, 3)
    for (const { id } of items) {
      const tries = await Promise.all(
        race.racers.map((racer, at) => {
          if (at % 3 === 0) return tryToLend(racer, [id])
          return tryToLend(racer, [id], { 'service-user': '', ward: at % 3 === 1 ? ward.id : otherWard.id })
        }),
      )
      // a person may be lent what was first placed with a ward, but no ward what a person or another ward has
      const lent = tries.filter(({ status }) => status === 303).length
      expect([1, 2]).toContain(lent)
      expect(tries.filter(({ status }) => status === 409).length).toBe(race.racers.length - lent)
    }
  })

  it('leave nothing behind that breaks a rule', async () => {
    expect(await brokenRules(race.app.db)).toEqual({})
  })
})

describe('two clicks on one form', () => {
  it('lend once, and both lead to the same loan', async () => {
    const [racer] = two()
    const [item] = await addHeadsets(race.app, 1)
    const key = crypto.randomUUID()
    const tries = await Promise.all([1, 2, 3].map(() => tryToLend(racer, [item!.id], { key })))
    const later = await tryToLend(racer, [item!.id], { key })
    expect(statuses([...tries, later])).toEqual([303, 303, 303, 303])
    expect(new Set([...tries, later].map(({ location }) => location)).size).toBe(1)
    const lines = await race.app.db.selectFrom('loan_lines').select('id').where('item_id', '=', item!.id).execute()
    expect(lines.length).toBe(1)
  })

  it('lend nothing when neither can be done, and say so twice', async () => {
    const [racer, other] = two()
    const [item] = await addHeadsets(race.app, 1)
    await tryToLend(other, [item!.id])
    const key = crypto.randomUUID()
    const tries = await Promise.all([1, 2].map(() => tryToLend(racer, [item!.id], { key })))
    expect(statuses(tries)).toEqual([409, 409])
  })

  it('belong to whoever sent them: somebody else’s key is no way to their loan', async () => {
    const [racer, other] = two()
    const [item, another] = await addHeadsets(race.app, 2)
    const key = crypto.randomUUID()
    const first = await tryToLend(racer, [item!.id], { key })
    const second = await tryToLend(other, [another!.id], { key })
    expect(first.status).toBe(303)
    expect(second.status).toBe(409)
    expect(second.text).not.toContain(racer.person.name)
  })
})

describe('two champions with the same loan open', () => {
  const lent = async () => {
    const [racer] = two()
    const items = await addHeadsets(race.app, 2)
    const made = await tryToLend(
      racer,
      items.map((item) => item.id),
    )
    const id = loanIdIn(made.location)
    return { id, lines: await storedLines(race.app, id) }
  }

  it('extend it once: the second sees what the first did, with what they typed still there', async () => {
    const [one, other] = two()
    const { id, lines } = await lent()
    const form = { line: lines.map((line) => String(line.id)), version: 1 }
    const answers = await Promise.all([
      one.visitor.post(`/loans/${id}/extension`, { ...form, ...dateFields('due', '2026-11-30') }),
      other.visitor.post(`/loans/${id}/extension`, { ...form, ...dateFields('due', '2026-12-07') }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
    const [stored] = await storedLines(race.app, id)
    const isOnesDay = stored?.due_on === '2026-11-30'
    const loser = answers[isOnesDay ? 1 : 0]!
    expect(loser.status).toBe(409)
    expect(fieldValue(loser.text, 'due-day')).toBe(isOnesDay ? '7' : '30')
    expect(fieldValue(loser.text, 'due-month')).toBe(isOnesDay ? '12' : '11')
    expect(idsIn(loser.text, 'line')).toEqual(lines.map((line) => line.id))
    expect(errorsOf(loser.text).line).toMatch(
      /^Someone changed this loan after you opened it: Champion \d extended HEA-/,
    )
  })

  it('take it back once, and the second click does not take back the rest', async () => {
    const [one] = two()
    const { id, lines } = await lent()
    const form = { line: [String(lines[0]!.id)], version: 1, ...dateFields('returned', '') }
    const answers = await Promise.all([1, 2].map(() => one.visitor.post(`/loans/${id}/return`, form)))
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
    expect((await storedLines(race.app, id)).map((line) => line.ended_as)).toEqual(['returned', null])
    const turnarounds = await race.app.db
      .selectFrom('item_holds')
      .select('id')
      .where('item_id', '=', lines[0]!.item_id)
      .where('kind', '=', 'turnaround')
      .execute()
    expect(turnarounds.length).toBe(1)
  })

  it('cannot both extend and give: whichever came first is done, the other is told', async () => {
    const [one, other] = two()
    const { id, lines } = await lent()
    const form = { line: lines.map((line) => String(line.id)), version: 1 }
    const answers = await Promise.all([
      one.visitor.post(`/loans/${id}/gift`, form),
      other.visitor.post(`/loans/${id}/extension`, { ...form, ...dateFields('due', '2026-11-30') }),
      one.visitor.post(`/loans/${id}/return`, { ...form, ...dateFields('returned', '') }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409, 409])
    expect(await brokenRules(race.app.db)).toEqual({})
  })
})

describe('the server underneath', () => {
  it('would have told of a deadlock: two who reach crosswise for two rows are counted', async () => {
    const app = await startApp()
    const [one, other] = [await app.pool.connect(), await app.pool.connect()]
    const lock = (client: pg.PoolClient, role: string) =>
      client.query('select id from staff where email = $1 for update', [app.people.actors[role as 'champion'].email])
    await Promise.all([one.query('begin'), other.query('begin')])
    await lock(one, 'champion')
    await lock(other, 'administrator')
    const crossed = await Promise.allSettled([lock(one, 'administrator'), lock(other, 'champion')])
    expect(crossed.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    for (const client of [one, other]) {
      await client.query('rollback')
      client.release()
    }
    expect(await countDeadlocks(app)).toBe(1)
    await app.close()
  })

  it('saw no deadlock, and the app no fault, in all of the above', async () => {
    const faults = race.app
      .logged()
      .split('\n')
      .filter((line) => line.includes('request failed') || /"level":[56]0/.test(line))
    expect(faults).toEqual([])
    expect(await countDeadlocks(race.app)).toBe(0)
  })
})
