import { addDays, daysBetween } from '../lib/dates.ts'
import { whyNotOnHand } from '../repairs/rules.ts'

/** Ways to part with an item on purpose; the table disposals holds the same words. */
export const disposalWays = {
  recycled: {
    text: 'Recycled',
    hint: 'By a firm that may take waste electrical equipment (WEEE). Ask for their certificate.',
  },
  charity: { text: 'Given to charity', hint: 'It still works, and somebody else can use it.' },
  supplier: { text: 'Returned to the supplier', hint: 'It was hired, or is taken in exchange.' },
  destroyed: { text: 'Destroyed', hint: 'By us or by a firm.' },
} as const

export type DisposalWay = keyof typeof disposalWays

export function isDisposalWay(text: string): text is DisposalWay {
  return Object.hasOwn(disposalWays, text)
}

/** How the data on it was wiped. */
export const wipedWays = {
  'factory-reset': 'Factory reset',
  'device-management': 'Mobile device management wipe',
  'erasure-software': 'Erasure software',
  'storage-destroyed': 'Its storage was destroyed',
  'nothing-on-it': 'It cannot hold any data',
} as const

export type WipedWay = keyof typeof wipedWays

export function isWipedWay(text: string): text is WipedWay {
  return Object.hasOwn(wipedWays, text)
}

/** What is said when an item is parted with. */
export interface DisposalDetails {
  how: DisposalWay
  to_whom: string
  wiped_how: WipedWay
  wiped_by: string
  certificate: string
  disposed_on: string
  note: string
}

/** Why an item cannot be retired, or null when it can: nobody has it, and no ward counts it among its own. */
export function whyNotRetired(item: {
  tag: string
  left_as: string | null
  hold_kind: string | null
  placed_with: string | null
}): string | null {
  const refusal = whyNotOnHand(item)
  if (refusal !== null || item.placed_with === null) return refusal
  return `${item.tag} belongs to what ${item.placed_with} has. Take it back from the ward first.`
}

/** As long as this it may turn out to have been a mistake; PostgreSQL keeps the same limit. */
export const DAYS_TO_BRING_BACK = 30

export function lastDayToBringBack(retiredOn: string): string {
  return addDays(retiredOn, DAYS_TO_BRING_BACK)
}

export function canBringBack(retiredOn: string, today: string): boolean {
  return daysBetween(retiredOn, today) <= DAYS_TO_BRING_BACK
}
