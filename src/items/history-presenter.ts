import { correctionInWords, reasonLines } from '../corrections/told-rules.ts'
import { formatInstant, formatShortDate } from '../lib/dates.ts'
import type { TimelineEntry } from '../lib/view-model.ts'
import type { ItemEventRow, ItemHoldRow } from './history-queries.ts'

/** What of others' affairs whoever looks may read. */
export interface MaySee {
  names: boolean
  loans: boolean
  incidents: boolean
}

/** One story of the item, newest first: who had it, how it came back, and what was changed about it. */
export function presentHistory(
  tag: string,
  holds: ItemHoldRow[],
  events: ItemEventRow[],
  maySee: MaySee,
): TimelineEntry[] {
  const dated = [
    ...holds.flatMap((hold) => holdEntries(hold, maySee)),
    // that it is ready is said where its turnaround ends, and that it was in repair where that begins and ends
    ...events
      .filter(({ verb }) => !['turnaround:done', 'repair:sent', 'repair:back'].includes(verb))
      .map((event) => ({
        when: event.at,
        text: eventSentence(event, tag, maySee),
        ...(event.correction && maySee.names && { lines: reasonLines(event.correction) }),
        link: eventLink(event, maySee),
      })),
  ]
  dated.sort((a, b) => Date.parse(b.when) - Date.parse(a.when))
  return dated.map(({ when, ...entry }) => ({
    ...entry,
    at: formatInstant(when),
    datetime: new Date(when).toISOString(),
  }))
}

type Dated = Omit<TimelineEntry, 'at' | 'datetime'> & { when: string }

function holdEntries(hold: ItemHoldRow, maySee: MaySee): Dated[] {
  const link =
    maySee.loans && hold.loan_id !== null ? { href: `/loans/${hold.loan_id}`, text: `Loan ${hold.loan_id}` } : undefined
  const who = hold.kind === 'booking' ? (hold.ward ?? 'a booking') : borrowerName(hold, maySee.names)
  if (hold.cancelled_at !== null) return [{ when: hold.cancelled_at, text: `The plan for ${who} was cancelled.`, link }]
  if (hold.taken_at === null) return [{ when: hold.from_at ?? '', text: plannedSentence(hold, who), link }]
  // its coming back is told by the loan that ended; only what was made ready afterwards is news
  const entries: Dated[] =
    hold.kind === 'turnaround' ? [] : [{ when: hold.taken_at, text: takenSentence(hold, who), link }]
  // where it went from the bench is told there
  const isTold = hold.kind === 'turnaround' && hold.ended_as !== 'ready'
  if (hold.ended_at !== null && !isTold) entries.unshift({ when: hold.ended_at, text: endedSentence(hold, who), link })
  return entries
}

function plannedSentence(hold: ItemHoldRow, who: string): string {
  const until = hold.until_at ? ` until ${formatInstant(hold.until_at)}` : ''
  return `Planned for ${who}${until}.`
}

function takenSentence(hold: ItemHoldRow, who: string): string {
  if (hold.kind === 'repair') return 'Went to repair.'
  const due = hold.due_on ? `, review on ${formatShortDate(hold.due_on)}` : ''
  const instead = hold.in_place_of ? ` in place of ${hold.in_place_of}` : ''
  return hold.kind === 'loan' ? `Lent to ${who}${instead}${due}.` : `Handed out to ${who}.`
}

function returnedSentence({ swapped_for, moved_to }: ItemHoldRow, who: string): string {
  if (moved_to !== null) return `Went on from ${who}, to loan ${moved_to}.`
  return swapped_for === null ? `Came back from ${who}.` : `Came back from ${who}, swapped for ${swapped_for}.`
}

function endedSentence(hold: ItemHoldRow, who: string): string {
  if (hold.kind === 'turnaround') return 'Made ready for the next person.'
  if (hold.kind === 'repair') return repairEndings[hold.ended_as ?? ''] ?? 'Came back from repair.'
  const sentences: Record<string, string> = {
    returned: returnedSentence(hold, who),
    given: `Given to ${who} to keep.`,
    lost: `Lost while with ${who}.`,
    stolen: `Stolen while with ${who}.`,
    damaged: `Damaged beyond use while with ${who}.`,
  }
  return sentences[hold.ended_as ?? ''] ?? `Came back from ${who}.`
}

const repairEndings: Record<string, string> = {
  'beyond-repair': 'It was beyond repair.',
  lost: 'Lost while in repair.',
  stolen: 'Stolen while in repair.',
  damaged: 'Damaged beyond use while in repair.',
}

function eventSentence(event: ItemEventRow, tag: string, maySee: MaySee): string {
  const who = event.staff_member ?? 'An import'
  if (event.correction) return `${who} ${correctionInWords(event.correction, maySee.names, tag)}.`
  const sentences: Record<string, string> = {
    'item:created': `${who} added this item.`,
    'item:updated': `${who} changed its details.`,
    'item:moved': `${who} noted another place for it.`,
    'item:added-to-kit': `${who} put it into a kit.`,
    'item:removed-from-kit': `${who} took it out of its kit.`,
    'item:imported': `${who} brought it in from a spreadsheet.`,
    'item:retired': `${who} took it out of the stock for good.`,
    'item:brought-back': `${who} took it into the stock again.`,
    'item:loan-corrected': `${who} corrected a loan of it.`,
    'repair:changed': `${who} changed what is said about its repair.`,
    'turnaround:photos-saved': `${who} said that what they wanted to keep of it is saved.`,
    'turnaround:photos-not-wanted': `${who} said that they do not want to keep what is on it any more.`,
    'turnaround:step-done': `${who} ticked: ${stepsTold(event)}.`,
    'turnaround:step-undone': `${who} took back: ${stepsTold(event)}.`,
    'incident:reported': `${who} reported it: ${kindTold(event)}.`,
    'incident:found': `${who} marked ${tagsTold(event)} as found.`,
  }
  return sentences[event.verb] ?? `${who}: ${event.verb.replace(/[:-]/g, ' ')}.`
}

function eventLink({ incident_id, correction }: ItemEventRow, maySee: MaySee) {
  if (correction?.is_in_reach && maySee.loans && maySee.names) {
    return { href: `/loans/${correction.loan_id}`, text: `Loan ${correction.loan_id}` }
  }
  if (incident_id === null || !maySee.incidents) return undefined
  return { href: `/incidents/${incident_id}`, text: `Incident ${incident_id}` }
}

/** "stolen", as it was chosen from the list when it was reported. */
function kindTold({ details }: ItemEventRow): string {
  const kind = typeof details === 'object' && details !== null && 'kind' in details ? details.kind : ''
  return String(kind).toLowerCase()
}

function tagsTold({ details }: ItemEventRow): string {
  const items = typeof details === 'object' && details !== null && 'items' in details ? details.items : []
  return Array.isArray(items) ? items.join(', ') : ''
}

function stepsTold({ details }: ItemEventRow): string {
  const steps = typeof details === 'object' && details !== null && 'steps' in details ? details.steps : []
  return Array.isArray(steps) ? steps.join(', ') : ''
}

interface Borrower {
  service_user_id: number | null
  service_user: string | null
  staff_member: string | null
  placed_with?: string | null
  ward?: string | null
}

export function borrowerName(borrower: Borrower, maySeeNames: boolean): string {
  if (borrower.service_user_id !== null) {
    return maySeeNames ? (borrower.service_user ?? 'a service user whose name is not shown') : 'a service user'
  }
  return borrower.staff_member ?? borrower.placed_with ?? borrower.ward ?? 'nobody we know'
}
