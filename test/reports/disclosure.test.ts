import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { sumOf, unionOf } from '../../src/reports/bounds-rules.ts'
import { type Batch, type Cell, type Profile, profiles, protect, shareOf } from '../../src/reports/disclosure-rules.ts'
import { batchesOf, type Fact, figuresToPublish, trueFigures } from '../../src/reports/figures-rules.ts'
import { type Line, setNames } from '../../src/reports/line-rules.ts'
import { periodOf, periodsIn } from '../../src/reports/period-rules.ts'
import { lineSets } from '../../src/reports/set-rules.ts'
import { targetMet } from '../../src/targets/rules.ts'
import { workedOut } from './attacker.ts'

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

  it('tells of a target what the published number tells by itself, and nothing of what is hidden', () => {
    fc.assert(
      fc.property(fc.nat(80), fc.nat(80), fc.constantFrom('more', 'fewer'), (value, quarterly, good) => {
        const target = { good: good as 'more' | 'fewer', quarterly }
        const shown = protect([{ cells: [{ id: 'it', value }], relations: [] }], profile).get('it')!
        const told = targetMet(target, shown, profile)
        if (shown === '*') expect(told).toBe('not-told')
        if (told !== 'not-told') expect(told).toBe(targetMet(target, value, null))
      }),
      { numRuns: 300 },
    )
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

const year = periodOf('year-2025')!

/** Numbers that could be: everybody and everything has its months, and is in one part of each kind. */
function figuresOf(lines: readonly Line[], seed: number): Fact[] {
  const random = randomOf(seed)
  const periods = periodsIn(year)
  const months = periods.filter(({ kind }) => kind === 'month')
  const found = new Map<string, Set<number>>()
  const put = (line: string, at: number, who: number) => {
    for (const { key, from, until } of periods) {
      if (from > months[at]!.from || until < months[at]!.until) continue
      const cell = `${line}@${key}`
      found.set(cell, (found.get(cell) ?? new Set()).add(who))
    }
  }
  const spread = (line: Line, at: number, who: number) => {
    put(line.id, at, who)
    for (const parts of Map.groupBy(
      lines.filter(({ of }) => of === line.id),
      ({ by }) => by,
    ).values()) {
      // the first parts are common and the last are rare, and somebody stays in the same one
      const part = parts[Math.floor(parts.length * randomOf(seed + 31 * who)() ** 3)] as Line
      spread(part, at, who)
    }
    for (const inner of lines.filter(({ within }) => within === line.id)) if (random() < 0.2) spread(inner, at, who)
  }
  for (const line of lines.filter(({ of, within }) => !of && !within)) {
    const size = Math.floor(20 + random() * 300)
    for (let who = 0; who < size; who += 1) {
      const often = line.counts === 'people' ? 1 + Math.floor(random() * 2) : 1
      for (let time = 0; time < often; time += 1) spread(line, Math.floor(random() * 12), who)
    }
  }
  const standing = new Set(lines.filter(({ counts }) => counts === 'standing').map(({ id }) => id))
  return [...found].map(([cell, who]) => {
    const [line, period] = cell.split('@') as [string, string]
    const last = periods.filter((one) => one.kind === 'month' && one.until === periodOf(period)!.until)[0]!
    return { line, period, n: (standing.has(line) ? found.get(`${line}@${last.key}`)?.size : who.size) ?? 0 }
  })
}

/** Park and Miller's: the same numbers every time. */
function randomOf(seed: number): () => number {
  let state = (seed * 48_271 + 11) % 2_147_483_647
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

describe.each(setNames)('what every report publishes of %s', (name) => {
  it.each(everyProfile)('gives no small number away under %s, whatever months, quarters and year', (_, profile) => {
    const { lines } = lineSets[name]
    for (const seed of [1, 2]) {
      const batches = batchesOf(year, lines, '2026-08-03', trueFigures(figuresOf(lines, seed)))
      expect(workedOut(batches, profile, true)).toEqual([])
    }
  })
})

it('leaves what came out as it is, and hides what comes next all the same, when numbers were put right meanwhile', () => {
  const { lines } = lineSets.lending
  const first = figuresOf(lines, 3)
  const about = { year, profile: profiles.hes }
  const before = figuresToPublish(first, lineSets.lending, { ...about, until: '2025-11-01', before: [] })
  const putRight = first.map((fact) => ({ ...fact, n: fact.n + 3 }))
  const after = figuresToPublish(putRight, lineSets.lending, { ...about, until: '2026-08-03', before })
  const periods = (figures: typeof before) => new Set(figures.map(({ period }) => period))
  expect([...periods(before)].filter((period) => periods(after).has(period))).toEqual([])
  expect(periods(before).size + periods(after).size).toBe(periodsIn(year).length)
  expect(after.every(({ shown }) => shown === null || shown === 0 || shown >= 10)).toBe(true)
})

it('would give small numbers of these reports away, too, if only small ones were hidden', () => {
  const given = setNames.filter((name) => {
    const { lines } = lineSets[name]
    const batches = batchesOf(year, lines, '2026-08-03', trueFigures(figuresOf(lines, 1)))
    return everyProfile.some(([, profile]) => workedOut(batches, profile, false).length > 0)
  })
  expect(given.length).toBeGreaterThan(setNames.length / 2)
})
