import { correctionInWords, reasonLines } from '../corrections/told-rules.ts'
import { formatDate, formatInstant, londonDate } from '../lib/dates.ts'
import type { Link, TimelineEntry } from '../lib/view-model.ts'
import type { LoanEventRow } from './queries.ts'

type EventDetails = {
  items?: string[]
  with?: string[]
  to?: number | string
  from?: number | string
  dueOn?: string | null
  before?: (string | null)[]
  returnedAt?: string
  kind?: string
  choices?: string[]
  day?: string
  handedOverAt?: string
} | null

interface HistoryRights {
  maySeeIncidents: boolean
  maySeePerson: boolean
}

/** What was done to a loan, as a sentence of its history. */
export function presentEvent(event: LoanEventRow, loanId: number, may: HistoryRights): TimelineEntry {
  return {
    text: eventSentence(event, may.maySeePerson),
    // a reason is free text, and may name somebody
    ...(event.correction && may.maySeePerson && { lines: reasonLines(event.correction) }),
    link: eventLink(event, loanId, may),
    at: formatInstant(event.at),
    datetime: new Date(event.at).toISOString(),
  }
}

function eventLink({ incident_id, correction }: LoanEventRow, loanId: number, may: HistoryRights): Link | undefined {
  if (incident_id !== null && may.maySeeIncidents) {
    return { href: `/incidents/${incident_id}`, text: `Incident ${incident_id}` }
  }
  if (!correction?.other_loan_id || !correction.is_in_reach || !may.maySeePerson) return undefined
  const id = correction.other_loan_id === loanId ? correction.loan_id : correction.other_loan_id
  return { href: `/loans/${id}`, text: `Loan ${id}` }
}

function eventSentence(event: LoanEventRow, maySeePerson: boolean): string {
  const who = event.staff_member ?? 'An import'
  if (event.correction) return `${who} ${correctionInWords(event.correction, maySeePerson)}.`
  const details = event.details as EventDetails
  const items = details?.items ? listInWords(details.items) : 'items'
  const until = details?.dueOn ? ` until ${formatDate(details.dueOn)}` : ''
  switch (event.verb) {
    case 'loan:lent':
      return `${who} lent ${items}${until}.`
    case 'loan:extended': {
      const before = [...new Set(details?.before ?? [])].filter((day) => day !== null).map(formatDate)
      return `${who} extended ${items}${until}${before.length > 0 ? ` (it was ${listInWords(before)})` : ''}.`
    }
    case 'loan:returned': {
      const day = details?.returnedAt ? londonDate(details.returnedAt) : londonDate(event.at)
      const isOlder = day !== londonDate(event.at)
      return `${who} took back ${items}${isOlder ? `, which came back on ${formatDate(day)}` : ''}.`
    }
    case 'loan:swapped':
      return `${who} swapped ${items} for ${listInWords(details?.with ?? [])}.`
    case 'loan:transferred':
      return `${who} transferred ${items} to loan ${details?.to}.`
    case 'loan:taken-over':
      return `${who} transferred ${items} here from loan ${details?.from}.`
    case 'loan:handed-over':
      return `${who} handed it over from ${details?.from} to ${details?.to}.`
    case 'loan:given':
      return `${who} gave ${items} to keep.`
    case 'loan:planned':
      return `${who} planned to hand over ${items}${onDay(details?.day)}${until}.`
    case 'loan:delivered':
      return `${who} handed over ${items}${details?.handedOverAt ? `, on ${formatInstant(details.handedOverAt)}` : ''}.`
    case 'loan:put-off':
      return `${who} put off handing over ${items}, now${onDay(details?.day)}.`
    case 'loan:called-off':
      return `${who} called off handing over ${items}.`
    case 'loan:onward-planned':
      return `${who} wrote down what comes next: ${(details?.choices ?? []).join(', ').toLowerCase()}.`
    case 'incident:reported':
      return `${who} reported ${items}: ${(details?.kind ?? '').toLowerCase()}.`
    case 'incident:found':
      return `${who} marked ${items} as found.`
    case 'loan:corrected':
    case 'loan:made-by-correction':
      return `${who} corrected this loan.`
    default:
      return `${who} did this: ${event.verb.replace(/[:-]/g, ' ')}.`
  }
}

function onDay(day: string | undefined): string {
  return day === undefined ? '' : ` on ${formatDate(day)}`
}

export function listInWords(words: string[]): string {
  return words.length <= 1 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** Whose change a stale form did not know of. */
export function presentOvertaken(event: LoanEventRow | undefined): string {
  const what = event ? `: ${eventSentence(event, true)}` : '.'
  return `Someone changed this loan after you opened it${what} Check what is ticked and send it again.`
}
