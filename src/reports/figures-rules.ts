import { sumOf, unionOf } from './bounds-rules.ts'
import { type Batch, type Profile, type Published, protect } from './disclosure-rules.ts'
import type { Line } from './line-rules.ts'
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

/**
 * The numbers of these financial years as they may be published: month after month, with each quarter and year when it is over,
 * and nothing of what is not over. A year stands for itself, so that what comes later changes nothing of it.
 */
export function publishedFigures(
  facts: readonly Fact[],
  lines: readonly Line[],
  { years, today, profile }: { years: readonly Period[]; today: string; profile: Profile },
): Figures {
  const counted = trueFigures(facts)
  const shown = new Map(years.flatMap((year) => [...protect(batchesOf(year, lines, today, counted), profile)]))
  return { areTrue: false, of: (line, period) => shown.get(cell(line, period.key)) ?? '*' }
}

function batchesOf(year: Period, lines: readonly Line[], today: string, counted: Figures): Batch[] {
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

/** The groups of each kind come to the whole. */
function within({ key }: Period, lines: readonly Line[]) {
  const parts = Map.groupBy(
    lines.filter(({ of }) => of !== undefined),
    ({ of, by }) => `${of} ${by}`,
  )
  return [...parts.values()].flatMap((group) =>
    sumOf(
      cell(group[0]?.of as string, key),
      group.map(({ id }) => cell(id, key)),
    ),
  )
}

/** A quarter is its months, and a year its quarters as well as its months. */
function acrossTime(period: Period, all: readonly Period[], lines: readonly Line[]) {
  const inside = (kind: Period['kind']) =>
    all.filter((other) => other.kind === kind && other.from >= period.from && other.until <= period.until)
  const divisions =
    period.kind === 'month' ? [] : period.kind === 'quarter' ? [inside('month')] : [inside('quarter'), inside('month')]
  return divisions.flatMap((parts) =>
    lines.flatMap(({ id, counts }) => {
      const together = counts === 'people' ? unionOf : sumOf
      return together(
        cell(id, period.key),
        parts.map(({ key }) => cell(id, key)),
      )
    }),
  )
}

const cell = (line: string, period: string) => `${line}@${period}`
