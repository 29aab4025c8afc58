import type { Content, Report, ReportTable } from './content-rules.ts'
import { type Published, SMALLEST_DENOMINATOR, shareOf } from './disclosure-rules.ts'
import { wilson } from './interval-rules.ts'
import { equityBreakdowns, PEOPLE } from './line-rules.ts'
import { inWords } from './words-rules.ts'

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

/** The share of a group that was helped, with its range; none where disclosure control gives none. */
export function reachedShare(helped: Published, caseload: Published | undefined): Share | null {
  if (caseload === undefined) return null
  const percent = shareOf(helped, caseload)
  return percent === null ? null : { percent, ...wilson(helped as number, caseload as number) }
}

/** Whether everybody is reached alike: each group's share of its people on the caseload, beside everybody's. */
export function equityReport(content: Content, caseload: CaseloadShown | null): Report {
  const { figures, period } = content
  const everybody = reachedShare(figures.of(PEOPLE, period), caseload?.of('everybody', 'everybody'))
  const groups = equityBreakdowns.flatMap(({ id, name, groups: of }) =>
    of.map((group) => {
      const helped = figures.of(`${id}:${group.id}`, period)
      const counted = caseload?.of(id, group.id)
      return { breakdown: name, group, helped, counted, share: reachedShare(helped, counted) }
    }),
  )
  const less = groups.filter(
    ({ share, group }) => group.id !== 'not-known' && share && everybody && share.high < everybody.percent,
  )
  return {
    answer: [
      `${period.name}: we helped ${inWords(figures.of(PEOPLE, period), figures.areTrue)}.`,
      answerOf(
        caseload,
        everybody,
        less.map(({ breakdown, group }) => `${breakdown}: ${group.name}`),
      ),
    ],
    tables: equityBreakdowns.map(({ name }) =>
      tableOf(
        name,
        groups.filter(({ breakdown }) => breakdown === name),
      ),
    ),
  }
}

function answerOf(caseload: CaseloadShown | null, everybody: Share | null, less: readonly string[]): string {
  if (!caseload)
    return 'Nobody has counted the caseload before the end of this period, so we cannot say which groups are reached less.'
  if (!everybody)
    return 'There is no share of the whole caseload to compare with, so we cannot say which groups are reached less.'
  if (less.length === 0)
    return `That is ${everybody.percent}% of the caseload. No group is clearly reached less than that.`
  return `That is ${everybody.percent}% of the caseload. Clearly reached less than that: ${less.join('; ')}.`
}

interface Group {
  group: { name: string }
  helped: Published
  counted: Published | undefined
  share: Share | null
}

function tableOf(caption: string, groups: readonly Group[]): ReportTable {
  return {
    caption,
    columns: ['People helped', 'On the caseload', 'Share', 'Range'],
    rows: groups.map((row) => ({
      text: row.group.name,
      values: [
        row.helped,
        row.counted ?? 'Not counted',
        row.share ? `${row.share.percent}%` : whyNone(row),
        rangeOf(row.share),
      ],
    })),
  }
}

/** Why there is no share, in a few words. */
function whyNone({ helped, counted }: Group): string {
  if (counted === undefined) return 'Not counted'
  if (helped === '*' || counted === '*') return 'Hidden'
  if (counted < SMALLEST_DENOMINATOR) return 'Too few people'
  return 'More than were counted'
}

function rangeOf(share: Share | null): string {
  return share ? `${Math.round(share.low)}% to ${Math.round(share.high)}%` : ''
}
