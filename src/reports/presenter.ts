import { formatDate } from '../lib/dates.ts'
import type { DataTable, Link, Page, SelectField } from '../lib/view-model.ts'
import { quotationsUrl, wordsUrl } from '../quotations/rules.ts'
import type { Measure, Report, ReportTable } from './content-rules.ts'
import {
  definitions,
  type ReportName,
  reportFileUrl,
  reportNames,
  reportPrintUrl,
  reportsUrl,
  reportUrl,
} from './definition-rules.ts'
import { byEmailUrl } from './delivery-rules.ts'
import type { ProfileId, Published } from './disclosure-rules.ts'
import type { Headlines } from './home-rules.ts'
import type { Period } from './period-rules.ts'
import { chartInWords, isMostlyHidden } from './plan-rules.ts'
import { howCounted, inDigits } from './words-rules.ts'

/** Why somebody is given no numbers. */
const NOTHING_YET =
  'Nothing is published yet. A month, quarter or year comes out two weeks after it is over, once an administrator has chosen, for good, how small numbers are hidden.'

export type ReportPage = Page & {
  caption: string
  /** Null where there is nothing to choose from a page without numbers. */
  period: SelectField | null
  action: string
  nothing: string | null
  isTrue: boolean
  answer: string[]
  chart: ChartShown | null
  tables: DataTable[]
  /** A longer period that would tell more, where most of this is hidden. */
  coarser: Link | null
  notes: string[]
  measures: readonly Measure[]
  files: Link[]
  /** Null where whoever reads may not read them. */
  methods: string | null
  /** Of the report of wards: where the numbers of each are. */
  places?: { site: Link; wards: Link[] }[]
}

/** A picture in two widths, for a phone and for the rest, and what it shows in words. */
export interface ChartShown {
  title: string
  narrow: string
  wide: string
  words: string
}

interface MadeReport {
  report: Report
  areTrue: boolean
  profile: ProfileId | null
  countedOn?: string | null
  /** When it was published or counted; null: now. */
  asOf: string | null
}

export interface ReportShown {
  name: ReportName
  period: Period
  offered: readonly Period[]
  now: Date
  /** Null: it is not published yet. */
  made: MadeReport | null
}

/** A report: its question, the answer, the numbers, what they count and as of when. */
export function presentReport({ name, period, offered, now, made }: ReportShown): ReportPage {
  const { question, measures } = definitions[name]
  return {
    title: question,
    caption: period.name,
    back: { href: reportsUrl, text: 'Reports' },
    action: reportUrl(name),
    period: made && {
      id: 'period',
      name: 'period',
      label: 'Period',
      value: period.key,
      items: offered.map(({ key, name: text }) => ({ value: key, text })),
    },
    nothing: made ? null : NOTHING_YET,
    isTrue: made?.areTrue ?? false,
    answer: made?.report.answer ?? [],
    chart: presentChart(name, period, made?.report),
    tables: made?.report.tables.map(presentTable) ?? [],
    coarser: made && !made.areTrue ? coarserOf(name, period, made.report, offered) : null,
    notes: made ? [...countedWords(made.countedOn), ...howCounted(made.areTrue, made.profile, made.asOf ?? now)] : [],
    measures,
    files: made
      ? [
          { href: reportFileUrl(name, period.key, 'csv'), text: 'Download the numbers with what they count (CSV)' },
          { href: reportFileUrl(name, period.key, 'xlsx'), text: 'Download them as an Excel workbook' },
          { href: reportPrintUrl(name, period.key), text: 'Print the report with what it counts' },
        ]
      : [],
    methods: `${reportsUrl}/methods`,
  }
}

function presentChart(name: ReportName, period: Period, report: Report | undefined): ChartShown | null {
  if (!report?.chart) return null
  const href = reportFileUrl(name, period.key, 'svg')
  return {
    title: report.chart.title,
    narrow: `${href}&width=narrow`,
    wide: `${href}&width=wide`,
    words: chartInWords(report.chart),
  }
}

/** The quarter that a month is in, or the year: what is hidden month by month may be shown of a longer time. */
function coarserOf(name: ReportName, period: Period, report: Report, offered: readonly Period[]): Link | null {
  if (!report.tables.some(isMostlyHidden)) return null
  const longer = offered
    .filter(({ from, until }) => from <= period.from && until >= period.until)
    .filter(({ kind }) => kind !== period.kind)
    .sort((one, other) => other.from.localeCompare(one.from))
    .find(({ kind }) => period.kind === 'month' || kind === 'year')
  return longer ? { href: reportUrl(name, longer.key), text: `See ${longer.name}` } : null
}

function countedWords(countedOn: string | null | undefined): string[] {
  return countedOn ? [`The caseload is as it was counted on ${formatDate(countedOn)}.`] : []
}

function presentTable({ caption, columns, rows }: ReportTable): DataTable {
  return {
    caption,
    captionSize: 'm',
    columns: [{ text: 'What' }, ...columns.map((text) => ({ text, numeric: true }))],
    rows: rows.map(({ text, values }) => ({
      cells: [{ text }, ...values.map((value) => ({ text: cellText(value), numeric: true }))],
    })),
  }
}

function cellText(value: Published | string): string {
  return typeof value === 'number' ? inDigits(value) : value
}

/** The rows of a report's file: every number with its period, and how it was counted and hidden. */
export function reportRows({ name, period, made, now }: ReportShown): {
  headings: string[]
  rows: (string | number)[][]
} {
  const about = [definitions[name].question, period.name, period.from, period.until]
  const notes = made
    ? [...countedWords(made.countedOn), ...howCounted(made.areTrue, made.profile, made.asOf ?? now)].join(' ')
    : NOTHING_YET
  const headings = ['Report', 'Period', 'From', 'Until before', 'Table', 'Row', 'Column', 'Value', 'How it was counted']
  const numbers = made?.report.tables.flatMap(({ caption, columns, rows }) =>
    rows.flatMap(({ text, values }) =>
      values.map((value, at) => [...about, caption, text, columns[at] ?? '', value, notes]),
    ),
  )
  const words = definitions[name].measures.map((measure) => [
    ...about,
    'What it counts',
    measure.name,
    measure.unit,
    meaning(measure),
    notes,
  ])
  return { headings, rows: [...(numbers ?? []), ...words] }
}

function meaning({ counts, outOf, leavesOut }: Measure): string {
  return [counts, ...(outOf ? [`Out of: ${outOf}`] : []), `Leaves out: ${leavesOut}`].join(' ')
}

export type ReportsPage = Page & {
  nothing: string | null
  isTrue: boolean
  caption: string
  headlines: Headlines | null
  reports: { question: string; href: string }[]
  methods: string
  /** For whoever pays for several. */
  sideBySide: Link | null
  /** What people say: to read, and for whoever reads it first. */
  words: Link[]
  byEmail: Link | null
}

export interface ReportsShown {
  period: Period
  mayCompare: boolean
  mayApproveWords: boolean
  mayBeSent: boolean
  headlines: Headlines | null
  areTrue: boolean
}

/** Every report, with the figures that most is asked about. */
export function presentReports({
  period,
  headlines,
  areTrue,
  mayCompare,
  mayApproveWords,
  mayBeSent,
}: ReportsShown): ReportsPage {
  return {
    title: 'Reports',
    caption: period.name,
    nothing: headlines ? null : NOTHING_YET,
    isTrue: areTrue,
    headlines,
    sideBySide: mayCompare ? { href: `${reportsUrl}/side-by-side`, text: 'Organisations side by side' } : null,
    byEmail: mayBeSent ? { href: byEmailUrl, text: 'Have the reports sent to you by email' } : null,
    words: [
      { href: wordsUrl, text: 'What people say' },
      ...(mayApproveWords ? [{ href: quotationsUrl, text: 'Words to read before they are shown' }] : []),
    ],
    reports: reportNames.map((name) => ({ question: definitions[name].question, href: reportUrl(name) })),
    methods: `${reportsUrl}/methods`,
  }
}

export type MethodsPage = Page & {
  reports: { id: string; question: string; measures: readonly Measure[] }[]
  notes: string[]
}

/** What every report counts, in one page that can be cited. */
export function presentMethods(profile: ProfileId | null, now: Date): MethodsPage {
  return {
    title: 'How the numbers are counted',
    back: { href: reportsUrl, text: 'Reports' },
    notes: profile === null ? [NOTHING_YET] : howCounted(false, profile, now).slice(0, 1),
    reports: Object.values(definitions).map(({ name, question, measures }) => ({ id: name, question, measures })),
  }
}
