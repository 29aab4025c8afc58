import { formatLongDate } from '../lib/dates.ts'
import type { Page } from '../lib/view-model.ts'
import { reportsUrl } from '../reports/definition-rules.ts'
import type { Headlines } from '../reports/home-rules.ts'
import type { Period } from '../reports/period-rules.ts'

export type FiguresPage = Page & {
  today: string
  period: string
  headlines: Headlines | null
  nothing: string | null
  reports: string
}

/** The home of a commissioner: a few figures of the last quarter, each with its report. */
export function presentFigures(shown: { headlines: Headlines | null; period: Period; today: string }): FiguresPage {
  return {
    title: 'Whom the service reaches',
    today: formatLongDate(shown.today),
    period: shown.period.name,
    headlines: shown.headlines,
    nothing: shown.headlines
      ? null
      : 'Nothing is published yet. It comes out two weeks after a quarter is over, once an administrator has chosen how small numbers are hidden.',
    reports: reportsUrl,
  }
}
