import type { TagColour } from '../lib/view-model.ts'

export interface KitDetails {
  tag: string
  name: string
  notes: string
}

/** How many items a kit has: of them, how many are no longer ours, how many are free, how many are with somebody. */
export interface KitCounts {
  item_count: number
  gone_count: number
  free_count: number
  out_count: number
}

/** How a kit stands. Derived from its items and stored nowhere. */
export const kitStates = {
  empty: { text: 'Empty', colour: 'grey' },
  incomplete: { text: 'Incomplete', colour: 'red' },
  ready: { text: 'Ready to lend', colour: 'green' },
  out: { text: 'Out', colour: 'blue' },
  'not-ready': { text: 'Not ready', colour: 'yellow' },
} as const satisfies Record<string, { text: string; colour: TagColour }>

export type KitState = keyof typeof kitStates

/** A kit is complete while everything in it is still ours, and ready when all of it could be lent now. */
export function kitState({ item_count, gone_count, free_count, out_count }: KitCounts): KitState {
  if (item_count === 0) return 'empty'
  if (gone_count > 0) return 'incomplete'
  if (free_count === item_count) return 'ready'
  return out_count === item_count ? 'out' : 'not-ready'
}
