import { formatTime } from '../lib/dates.ts'

/** What was done last to a booking, and by whom; nobody where the service did it by itself. */
export interface LastChange {
  verb: string
  at: string
  who: string | null
}

const done: Readonly<Record<string, { text: string; next: string }>> = {
  'booking:handed-out': { text: 'handed it out already', next: 'When it comes back, take it back here.' },
  'booking:walked-up': { text: 'handed it out already', next: 'When it comes back, take it back here.' },
  'booking:taken-back': { text: 'took it back already', next: 'It is free again: book it from the timetable.' },
  'booking:cancelled': { text: 'cancelled it already', next: 'To book it again, choose a time in the timetable.' },
  'booking:moved': { text: 'moved it to another time', next: 'Its new time stands below.' },
  'booking:extended': { text: 'changed its end', next: 'Its new end stands below.' },
}

/** What somebody else did meanwhile, in words for whoever was a moment too late, and what can be done now. */
export function changedInWords(change: LastChange | undefined): string {
  if (change?.verb === 'booking:released') {
    return `It was released at ${formatTime(change.at)}, since nobody came for it. To book it again, choose a time in the timetable.`
  }
  const known = change && done[change.verb]
  if (!change || !known) return 'Someone changed this booking after you opened it. Look at it again.'
  return `${change.who ?? 'Somebody'} ${known.text}, at ${formatTime(change.at)}. ${known.next}`
}
