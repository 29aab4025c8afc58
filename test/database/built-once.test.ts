import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { builtOnce } from '../../src/database/built-once.ts'
import { type Database, openDatabase } from '../../src/database/connection.ts'
import { createTestDatabase, openTestPool, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let db: Database
beforeAll(async () => {
  database = await createTestDatabase()
  db = openDatabase(openTestPool({ url: database.appUrl, applicationName: 'test' }))
})
afterAll(async () => {
  await db.destroy()
  await database.drop()
})

interface Asked {
  order: 'asc' | 'desc'
  code?: string
  codes?: string[]
}

let timesBuilt = 0
const readCategories = builtOnce(['order'], (base: Database, { order, code, codes }: Asked) => {
  timesBuilt += 1
  let query = base.selectFrom('item_categories').select('code').orderBy('sort_order', order)
  if (code !== undefined) query = query.where('code', '=', code)
  if (codes !== undefined) query = query.where((eb) => eb('code', '=', eb.fn.any(eb.val(codes))))
  return query
})
const codesOf = async (asked: Asked) => (await readCategories(db, asked)).map((row) => row.code)

describe('a query that is built once', () => {
  it('is run with the values of each request', async () => {
    expect(await codesOf({ order: 'asc', code: 'sim' })).toEqual(['sim'])
    expect(await codesOf({ order: 'asc', code: 'tablet' })).toEqual(['tablet'])
    const both = [codesOf({ order: 'asc', codes: ['sim', 'laptop'] }), codesOf({ order: 'asc', codes: [] })]
    expect(await Promise.all(both)).toEqual([['laptop', 'sim'], []])
  })

  it('is another one where something is not asked, or something that decides is asked otherwise', async () => {
    const all = await codesOf({ order: 'asc' })
    expect(all.length).toBeGreaterThan(9)
    expect(await codesOf({ order: 'desc' })).toEqual(all.toReversed())
    expect(await codesOf({ order: 'desc', code: undefined })).toEqual(all.toReversed())
  })

  it('is built once for each shape, however often it is asked', async () => {
    for (const code of ['sim', 'laptop', 'charger']) await codesOf({ order: 'desc', code })
    const before = timesBuilt
    for (const code of ['sim', 'laptop', 'charger']) await codesOf({ order: 'desc', code })
    expect(timesBuilt).toBe(before)
  })

  it('takes what was asked as a value and never as SQL', async () => {
    expect(await codesOf({ order: 'asc', code: `sim' or 'a' = 'a` })).toEqual([])
  })
})
