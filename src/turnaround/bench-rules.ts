import {
  inSheetOrder,
  isStep,
  isWipeMethod,
  missingBefore,
  remaining,
  type Step,
  stepsInSentence,
  stepText,
  type TickedStep,
  type WipeMethod,
  wipeMethods,
} from './rules.ts'

/** Ways of wiping that are the same for a whole batch. Why one needs no wipe is said for each, on its own sheet. */
export type BenchMethod = Exclude<WipeMethod, 'not-needed'>

export function isBenchMethod(text: string): text is BenchMethod {
  return isWipeMethod(text) && text !== 'not-needed'
}

/** What is being done to every device that is scanned, chosen once for the batch. */
export interface BenchWork {
  steps: Step[]
  /** How, where wiping is one of them. */
  method: BenchMethod | null
}

/** Nothing to do, or wiping without saying how: then a scan means nothing yet. */
export function isReadyToScan({ steps, method }: BenchWork): boolean {
  return steps.length > 0 && (!steps.includes('wiped') || method !== null)
}

/** Steps in the order of the sheet, each once, however they were asked for. */
export function benchWork(asked: readonly string[], method: string): BenchWork {
  const steps = inSheetOrder([...new Set(asked)].filter(isStep).map((step) => ({ step }))).map(({ step }) => step)
  return { steps, method: steps.includes('wiped') && isBenchMethod(method) ? method : null }
}

/** "signed out of accounts, wiped (factory reset), cleaned". */
export function workInSentence({ steps, method }: BenchWork): string {
  return steps
    .map((step) => {
      const text = stepsInSentence([step])
      return step === 'wiped' && method !== null ? `${text} (${wipeMethods[method].toLowerCase()})` : text
    })
    .join(', ')
}

const UNDO = 'UNDO'
const CARD = 'STEP:'

/** What a card says: other work for the scans that follow, or to take back the last one. */
export type Card = { kind: 'work'; work: BenchWork } | { kind: 'undo' }

/** The code of the card that switches to this work, such as `STEP:signed-out+wiped=factory-reset+cleaned`. */
export function cardCode({ steps, method }: BenchWork): string {
  return `${CARD}${steps.map((step) => (step === 'wiped' ? `wiped=${method}` : step)).join('+')}`
}

export const undoCode = UNDO

/**
 * Reads a card, however the scanner sends its letters; undefined for what is none. A card whose steps are not all known
 * comes from another time, and switches to nothing: then the work has no steps.
 */
export function readCard(code: string): Card | undefined {
  const text = code.trim().toUpperCase()
  if (text === UNDO) return { kind: 'undo' }
  if (!text.startsWith(CARD)) return undefined
  const parts = text.slice(CARD.length).toLowerCase().split('+')
  const method = parts.map((part) => /^wiped=(.+)$/.exec(part)?.[1]).find((found) => found !== undefined) ?? ''
  const steps = parts.map((part) => part.replace(/^wiped=.*$/, 'wiped'))
  return { kind: 'work', work: steps.every(isStep) ? benchWork(steps, method) : { steps: [], method: null } }
}

/** What a scan does to one item, and what it cannot do yet. */
export interface ScanOutcome {
  ticked: TickedStep[]
  /** Of the work, what was done before. */
  already: Step[]
  /** Of the work, what has to wait, each with what comes first. */
  waiting: { step: Step; first: Step[] }[]
  left: Step[]
}

/**
 * What the work means for an item with these steps to do and these done: what it does not need is passed over, and what
 * comes after something that is not done waits.
 */
export function scanOutcome(work: BenchWork, steps: readonly Step[], done: readonly string[]): ScanOutcome {
  const wanted = work.steps.filter((step) => steps.includes(step))
  const now: Step[] = []
  const waiting: ScanOutcome['waiting'] = []
  for (const step of remaining(wanted, done)) {
    const first = missingBefore(step, steps, [...done, ...now])
    if (first.length === 0) now.push(step)
    else waiting.push({ step, first })
  }
  return {
    ticked: now.map((step) => ({ step, method: step === 'wiped' ? work.method : null, note: '' })),
    already: wanted.filter((step) => done.includes(step)),
    waiting,
    left: remaining(steps, [...done, ...now]),
  }
}

/** What could not be done and why: "Cleaned waits for: SIM checked." The work's own steps that wait are no news. */
export function waitingText({ waiting }: Pick<ScanOutcome, 'waiting'>): string {
  const waitsItself = waiting.map(({ step }) => step)
  const first = [...new Set(waiting.flatMap((entry) => entry.first))].filter((step) => !waitsItself.includes(step))
  if (waiting.length === 0) return ''
  const what = waitsItself.map((step, at) => (at === 0 ? stepText(step) : stepsInSentence([step]))).join(', ')
  return `${what} ${waiting.length === 1 ? 'waits' : 'wait'} for: ${stepsInSentence(first)}.`
}
