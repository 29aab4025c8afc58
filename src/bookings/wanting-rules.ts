import { parseInstant } from '../lib/dates.ts'
import { type Bounds, type Candidate, isFree, type Offer, startsNear } from './nearest-rules.ts'
import { addMinutes, type Span } from './rules.ts'

/** What somebody wants: one of each of these kinds together, and the plug that what has one must have. */
export interface Wants {
  categories: string[]
  /** null: any. */
  connector: string | null
}

export type WantedCandidate = Candidate & {
  connector: string | null
  is_cable_too_long: boolean
  cable_signed_until: string | null
}

/**
 * One of each kind, all free for this time: null where there is no such set. Kinds differ, so the first that is free of each
 * is as good as any other.
 */
export function chooseSet<T extends WantedCandidate>(candidates: T[], wants: Wants, span: Span): T[] | null {
  const chosen: T[] = []
  for (const category of wants.categories) {
    const one = candidates.find(
      (item) => item.category === category && fits(item, wants) && isPermitted(item, span.from) && isFree(item, span),
    )
    if (!one) return null
    chosen.push(one)
  }
  return chosen
}

/** What has no plug, such as a room or a wireless headset, fits any. */
function fits({ connector }: WantedCandidate, wants: Wants): boolean {
  return wants.connector === null || connector === null || connector === wants.connector
}

/** Whether the ward permits its cable, or the nurse in charge has signed for it until after it is handed out. */
function isPermitted({ is_cable_too_long, cable_signed_until }: WantedCandidate, at: Date): boolean {
  return !is_cable_too_long || (cable_signed_until !== null && parseInstant(cable_signed_until) > at)
}

/** The kinds of which a ward has some that fit, each with a longer cable than it permits then. */
export function tooLong(candidates: WantedCandidate[], wants: Wants, at: Date): string[] {
  return wants.categories.filter((category) => {
    const fitting = candidates.filter((item) => item.category === category && fits(item, wants))
    return fitting.length > 0 && !fitting.some((item) => isPermitted(item, at))
  })
}

/** The kinds of which a ward has none that fits, so that no other time would help. */
export function lacking(candidates: WantedCandidate[], wants: Wants): string[] {
  return wants.categories.filter(
    (category) => !candidates.some((item) => item.category === category && fits(item, wants)),
  )
}

const MOST_OFFERS = 3

/** The times nearest to the one that was asked for at which there is a whole set. `minutes` is with cleaning. */
export function setsInstead(
  candidates: WantedCandidate[],
  wants: Wants,
  from: Date,
  minutes: number,
  bounds: Bounds,
): Offer[] {
  return startsNear(from, bounds)
    .flatMap((start) => {
      const set = chooseSet(candidates, wants, { from: start, until: addMinutes(start, minutes) })
      return set ? [{ items: set.map(({ id, tag }) => ({ id, tag })), from: start }] : []
    })
    .slice(0, MOST_OFFERS)
}
