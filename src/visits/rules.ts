import { formatClock, formatLongDate, londonMidnight, londonToday } from '../lib/dates.ts'

/** When and where a kit is handed over. */
export interface Visit {
  day: string
  /** Like "14:30"; null where nobody said. */
  time: string | null
  place: string
}

export const MOST_PLACE_CHARACTERS = 200

/** From when the items are held for a visit: from the morning of its day, since a kit is packed then; or from now on. */
export function heldFrom({ day }: Pick<Visit, 'day'>, now: Date): Date {
  return day === londonToday(now) ? now : londonMidnight(day)
}

export interface PlannedFacts {
  taken_at: string | null
  ended_at: string | null
  cancelled_at: string | null
}

/** What is still to be handed over. */
export function isPlanned(line: PlannedFacts): boolean {
  return line.taken_at === null && line.ended_at === null && line.cancelled_at === null
}

/** What keeps an item from going out. */
export interface ReadinessFacts {
  left_as: string | null
  /** How it is held now, if it is. */
  hold_kind: string | null
}

const reasons: Record<string, string> = {
  loan: 'Not ready: it is still on loan',
  booking: 'Not ready: it is in use',
  turnaround: 'Not ready: it is being made ready',
  repair: 'Not ready: it is in repair',
}

/** Why an item cannot go out yet; null when it can. */
export function whyNotReady({ left_as, hold_kind }: ReadinessFacts): string | null {
  if (left_as !== null) return 'No longer ours. Choose another'
  return hold_kind === null ? null : (reasons[hold_kind] ?? 'Not ready')
}

export function handOverUrl(loanId: number): string {
  return `/loans/${loanId}/hand-over`
}

export function packingListUrl(day: string): string {
  return `/packing-list?on=${day}`
}

/** "Monday 3 August 2026 at 14:30, Hazel Ward". */
/** A time of a visit, kept like "14:30", as it is read: "2:30pm". */
export function timeInWords(time: string): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return formatClock(hour, minute)
}

export function visitInWords(day: string, time: string | null, place: string): string {
  return [`${formatLongDate(day)}${time === null ? '' : ` at ${timeInWords(time)}`}`, place]
    .filter((part) => part !== '')
    .join(', ')
}
