import { formatInstant, formatTime, londonDate, parseInstant } from '../lib/dates.ts'
import type { Candidate } from './nearest-rules.ts'
import { addMinutes, dayOf, forWhom, overlaps, type Span, stepAfter, timesInWords } from './rules.ts'

/** As much of a ward's item as tells when it cannot be had. */
export interface ItemFacts {
  id: number
  tag: string
  category: string
  model_id: number
  connector: string | null
  hold_kind: string | null
  hold_until: string | null
}

export interface PlanFacts {
  item_id: number
  booking_id: number | null
  kind: string
  starts_at: string
  ends_at: string
  cleaning_minutes: number | null
  may_see: boolean
  service_user_id: number | null
  service_user: string | null
  initials: string | null
}

/**
 * The things of a ward with the times in which each cannot be had: what is planned; and what somebody still has who was to
 * bring it back, or what is being made ready, for the rest of the day, since nobody knows when that ends.
 */
export function candidatesOf<T extends ItemFacts>(
  items: T[],
  plans: PlanFacts[],
  now: Date,
  exceptBookingId?: number,
): (T & Candidate)[] {
  const planned = Map.groupBy(
    plans.filter(({ booking_id }) => exceptBookingId === undefined || booking_id !== exceptBookingId),
    ({ item_id }) => item_id,
  )
  return items.map((item) => ({
    ...item,
    busy: [...(planned.get(item.id) ?? []).map(spanOf), ...stillHeld(item, now)],
  }))
}

/** What somebody still has who was to bring it back, or what is being made ready, cannot be had for the rest of the day. */
export function stillHeld({ hold_kind, hold_until }: Pick<ItemFacts, 'hold_kind' | 'hold_until'>, now: Date): Span[] {
  const until = hold_until === null ? null : parseInstant(hold_until)
  if (hold_kind === null || (until !== null && until > now)) return []
  return [{ from: now, until: dayOf(londonDate(now)).until }]
}

function spanOf({ starts_at, ends_at }: PlanFacts): Span {
  return { from: parseInstant(starts_at), until: parseInstant(ends_at) }
}

/** Why something cannot be had then, in a sentence, as far as whoever asks may know. */
export function whyTaken(item: ItemFacts, plans: PlanFacts[], asked: Span, now: Date): string {
  const plan = plans.find((row) => row.item_id === item.id && overlaps(spanOf(row), asked))
  if (plan) return plannedWords(item, plan)
  if (item.hold_kind === 'turnaround') return `${item.tag} is being made ready.`
  if (item.hold_kind === 'repair') return `${item.tag} is in repair.`
  const until = item.hold_until === null ? null : parseInstant(item.hold_until)
  if (item.hold_kind !== null && until !== null && until <= now) {
    return `${item.tag} is not back yet. It was to be back at ${formatTime(until)}.`
  }
  if (item.hold_kind !== null) return `Somebody has ${item.tag} now.`
  return `Somebody else has just taken ${item.tag} for this time.`
}

function plannedWords({ tag }: ItemFacts, plan: PlanFacts): string {
  const span = spanOf(plan)
  if (plan.kind !== 'booking') return `${tag} is on loan until ${formatInstant(span.until)}.`
  const cleaning = plan.cleaning_minutes ?? 0
  const use = { from: span.from, until: addMinutes(span.until, -cleaning) }
  const whom = plan.may_see && plan.booking_id !== null ? ` for ${inSentence(forWhom(plan))}` : ''
  const clean = cleaning > 0 ? ` It is free again at ${formatTime(stepAfter(span.until))}, when it is clean.` : ''
  return `${tag} is booked${whom} from ${timesInWords(use)}.${clean}`
}

const inSentence = (who: string) => (who === 'The ward' ? 'the ward' : who)
