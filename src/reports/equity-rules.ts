import type { Content, Definition, Report, ReportChart, ReportTable } from './content-rules.ts'
import { type Published, SMALLEST_DENOMINATOR, shareOf } from './disclosure-rules.ts'
import { helped } from './helped-rules.ts'
import { wilson } from './interval-rules.ts'
import { equityBreakdowns, PEOPLE } from './people-rules.ts'
import { inWords } from './words-rules.ts'

export const equity: Definition = {
  name: 'equity',
  question: 'Do we reach everybody alike?',
  sets: ['people'],
  measures: [
    helped,
    {
      name: 'Share of the caseload',
      counts: 'People helped of a group, as above.',
      outOf:
        'People of that group on the caseload of the whole organisation, as it was last counted before the end of the period. It is said where nobody has counted.',
      leavesOut:
        'No share is given of fewer than 20 people, where either number is hidden, or where more were helped than were counted.',
      unit: 'Percent, with the range that holds the true share in 95 of 100 such counts (Wilson)',
      why: 'Age, language, disability and poverty lower the use of remote care. A group with a range below everybody’s is reached less.',
    },
    {
      name: 'Groups',
      counts:
        'Age on the last day of the financial year. Gender, ethnic group, disability, interpreter, housing, asylum and deprivation (1 is the most deprived tenth of neighbourhoods) as they are written down today.',
      leavesOut: 'Somebody who was not asked, or prefers not to say, is under “Not known”.',
      unit: 'People',
      why: 'The same groups as the caseload is counted by, so that the words above and below the line are the same.',
    },
  ],
}

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
    chart: chartOf(groups, period.name),
  }
}

const MOST_DRAWN = 12

/** The groups that are reached least, of those that have a share. */
function chartOf(groups: readonly (Group & { breakdown: string })[], period: string): ReportChart | null {
  const least = groups
    .flatMap(({ breakdown, group, share }) => (share ? [{ text: `${breakdown}: ${group.name}`, share }] : []))
    .sort((one, other) => one.share.percent - other.share.percent)
    .slice(0, MOST_DRAWN)
  if (least.length === 0) return null
  return {
    title: 'The groups that are reached least: share of their people on the caseload',
    series: [period],
    rows: least.map(({ text, share }) => ({ text, values: [{ n: share.percent, text: `${share.percent}%` }] })),
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
  group: { id: string; name: string }
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
