import type { Link, StateTag } from '../lib/view-model.ts'
import { forecast, type PersonsData } from './forecast-rules.ts'
import { balanceInWords, forecastInWords, statusTags } from './forecast-words-rules.ts'
import { allowanceUrl, amountInWords } from './words-rules.ts'

export interface DataPanel {
  lines: { href: string; text: string; tag: StateTag; words: string }[]
  empty: string | null
  links: Link[]
}

/** What a person was given and whether it lasts, as it stands on their record. What is over is only in the list. */
export function presentData(serviceUserId: number, data: PersonsData | undefined, now: Date): DataPanel {
  const lines = linesOf(data, now)
  return {
    lines,
    empty: lines.length === 0 ? 'They have no data from us.' : null,
    links: [
      { href: `/data-allowances/new?person=${serviceUserId}`, text: 'Give data' },
      { href: `/data-allowances?person=${serviceUserId}`, text: 'All their data' },
    ],
  }
}

/** The same of what was given with the items of a loan, for its page; null where nothing of it goes on. */
export function presentLoanData(loanId: number, data: PersonsData | null, now: Date): DataPanel | null {
  const lines = linesOf(data ?? undefined, now)
  if (lines.length === 0) return null
  return { lines, empty: null, links: [{ href: `/data-allowances?loan=${loanId}`, text: 'All data with this loan' }] }
}

function linesOf(data: PersonsData | undefined, now: Date): DataPanel['lines'] {
  return allForecasts(data, now)
    .filter(({ told: { why } }) => why !== 'over')
    .map(({ facts, told }) => ({
      href: allowanceUrl(facts.id),
      text: `${amountInWords(facts)}: ${balanceInWords(facts, told)}`,
      tag: statusTags[told.status],
      words: forecastInWords(told),
    }))
}

function allForecasts(data: PersonsData | undefined, now: Date) {
  if (!data) return []
  const { allowances, contacts, rates } = data
  return allowances.map((facts) => ({ facts, told: forecast(facts, contacts, rates, now) }))
}
