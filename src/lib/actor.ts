export const roles = [
  'administrator',
  'champion',
  'care-team',
  'ward-staff',
  'information-governance',
  'commissioner',
] as const

export type Role = (typeof roles)[number]

export const roleNames: Record<Role, string> = {
  administrator: 'Administrator',
  champion: 'Digital champion',
  'care-team': 'Care team',
  'ward-staff': 'Ward staff',
  'information-governance': 'Information governance',
  commissioner: 'Commissioner',
}

/** Who is asking. Every query that reads an organisation's records takes one, and reads that organisation only. */
export interface Actor {
  staffId: number
  organisationId: number
  organisationName: string
  name: string
  email: string
  role: Role
  isLeadChampion: boolean
  /** A champion who sees the people on their caseload, and nobody else. */
  caseloadOnly: boolean
  /** The people outside their reach whose records they have opened with a reason, as long as that lasts. */
  openedIds: number[]
  wardIds: number[]
  /** Where somebody signed in for one task, with a PIN or a badge. None for whoever signed in with a password. */
  tablet?: ActorTablet | null
}

/** A ward's shared tablet; the actor's only ward is its ward. */
export interface ActorTablet {
  id: number
  name: string
  wardName: string
}

/** As much of an actor as it takes to keep a query inside one organisation. */
export type Scope = Pick<Actor, 'organisationId'>
