import { leftAs } from '../items/rules.ts'
import type { StateTag } from '../lib/view-model.ts'

/** What is said about a repair. */
export interface RepairDetails {
  reason: string
  place: string
  /** Null until the bill comes. */
  cost_pence: number | null
  expected_back_on: string | null
}

/** Where an item is, as far as it matters to whoever wants to send it away: who has it, or how it left. */
export interface WhereItIs {
  tag: string
  left_as: string | null
  hold_kind: string | null
}

/**
 * Why an item cannot go to repair, or null when it can: from the shelf, from a ward's pool or from the bench. What
 * somebody has comes back first, so that their loan or booking says when.
 */
export function whyNotToRepair(item: WhereItIs): string | null {
  if (item.hold_kind === 'repair' && item.left_as === null) return `${item.tag} is in repair already.`
  return whyNotOnHand(item)
}

/** Why an item is not ours to do with as we like, or null when it is: gone, lent or handed out. */
export function whyNotOnHand({ tag, left_as, hold_kind }: WhereItIs): string | null {
  if (left_as !== null) return `${tag} is no longer ours: ${(leftAs[left_as] ?? left_as).toLowerCase()}.`
  if (hold_kind === 'loan') return `${tag} is on loan. Take it back first.`
  if (hold_kind === 'booking') return `${tag} is in use. Take it back first.`
  return null
}

export type RepairState = 'in-repair' | 'late' | 'back' | 'gone'

/** The facts of a repair that its state depends on. */
export interface RepairFacts {
  expected_back_on: string | null
  ended_at: string | null
  ended_as: string | null
}

export const repairStates: Record<RepairState, StateTag> = {
  'in-repair': { text: 'In repair', colour: 'orange' },
  late: { text: 'Expected back by now', colour: 'red' },
  back: { text: 'Back', colour: 'green' },
  gone: { text: 'Did not come back', colour: 'grey' },
}

/** How a repair stands. What is expected today is not late until tomorrow. */
export function repairState({ expected_back_on, ended_at, ended_as }: RepairFacts, today: string): RepairState {
  if (ended_at !== null) return ended_as === 'back' ? 'back' : 'gone'
  return expected_back_on !== null && expected_back_on < today ? 'late' : 'in-repair'
}
