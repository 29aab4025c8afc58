import { londonDate, londonInstant, londonToday } from '../lib/dates.ts'
import type { StateTag } from '../lib/view-model.ts'

/** A room full, and read in full or refused: never cut. */
export const MOST_CODES = 500

/** What came back. */
export interface ReturnOrder {
  /** What was scanned, in order, as it was sent. */
  codes: string[]
  /** The day it all came back; null: now. */
  returnedOn: string | null
}

/** What became of one scanned code. Only the first is done; each other says why not, and what to do. */
export const returnOutcomes = {
  returned: { text: 'Taken back', colour: 'green' },
  repeated: { text: 'Scanned twice', colour: 'grey' },
  unknown: { text: 'Not known', colour: 'red' },
  several: { text: 'Not clear', colour: 'red' },
  kit: { text: 'Label of a kit', colour: 'orange' },
  'not-out': { text: 'Not on loan', colour: 'orange' },
  turnaround: { text: 'Came back before', colour: 'grey' },
  repair: { text: 'In repair', colour: 'orange' },
  booking: { text: 'In use on a ward', colour: 'orange' },
  gone: { text: 'No longer ours', colour: 'orange' },
  'too-early': { text: 'Not on that day', colour: 'red' },
} as const satisfies Record<string, StateTag>

export type ReturnOutcome = keyof typeof returnOutcomes

/** What can be put right by typing, and so stays in the box of a batch. */
export function isWorthTypingAgain(outcome: ReturnOutcome): boolean {
  return outcome === 'unknown' || outcome === 'several' || outcome === 'too-early'
}

/** What is known of a scanned item when it is to be taken back. */
export interface ReturningItem {
  left_at: string | null
  hold_kind: string | null
  line_id: number | null
  /** Since when they have it. */
  line_taken_at: string | null
  /** When it was last in somebody's hands before, which for a ward's item may be long after the ward got it. */
  last_used_at: string | null
}

/** What becomes of an item that is known. The day is that of its return; null: now. */
export function returnOutcome(item: ReturningItem, day: string | null): ReturnOutcome {
  if (item.left_at !== null) return 'gone'
  if (item.hold_kind === 'turnaround' || item.hold_kind === 'repair' || item.hold_kind === 'booking') {
    return item.hold_kind
  }
  if (item.line_id === null) return 'not-out'
  return day !== null && timesBefore(item).some((at) => day < londonDate(at)) ? 'too-early' : 'returned'
}

/** The moment of a return: now, or noon in London on the day given, and never before it was taken or last used. */
export function momentOfReturn(item: ReturningItem, day: string | null, now: Date): Date {
  const asked = day === null || day === londonToday(now) ? now : (londonInstant(day, '12:00').value ?? now)
  return new Date(Math.max(asked.getTime(), ...timesBefore(item).map((at) => Date.parse(at))))
}

function timesBefore({ line_taken_at, last_used_at }: ReturningItem): string[] {
  return [line_taken_at, last_used_at].filter((at) => at !== null)
}

/** "12 of 14 taken back", for the top of the page. */
export function countInWords(returned: number, scanned: number): string {
  if (scanned === 1) return returned === 1 ? 'Taken back' : 'Not taken back'
  return returned === 0 ? `None of ${scanned} taken back` : `${returned} of ${scanned} taken back`
}

/** Why the day cannot be the day of a return, or null. */
export function returnDayProblem(day: string, today: string): string | null {
  if (day > today) return 'Day they came back must be today or in the past'
  return null
}
