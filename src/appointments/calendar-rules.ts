import { type CalendarFileEntry, writeCalendarFile } from '../lib/calendar-file.ts'
import { isRemote } from './rules.ts'

type Planned = Omit<CalendarFileEntry, 'name' | 'isCall'> & { id: number; way: string }

/** An appointment as a calendar file, for the person or the clinician. The link to join is not in it: others may look. */
export function appointmentCalendar({ id, way, ...appointment }: Planned, now: Date): string {
  return writeCalendarFile({ ...appointment, name: `appointment ${id}`, isCall: isRemote(way) }, now)
}
