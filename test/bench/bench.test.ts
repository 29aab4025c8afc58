import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { comparePages } from '../../bench/compare.ts'
import { fillDatabase } from '../../bench/fill.ts'
import { findBroken } from '../../bench/invariants.ts'
import { fillReference } from '../../bench/reference-data.ts'
import { compareSizes } from '../../bench/scale.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

/** More open loans than a slow moment takes back, which makes a round of a twentieth of a second last longer. */
const LINES = 10_000
const ITEMS = LINES / 10

type Filled = TestDatabase & { name: string }

let folder: string
let small: Filled
let large: Filled
let reference: Filled

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loans-bench-'))
  const made = [await createTestDatabase(), await createTestDatabase(), await createTestDatabase()]
  ;[small, large, reference] = made.map((database, at) => ({ ...database, name: `made ${at}` })) as [
    Filled,
    Filled,
    Filled,
  ]
  await fillDatabase(small.adminUrl, LINES / 10, () => {})
  await fillDatabase(large.adminUrl, LINES, () => {})
  await fillReference(reference.adminUrl, ITEMS)
})

afterAll(async () => {
  for (const database of [small, large, reference]) await database.drop()
  await rm(folder, { recursive: true })
})

describe('the benchmark, at a small part of its size', () => {
  it('makes data that breaks no rule the app and its database keep', async () => {
    expect(await findBroken(small.adminUrl)).toEqual([])
    expect(await findBroken(large.adminUrl)).toEqual([])
  })

  it('asks our pages and the reference pages, lends and takes back, and says how they compare', async () => {
    const rounds = { rounds: 1, seconds: 0.05, only: ['express', 'list', 'detail', 'write', 'items', 'lend', 'return'] }
    const { text } = await comparePages({ lines: large, reference, items: ITEMS, folder }, rounds)
    expect(text).toMatch(/^\| items .* × list \|/m)
    expect(text).toMatch(/^\| lend .* × write \|/m)
    expect(text).toMatch(/^\| return .* × write \|/m)
    expect(text).toMatch(/^The app's process had \d+ MB at most/m)
  })

  it('asks a small and a large scheme for the same pages, and says what each read', async () => {
    const rounds = { rounds: 1, seconds: 0.05, only: ['/', '/items/:tag', '/audit'] }
    const { text } = await compareSizes({ small, large, folder }, rounds)
    expect(text).toMatch(/^\| \/items\/:tag +\| +\d+ \| +\d+ \| +\d\.\d\d \|/m)
    expect(text).toMatch(/^\| \/audit /m)
  })
})
