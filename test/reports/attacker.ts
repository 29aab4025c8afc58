import { expect } from '@jest/globals'
import { type Bounds, type Relation, workOut } from '../../src/reports/bounds-rules.ts'
import { type Batch, type Profile, type Published, protect, shownBounds } from '../../src/reports/disclosure-rules.ts'

/**
 * What an attacker begins with who has every published number. Where nothing is hidden for another's sake, a star is a small
 * number; else it may be any.
 */
function known(batches: Batch[], published: Map<string, Published>, profile: Profile, isSecondary: boolean) {
  const star = isSecondary ? { low: 0, high: Infinity } : profile.hidden
  return new Map<string, Bounds>(
    batches
      .flatMap(({ cells }) => cells)
      .map(({ id }) => {
        const shown = published.get(id) as Published
        return [id, shown === '*' ? star : shownBounds(shown, profile)]
      }),
  )
}

/** Small numbers that somebody knows more closely than that they are small, with everything that is out by the given time. */
export function workedOut(batches: Batch[], profile: Profile, isSecondary: boolean, until = batches.length): string[] {
  const published = protect(batches, profile, { isSecondary })
  const out = batches.slice(0, until)
  const relations: Relation[] = out.flatMap((batch) => batch.relations)
  const { bounds } = workOut(known(out, published, profile, isSecondary), relations)
  return out.flatMap(({ cells }) =>
    cells.flatMap(({ id, value }) => {
      const { low, high } = bounds.get(id) as Bounds
      // the attacker's reasoning is sound: the truth is never ruled out
      if (isSecondary) expect(low <= value && value <= high).toBe(true)
      const isSmall = published.get(id) === '*' && value >= profile.hidden.low && value <= profile.hidden.high
      // that nobody is in a group may be known where noughts are shown
      const isExact = !(value === 0 && profile.showsZero) && low === high
      return (isSmall && (low > profile.hidden.low || high < profile.hidden.high)) || isExact ? [id] : []
    }),
  )
}
