import type { Category } from '../items/rules.ts'
import { addDays, londonMidnightAfter, londonToday, parseInstant } from '../lib/dates.ts'
import { nextWorkingDay } from '../lib/working-days.ts'

interface StepRule {
  text: string
  hint: string
  neededBy: readonly Category[]
  /** What must be done before it, where a category needs that at all: with whatever must be done before those. */
  after: readonly string[]
}

const screens: readonly Category[] = ['tablet', 'smartphone', 'laptop']
const things: readonly Category[] = [
  ...screens,
  'hotspot',
  'charger',
  'headset',
  'accessory',
  'locker-bay',
  'private-room',
]

/**
 * The sheet on the bench: what makes a returned item ready for the next person, in the order it is done. The table
 * turnaround_step_rules holds the same steps by category, and PostgreSQL ends no turnaround before they are done.
 *
 * Signed out before wiped, because a device that is wiped while somebody is signed in stays locked to their account. The
 * storage card out before, because a wipe may empty it and it is theirs. Cleaned last, because every other step puts
 * hands on it; only charging may come before or after.
 */
const sheet = {
  inspected: {
    text: 'Inspected',
    hint: 'It works and nothing is broken or frayed. If something is, leave this unticked and send it to repair.',
    neededBy: things,
    after: [],
  },
  'accessories-complete': {
    text: 'Accessories complete',
    hint: 'Its case, cable and whatever else belongs to it are there.',
    neededBy: [...screens, 'hotspot', 'headset'],
    after: [],
  },
  'sim-checked': {
    text: 'SIM checked',
    hint: 'No SIM of theirs is left. Ours, if there is one, connects and holds no PIN, contacts or texts.',
    neededBy: ['tablet', 'smartphone', 'hotspot', 'sim'],
    after: [],
  },
  // of no category: it is there where data was given with the item, and still runs
  'data-stopped': {
    text: 'Data stopped',
    hint: 'Data was given with it. Stop it at the provider. Saving this suspends it here, too.',
    neededBy: [],
    after: [],
  },
  'storage-card-out': {
    text: 'Storage card out',
    hint: 'No memory card is left in it. If there was one, it goes back to the person.',
    neededBy: screens,
    after: [],
  },
  'signed-out': {
    text: 'Signed out of accounts',
    hint: 'Apple, Google, Microsoft and any other account. Find My is off.',
    neededBy: screens,
    after: [],
  },
  wiped: {
    text: 'Wiped',
    hint: 'Nothing of theirs is left on it.',
    neededBy: [...screens, 'hotspot'],
    after: ['storage-card-out', 'signed-out'],
  },
  cleaned: {
    text: 'Cleaned',
    hint: 'The way your infection control policy says.',
    neededBy: things,
    after: ['inspected', 'accessories-complete', 'sim-checked', 'storage-card-out', 'signed-out', 'wiped'],
  },
  charged: {
    text: 'Charged to 80%',
    hint: 'At any point: before the other steps, or after.',
    neededBy: [...screens, 'hotspot'],
    after: [],
  },
} as const satisfies Record<string, StepRule>

export type Step = keyof typeof sheet

export function isStep(text: string): text is Step {
  return Object.hasOwn(sheet, text)
}

const rules: Record<Step, StepRule> = sheet
export const allSteps = Object.keys(sheet) as Step[]

export function stepText(step: string): string {
  return isStep(step) ? rules[step].text : step
}

/** Steps inside a sentence: "wiped, cleaned". */
export function stepsInSentence(steps: readonly string[]): string {
  return steps
    .map(stepText)
    .map((text) => (text.startsWith('SIM') ? text : text.charAt(0).toLowerCase() + text.slice(1)))
    .join(', ')
}

export function stepHint(step: Step): string {
  return rules[step].hint
}

/** What ends what is on a device: not done while somebody waits for their photos. */
export const erasing: readonly Step[] = ['signed-out', 'wiped']

/** What stops it, in the words for whoever wants to tick one of those steps. */
export function saveFirst(tag: string, what: string): string {
  return `${tag}: photos to save first. Nobody said yet that this is saved: ${what.replace(/[.\s]+$/, '')}.`
}

/** The step that stops what runs on: there is no way back from it on the sheet, since the data is started on its own page. */
export const stopsData: Step = 'data-stopped'

/** What an item of this category needs, in the order it is done. `hasData`: data that was given with it still runs. */
export function stepsFor(category: string, hasData = false): Step[] {
  const isNeeded = (step: Step) => (rules[step].neededBy as readonly string[]).includes(category)
  return allSteps.filter((step) => isNeeded(step) || (hasData && step === stopsData))
}

/** Which of the steps are still to do, in order. */
export function remaining(steps: readonly Step[], done: readonly string[]): Step[] {
  return steps.filter((step) => !done.includes(step))
}

/** What must be done before this step and is not, of the steps that are needed at all. */
export function missingBefore(step: Step, steps: readonly Step[], done: readonly string[]): Step[] {
  return remaining(steps, done).filter((other) => rules[step].after.includes(other))
}

/** What is taken back together with a step: itself, and what was done after it and so has to be done again. */
export function takenBackWith(step: Step, done: readonly string[]): Step[] {
  return allSteps.filter((other) => done.includes(other) && (other === step || rules[other].after.includes(step)))
}

/** What was done, as it stands on the sheet. What a category no longer needs comes last. */
export function inSheetOrder<T extends { step: string }>(done: readonly T[]): T[] {
  const place = ({ step }: T) => (isStep(step) ? allSteps.indexOf(step) : allSteps.length)
  return done.toSorted((one, other) => place(one) - place(other))
}

export const wipeMethods = {
  'factory-reset': 'Factory reset',
  'device-management': 'Mobile device management wipe',
  'not-needed': 'Not needed',
} as const

export type WipeMethod = keyof typeof wipeMethods

export function isWipeMethod(text: string): text is WipeMethod {
  return Object.hasOwn(wipeMethods, text)
}

/** A step somebody ticked. Only a wipe has a method; its note says why none was needed. */
export interface TickedStep {
  step: Step
  method: WipeMethod | null
  note: string
}

/** Whether somebody is to have it before the end of the next working day, or should have it by now. */
export function isPlanAtRisk(startsAt: string, now: Date): boolean {
  const nextDay = nextWorkingDay(addDays(londonToday(now), 1))
  return parseInstant(startsAt) <= londonMidnightAfter(nextDay)
}
