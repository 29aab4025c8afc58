import { plainTypedCode } from '../lib/typed-codes.ts'
import type { TagColour } from '../lib/view-model.ts'

/** 60 bits: typed once, within a day, and not to be guessed by trying. */
export const CODE_LETTERS = 12
/** Long enough to carry the code to the ward, short enough for a note that is left lying about. */
export const CODE_HOURS = 24

/** The code as it is compared; null: none. */
export function plainCode(typed: string): string | null {
  return plainTypedCode(typed, CODE_LETTERS)
}

export interface TabletFacts {
  enrolled_at: string | null
  /** null: the code was used, or the tablet is revoked. */
  code_until: string | null
  revoked_at: string | null
}

export const tabletStates = {
  enrolled: { text: 'In use', colour: 'green' },
  waiting: { text: 'Waiting for its code', colour: 'blue' },
  late: { text: 'Code out of date', colour: 'orange' },
  revoked: { text: 'Taken off', colour: 'grey' },
} as const satisfies Record<string, { text: string; colour: TagColour }>

export type TabletState = keyof typeof tabletStates

export function tabletState({ enrolled_at, code_until, revoked_at }: TabletFacts, now: Date): TabletState {
  if (revoked_at !== null) return 'revoked'
  if (enrolled_at !== null) return 'enrolled'
  return code_until !== null && now < new Date(code_until) ? 'waiting' : 'late'
}
