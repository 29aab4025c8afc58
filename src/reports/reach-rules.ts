import { categories } from '../items/rules.ts'
import type { Content, Report, ReportTable } from './content-rules.ts'
import { OPEN, PEOPLE } from './line-rules.ts'
import { inWords } from './words-rules.ts'

const lines: readonly [string, string][] = [
  [PEOPLE, 'People helped'],
  ['loans', 'Loans started'],
  ['ended', 'Loans ended'],
  [OPEN, 'Loans open at the end'],
  ['gifts', 'Items given to keep'],
  ['items', 'Items handed over'],
]

/** How many people are reached, with how much. */
export function reachReport(content: Content): Report {
  const { figures, period, before } = content
  const words = (line: string, of = period) => inWords(figures.of(line, of), figures.areTrue)
  const shown = lines.filter(([id]) => id !== OPEN || figures.areTrue)
  const ofCategory = Object.entries(categories).map(([code, text]): [string, string] => [`category:${code}`, text])
  return {
    answer: [`${period.name}: we helped ${words(PEOPLE)}. ${before.name}: ${words(PEOPLE, before)}.`],
    tables: [
      tableOf(content, 'People and loans', shown),
      // what is never lent to anybody would be a row of noughts
      tableOf(
        content,
        'Items handed over, by category',
        ofCategory.filter(([id]) => figures.of(id, period) !== 0 || figures.of(id, before) !== 0),
      ),
    ],
  }
}

/** Lines of now and of the period before. */
export function tableOf(
  { figures, period, before }: Content,
  caption: string,
  rows: readonly (readonly [string, string])[],
): ReportTable {
  return {
    caption,
    columns: [period.name, before.name],
    rows: rows.map(([id, text]) => ({ text, values: [figures.of(id, period), figures.of(id, before)] })),
  }
}
