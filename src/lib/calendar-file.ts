import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import { parseInstant } from './dates.ts'
import { digestOf } from './digest.ts'

export interface CalendarFileEntry {
  /** Tells it from everything else that is given as a calendar file. Nobody can read it there. */
  name: string
  /** A call, or else a meeting: all that others who look into the calendar may know. */
  isCall: boolean
  starts_at: string
  ends_at: string
  cancelled_at: string | null
  version: number
}

/**
 * One entry as a calendar file that says neither who, nor what for, nor where. Its times are in UTC, which every calendar shows
 * in its own time and no change of the clocks moves. The same entry keeps its name, so that a later file moves it or takes it out.
 */
export function writeCalendarFile(entry: CalendarFileEntry, now: Date): string {
  const isCancelled = entry.cancelled_at !== null
  const calendar = ical({
    prodId: { company: 'calendar', product: 'entry', language: 'EN' },
    method: isCancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
  })
  calendar.createEvent({
    id: `${digestOf(entry.name)}@calendar.invalid`,
    start: parseInstant(entry.starts_at),
    end: parseInstant(entry.ends_at),
    stamp: now,
    sequence: entry.version - 1,
    summary: entry.isCall ? 'Call' : 'Meeting',
    status: isCancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  })
  return calendar.toString()
}
