import { categories, isCategory } from '../items/rules.ts'
import { formatLongDate, formatTime, londonToday } from '../lib/dates.ts'
import type { Link, Page, StateTag } from '../lib/view-model.ts'
import { contactInstructions, recipientOf } from '../safe-contact/rules.ts'
import { isRemote } from './rules.ts'
import type { WardAppointment } from './ward-queries.ts'
import { type Way, wayNames } from './words-rules.ts'

export type WardDayPage = Page & {
  today: string
  meetings: {
    heading: string
    tag: StateTag | null
    rows: { key: string; lines: string[] }[]
    instructions: string[]
  }[]
  isCut: boolean
  book: Link
}

/** Who of the ward meets somebody today: when, in which way, where, and what to do or leave. Never what it is about. */
export function presentWardDay(rows: WardAppointment[], most: number, now: Date): WardDayPage {
  const ordered = [...rows].sort((one, other) => Number(isPast(one, now)) - Number(isPast(other, now)))
  return {
    title: 'Appointments today',
    today: formatLongDate(londonToday(now)),
    isCut: rows.length === most,
    book: { href: '/wards', text: 'Book a room or a device' },
    meetings: ordered.map((row) => ({
      heading: `${formatTime(row.starts_at)} to ${formatTime(row.ends_at)}: ${row.service_user}`,
      tag: tagOf(row, now),
      rows: [
        { key: 'Ward', lines: [row.ward] },
        { key: 'How', lines: [wayNames[row.way as Way]] },
        { key: 'Where', lines: whereLines(row) },
        ...(row.adaptations === '' ? [] : [{ key: 'What makes it easier', lines: row.adaptations.split('\n') }]),
      ],
      instructions: contactInstructions(recipientOf(row, row.contact), row.contact_instruction, 'unnamed'),
    })),
  }
}

const isPast = ({ ends_at }: WardAppointment, now: Date) => Date.parse(ends_at) <= now.getTime()

function tagOf(row: WardAppointment, now: Date): StateTag | null {
  if (isPast(row, now)) return { text: 'Over', colour: 'grey' }
  return Date.parse(row.starts_at) <= now.getTime() ? { text: 'Now', colour: 'purple' } : null
}

/** In person where it is; from afar the room and the device that are booked for them, or that none is. */
function whereLines({ way, place, booked }: WardAppointment): string[] {
  const things = booked.map(({ tag, category }) => `${isCategory(category) ? categories[category] : category} ${tag}`)
  if (!isRemote(way)) return [place === '' ? 'Not written down. Ask the team' : place, ...things]
  const hasRoom = booked.some(({ category }) => category === 'private-room')
  return [...things, ...(hasRoom ? [] : ['No private room is booked for them'])]
}
