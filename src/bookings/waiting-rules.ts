import { formatLongDate, formatTime, londonDate, parseInstant } from '../lib/dates.ts'
import { stillHeld } from './explained-rules.ts'
import {
  addMinutes,
  CLEANING_MINUTES,
  type ForWhom,
  forWhom,
  type Purpose,
  type Span,
  STEP_MINUTES,
  stepAfter,
  stepBefore,
  timesInWords,
  type Whom,
} from './rules.ts'
import { chooseSet, type WantedCandidate } from './wanting-rules.ts'

/** As much of whoever waits as tells what would do for them. */
export interface WaitFacts {
  id: number
  /** One thing, or null: any of these kinds, one of each together. */
  item_id: number | null
  categories: string[]
  connector: string | null
  minutes: number
  earliest_at: string
  latest_at: string
}

/** What somebody waits for: one thing, or one of each of these kinds together. */
export type Wanted = { itemId: number } | { categories: string[]; connector: string | null }

/** What somebody asks for who is put on the list. */
export interface Wish {
  wanted: Wanted
  minutes: number
  /** Between which times it would help. */
  earliest: Date
  latest: Date
  whom: Whom
  purpose: Purpose
}

/** Something that somebody who waits may have, with what is planned for it on the days that count. */
export interface WaitItem extends Omit<WantedCandidate, 'busy'> {
  ward_id: number
  hold_kind: string | null
  hold_until: string | null
  busy: { from: string; until: string }[]
}

/** What has become free for somebody who waits. */
export interface WaitOffer<Wait extends WaitFacts> extends Span {
  wait: Wait
  items: { id: number; tag: string }[]
}

/**
 * What can be offered now to those who wait, in their order: whoever comes first has the first choice, and what is offered
 * to one is not offered to the next for the same time.
 */
export function offersTo<Wait extends WaitFacts, Item extends WantedCandidate>(
  waits: Wait[],
  candidates: Item[],
  now: Date,
): WaitOffer<Wait>[] {
  const left = candidates.map((item) => ({ ...item, busy: [...item.busy] }))
  const offers: WaitOffer<Wait>[] = []
  for (const wait of waits) {
    const offer = offerTo(wait, left, now)
    if (!offer) continue
    offers.push(offer)
    const taken = withCleaning(offer)
    const ids = new Set(offer.items.map(({ id }) => id))
    for (const item of left) if (ids.has(item.id)) item.busy.push(taken)
  }
  return offers
}

/** The same for several wards at once, each with what is its own. */
export function offersOnWards<Wait extends WaitFacts & { ward_id: number }>(
  { waits, waitItems }: { waits: Wait[]; waitItems: WaitItem[] },
  now: Date,
): WaitOffer<Wait>[] {
  return [...Map.groupBy(waits, ({ ward_id }) => ward_id)].flatMap(([wardId, queue]) => {
    const things = waitItems.filter(({ ward_id }) => ward_id === wardId)
    return offersTo(
      queue,
      things.map((item) => ({ ...item, busy: [...item.busy.map(spanOf), ...stillHeld(item, now)] })),
      now,
    )
  })
}

const spanOf = ({ from, until }: { from: string; until: string }): Span => ({
  from: parseInstant(from),
  until: parseInstant(until),
})

const withCleaning = ({ from, until }: Span): Span => ({ from, until: addMinutes(until, CLEANING_MINUTES) })

function offerTo<Wait extends WaitFacts>(wait: Wait, candidates: WantedCandidate[], now: Date) {
  const things = wait.item_id === null ? candidates : candidates.filter(({ id }) => id === wait.item_id)
  for (const from of startsFor(wait, now)) {
    const use = { from, until: addMinutes(from, wait.minutes) }
    const set = chooseSet(things, wait, withCleaning(use))
    if (set) return { wait, ...use, items: set.map(({ id, tag }) => ({ id, tag })) }
  }
  return undefined
}

/**
 * When it could begin, the soonest first. The quarter of an hour that is under way comes last, since part of it is gone:
 * it is what is left where a later beginning would end too late.
 */
function startsFor({ earliest_at, latest_at, minutes }: WaitFacts, now: Date): Date[] {
  const earliest = stepAfter(parseInstant(earliest_at))
  const last = addMinutes(parseInstant(latest_at), -minutes)
  const starts: Date[] = []
  const next = stepAfter(now)
  const first = new Date(Math.max(next.getTime(), earliest.getTime()))
  for (let at = first; at <= last; at = addMinutes(at, STEP_MINUTES)) starts.push(at)
  const running = stepBefore(now)
  return running >= earliest && running <= last && running < next ? [...starts, running] : starts
}

/** "Free now from 2:30pm to 3pm", or with the day where that is another one. */
export function freeInWords(offer: Span, now: Date): string {
  const day = londonDate(offer.from)
  const when = day === londonDate(now) ? 'now' : `on ${formatLongDate(day)}`
  return `Free ${when} from ${timesInWords(offer)}`
}

/** Whom it is offered to, within a sentence. */
export function whoWaits(wait: ForWhom): string {
  if (!wait.may_see) return 'somebody who waits'
  const who = forWhom(wait)
  return who === 'The ward' ? 'the ward' : who
}

export function waitingListUrl({ code }: { code: string }): string {
  return `/wards/${code}/waiting-list`
}

/** How somebody stopped waiting. */
export interface WaitEnd {
  ended_as: string | null
  ended_at: string | null
  ender: string | null
}

/** Why there is nothing to do for them any more, in words for whoever was a moment too late. */
export function endedInWords({ ended_as, ended_at, ender }: WaitEnd): string {
  const when = `at ${formatTime(ended_at ?? '')}${ender === null ? '' : ` by ${ender}`}`
  if (ended_as === 'booked') return `It was booked for them already, ${when}.`
  if (ended_as === 'not-wanted') return `They were taken off the list ${when}, since they no longer wanted it.`
  return 'They were on the list twice, and are on it once now.'
}
