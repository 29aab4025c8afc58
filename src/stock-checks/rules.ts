import { leftAs } from '../items/rules.ts'
import type { StateTag } from '../lib/view-model.ts'

/**
 * How an item stands in a check. While the check is open this is worked out from what was scanned and from where the item
 * is now; when the check ends it is kept as an outcome.
 */
export const standings = {
  missing: { text: 'Missing', none: 'Nothing is missing.' },
  found: { text: 'Found', none: 'Nothing is found yet.' },
  unexpected: { text: 'Unexpected', none: 'Nothing was found that should be elsewhere.' },
  'went-out': { text: 'Not expected any more', none: 'Nothing that was expected has gone elsewhere since.' },
} as const

export type Standing = keyof typeof standings

/** The lists of a check: how its items stand, and what was scanned that is none of ours. */
export const checkLists = { ...standings, unknown: { text: 'Not ours', none: 'Nothing was scanned that is not ours.' } }

export type CheckList = keyof typeof checkLists

/** What a list is called: nothing is missing before somebody says that everything was scanned. */
export function listName(list: CheckList, isOpen: boolean): string {
  return list === 'missing' && isOpen ? 'Still to find' : checkLists[list].text
}

export function isCheckList(text: string): text is CheckList {
  return Object.hasOwn(checkLists, text)
}

export type Counts = Record<CheckList, number>

/** What became of an item when the check ended. The table stock_check_items holds the same words. */
export const outcomes = {
  found: { standing: 'found', tag: { text: 'Found', colour: 'green' } },
  moved: { standing: 'unexpected', tag: { text: 'Kept here now', colour: 'green' } },
  'found-again': { standing: 'unexpected', tag: { text: 'Lost before, found here', colour: 'green' } },
  unexpected: { standing: 'unexpected', tag: { text: 'Left as it is', colour: 'grey' } },
  reported: { standing: 'missing', tag: { text: 'Reported lost', colour: 'red' } },
  elsewhere: { standing: 'missing', tag: { text: 'Said to be elsewhere', colour: 'yellow' } },
  missing: { standing: 'missing', tag: { text: 'Left as it is', colour: 'grey' } },
  'went-out': { standing: 'went-out', tag: { text: 'Went elsewhere meanwhile', colour: 'grey' } },
} as const satisfies Record<string, { standing: Standing; tag: StateTag }>

export type Outcome = keyof typeof outcomes

/** How an item stood that had each outcome. */
export type StandingOf = { [Which in Outcome]: (typeof outcomes)[Which]['standing'] }

/** What can be done about a missing item when the check ends. */
export const missingChoices = {
  report: { text: 'Report it lost', hint: 'It leaves the stock, and what has to be done about it is listed.' },
  elsewhere: { text: 'It is somewhere else', hint: '' },
  leave: { text: 'Leave it as it is', hint: '' },
} as const

export type MissingChoice = keyof typeof missingChoices

export function isMissingChoice(text: string): text is MissingChoice {
  return Object.hasOwn(missingChoices, text)
}

/** What can be done about something that should be elsewhere. */
export const unexpectedChoices = {
  move: { text: 'It is kept here from now on', hint: '' },
  'found-again': {
    text: 'It was lost, and is found again',
    hint: 'It comes back into the stock, and is made ready first.',
  },
  leave: { text: 'Leave it as it is', hint: '' },
} as const

export type UnexpectedChoice = keyof typeof unexpectedChoices

export function isUnexpectedChoice(text: string): text is UnexpectedChoice {
  return Object.hasOwn(unexpectedChoices, text)
}

/** The fields in which it is said what to do about an item. */
export const missingField = (itemId: number) => `missing-${itemId}`
export const whereField = (itemId: number) => `where-${itemId}`
export const unexpectedField = (itemId: number) => `unexpected-${itemId}`

/** Where an item is, apart from what was scanned. */
export interface ItemPlace {
  left_as: string | null
  hold_kind: string | null
  kept_at: string | null
  placed_with_ward_id: number | null
  placed_with: string | null
}

const heldAs: Record<string, string> = {
  loan: 'On loan',
  booking: 'In use',
  turnaround: 'Being made ready',
  repair: 'In repair',
}

/** Where an item is or belongs, in a few words that name no person: "On loan", "Kept at Birch Ward". */
export function placeInWords({ left_as, hold_kind, placed_with, kept_at }: ItemPlace): string {
  if (left_as !== null) return leftAs[left_as] ?? 'No longer ours'
  if (hold_kind !== null && hold_kind !== 'turnaround') return heldAs[hold_kind] ?? hold_kind
  if (placed_with !== null) return `With ${placed_with}`
  return kept_at === null ? 'No place is noted for it' : `Kept at ${kept_at}`
}

/** What may be decided about something unexpected: who has it or whose pool it is in is for its loan to say. */
export function choicesFor(item: ItemPlace, may: { move: boolean; find: boolean }): UnexpectedChoice[] {
  if (item.left_as === 'lost' || item.left_as === 'stolen') return may.find ? ['found-again', 'leave'] : ['leave']
  const isFree = item.left_as === null && item.placed_with_ward_id === null
  const isOnHand = item.hold_kind === null || item.hold_kind === 'turnaround'
  return isFree && isOnHand && may.move ? ['move', 'leave'] : ['leave']
}

/** More than this are not looked at one by one, nor reported in one go. */
export const MOST_CHOICES = 100
/** As many as fit on a page that somebody reads; of more, somebody may want to say the same of all. */
const MOST_AT_A_GLANCE = 10

/** How it is asked what to do about what is missing: about each item, about all at once, or only whether to leave it. */
export type Asking = 'each' | 'all' | 'leave'

export function howToAsk(missing: number, wantsEach: boolean): Asking {
  if (missing > MOST_CHOICES) return 'leave'
  return wantsEach || missing <= MOST_AT_A_GLANCE ? 'each' : 'all'
}

/**
 * Whether so much was scanned that the check seems done, so that reporting what is missing is offered first. Otherwise it
 * is more likely to be in a cupboard that nobody has opened yet, and a list that long is no slip to be made by one click.
 */
export function seemsDone({ found, missing }: Pick<Counts, 'found' | 'missing'>): boolean {
  return missing <= found && missing <= MOST_AT_A_GLANCE
}

/** As long as the box takes; a web address on a label is longer than any tag. */
export const MOST_CODE_CHARACTERS = 200
export const MOST_WHERE_CHARACTERS = 200

export function itemsCounted(count: number): string {
  return count === 1 ? '1 item' : `${count.toLocaleString('en-GB')} items`
}

export function checkUrl(id: number): string {
  return `/stock-checks/${id}`
}
