import { formatInstant, parseInstant } from '../lib/dates.ts'
import type { StateTag } from '../lib/view-model.ts'

/** How a group meets: in one room, or on one call. */
export const groupWayNames = {
  'face-to-face': 'Face to face',
  video: 'A video call',
} as const
export type GroupWay = keyof typeof groupWayNames

export const LEAST_PLACES = 2
export const MOST_PLACES = 30
export const USUAL_PLACES = 6

export interface GroupFacts {
  starts_at: string
  ends_at: string
  cancelled_at: string | null
  places: number
  /** How many places are taken, and of how many of those nobody wrote down yet whether they came. */
  taken: number
  untold: number
}

export type GroupState = 'cancelled' | 'told' | 'waiting' | 'under-way' | 'full' | 'to-come'

/** Where a group stands: worked out, and never stored. */
export function groupState({ cancelled_at, starts_at, ends_at, taken, untold, places }: GroupFacts, now: Date) {
  if (cancelled_at !== null) return 'cancelled'
  if (parseInstant(ends_at) <= now) return taken > 0 && untold > 0 ? 'waiting' : 'told'
  if (parseInstant(starts_at) <= now) return 'under-way'
  return taken >= places ? 'full' : 'to-come'
}

export const groupTags: Readonly<Record<GroupState, StateTag>> = {
  cancelled: { text: 'Cancelled', colour: 'grey' },
  told: { text: 'Over', colour: 'grey' },
  waiting: { text: 'Who came?', colour: 'yellow' },
  'under-way': { text: 'Now', colour: 'purple' },
  full: { text: 'Full', colour: 'green' },
  'to-come': { text: 'To come', colour: 'blue' },
}

/** 4 of 6 places taken */
export function placesInWords({ taken, places }: Pick<GroupFacts, 'taken' | 'places'>): string {
  return `${taken} of ${places} places taken`
}

export const GROUP_CANCELLED = 'This session was cancelled. Plan another one.'
export const GROUP_OVER =
  'This session is over, so nobody is invited to it any more. Who came without an invitation is not on its sheet: invite them to another one, or plan one with them alone.'
export const GROUP_STAYS = 'This session is over, so it stays as it was planned.'
export const moreThanPlaces = (taken: number) =>
  `${taken} people are on the list. Enter ${taken} or more, or take somebody off the list first`
export const ON_THE_LIST = 'They are on the list of this session already.'
export const groupIsFull = (places: number) =>
  `All ${places} places of this session are taken. If somebody on the list does not come, take them off first, and their place is free; or plan another session.`
export const NOT_INVITED =
  'Somebody on this sheet was not invited to this session, so nothing is saved. If they came, invite them first, as long as the session goes on and a place is left'
export const NOTHING_CHOSEN = 'Choose of somebody whether they came'
export const takenOff = (name: string) =>
  `${name} was taken off the list after you opened this sheet, so nothing is saved. If they came, invite them again, and save the sheet once more`
export const sheetTooSoon = (startsAt: string) =>
  `This session begins on ${formatInstant(startsAt)}. Who came can be written down from then on.`
