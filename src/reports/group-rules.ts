import type { Content, ReportChart, ReportTable } from './content-rules.ts'
import { type Published, SMALLEST_DENOMINATOR, shareOf } from './disclosure-rules.ts'
import { wilson } from './interval-rules.ts'
import { part } from './line-rules.ts'
import { equityBreakdowns } from './people-rules.ts'

/** The caseload that shares are of, as the reader may see it. */
export interface CaseloadShown {
  countedOn: string
  of(breakdown: string, group: string): Published | undefined
}

export interface Share {
  percent: number
  low: number
  high: number
}

/** A group beside its people on the caseload. */
export interface GroupReached {
  breakdown: string
  name: string
  reached: Published
  counted: Published | undefined
  share: Share | null
}

/** The share of a group that was reached, with its range; none where disclosure control gives none. */
export function reachedShare(reached: Published, caseload: Published | undefined): Share | null {
  if (caseload === undefined) return null
  const percent = shareOf(reached, caseload)
  return percent === null ? null : { percent, ...wilson(reached as number, caseload as number) }
}

/** What a share is of, and what the lines of its groups are called by. */
export interface Reached {
  whole: string
  /** Stands before the name of a breakdown in a line. */
  prefix: string
}

export interface GroupShares {
  everybody: Share | null
  groups: GroupReached[]
  /** Groups with a range that lies below everybody's share. Those of whom nothing is known are none. */
  less: GroupReached[]
}

/** Each group's share of its people on the caseload, beside everybody's. */
export function groupShares(
  { figures, period }: Content,
  caseload: CaseloadShown | null,
  { whole, prefix }: Reached,
): GroupShares {
  const everybody = reachedShare(figures.of(whole, period), caseload?.of('everybody', 'everybody'))
  const all = equityBreakdowns.flatMap(({ id, name: breakdown, groups }) =>
    groups.map((group) => {
      const reached = figures.of(part(`${prefix}${id}`, group.id), period)
      const counted = caseload?.of(id, group.id)
      const isKnown = group.id !== 'not-known'
      return { breakdown, name: group.name, isKnown, reached, counted, share: reachedShare(reached, counted) }
    }),
  )
  const less = all.filter(({ share, isKnown }) => isKnown && share && everybody && share.high < everybody.percent)
  return { everybody, groups: all, less }
}

export function groupName({ breakdown, name }: Pick<GroupReached, 'breakdown' | 'name'>): string {
  return `${breakdown}: ${name}`
}

const MOST_DRAWN = 12

/** The groups that are reached least, of those that have a share. */
export function leastChart(groups: readonly GroupReached[], title: string, period: string): ReportChart | null {
  const least = groups
    .flatMap((group) => (group.share ? [{ text: groupName(group), share: group.share }] : []))
    .sort((one, other) => one.share.percent - other.share.percent)
    .slice(0, MOST_DRAWN)
  if (least.length === 0) return null
  return {
    title,
    series: [period],
    rows: least.map(({ text, share }) => ({ text, values: [{ n: share.percent, text: `${share.percent}%` }] })),
  }
}

/** A table for each breakdown; `reached` is what its first column is called. */
export function groupTables(groups: readonly GroupReached[], reached: string): ReportTable[] {
  return equityBreakdowns.map(({ name: caption }) => ({
    caption,
    columns: [reached, 'On the caseload', 'Share', 'Range'],
    rows: groups
      .filter(({ breakdown }) => breakdown === caption)
      .map((row) => ({ text: row.name, values: cellsOf(row) })),
  }))
}

/** A number, the number it is of, and their share with its range, or why there is none. */
export function cellsOf(row: Pick<GroupReached, 'reached' | 'counted' | 'share'>): (Published | string)[] {
  const { reached, counted, share } = row
  return [
    reached,
    counted ?? 'Not counted',
    share ? `${share.percent}%` : whyNone(row),
    share ? `${Math.round(share.low)}% to ${Math.round(share.high)}%` : '',
  ]
}

/** Why there is no share, in a few words. */
function whyNone({ reached, counted }: Pick<GroupReached, 'reached' | 'counted'>): string {
  if (counted === undefined) return 'Not counted'
  if (reached === '*' || counted === '*') return 'Hidden'
  if (counted < SMALLEST_DENOMINATOR) return 'Too few people'
  return 'More than were counted'
}
