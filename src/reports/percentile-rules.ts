import { type Published, SMALLEST_DENOMINATOR } from './disclosure-rules.ts'

/** Numbers by how long something took, each with its last day, in their order; the last band has no end. */
export interface Banded {
  total: Published
  bands: readonly { until: number | null; n: Published }[]
}

/**
 * Until when this share of them was done, as published bands tell it: the end of a band, in words. It is made of nothing but
 * what is published, so it gives nothing away. None of fewer than 20, where a hidden band could change it, or past the last end.
 */
export function readOff({ total, bands }: Banded, share: number): string | null {
  if (total === '*' || total < SMALLEST_DENOMINATOR) return null
  const shown = bands.map(({ n }) => (n === '*' ? null : n))
  const sum = shown.reduce<number>((all, n) => all + (n ?? 0), 0)
  // what is hidden is at most what the total has beyond the rest
  const hidden = Math.max(0, total - sum)
  let [least, most] = [0, 0]
  for (const [at, { until }] of bands.entries()) {
    const mayStart = most >= share * Math.max(total, sum)
    if (mayStart) return null
    const n = shown[at] ?? null
    least += n ?? 0
    most += n ?? hidden
    if (least >= share * Math.max(total, sum)) return until === null ? null : `${until} days`
  }
  return null
}
