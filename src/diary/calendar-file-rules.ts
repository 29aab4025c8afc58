import { type CalendarFileEntry, writeCalendarFile } from '../lib/calendar-file.ts'

type Entry = Omit<CalendarFileEntry, 'name' | 'isCall'> & { id: number; way: string }

const calls: ReadonlySet<string> = new Set(['video', 'phone'])

/** An entry of a diary as a calendar file. */
export function calendarFile({ id, way, ...entry }: Entry, now: Date): string {
  return writeCalendarFile({ ...entry, name: `diary entry ${id}`, isCall: calls.has(way) }, now)
}
