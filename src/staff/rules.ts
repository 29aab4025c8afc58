import { type Role, roleNames } from '../lib/actor.ts'
import type { TagColour } from '../lib/view-model.ts'

/** Who works on wards or in teams. */
export const worksOnWards: ReadonlySet<Role> = new Set<Role>(['ward-staff', 'care-team'])

/** What each role is for, as somebody reads it who is to choose one. */
export const roleHints: Record<Role, string> = {
  administrator: 'Looks after staff accounts and settings. Sees no service user.',
  champion: 'Lends, trains and makes trial-run calls. Sees service users.',
  'care-team': 'Refers people and sees whether they are ready.',
  'ward-staff': 'Books and lends on their own wards.',
  'information-governance': 'Reads the audit, and who may sign in.',
  commissioner: 'Reads reports. Sees no service user.',
}

/**
 * Who may give and take which role. Roles form no order: a role that may do more than another does not therefore make
 * people. Whoever looks after accounts reads no record, and every account they make or change is in the audit, which they
 * do not read.
 */
export const mayGrant: Partial<Record<Role, readonly Role[]>> = {
  administrator: ['administrator', 'champion', 'care-team', 'ward-staff', 'information-governance', 'commissioner'],
}

export function grantable(by: Role): readonly Role[] {
  return mayGrant[by] ?? []
}

export interface AccountFacts {
  /** null: invited, and not here yet. */
  has_password: boolean
  disabled_at: string | null
}

export const accountStates = {
  closed: { text: 'Account closed', colour: 'grey' },
  invited: { text: 'Invited', colour: 'blue' },
  open: { text: 'Can sign in', colour: 'green' },
} as const satisfies Record<string, { text: string; colour: TagColour }>

export type AccountState = keyof typeof accountStates

export function accountState({ has_password, disabled_at }: AccountFacts): AccountState {
  if (disabled_at !== null) return 'closed'
  return has_password ? 'open' : 'invited'
}

/** Why somebody may not change an account, or null. Nobody changes their own: it takes a second person to widen a right. */
export function whyNotToChange(
  by: { staffId: number; role: Role },
  staff: { id: number; role: Role },
  newRole: Role = staff.role,
): string | null {
  if (staff.id === by.staffId) return 'You cannot change your own account. Ask a colleague who has your role.'
  if (!grantable(by.role).includes(staff.role)) return 'Your role may not change this account.'
  if (!grantable(by.role).includes(newRole)) return 'Your role may not give that role.'
  return null
}

/** What somebody does, as a list says it. */
export function roleWords({
  role,
  is_lead_champion,
  caseload_only,
}: {
  role: Role
  is_lead_champion: boolean
  caseload_only: boolean
}): string {
  if (caseload_only) return 'Digital champion, own caseload only'
  return is_lead_champion ? 'Lead digital champion' : roleNames[role]
}
