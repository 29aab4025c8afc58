import { addDays } from '../lib/dates.ts'
import type { TagColour } from '../lib/view-model.ts'

/** The categories, in the order they are listed in; the table item_categories holds the same. */
export const categories = {
  tablet: 'Tablet',
  smartphone: 'Smartphone',
  laptop: 'Laptop',
  hotspot: 'Hotspot',
  sim: 'SIM',
  charger: 'Charger',
  headset: 'Headset',
  accessory: 'Accessory',
  'locker-bay': 'Locker bay',
  'private-room': 'Private room',
} as const

export type Category = keyof typeof categories

export function isCategory(text: string): text is Category {
  return Object.hasOwn(categories, text)
}

/** How a category stands inside a sentence: "no other SIM is free". */
export function categoryInSentence(category: string): string {
  if (!isCategory(category)) return category
  return category === 'sim' ? 'SIM' : categories[category].toLowerCase()
}

/** What people take away; a bay or a room stays where it is and is only ever booked. */
export function canBeLent(category: string): boolean {
  return canBeBooked(category) && category !== 'private-room'
}

/** What a ward books by time: everything but a locker bay, which is taken for as long as something charges in it. */
export function canBeBooked(category: string): boolean {
  return category !== 'locker-bay'
}

/**
 * Where an item is. Derived from who holds it and stored nowhere; docs/states.md has the whole table. The first line
 * that fits is the state.
 */
export const itemStates = {
  gone: { text: 'No longer ours', colour: 'grey' },
  overdue: { text: 'Overdue', colour: 'red' },
  'on-loan': { text: 'On loan', colour: 'blue' },
  'in-use': { text: 'In use', colour: 'blue' },
  turnaround: { text: 'Being made ready', colour: 'yellow' },
  repair: { text: 'In repair', colour: 'orange' },
  'on-ward': { text: 'On a ward', colour: 'purple' },
  available: { text: 'Available', colour: 'green' },
} as const satisfies Record<string, { text: string; colour: TagColour }>

export type ItemState = keyof typeof itemStates

export function isItemState(text: string): text is ItemState {
  return Object.hasOwn(itemStates, text)
}

/** What the state of an item depends on: the hold it is taken under now, the ward it is placed with, whether it left. */
export interface ItemFacts {
  left_as: string | null
  hold_kind: string | null
  /** The review date of the loan, or of the placement when nobody holds it. */
  due_on: string | null
  placed_with: string | null
}

export function itemState(item: ItemFacts, today: string): ItemState {
  if (item.left_as !== null) return 'gone'
  const isLent = item.hold_kind === 'loan' || (item.hold_kind === null && item.placed_with !== null)
  if (isLent && item.due_on !== null && item.due_on < today) return 'overdue'
  if (item.hold_kind === 'loan') return 'on-loan'
  if (item.hold_kind === 'booking') return 'in-use'
  if (item.hold_kind === 'turnaround') return 'turnaround'
  if (item.hold_kind === 'repair') return 'repair'
  return item.placed_with === null ? 'available' : 'on-ward'
}

export const leftAs: Record<string, string> = {
  given: 'Given away',
  lost: 'Lost',
  stolen: 'Stolen',
  damaged: 'Damaged beyond use',
  retired: 'Retired',
}

/** How soon the end of a model's operating-system support is worth saying, in days. */
const SUPPORT_WARNING_DAYS = 90

export type Support = 'supported' | 'ending' | 'ended' | 'not known'

/** Whether a device still gets security updates (evidence 1.1: "up to date" is part of what makes lending work). */
export function support(endsOn: string | null, today: string): Support {
  if (endsOn === null) return 'not known'
  if (endsOn <= today) return 'ended'
  return endsOn <= addDays(today, SUPPORT_WARNING_DAYS) ? 'ending' : 'supported'
}
