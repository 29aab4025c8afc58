import { formatDate, formatInstant, londonDate } from '../lib/dates.ts'
import type { TimelineEntry } from '../lib/view-model.ts'
import type { LoanEventRow } from './queries.ts'

type EventDetails = {
  items?: string[]
  dueOn?: string | null
  before?: (string | null)[]
  returnedAt?: string
  kind?: string
} | null

/** What was done to a loan, as a sentence of its history. */
export function presentEvent(event: LoanEventRow, maySeeIncidents = false): TimelineEntry {
  const { incident_id } = event
  return {
    text: eventSentence(event),
    ...(incident_id !== null &&
      maySeeIncidents && { link: { href: `/incidents/${incident_id}`, text: `Incident ${incident_id}` } }),
    at: formatInstant(event.at),
    datetime: new Date(event.at).toISOString(),
  }
}

function eventSentence(event: LoanEventRow): string {
  const who = event.staff_member ?? 'An import'
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
    case 'loan:given':
      return `${who} gave ${items} to keep.`
    case 'incident:reported':
      return `${who} reported ${items}: ${(details?.kind ?? '').toLowerCase()}.`
    case 'incident:found':
      return `${who} marked ${items} as found.`
    default:
      return `${who} did this: ${event.verb.replace(/[:-]/g, ' ')}.`
  }
}

export function listInWords(words: string[]): string {
  return words.length <= 1 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** Whose change a stale form did not know of. */
export function presentOvertaken(event: LoanEventRow | undefined): string {
  const what = event ? `: ${presentEvent(event).text}` : '.'
  return `Someone changed this loan after you opened it${what} Check what is ticked and send it again.`
}
