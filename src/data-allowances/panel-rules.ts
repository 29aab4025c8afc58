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
  const told = allForecasts(data, now).filter(({ told: { why } }) => why !== 'over')
  return {
    lines: told.map(({ facts, told: one }) => ({
      href: allowanceUrl(facts.id),
      text: `${amountInWords(facts)}: ${balanceInWords(facts, one)}`,
      tag: statusTags[one.status],
      words: forecastInWords(one),
    })),
    empty: told.length === 0 ? 'They have no data from us.' : null,
    links: [
      { href: `/data-allowances/new?person=${serviceUserId}`, text: 'Give data' },
      { href: `/data-allowances?person=${serviceUserId}`, text: 'All their data' },
    ],
  }
}

function allForecasts(data: PersonsData | undefined, now: Date) {
  if (!data) return []
  const { allowances, contacts, rates } = data
  return allowances.map((facts) => ({ facts, told: forecast(facts, contacts, rates, now) }))
}
