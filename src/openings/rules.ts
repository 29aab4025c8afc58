import { RuleBroken } from '../lib/refusals.ts'

/** Who is looked for outside one's reach: enough to mean one person and no other. */
export interface PersonMeant {
  dateOfBirth: string
  /** Either of the two. */
  nhsNumber: string | null
  name: string
}

export interface OpeningOrder {
  personId: number
  reason: string
}

export interface OpeningFacts {
  ends_at: string
  closed_at: string | null
}

/** Whether the record can still be read because of it. */
export function isStillOpen({ ends_at, closed_at }: OpeningFacts, now: Date): boolean {
  return closed_at === null && now < new Date(ends_at)
}

export const openingFilters = ['unseen', 'seen'] as const
export type OpeningFilter = (typeof openingFilters)[number]

/** Whoever opened a record is not the one who looks it over. */
export class OwnOpening extends RuleBroken {
  constructor() {
    super('You opened this record yourself. Somebody else in information governance looks it over.')
  }
}
