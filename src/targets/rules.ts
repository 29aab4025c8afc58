import { type Profile, type Published, shownBounds } from '../reports/disclosure-rules.ts'
import { type Period, periodOf, yearOf } from '../reports/period-rules.ts'

/** Which way is good: of people helped more, of what one would rather have less of, fewer. */
export const goodWays = { more: 'At least this many', fewer: 'At most this many' } as const
export type Good = keyof typeof goodWays

/** What a figure should come to in every quarter of a financial year. */
export interface Target {
  good: Good
  quarterly: number
}

export type TargetMet = 'met' | 'not-met' | 'not-told'

/**
 * Whether a target is met, as far as the number that the reader sees tells it, and no further: of a published number every
 * truth that may stand behind it must agree. What is hidden says nothing of its target, since that would narrow what is
 * hidden. The truth itself is never asked, so nothing can be worked out that the number does not tell by itself.
 */
export function targetMet({ good, quarterly }: Target, shown: Published, profile: Profile | null): TargetMet {
  if (shown === '*') return 'not-told'
  const { low, high } = profile === null ? { low: shown, high: shown } : shownBounds(shown, profile)
  const [allMeet, noneMeets] =
    good === 'more' ? [low >= quarterly, high < quarterly] : [high <= quarterly, low > quarterly]
  if (allMeet) return 'met'
  return noneMeets ? 'not-met' : 'not-told'
}

export function targetWords({ good, quarterly }: Target): string {
  return `at ${good === 'more' ? 'least' : 'most'} ${quarterly.toLocaleString('en-GB')} in each quarter`
}

export const targetsUrl = '/admin/settings/targets'

export function targetUrl(figure: string, year: Period): string {
  return `${targetsUrl}/${year.key}/${figure}`
}

/** The financial years that targets are set for: this one, the next, and the one before, which is still being reported on. */
export function targetYears(today: string): Period[] {
  const start = Number(yearOf(today).from.slice(0, 4))
  return [start + 1, start, start - 1].flatMap((year) => periodOf(`year-${year}`) ?? [])
}

/** The year that a target's row has, of a period. */
export function targetYear({ from }: Period): number {
  return Number(yearOf(from).from.slice(0, 4))
}
