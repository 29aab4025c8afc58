import type { TagColour } from '../lib/view-model.ts'

export interface KitDetails {
  tag: string
  name: string
  notes: string
}

/** How many items a kit has, how many of them are no longer ours, and how many nobody has now. */
export interface KitCounts {
  item_count: number
  gone_count: number
  free_count: number
}

/** How a kit stands. Derived from its items and stored nowhere. */
export const kitStates = {
  empty: { text: 'Empty', colour: 'grey' },
  incomplete: { text: 'Incomplete', colour: 'red' },
  ready: { text: 'Ready to lend', colour: 'green' },
  partly: { text: 'Partly here', colour: 'yellow' },
  away: { text: 'Not here', colour: 'blue' },
} as const satisfies Record<string, { text: string; colour: TagColour }>

export type KitState = keyof typeof kitStates

/** A kit is complete while everything in it is still ours, and ready when nobody has any of it. */
export function kitState({ item_count, gone_count, free_count }: KitCounts): KitState {
  if (item_count === 0) return 'empty'
  if (gone_count > 0) return 'incomplete'
  if (free_count === item_count) return 'ready'
  return free_count === 0 ? 'away' : 'partly'
}
