import type { Content } from './content-rules.ts'
import { reportUrl } from './definition-rules.ts'
import { PEOPLE } from './people-rules.ts'
import { inDigits } from './words-rules.ts'

/** A figure on the home page, with the report that it is from. */
export interface Headline {
  figure: string
  text: string
  before: string
  href: string
}

/** The figures that most is asked about, of the last quarter. */
export function headlinesOf({ figures, period, compared }: Content): Headline[] {
  const lines: [string, string][] = [
    [PEOPLE, 'People helped'],
    ['loans', 'Loans started'],
    ['items', 'Items handed over'],
    ['gifts', 'Items given to keep'],
  ]
  const [before = period] = compared
  return lines.map(([id, text]) => ({
    figure: inDigits(figures.of(id, period)),
    text,
    before: `${inDigits(figures.of(id, before))} in ${before.name}`,
    href: reportUrl('reach', period.key),
  }))
}
