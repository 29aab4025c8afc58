import type { Published } from './disclosure-rules.ts'
import type { Figures } from './figures-rules.ts'
import type { SetName } from './line-rules.ts'
import type { Period } from './period-rules.ts'

/** What a figure counts, in words that may be published with it. */
export interface Measure {
  name: string
  counts: string
  /** What it is divided by, of a share. */
  outOf?: string
  leavesOut: string
  unit: string
  why: string
}

/** What every report is made from: figures as the reader may see them, and never the counts behind them. */
export interface Content {
  figures: Figures
  period: Period
  /** The period before, and the same a year ago. */
  compared: readonly Period[]
}

/** A table of a report, for the page and the file alike. */
export interface ReportTable {
  caption: string
  columns: readonly string[]
  rows: readonly { text: string; values: readonly (Published | string)[] }[]
}

/** What a picture shows, of figures that the reader may see: one or two bars a row, with the words at their ends. */
export interface ReportChart {
  title: string
  series: readonly string[]
  rows: readonly { text: string; values: readonly { n: number | null; text: string }[] }[]
}

export interface Report {
  /** The question, answered in a sentence or two. */
  answer: string[]
  tables: ReportTable[]
  /** None where there is nothing to draw. */
  chart: ReportChart | null
}

/** The lines of a table, and what they are a share of. The first table of a report is drawn too. */
export interface TablePlan {
  caption: string
  lines: readonly string[]
  shareOf?: string
}

/** What a report is, as data: it drives the page, the picture, the file, the print and the methods. */
export interface ReportPlan {
  name: string
  /** Its question is its title. */
  question: string
  sets: readonly SetName[]
  measures: readonly Measure[]
  tables: readonly TablePlan[]
  /** What is worked out of the figures as the reader sees them, and comes before the tables of lines. */
  workedOut?: (content: Content) => ReportTable[]
  answer: (told: Told) => string[]
}

/** What a report is asked for by, and what its numbers count. */
export type Definition = Pick<ReportPlan, 'name' | 'question' | 'sets' | 'measures'>

/** Figures as a sentence has them. */
export interface Told {
  period: Period
  before: Period
  /** "about 35 people", "a number of people that is not published". */
  words(line: string, of?: readonly [string, string], period?: Period): string
  /** "about 35", "none", "not published". */
  figure(line: string, period?: Period): string
  /** " (88%)", or nothing. */
  share(part: string, whole: string): string
  figures: Figures
}
