import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Bounds, type Relation, sumOf, unionOf, workOut } from '../../src/reports/bounds-rules.ts'
import {
  type Batch,
  type Cell,
  type Profile,
  type Published,
  profiles,
  protect,
  shareOf,
  shownBounds,
} from '../../src/reports/disclosure-rules.ts'

const everyProfile = Object.entries(profiles) as [string, Profile][]

/** A table with its row and column totals. */
function table(rows: readonly (readonly number[])[]): Batch {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const columns = rows[0]?.map((_, column) => rows.map((row) => row[column] as number)) ?? []
  const cells: Cell[] = [
    { id: 'all', value: sum(rows.map(sum)) },
    ...rows.map((row, r) => ({ id: `row ${r}`, value: sum(row), of: 'all' })),
    ...columns.map((column, c) => ({ id: `column ${c}`, value: sum(column), of: 'all' })),
    ...rows.flatMap((row, r) => row.map((value, c) => ({ id: `${r} ${c}`, value, of: `row ${r}` }))),
  ]
  const relations = [
    ...sumOf(
      'all',
      rows.map((_, r) => `row ${r}`),
    ),
    ...sumOf(
      'all',
      columns.map((_, c) => `column ${c}`),
    ),
    ...rows.flatMap((row, r) =>
      sumOf(
        `row ${r}`,
        row.map((_, c) => `${r} ${c}`),
      ),
    ),
    ...columns.flatMap((column, c) =>
      sumOf(
        `column ${c}`,
        column.map((_, r) => `${r} ${c}`),
      ),
    ),
  ]
  return { cells, relations }
}

/** The months of a quarter, one after the other, with the quarter at the end; each divided into groups. People may come twice. */
function quarter(months: readonly (readonly number[])[], quarterly: readonly number[]): Batch[] {
  const period = (name: string, groups: readonly number[]): Batch => ({
    cells: [
      { id: name, value: groups.reduce((total, value) => total + value, 0) },
      ...groups.map((value, g) => ({ id: `${name} ${g}`, value, of: name })),
    ],
    relations: sumOf(
      name,
      groups.map((_, g) => `${name} ${g}`),
    ),
  })
  const names = months.map((_, m) => `month ${m}`)
  const batches = months.map((groups, m) => period(`month ${m}`, groups))
  const whole = period('quarter', quarterly)
  const across = [
    ...unionOf('quarter', names),
    ...quarterly.flatMap((_, g) =>
      unionOf(
        `quarter ${g}`,
        names.map((name) => `${name} ${g}`),
      ),
    ),
  ]
  const last = batches.pop() as Batch
  return [
    ...batches,
    { cells: [...last.cells, ...whole.cells], relations: [...last.relations, ...whole.relations, ...across] },
  ]
}

/**
 * What an attacker begins with who has every published number. Where nothing is hidden for another's sake, a star is a small
 * number; else it may be any.
 */
function known(batches: Batch[], published: Map<string, Published>, profile: Profile, isSecondary: boolean) {
  const star = isSecondary ? { low: 0, high: Infinity } : profile.hidden
  return new Map<string, Bounds>(
    batches
      .flatMap(({ cells }) => cells)
      .map(({ id }) => {
        const shown = published.get(id) as Published
        return [id, shown === '*' ? star : shownBounds(shown, profile)]
      }),
  )
}

/** Small numbers that somebody knows more closely than that they are small, with everything that is out by the given time. */
function workedOut(batches: Batch[], profile: Profile, isSecondary: boolean, until = batches.length): string[] {
  const published = protect(batches, profile, { isSecondary })
  const out = batches.slice(0, until)
  const relations: Relation[] = out.flatMap((batch) => batch.relations)
  const { bounds } = workOut(known(out, published, profile, isSecondary), relations)
  return out.flatMap(({ cells }) =>
    cells.flatMap(({ id, value }) => {
      const { low, high } = bounds.get(id) as Bounds
      // the attacker's reasoning is sound: the truth is never ruled out
      if (isSecondary) expect(low <= value && value <= high).toBe(true)
      const isSmall = published.get(id) === '*' && value >= profile.hidden.low && value <= profile.hidden.high
      // that nobody is in a group may be known where noughts are shown
      const isExact = !(value === 0 && profile.showsZero) && low === high
      return (isSmall && (low > profile.hidden.low || high < profile.hidden.high)) || isExact ? [id] : []
    }),
  )
}

const small = fc.oneof(fc.nat(9), fc.nat(60))
const tables = fc
  .record({ rows: fc.integer({ min: 1, max: 4 }), columns: fc.integer({ min: 2, max: 5 }) })
  .chain(({ rows, columns }) =>
    fc.array(fc.array(small, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
  )
const quarters = fc.integer({ min: 2, max: 5 }).chain((groups) =>
  fc
    .array(fc.array(small, { minLength: groups, maxLength: groups }), { minLength: 3, maxLength: 3 })
    .chain((months) => {
      const of = (g: number) => months.map((month) => month[g] as number)
      const between = Array.from({ length: groups }, (_, g) =>
        fc.integer({ min: Math.max(...of(g)), max: of(g).reduce((sum, value) => sum + value, 0) }),
      )
      return fc.tuple(fc.constant(months), fc.tuple(...between))
    }),
)

describe.each(everyProfile)('what is published under %s', (_, profile) => {
  it('tells nobody more of a small number than that it is small, whatever totals there are', () => {
    fc.assert(
      fc.property(tables, (rows) => {
        expect(workedOut([table(rows)], profile, true)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('tells nobody more by months, quarters and groups put together, at any time', () => {
    fc.assert(
      fc.property(quarters, fc.integer({ min: 1, max: 3 }), ([months, quarterly], until) => {
        expect(workedOut(quarter(months, quarterly), profile, true, until)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('stays as it was when more comes out', () => {
    fc.assert(
      fc.property(quarters, ([months, quarterly]) => {
        const batches = quarter(months, quarterly)
        const before = protect(batches.slice(0, 2), profile)
        const after = protect(batches, profile)
        for (const [id, shown] of before) expect(after.get(id)).toBe(shown)
      }),
      { numRuns: 100 },
    )
  })

  it('would give small numbers away if only small numbers were hidden', () => {
    const giving = profile.showsZero ? [2, 8] : [4, 4, 12]
    expect(workedOut([table([giving])], profile, false)).not.toEqual([])
    expect(workedOut([table([giving])], profile, true)).toEqual([])
    const found = fc
      .sample(tables, { numRuns: 200, seed: 7 })
      .filter((rows) => workedOut([table(rows)], profile, false).length > 0)
    expect(found.length).toBeGreaterThan(50)
  })

  it('hides every part of a group that is too small to be told of, noughts too', () => {
    const published = protect([table([[0, 3, 0]])], profile)
    expect([...published.values()]).toEqual([...published.values()].map(() => '*'))
  })

  it('does not let parts that were all rounded alike add up to the truth', () => {
    // four times 12 is shown as four times 10, which can be 48 at most, and 48 as 50, which is 48 at least
    expect(workedOut([table([[12, 12, 12, 12]])], profile, false)).not.toEqual([])
    expect(workedOut([table([[12, 12, 12, 12]])], profile, true)).toEqual([])
  })
})

describe('how numbers are published', () => {
  const alone = (value: number, profile: Profile) =>
    protect([{ cells: [{ id: 'it', value }], relations: [] }], profile).get('it')

  it('hides 1 to 7 and says nobody as 0, as Hospital Episode Statistics do', () => {
    expect([0, 1, 7, 8, 12, 13].map((value) => alone(value, profiles.hes))).toEqual([0, '*', '*', 10, 10, 15])
  })

  it('hides 0 to 4, as the Mental Health Services Data Set does', () => {
    expect([0, 4, 5, 7, 8].map((value) => alone(value, profiles.mhsds))).toEqual(['*', '*', 5, 5, 10])
  })

  it('gives a percentage of published numbers only, and of enough people', () => {
    expect(shareOf(10, 40)).toBe(25)
    expect(shareOf('*', 40)).toBeNull()
    expect(shareOf(10, '*')).toBeNull()
    expect(shareOf(10, 15)).toBeNull()
    expect(shareOf(45, 40)).toBeNull()
  })
})
