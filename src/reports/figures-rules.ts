import { sumOf, unionOf } from './bounds-rules.ts'
import { type Batch, type Profile, type Published, protect } from './disclosure-rules.ts'
import type { Amount, Line, LineSet } from './line-rules.ts'
import { isOver, type Period, periodsIn } from './period-rules.ts'

/** A number as it was counted. Only the database and this file know of it; a presenter is given {@link Figures}. */
export interface Fact {
  line: string
  period: string
  n: number
}

/** Numbers as somebody may see them. */
export interface Figures {
  /** Whether they are as counted, for those who do the work and not for publication. */
  areTrue: boolean
  of(line: string, period: Period): Published
}

/** The numbers as they were counted, for those who may see them. */
export function trueFigures(facts: readonly Fact[]): Figures {
  const counted = new Map(facts.map(({ line, period, n }) => [cell(line, period), n]))
  return { areTrue: true, of: (line, period) => counted.get(cell(line, period.key)) ?? 0 }
}

/** The numbers as they were published, and nothing of what was not. */
export function shownFigures(published: readonly PublishedFigure[]): Figures {
  const shown = new Map(published.map(({ line, period, shown: n }) => [cell(line, period), n ?? ('*' as const)]))
  return { areTrue: false, of: (line, period) => shown.get(cell(line, period.key)) ?? '*' }
}

/** A number as it came out; null where it is hidden. */
export interface PublishedFigure {
  line: string
  period: string
  shown: number | null
}

/**
 * What comes out now of a financial year: month after month, with each quarter and year when it is over, and nothing of what
 * is not over by then. What came out before stays as it is, and is not among it. A year stands for itself, so that what
 * comes later changes nothing of it.
 */
export function figuresToPublish(
  facts: readonly Fact[],
  { lines, amounts = [] }: Pick<LineSet, 'lines' | 'amounts'>,
  {
    year,
    until,
    profile,
    before,
  }: { year: Period; until: string; profile: Profile; before: readonly PublishedFigure[] },
): PublishedFigure[] {
  const counted = trueFigures(facts)
  const published = new Map(before.map(({ line, period, shown }) => [cell(line, period), shown ?? ('*' as const)]))
  const settled = protect(batchesOf(year, lines, until, counted), profile, { published })
  const periods = periodsIn(year).filter((period) => isOver(period, until))
  const all = periods.flatMap((period) => [
    ...lines.map(({ id }) => ({ line: id, period: period.key, shown: settled.get(cell(id, period.key)) as Published })),
    ...amounts.map((amount) => {
      const number = settled.get(cell(amount.of, period.key)) as Published
      return { line: amount.id, period: period.key, shown: publishedAmount(amount, number, period, counted) }
    }),
  ])
  return all
    .filter(({ line, period }) => !published.has(cell(line, period)))
    .map((figure) => ({ ...figure, shown: figure.shown === '*' ? null : figure.shown }))
}

/**
 * A sum of money as it may be published: the mean price in whole pounds, times the published number, so that the sum says no
 * more of how many there were than that number does.
 */
function publishedAmount({ id, of }: Amount, number: Published, period: Period, counted: Figures): Published {
  const things = counted.of(of, period) as number
  if (number === '*' || number === 0 || things === 0) return number
  return Math.round((counted.of(id, period) as number) / things) * number
}

/** A year as it comes out: month after month, each with what ends with it. */
export function batchesOf(year: Period, lines: readonly Line[], today: string, counted: Figures): Batch[] {
  const periods = periodsIn(year).filter((period) => isOver(period, today))
  const byEnd = [...Map.groupBy(periods, ({ until }) => until)].sort(([a], [b]) => a.localeCompare(b))
  return byEnd.map(([, ending]) => ({
    cells: ending.flatMap((period) =>
      lines.map(({ id, of }) => ({
        id: cell(id, period.key),
        value: counted.of(id, period) as number,
        ...(of !== undefined && { of: cell(of, period.key) }),
      })),
    ),
    relations: ending.flatMap((period) => [...within(period, lines), ...acrossTime(period, periods, lines)]),
  }))
}

/** The groups of each kind come to the whole, and what is within a line is at most that. */
function within({ key }: Period, lines: readonly Line[]) {
  const parts = Map.groupBy(
    lines.filter(({ of }) => of !== undefined),
    ({ of, by }) => `${of} ${by}`,
  )
  const inside = lines.flatMap(({ id, within: whole }) =>
    whole === undefined ? [] : [{ plus: [cell(whole, key)], minus: [cell(id, key)], low: 0, high: Infinity }],
  )
  const sums = [...parts.values()].flatMap((group) =>
    sumOf(
      cell(group[0]?.of as string, key),
      group.map(({ id }) => cell(id, key)),
    ),
  )
  return [...sums, ...inside]
}

/** A quarter is its months, and a year its quarters as well as its months. What stands at an end stands at the end of the last of them. */
function acrossTime(period: Period, all: readonly Period[], lines: readonly Line[]) {
  const inside = (kind: Period['kind']) =>
    all.filter((other) => other.kind === kind && other.from >= period.from && other.until <= period.until)
  const divisions =
    period.kind === 'month' ? [] : period.kind === 'quarter' ? [inside('month')] : [inside('quarter'), inside('month')]
  return divisions.flatMap((parts) =>
    lines.flatMap(({ id, counts }) => {
      const keys = parts.map(({ key }) => cell(id, key))
      const together = counts === 'people' ? unionOf : sumOf
      return together(cell(id, period.key), counts === 'standing' ? keys.slice(-1) : keys)
    }),
  )
}

const cell = (line: string, period: string) => `${line}@${period}`
