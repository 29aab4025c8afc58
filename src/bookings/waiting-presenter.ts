import { formatLongDate, formatShortInstant } from '../lib/dates.ts'
import type { Link, Page, PageError } from '../lib/view-model.ts'
import { type OfferShown, presentOffers, waitInWords } from './offered-rules.ts'
import { timetableUrl } from './rules.ts'
import type { WardRow } from './timetable-queries.ts'
import type { WaitingGround, WaitRow } from './waiting-queries.ts'
import { offersOnWards, waitingListUrl, whoWaits } from './waiting-rules.ts'

export interface WaitingListShown extends WaitingGround {
  ward: WardRow
  now: Date
  errors?: PageError[]
}

export type WaitingListPage = Page & {
  caption: string
  offers: OfferShown[]
  days: { day: string; waits: { who: string; what: string; when: string; no: OfferShown['no'] }[] }[]
  empty: string | null
  add: Link
}

/** Who waits on a ward, and for whom something has become free. */
export function presentWaitingList(shown: WaitingListShown): WaitingListPage {
  const { ward, waits, now, errors = [] } = shown
  const offers = offersOnWards(shown, now)
  const offered = new Set(offers.map(({ wait }) => wait.id))
  const left = waits.filter(({ id }) => !offered.has(id))
  return {
    title: `${ward.name} waiting list`,
    caption: ward.site,
    back: { href: timetableUrl(ward.code), text: 'Timetable' },
    errors,
    offers: presentOffers(offers, now),
    days: [...Map.groupBy(left, ({ wanted_on }) => wanted_on)].map(([day, queue]) => ({
      day: formatLongDate(day),
      waits: queue.map(presentWait),
    })),
    empty: waits.length === 0 ? 'Nobody waits for anything on this ward.' : null,
    add: { href: `${waitingListUrl(ward)}/new`, text: 'Put somebody on the list' },
  }
}

function presentWait(wait: WaitRow) {
  const { when, ...words } = waitInWords(wait)
  return {
    ...words,
    when: `${when}. Asked ${formatShortInstant(wait.asked_at)}.`,
    no: { action: `/waiting-list/${wait.id}/removal`, about: `(${whoWaits(wait)})` },
  }
}
