import { parseInstant } from '../lib/dates.ts'

/** Something that is booked and may take data: an appointment, or a call of our own. */
export interface Contact {
  kind: 'appointment' | 'call'
  id: number
  way: string
  starts_at: string
  ends_at: string
  /** The platform it is held on, and what that takes a minute; null where nobody wrote it down. */
  platform: string | null
  platform_mb: number | null
  /** Where that figure is from, as somebody wrote it down. */
  platform_source?: string | null
}

/** What an organisation takes until it knows better: megabytes a minute by way of meeting, and a day of everything else. */
export interface DataRates {
  video: number
  phone: number
  text: number
  day: number
  /** Where the figures are from, as somebody wrote it down. */
  source?: string
}

export function contactKey({ kind, id }: Pick<Contact, 'kind' | 'id'>): string {
  return `${kind}-${id}`
}

export function minutesOf({ starts_at, ends_at }: Pick<Contact, 'starts_at' | 'ends_at'>): number {
  return Math.max(0, (parseInstant(ends_at).getTime() - parseInstant(starts_at).getTime()) / 60_000)
}

/** Megabytes a minute: the platform's own figure where somebody wrote one down, else the organisation's for this way of meeting. */
export function rateOf({ way, platform_mb }: Pick<Contact, 'way' | 'platform_mb'>, rates: DataRates): number {
  if (way !== 'video' && way !== 'phone' && way !== 'text') return 0
  return way === 'phone' ? rates.phone : (platform_mb ?? rates[way])
}

/** What a contact takes, in megabytes. */
export function costOf(contact: Contact, rates: DataRates): number {
  return minutesOf(contact) * rateOf(contact, rates)
}
