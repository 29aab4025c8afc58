import { addWeeks } from '../lib/dates.ts'
import { isOpen, type LineFacts } from '../loans/rules.ts'
import { stepsFor } from '../turnaround/rules.ts'

/** So long before its review a loan asks what comes after it: time enough to find a device or a tariff of one's own. */
export const WEEKS_BEFORE = 4

interface ChoiceRule {
  text: string
  hint: string
  /** What is done about it next, and where, if this service has a page for it. */
  next: { text: string; page?: string }
}

/** What may come after a loan. Several go together; the table onward_plans holds the same words. */
const choices = {
  extend: {
    text: 'Keep it for longer',
    hint: 'They still need it, and we can spare it.',
    next: { text: 'Extend the loan', page: 'extension' },
  },
  give: {
    text: 'Keep it for good',
    hint: 'It is given to them, and need not come back.',
    next: { text: 'Give it to keep', page: 'gift' },
  },
  'own-device': {
    text: 'A device of their own',
    hint: 'They have one, or get one. Write down who helps to set it up.',
    next: { text: 'Set up their own device with them before this one goes back' },
  },
  'social-tariff': {
    text: 'A social tariff',
    hint: 'Cheaper broadband or mobile data for people on Universal Credit, Pension Credit and some other benefits.',
    next: { text: 'Help them to ask their provider for the social tariff' },
  },
  'device-bank': {
    text: 'A device bank or data bank',
    hint: 'A charity, library or council that gives devices or data to people nearby.',
    next: { text: 'Refer them to the device bank' },
  },
  'nothing-more': {
    text: 'It comes back, and they need nothing more',
    hint: '',
    next: { text: 'Take it back', page: 'return' },
  },
} as const satisfies Record<string, ChoiceRule>

export type OnwardChoice = keyof typeof choices

const rules: Record<OnwardChoice, ChoiceRule> = choices
export const onwardChoices = Object.keys(choices) as OnwardChoice[]

export function isOnwardChoice(text: string): text is OnwardChoice {
  return Object.hasOwn(choices, text)
}

export function onwardChoice(choice: OnwardChoice): ChoiceRule {
  return rules[choice]
}

/** The choices of a plan in words, in the order of the list. */
export function choicesInWords(chosen: readonly string[]): string[] {
  return onwardChoices.filter((choice) => chosen.includes(choice)).map((choice) => rules[choice].text)
}

export const agreedWith = {
  person: 'The person',
  'somebody-for-them': 'Somebody for them',
} as const

export type AgreedWith = keyof typeof agreedWith

export function isAgreedWith(text: string): text is AgreedWith {
  return Object.hasOwn(agreedWith, text)
}

/** Whether they want to keep anything that is on a device. */
export type ToKeep = 'something' | 'nothing' | 'not-asked' | 'no-device'

/** What becomes of what somebody wanted to keep. */
export const rescueOutcomes = {
  saved: { text: 'It is saved', done: 'Noted: what they wanted to keep is saved.' },
  'not-wanted': { text: 'They do not want it any more', done: 'Noted: they do not want it any more.' },
} as const

export type RescueOutcome = keyof typeof rescueOutcomes

export function isRescueOutcome(text: string): text is RescueOutcome {
  return Object.hasOwn(rescueOutcomes, text)
}

/** What holds something of theirs, and is wiped when it comes back. */
export function holdsTheirs(category: string): boolean {
  return stepsFor(category).includes('wiped')
}

interface Dated extends LineFacts {
  due_on: string | null
}

/** What they have and nobody agreed about yet, and whose review comes within four weeks, or has gone by. */
export function linesToPlan<T extends Dated>(lines: T[], coversUntil: string | null, today: string): T[] {
  const soon = addWeeks(today, WEEKS_BEFORE)
  return withThem(lines).filter(({ due_on }) => {
    return due_on !== null && due_on <= soon && (coversUntil === null || due_on > coversUntil)
  })
}

/** What they have now. */
export function withThem<T extends LineFacts>(lines: T[]): T[] {
  return lines.filter((line) => isOpen(line) && line.taken_at !== null)
}

/** The last of the reviews that a plan made now is about. */
export function lastReview(lines: Dated[]): string | null {
  const days = lines.map(({ due_on }) => due_on).filter((day) => day !== null)
  return days.sort().at(-1) ?? null
}

export const MOST_NOTES_CHARACTERS = 1_000
export const MOST_WHO_CHARACTERS = 200
export const MOST_KEEP_CHARACTERS = 500

/** The field in which it is said what they want to keep of what is on the device of a line. */
export const keepField = (lineId: number) => `keep-${lineId}`

export function onwardPlanUrl(loanId: number): string {
  return `/loans/${loanId}/onward-plan`
}
