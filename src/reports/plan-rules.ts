import type { Content, Report, ReportChart, ReportPlan, ReportTable, TablePlan, Told } from './content-rules.ts'
import { type Published, shareOf } from './disclosure-rules.ts'
import { textOf, trueOnlyLines } from './set-rules.ts'
import { inDigits, inWords } from './words-rules.ts'

/** Makes a report as its plan says. */
export function plannedReport(plan: ReportPlan, content: Content): Report {
  const [drawn] = plan.tables
  // what nobody ever had would be tables of noughts; the first is the answer, also where that is nobody
  const tables = plan.tables.map((table) => tableOf(content, table)).filter((table, at) => at === 0 || !isEmpty(table))
  const workedOut = plan.workedOut?.(content) ?? []
  return {
    answer: plan.answer(told(content)),
    tables: [...workedOut, ...tables],
    chart: drawn ? chartOf(content, drawn) : null,
  }
}

function linesShown({ figures }: Content, { lines }: TablePlan): readonly string[] {
  return figures.areTrue ? lines : lines.filter((id) => !trueOnlyLines.has(id))
}

/** Lines of now, of the period before and of the same a year ago, with their share of now where there is one that may be said. */
export function tableOf(content: Content, plan: TablePlan): ReportTable {
  const { figures, period, compared } = content
  const { caption, shareOf: whole } = plan
  const all = [period, ...compared]
  const lines = linesShown(content, plan)
  const shares = lines.map((id) =>
    !whole || id === whole ? '' : shareText(figures.of(id, period), figures.of(whole, period)),
  )
  const hasShares = shares.some((share) => share !== '')
  const rows = lines.map((id, at) => ({
    text: textOf(id),
    values: [...all.map((of) => figures.of(id, of)), ...(hasShares ? [shares[at] ?? ''] : [])],
  }))
  return { caption, columns: [...all.map(({ name }) => name), ...(hasShares ? [`Share, ${period.name}`] : [])], rows }
}

function shareText(part: Published, whole: Published): string {
  const percent = shareOf(part, whole)
  return percent === null ? '' : `${percent}%`
}

/** What the first table shows of now and of the period before. What nobody has is drawn too: that is what was found. */
export function chartOf(content: Content, plan: TablePlan): ReportChart | null {
  const { figures, period, compared } = content
  const shown = [period, ...compared.slice(0, 1)]
  const lines = linesShown(content, plan)
  if (lines.every((id) => shown.every((of) => figures.of(id, of) === 0))) return null
  return {
    title: plan.caption,
    series: shown.map(({ name }) => name),
    rows: lines.map((id) => ({
      text: textOf(id),
      values: shown.map((of) => {
        const n = figures.of(id, of)
        return { n: n === '*' ? null : n, text: n === '*' ? '* (hidden)' : inDigits(n) }
      }),
    })),
  }
}

function told({ figures, period, compared }: Content): Told {
  const { areTrue } = figures
  return {
    figures,
    period,
    before: compared[0] ?? period,
    words: (line, of, at = period) => inWords(figures.of(line, at), areTrue, of),
    figure(line, at = period) {
      const n = figures.of(line, at)
      if (n === '*') return 'not published'
      return n === 0 ? 'none' : `${areTrue ? '' : 'about '}${inDigits(n)}`
    },
    share(part, whole) {
      const percent = shareOf(figures.of(part, period), figures.of(whole, period))
      return percent === null ? '' : ` (${percent}%)`
    },
  }
}

function isEmpty({ rows }: ReportTable): boolean {
  return rows.every(({ values }) => values.every((value) => value === 0 || value === ''))
}

/** A table that says next to nothing: more than half of what it would tell is hidden. */
export function isMostlyHidden({ rows }: ReportTable): boolean {
  const numbers = rows.flatMap(({ values }) => values.filter((value) => value === '*' || typeof value === 'number'))
  return numbers.filter((value) => value === '*').length * 2 > numbers.length
}

/** The picture in words, for whoever does not see it: every bar of it. */
export function chartInWords({ title, series, rows }: ReportChart): string {
  const bars = rows.map(({ text, values }) =>
    series.length === 1
      ? `${text} ${values[0]?.text}`
      : `${text}: ${series.map((name, at) => `${values[at]?.text} in ${name}`).join(', ')}`,
  )
  return `Bars. ${title}. ${bars.join('. ')}.`
}
