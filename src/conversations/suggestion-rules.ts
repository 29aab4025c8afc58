import { becauseOf, type Flag, whatShutsOut } from './flag-rules.ts'
import type { Step } from './step-rules.ts'

export const decisions = ['done', 'deferred', 'declined'] as const
export type Decision = (typeof decisions)[number]

export const WEEKS_LATER = 4

export const decisionWords: Readonly<Record<Decision, { text: string; button: string }>> = {
  done: { text: 'Done', button: 'Done' },
  deferred: { text: 'Later', button: 'Later' },
  declined: { text: 'Not wanted', button: 'Not wanted' },
}

export function isDecision(text: string): text is Decision {
  return (decisions as readonly string[]).includes(text)
}

/** Something that could be done, as the answers ask for it. `because` changes when they do. */
export interface Wanted {
  factor: string
  step: Step
  level: 'barrier' | 'risk'
  because: string
}

export function suggestedBy(flags: readonly Flag[]): Wanted[] {
  return whatShutsOut(flags).flatMap((flag) =>
    flag.steps.map((step) => ({
      ...{ factor: flag.factor.id, step, because: becauseOf(flag) },
      level: flag.level === 'barrier' ? 'barrier' : 'risk',
    })),
  )
}

/** Whether a suggestion is to be looked at: nobody decided, or it was to wait until a day that has come. */
export function isWaiting(
  { decision, until }: { decision: string | null; until: string | null },
  today: string,
): boolean {
  return decision === null || (decision === 'deferred' && until !== null && until <= today)
}
