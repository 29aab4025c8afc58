import { londonMidnightAfter } from '../lib/dates.ts'

export const MOST_REASON = 500

/** For how long the nurse in charge signs: until the end of today, of the week, or as long as things are booked ahead. */
export const permitLengths = [
  { value: 'today', text: 'Until the end of today', days: 0 },
  { value: 'week', text: 'For 7 days', days: 7 },
  { value: 'weeks', text: 'For 12 weeks', days: 84 },
] as const

export type PermitLength = (typeof permitLengths)[number]

/** The midnight in London at which a permit ends that is signed today. */
export function permitUntil(today: string, days: number): Date {
  const midnight = londonMidnightAfter(today)
  return new Date(midnight.getTime() + days * 24 * 3_600_000)
}

export interface PermitForm {
  itemId: number
  because: string
  signerId: number
  pin: string
  length: PermitLength
}

/** What whoever writes down that somebody was admitted is told at once. */
export function longCableWarning({ ward, tags }: { ward: string; tags: string[] }): string {
  const cables = tags.length === 1 ? 'which has a longer cable' : 'which have longer cables'
  return `They have ${new Intl.ListFormat('en-GB').format(tags)}, ${cables} than ${ward} permits. Tell the ward now: it is kept safe or sent home, or the nurse in charge signs for it on the page of the ward.`
}

export function cablesUrl({ code }: { code: string }): string {
  return `/wards/${code}/cables`
}

/** A ward without a limit takes any cable; one that is not measured is not known to be too long. */
export function isTooLong(centimetres: number | null, longest: number | null): boolean {
  return centimetres !== null && longest !== null && centimetres > longest
}
