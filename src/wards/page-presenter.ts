import { type OfferShown, presentOffers } from '../bookings/offered-rules.ts'
import { bookingUrl, forWhom, timetableUrl } from '../bookings/rules.ts'
import type { WardItem, WardRow } from '../bookings/timetable-queries.ts'
import { offersOnWards, waitingListUrl } from '../bookings/waiting-rules.ts'
import { connectivityUrl, noteInWords } from '../connectivity/rules.ts'
import { categoryInSentence } from '../items/rules.ts'
import { hasLeftSomething, leavingUrl, thingsInWords } from '../leaving/rules.ts'
import { formatShortInstant, parseInstant } from '../lib/dates.ts'
import type { DataTable, Link, Page, SummaryRow } from '../lib/view-model.ts'
import { depositState, isFreeBay, lockersUrl, timeFrom } from '../lockers/rules.ts'
import { categoryName, modelOf } from '../models/rules.ts'
import { wardReportUrl } from '../reports/place-rules.ts'
import { restrictionInWords, restrictionsUrl } from '../restrictions/rules.ts'
import type { LastCheck } from '../stock-checks/queries.ts'
import type { WardNews } from './page-queries.ts'

export type WardHomePage = Page & {
  caption: string
  /** What people come here to do, each one tap away. */
  links: Link[]
  /** What has become free for somebody who waits. */
  offers: OfferShown[]
  gone: DataTable | null
  restricted: DataTable | null
  out: DataTable | null
  next: DataTable | null
  facts: SummaryRow[]
  nothing: string | null
}

export interface WardShown extends WardNews {
  ward: WardRow
  items: WardItem[]
  now: Date
  /** Whether they may know who has left with something. */
  seesPeople: boolean
  mayRestrict: boolean
  seesReport: boolean
  today: string
}

/** A ward at a glance: what comes next, who has what, and what nobody has collected. */
export function presentWardHome(shown: WardShown): WardHomePage {
  const { ward, seesPeople, seesReport } = shown
  const [out, next] = [outTable(shown), nextTable(shown)]
  return {
    title: ward.name,
    caption: ward.site,
    back: { href: '/wards', text: 'Wards' },
    links: [
      { href: timetableUrl(ward.code), text: 'Timetable' },
      { href: waitingListUrl(ward), text: 'Waiting list' },
      { href: lockersUrl(ward.code), text: 'Charging lockers' },
      { href: `/wards/${ward.code}/shift-count`, text: 'Shift count' },
      { href: `/wards/${ward.code}/cables`, text: 'Cables' },
      ...(seesPeople ? [{ href: leavingUrl(ward), text: 'Leaving the ward' }] : []),
      { href: `/wards/${ward.code}/sheet`, text: 'Paper sheet for today' },
      ...(seesReport ? [{ href: wardReportUrl(ward), text: 'How its devices are used' }] : []),
    ],
    offers: ward.closed_at === null ? presentOffers(offersOnWards(shown, shown.now), shown.now) : [],
    gone: goneTable(shown),
    restricted: restrictedTable(shown),
    out,
    next,
    facts: [lockerFact(shown), ...stockFact(shown), countFact(shown), connectionFact(shown)],
    nothing: out || next ? null : 'Nobody has anything of this ward now, and nothing is booked in the next 24 hours.',
  }
}

function goneTable({ gone, ward, seesPeople }: WardShown): DataTable | null {
  const left = gone.filter(hasLeftSomething)
  if (!seesPeople || left.length === 0) return null
  return {
    caption: 'Left the ward with something open',
    columns: [{ text: 'Name' }, { text: 'What they have' }],
    rows: left.map((leaver) => ({
      cells: [{ text: leaver.name, href: leavingUrl(ward, leaver) }, { text: thingsInWords(leaver.things) }],
    })),
  }
}

/** Whoever hands something out looks here first. */
function restrictedTable({ restricted, today, mayRestrict }: WardShown): DataTable | null {
  if (restricted.length === 0) return null
  return {
    caption: 'Care plans that restrict devices',
    columns: [{ text: 'Name' }, { text: 'What is kept from them' }],
    rows: restricted.map((one) => ({
      cells: [
        { text: one.service_user, ...(mayRestrict && { href: restrictionsUrl({ id: one.service_user_id }) }) },
        { text: restrictionInWords(one, today) },
      ],
    })),
  }
}

function outTable({ items, now }: WardShown): DataTable | null {
  const out = items.filter(({ hold_kind }) => hold_kind === 'booking' || hold_kind === 'loan')
  if (out.length === 0) return null
  return {
    caption: 'Who has what',
    columns: [{ text: 'Item' }, { text: 'With' }, { text: 'Until' }],
    rows: out.map((item) => ({
      cells: [
        {
          text: item.tag,
          hint: modelOf(item),
          ...(item.hold_booking_id !== null && { href: bookingUrl({ id: item.hold_booking_id }) }),
        },
        { text: item.hold_kind === 'loan' ? (item.service_user ?? 'On loan') : forWhom(item) },
        untilCell(item, now),
      ],
    })),
  }
}

function untilCell({ hold_until }: WardItem, now: Date) {
  if (hold_until === null) return { text: '' }
  const isLate = parseInstant(hold_until) < now
  return {
    text: timeFrom(now, hold_until),
    ...(isLate && { tag: { text: 'Not back yet', colour: 'red' as const } }),
  }
}

function nextTable({ next, now }: WardShown): DataTable | null {
  if (next.length === 0) return null
  return {
    caption: 'Next bookings',
    columns: [{ text: 'When' }, { text: 'Items' }, { text: 'For' }],
    rows: next.map((booking) => ({
      cells: [
        { text: timeFrom(now, booking.starts_at), href: bookingUrl(booking) },
        { text: booking.tags.join(', ') },
        { text: forWhom(booking) },
      ],
    })),
  }
}

function lockerFact({ bays, ward, now }: WardShown): SummaryRow {
  const states = bays.map((bay) =>
    bay.deposit_id === null || bay.ready_at === null
      ? null
      : depositState({ ready_at: bay.ready_at, ended_at: null, ended_as: null }, now),
  )
  const count = (state: string) => states.filter((one) => one === state).length
  const [late, ready, charging] = [count('not-collected'), count('ready'), count('charging')]
  const words = [
    `${bays.filter(isFreeBay).length} free`,
    ...(charging > 0 ? [`${charging} charging`] : []),
    ...(ready > 0 ? [`${ready} ready to collect`] : []),
  ].join(', ')
  return {
    key: 'Charging lockers',
    value: bays.length === 0 ? 'None on this ward' : words,
    ...(late > 0 && { tag: { text: `${late} not collected`, colour: 'red' as const } }),
    ...(bays.length > 0 && { actions: [{ href: lockersUrl(ward.code), text: 'Open lockers' }] }),
  }
}

/** Of each kind of thing how many are free: a ward that has none left finds out before somebody asks. */
function stockFact({ items }: WardShown): SummaryRow[] {
  const kinds = [...Map.groupBy(items, ({ category }) => category).entries()]
  if (kinds.length === 0) return []
  const isFree = ({ hold_kind }: WardItem) => hold_kind === null
  const none = kinds.filter(([, list]) => !list.some(isFree)).map(([category]) => categoryInSentence(category))
  return [
    {
      key: 'Free now',
      lines: kinds.map(
        ([category, list]) => `${categoryName(category)}: ${list.filter(isFree).length} of ${list.length}`,
      ),
      ...(none.length > 0 && { tag: { text: `No ${none.join(', no ')} free`, colour: 'yellow' as const } }),
    },
  ]
}

function countFact({ counts, ward }: WardShown): SummaryRow {
  return {
    key: 'Last counts',
    lines: counts.length === 0 ? ['Nobody has counted yet'] : counts.map(countInWords),
    actions: [{ href: `/wards/${ward.code}/shift-count`, text: 'Count now' }],
  }
}

function countInWords({ started_at, finished_at, starter, finisher, expected, scanned, missing }: LastCheck): string {
  if (finished_at === null)
    return `${formatShortInstant(started_at)}, by ${starter}: not finished, ${scanned} of ${expected}`
  const result = missing === 0 ? `all ${expected} found` : `${missing} of ${expected} missing`
  return `${formatShortInstant(finished_at)}, by ${finisher}: ${result}`
}

function connectionFact({ notes, ward }: WardShown): SummaryRow {
  return {
    key: 'Connection',
    lines: notes.length === 0 ? ['Nothing noted'] : notes.map(noteInWords),
    actions: [{ href: connectivityUrl(ward), text: 'Note how it is', visuallyHiddenText: 'on this ward' }],
  }
}
