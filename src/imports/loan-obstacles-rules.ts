import { formatDate, formatShortDate, londonDate } from '../lib/dates.ts'
import { type BorrowerFacts, borrowerName } from '../loans/borrowers-rules.ts'

/** What stands in the way of having an item from a moment until another. */
export interface Obstacle extends BorrowerFacts {
  /** Its place in the list that was asked with, from 1. */
  at: number
  kind: 'loan' | 'booking' | 'turnaround' | 'repair' | 'placement' | 'cable' | 'restriction'
  /** now: somebody has it. was: somebody had it after it is said to have been lent. planned: it is promised. */
  what: 'now' | 'was' | 'planned'
  since: string
  until: string | null
}

/** Who has an item, or had it, or is to have it, and what to do about that. */
export function inTheWay(tag: string, loan: { who: string; lentOn: string }, obstacle: Obstacle): string {
  if (obstacle.kind === 'cable') {
    return `${tag} has a longer cable than ${obstacle.ward ?? 'the ward'} permits. Take out this row, or the nurse in charge signs for it on the page of the ward`
  }
  if (obstacle.kind === 'restriction') {
    return `The care plan of ${loan.who} keeps ${tag} from them. Take out this row, or change that on their page`
  }
  const who = holderOf(obstacle)
  const since = formatShortDate(londonDate(obstacle.since))
  if (obstacle.what === 'planned') {
    return `${tag} is planned for ${who} from ${since}. Write an earlier review date, or cancel that plan first`
  }
  const lentOn = formatDate(loan.lentOn)
  if (obstacle.what === 'was') {
    const until = obstacle.until === null ? 'now' : formatShortDate(londonDate(obstacle.until))
    if (obstacle.kind === 'turnaround')
      return `${tag} was being made ready until ${until}. It cannot be out since ${lentOn}`
    if (obstacle.kind === 'repair') return `${tag} was in repair until ${until}. It cannot be out since ${lentOn}`
    return `${tag} was with ${who} until ${until}. It cannot be with ${loan.who} since ${lentOn}`
  }
  if (obstacle.kind === 'turnaround') return `${tag} is being made ready since ${since}. Finish that first`
  if (obstacle.kind === 'repair') return `${tag} is in repair since ${since}. Take it back from there first`
  return `${tag} is with ${who} since ${since}. Take it back first, or take out this row`
}

function holderOf(obstacle: Obstacle): string {
  if (obstacle.kind === 'booking') return obstacle.ward ?? 'somebody who booked it'
  return borrowerName(obstacle, true) || 'somebody'
}
