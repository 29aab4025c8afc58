import { formatShortDate, londonDate } from '../lib/dates.ts'

/** The first day of each step on somebody's way to an appointment that works; null where it was not taken yet. */
export interface ChainFacts {
  referred_on: string | null
  talked_on: string | null
  lent_at: string | null
  data_at: string | null
  trained_at: string | null
  tried_at: string | null
  attended_at: string | null
}

/** From being referred to having met: what reports count. Nobody has to take every step. */
const steps: readonly [name: string, fact: keyof ChainFacts | 'ready'][] = [
  ['Referred', 'referred_on'],
  ['Talked', 'talked_on'],
  ['Lent', 'lent_at'],
  ['Data', 'data_at'],
  ['Trained', 'trained_at'],
  ['Trial call', 'tried_at'],
  ['Ready', 'ready'],
  ['Attended', 'attended_at'],
]

/** The steps in one line. Ready is no day but how the next appointment stands; who has met was ready enough. */
export function chainInWords(facts: ChainFacts, isReady: boolean): string {
  return steps
    .map(([name, fact]) => {
      if (fact === 'ready') return isReady || facts.attended_at !== null ? `${name}: yes` : `${name}: not yet`
      const at = facts[fact]
      return at === null ? `${name}: not yet` : `${name} ${formatShortDate(at.length > 10 ? londonDate(at) : at)}`
    })
    .join(' > ')
}
