/** Nobody has lived much longer: whoever comes out older has a slip in their year. */
const MOST_YEARS = 120

export type BirthProblem = { reason: 'in-future' | 'too-long-ago'; text: string }

/** What is wrong with this day, as text 2026-08-03, as somebody's date of birth; null when it can be. */
export function birthProblem(date: string, today: string): BirthProblem | null {
  if (date > today) return inFuture
  const earliest = `${Number(today.slice(0, 4)) - MOST_YEARS}${today.slice(4)}`
  return date < earliest ? tooLongAgo : null
}

export const inFuture: BirthProblem = { reason: 'in-future', text: 'Date of birth must be today or in the past' }
export const tooLongAgo: BirthProblem = {
  reason: 'too-long-ago',
  text: `Date of birth must be in the last ${MOST_YEARS} years. Check the year`,
}
