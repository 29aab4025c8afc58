import { formatShortDate } from '../lib/dates.ts'

/** What failed, or that it works: a speed of a good day tells how bad the bad ones are. The table holds the same words. */
export const whats = {
  'no-wifi': 'No Wi-Fi',
  dropped: 'A call dropped',
  slow: 'Slow: picture or sound broke up',
  'no-signal': 'No mobile signal',
  works: 'Works: a speed was measured',
} as const

export type What = keyof typeof whats

export function isWhat(text: string): text is What {
  return Object.hasOwn(whats, text)
}

export const MOST_PLACE = 100
export const MOST_MEGABITS = 10_000

export interface NoteForm {
  what: What
  happenedOn: string
  megabits: number | null
  place: string
}

export interface NoteFacts {
  what: string
  happened_on: string
  megabits: number | null
  place: string
}

/** "3 Aug 2026: No Wi-Fi, 2.5 Mbit/s, family room". */
export function noteInWords({ what, happened_on, megabits, place }: NoteFacts): string {
  const parts = [
    isWhat(what) ? whats[what] : what,
    ...(megabits === null ? [] : [`${megabits} Mbit/s`]),
    ...(place === '' ? [] : [place]),
  ]
  return `${formatShortDate(happened_on)}: ${parts.join(', ')}`
}

export function connectivityUrl({ code }: { code: string }): string {
  return `/wards/${code}/connectivity`
}
