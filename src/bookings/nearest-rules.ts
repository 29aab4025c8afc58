import { addMinutes, MINUTE, overlaps, type Span, STEP_MINUTES, stepAfter, stepBefore } from './rules.ts'

/** Something a ward may book, and the times in which it cannot be had. */
export interface Candidate {
  id: number
  tag: string
  category: string
  model_id: number
  busy: Span[]
}

/** A way out: this thing, from then on. */
export interface Offer {
  items: { id: number; tag: string }[]
  from: Date
}

/** How the search is bounded: not before now, and on the day that was asked for. */
export interface Bounds {
  now: Date
  day: Span
}

export function isFree(candidate: Pick<Candidate, 'busy'>, span: Span): boolean {
  return !candidate.busy.some((busy) => overlaps(busy, span))
}

/** Beginnings on a quarter of an hour on the day, the nearest to `from` first; the later of two that are as near. */
export function startsNear(from: Date, { now, day }: Bounds): Date[] {
  const earliest = Math.max(stepBefore(now).getTime(), stepAfter(day.from).getTime())
  const starts: Date[] = []
  for (let at = earliest; at < day.until.getTime(); at += STEP_MINUTES * MINUTE) starts.push(new Date(at))
  const away = (start: Date) => Math.abs(start.getTime() - from.getTime())
  return starts.sort((a, b) => away(a) - away(b) || b.getTime() - a.getTime())
}

/**
 * What to offer in place of something that is taken: others of its kind at the time that was asked for, those of its model
 * first; and the same thing at the time nearest to it. `minutes` is with cleaning.
 */
export function offersInstead(
  wanted: Candidate,
  others: Candidate[],
  from: Date,
  minutes: number,
  bounds: Bounds,
): Offer[] {
  const span = { from, until: addMinutes(from, minutes) }
  const alike = others
    .filter((other) => other.id !== wanted.id && other.category === wanted.category && isFree(other, span))
    .sort((a, b) => Number(b.model_id === wanted.model_id) - Number(a.model_id === wanted.model_id))
    .slice(0, 2)
    .map((other) => ({ items: [{ id: other.id, tag: other.tag }], from }))
  const start = startsNear(from, bounds).find((at) => isFree(wanted, { from: at, until: addMinutes(at, minutes) }))
  const later = start ? [{ items: [{ id: wanted.id, tag: wanted.tag }], from: start }] : []
  return [...alike, ...later]
}
