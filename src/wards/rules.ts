import type { TagColour } from '../lib/view-model.ts'

/** What people say about a ward, in the words of its table. */
export interface WardDetails {
  name: string
  code: string
  kind: WardKind
  site_id: number
  /** No cable longer than this goes there, unless the nurse in charge signs for it; null: any. */
  longest_cable_cm: number | null
  /** As the ward's assessment of ligature risks has it. */
  area_level: number | null
}

/** A ward is any place that can hold items. */
export const wardKinds = {
  'inpatient ward': 'Inpatient ward',
  'community team': 'Community team',
  hub: 'Hub',
} as const

export type WardKind = keyof typeof wardKinds

export function isWardKind(text: string): text is WardKind {
  return Object.hasOwn(wardKinds, text)
}

export function wardKindName(kind: string): string {
  return isWardKind(kind) ? wardKinds[kind] : kind
}

export const wardStates = {
  open: { text: 'In use', colour: 'green' },
  closed: { text: 'Closed', colour: 'grey' },
} as const satisfies Record<string, { text: string; colour: TagColour }>

export function wardState({ closed_at }: { closed_at: string | null }): keyof typeof wardStates {
  return closed_at === null ? 'open' : 'closed'
}

/** As PostgreSQL has it. */
export const codePattern = /^[a-z0-9-]{2,30}$/

/** Words that stand in addresses where a code would. */
export const reservedCodes: ReadonlySet<string> = new Set(['new', 'edit', 'export', 'import', 'print'])

export const LONGEST_CABLE = 1000
export const areaLevels = [1, 2, 3, 4, 5] as const

/** What has to be somewhere else before a ward is closed. */
export interface Obstacles {
  kept: number
  placed: number
  /** Who would be left without a ward. */
  staff: { id: number; name: string }[]
  tablets: { id: number; name: string }[]
  stockChecks: { id: number }[]
}

export function isEmptyWard({ kept, placed, staff, tablets, stockChecks }: Obstacles): boolean {
  return kept + placed + staff.length + tablets.length + stockChecks.length === 0
}

export function wardUrl({ id }: { id: number }): string {
  return `/admin/wards/${id}`
}

export const wardsUrl = '/admin/wards'
export const sitesUrl = '/admin/sites'
