import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import { parseInstant } from '../lib/dates.ts'
import { digestOf } from '../lib/digest.ts'

interface CalendarEntry {
  id: number
  way: string
  starts_at: string
  ends_at: string
  cancelled_at: string | null
  version: number
}

/** What stands in a calendar that others look into: neither who, nor what for, nor where. */
const titles: Readonly<Record<string, string>> = {
  video: 'Call',
  phone: 'Call',
  'face-to-face': 'Meeting',
  'home-visit': 'Meeting',
}

/**
 * One entry as a calendar file. Its times are in UTC, which every calendar shows in its own time and no change of the clocks
 * moves. The same entry keeps its name, so that a later file moves it or takes it out.
 */
export function calendarFile(entry: CalendarEntry, now: Date): string {
  const isCancelled = entry.cancelled_at !== null
  const calendar = ical({
    prodId: { company: 'calendar', product: 'entry', language: 'EN' },
    method: isCancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
  })
  calendar.createEvent({
    id: `${digestOf(`diary entry ${entry.id}`)}@calendar.invalid`,
    start: parseInstant(entry.starts_at),
    end: parseInstant(entry.ends_at),
    stamp: now,
    sequence: entry.version - 1,
    summary: titles[entry.way] ?? 'Meeting',
    status: isCancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  })
  return calendar.toString()
}
