import type { Published } from './disclosure-rules.ts'
import type { Figures } from './figures-rules.ts'
import type { Period } from './period-rules.ts'

/** What every report is made from: figures as the reader may see them, and never the counts behind them. */
export interface Content {
  figures: Figures
  period: Period
  before: Period
}

/** A table of a report, for the page and the file alike. */
export interface ReportTable {
  caption: string
  columns: readonly string[]
  rows: readonly { text: string; values: readonly (Published | string)[] }[]
}

export interface Report {
  /** The question, answered in a sentence or two. */
  answer: string[]
  tables: ReportTable[]
}
