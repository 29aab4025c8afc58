import { categoryInSentence } from '../items/rules.ts'
import { formatDate, londonMidnightAfter } from '../lib/dates.ts'

export const MOST_WORDS = 500

/** Kinds of things that a care plan may keep from somebody: what people take away, as `restriction_is_of_things_to_lend` has it. */
export const restrictable = [
  'tablet',
  'smartphone',
  'laptop',
  'hotspot',
  'sim',
  'charger',
  'headset',
  'accessory',
] as const
export type Restrictable = (typeof restrictable)[number]

/** For how long the nurse in charge lets one thing through: a care plan is changed by whoever made it, and not for weeks by a PIN. */
export const permitLengths = [
  { value: 'today', text: 'Until the end of today', days: 0 },
  { value: 'week', text: 'For 7 days', days: 7 },
] as const
export type PermitLength = (typeof permitLengths)[number]

/** The midnight in London at which a permit ends that is signed today. */
export function permitUntil(today: string, days: number): Date {
  return new Date(londonMidnightAfter(today).getTime() + days * 24 * 3_600_000)
}

/** What a care plan keeps from somebody, as whoever hands something out has to know it. */
export interface RestrictionFacts {
  categories: string[]
  words: string
  review_on: string
}

/** What is written down, and until when it is looked at again. */
export interface RestrictionForm {
  categories: Restrictable[]
  words: string
  reviewOn: string
}

export interface PermitForm {
  tag: string
  because: string
  signerId: number
  pin: string
  length: PermitLength
}

/** For example "tablet, smartphone or SIM". */
export function kindsInWords(categories: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(categories.map(categoryInSentence))
}

/** The restriction in a line: what is kept from them, and what whoever wrote it added. */
export function restrictionInWords({ categories, words, review_on }: RestrictionFacts, today: string): string {
  const overdue = review_on <= today ? ` It was to be looked at again on ${formatDate(review_on)}.` : ''
  return `No ${kindsInWords(categories)}. ${words}${/[.!?]$/.test(words) ? '' : '.'}${overdue}`
}

/** As a warning on a page about the person; none where nothing is kept from them. */
export function restrictionWarnings(restrictions: readonly RestrictionFacts[], today: string) {
  if (restrictions.length === 0) return []
  return [
    {
      heading: 'Their care plan restricts devices',
      lines: restrictions.map((one) => restrictionInWords(one, today)),
    },
  ]
}

export function restrictionsUrl({ id }: { id: number }): string {
  return `/service-users/${id}/restrictions`
}

export function restrictionUrl({ id }: { id: number }): string {
  return `/restrictions/${id}`
}
