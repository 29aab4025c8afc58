import { itemUrl } from '../items/tag-rules.ts'
import { addDays, formatLongDate, formatTime, londonToday, parseInstant } from '../lib/dates.ts'
import { listUrl } from '../lib/keyset.ts'
import type { DataTable, Link, Page, TableColumn, TimetableCell, TimetableEntry } from '../lib/view-model.ts'
import { categoryName, modelName } from '../models/rules.ts'
import { candidatesOf } from './explained-rules.ts'
import { type OfferShown, presentOffers } from './offered-rules.ts'
import { bookingUrl, forWhom, isProtected, purposeName, type Span, timetableUrl } from './rules.ts'
import { sheetUrl } from './sheet-presenter.ts'
import type { PlanRow, WardItem, WardRow } from './timetable-queries.ts'
import {
  type Cell,
  cellsOf,
  hoursOf,
  MOST_ITEMS,
  type Part,
  partOf,
  parts,
  type Slot,
  slotsOf,
} from './timetable-rules.ts'
import type { WaitRow } from './waiting-queries.ts'
import { offersTo, waitingListUrl } from './waiting-rules.ts'
import { weekUrl } from './week-presenter.ts'

export interface TimetableShown {
  ward: WardRow
  items: WardItem[]
  plans: PlanRow[]
  date: string
  part: Part
  now: Date
  mayBook: boolean
  /** Who waits for something on this day, in their order. */
  waits: WaitRow[]
}

interface RowShown {
  tag: string
  href: string | null
  model: string
  now: { text: string; href: string | null; isLate: boolean }
  walkUp: Link | null
  week: Link
  cells: TimetableCell[]
}

export type TimetablePage = Page & {
  caption: string
  day: string
  days: { previous: Link; next: Link; today: Link | null }
  parts: (Link & { current: boolean })[]
  hours: { text: string; span: number; id: string }[]
  groups: { name: string; rows: RowShown[]; columns: number }[]
  empty: string | null
  cut: string | null
  /** What is booked and is no longer on this ward: it cannot be handed out here. */
  strays: DataTable | null
  isReadOnly: boolean
  /** Where the service looks for what is free. */
  wanted: string | null
  /** The day on paper, for when the network is down. */
  sheet: string | null
  /** What has become free for somebody who waits. */
  offers: OfferShown[]
  /** Who waits, where there is anybody to whom nothing can be offered yet. */
  waiting: Link | null
  /** The ward's other pages, for those who work on it. */
  links: Link[]
}

interface Plan extends PlanRow, Span {}

/** A ward on a day: its things down, the time across. */
export function presentTimetable(shown: TimetableShown): TimetablePage {
  const { ward, items, date, part, now } = shown
  const slots = slotsOf(date, part)
  const plans = shown.plans.map((row) => ({
    ...row,
    from: parseInstant(row.starts_at),
    until: parseInstant(row.ends_at),
  }))
  const today = londonToday(now)
  const ids = new Set(items.map(({ id }) => id))
  const byItem = Map.groupBy(plans, ({ item_id }) => item_id)
  const groups = [...Map.groupBy(items, ({ category }) => category)]
  return {
    title: `${ward.name} timetable`,
    caption: ward.site,
    back: { href: '/wards', text: 'Timetables' },
    day: formatLongDate(date),
    days: {
      previous: { href: timetableUrl(ward.code, addDays(date, -1), part), text: 'Day before' },
      next: { href: timetableUrl(ward.code, addDays(date, 1), part), text: 'Next day' },
      today: date === today ? null : { href: timetableUrl(ward.code), text: 'Today' },
    },
    parts: partLinks(shown, plans),
    hours: hoursOf(slots).map(({ text, span, first }) => ({ text, span, id: hourId(first) })),
    groups: groups.map(([category, rows]) => ({
      name: categoryName(category),
      columns: slots.length + 1,
      rows: rows.map((item) => presentRow(shown, item, slots, byItem.get(item.id) ?? [])),
    })),
    empty: items.length === 0 ? 'Nothing is kept on this ward or on loan to it, so there is nothing to book.' : null,
    cut: items.length >= MOST_ITEMS ? `These are the first ${MOST_ITEMS} things of this ward.` : null,
    strays: presentStrays(
      items,
      plans.filter(({ item_id }) => !ids.has(item_id)),
    ),
    isReadOnly: !shown.mayBook,
    ...waitingOn(shown),
    links: shown.mayBook
      ? [
          { href: `/wards/${ward.code}`, text: 'The ward now' },
          { href: waitingListUrl(ward), text: 'Waiting list' },
          { href: `/wards/${ward.code}/lockers`, text: 'Charging lockers' },
          { href: `/wards/${ward.code}/shift-count`, text: 'Shift count' },
        ]
      : [],
    sheet: shown.mayBook ? sheetUrl(ward.code, date) : null,
    wanted: shown.mayBook ? listUrl('/bookings/wanted', { ward: ward.code }) : null,
  }
}

function waitingOn({ ward, items, plans, waits, now }: TimetableShown): Pick<TimetablePage, 'offers' | 'waiting'> {
  if (waits.length === 0) return { offers: [], waiting: null }
  const offers = offersTo(waits, candidatesOf(items, plans, now), now)
  const left = waits.length - offers.length
  const text = left === 1 ? '1 person waits for something' : `${left} people wait for something`
  return { offers: presentOffers(offers, now), waiting: left > 0 ? { href: waitingListUrl(ward), text } : null }
}

function presentStrays(items: WardItem[], strays: Plan[]): DataTable | null {
  // of more than a page shows, what is left out is not gone
  if (strays.length === 0 || items.length >= MOST_ITEMS) return null
  return {
    caption: 'Booked, and no longer on this ward',
    columns: [{ text: 'Item' }, { text: 'Time' }, { text: 'For' }, { text: 'What to do' }],
    rows: strays.map((plan) => ({
      cells: [
        { text: plan.tag ?? '' },
        { text: formatTime(plan.from) },
        { text: plan.booking_id === null ? 'Booked' : forWhom(plan) },
        plan.booking_id === null
          ? { text: '' }
          : { text: 'Cancel it', href: bookingUrl({ id: plan.booking_id }), visuallyHiddenText: `(${plan.tag ?? ''})` },
      ],
    })),
  }
}

const hourId = ({ from }: Slot) => `h${Math.floor(from.getTime() / 3_600_000)}`

function partLinks({ ward, date, part }: TimetableShown, plans: Plan[]): TimetablePage['parts'] {
  const begun = Map.groupBy(
    plans.filter(({ kind }) => kind === 'booking'),
    ({ from }) => partOf(from),
  )
  const bookedIn = (name: Part) => (name === 'day' ? [...begun.values()].flat().length : (begun.get(name)?.length ?? 0))
  return (Object.keys(parts) as Part[]).map((name) => {
    const booked = bookedIn(name)
    return {
      href: timetableUrl(ward.code, date, name),
      text: `${parts[name].text}${booked > 0 ? ` (${booked} booked)` : ''}`,
      current: name === part,
    }
  })
}

function presentRow(shown: TimetableShown, item: WardItem, slots: readonly Slot[], plans: Plan[]): RowShown {
  const { ward, date, now, mayBook } = shown
  const isToday = date === londonToday(now)
  const bookAt = bookingUrls(ward, item, date)
  const isFreeNow = item.hold_kind === null && !plans.some((plan) => plan.from <= now && now < plan.until)
  return {
    tag: item.tag,
    // whoever only looks at another ward's day may not see its items
    href: mayBook ? itemUrl(item.tag) : null,
    model: modelName({ maker: item.maker, name: item.model }),
    now: presentNow(item, now, mayBook),
    walkUp:
      mayBook && isToday && isFreeNow
        ? { href: newBookingUrl(ward, item, { now: 'yes' }), text: 'Hand out now', visuallyHiddenText: item.tag }
        : null,
    week: { href: weekUrl(ward, item, date), text: 'Week', visuallyHiddenText: `of ${item.tag}` },
    cells: cellsOf(slots, plans, now).map((cell) => presentCell(shown, item, cell, bookAt)),
  }
}

function presentNow(item: WardItem, now: Date, mayBook: boolean): RowShown['now'] {
  const until = item.hold_until === null ? null : parseInstant(item.hold_until)
  const isLate = item.hold_kind === 'booking' && until !== null && until < now
  const href = mayBook && item.hold_booking_id !== null ? bookingUrl({ id: item.hold_booking_id }) : null
  return { text: nowText(item, until, isLate), href, isLate }
}

function nowText(item: WardItem, until: Date | null, isLate: boolean): string {
  switch (item.hold_kind) {
    case null:
      return 'Here'
    case 'booking': {
      const who = item.may_see ? `With ${inSentence(forWhom(item))}` : 'In use'
      if (until === null) return who
      return isLate ? `${who}: not back yet` : `${who}, free again at ${formatTime(until)}`
    }
    case 'loan':
      return item.may_see && item.service_user !== null ? `On loan to ${item.service_user}` : 'On loan'
    case 'turnaround':
      return 'Being made ready'
    default:
      return 'In repair'
  }
}

const inSentence = (who: string) => (who === 'The ward' ? 'the ward' : who)

function presentCell(
  shown: TimetableShown,
  item: WardItem,
  cell: Cell<Plan>,
  bookAt: (time: string) => string,
): TimetableCell {
  const span = cell.slots.length
  if (cell.kind === 'busy') {
    const entries = cell.plans.map((plan) => busyEntry(shown, item, plan))
    return { kind: cell.plans.some((plan) => isAtRisk(item, plan, shown.now)) ? 'risk' : 'busy', span, entries }
  }
  const [first] = cell.slots
  if (cell.kind === 'shut' || !first?.time) return { kind: 'shut', span, entries: [] }
  const hidden = `to ${(cell.slots.at(-1) ?? first).ends}: book ${item.tag}`
  if (!shown.mayBook) return { kind: 'free', span, entries: [{ href: null, text: 'Free', hint: '', hidden: '' }] }
  const href = bookAt(first.time)
  const short = first.time.endsWith(':00') ? undefined : first.time.slice(2)
  return { kind: 'free', span, entries: [{ href, text: first.text, ...(short && { short }), hint: '', hidden }] }
}

/** Somebody else still has it, or it is not ready, shortly before or after this was to begin. */
function isAtRisk(item: WardItem, plan: Plan, now: Date): boolean {
  if (plan.taken_at !== null || item.hold_kind === null || item.hold_booking_id === plan.booking_id) return false
  const until = item.hold_until === null ? now : parseInstant(item.hold_until)
  return until <= now && plan.from.getTime() - now.getTime() < 60 * 60_000 && plan.until > now
}

function busyEntry({ mayBook, now }: TimetableShown, item: WardItem, plan: Plan): TimetableEntry {
  const cleaning = (plan.cleaning_minutes ?? 0) * 60_000
  const use = { from: plan.from, until: new Date(Math.max(plan.from.getTime(), plan.until.getTime() - cleaning)) }
  const times = `${formatTime(use.from)} to ${formatTime(use.until)}`
  const isSeen = plan.may_see && plan.kind === 'booking'
  const text = plan.kind === 'booking' ? (isSeen && plan.booking_id !== null ? forWhom(plan) : 'Booked') : 'On loan'
  const more = [
    plan.kind === 'booking' ? times : '',
    isSeen && plan.purpose !== null && isProtected(plan.purpose) ? purposeName(plan.purpose) : '',
    plan.taken_at !== null && plan.ended_at === null ? 'handed out' : '',
    plan.ended_at !== null ? 'back' : '',
    isAtRisk(item, plan, now) ? 'at risk: not back or not ready' : '',
  ]
  const href = mayBook && plan.booking_id !== null ? bookingUrl({ id: plan.booking_id }) : null
  return { href, text, hint: more.filter((part) => part !== '').join(', '), hidden: `(${item.tag})` }
}

/** Where an item is booked, with what is known already. */
const newBookingUrl = (ward: WardRow, item: WardItem, when: { now: 'yes' } | { on: string }) =>
  listUrl('/bookings/new', { ward: ward.code, item: item.id, ...when })

/** The same for the times of a day, of which a timetable has hundreds. */
function bookingUrls(ward: WardRow, item: WardItem, on: string): (time: string) => string {
  const url = newBookingUrl(ward, item, { on })
  return (time) => `${url}&from=${encodeURIComponent(time)}`
}

export type WardsToBookPage = Page & {
  own: Link[]
  others: { caption: string; columns: TableColumn[]; rows: { cells: { text: string; href?: string }[] }[] } | null
  empty: string | null
}

/** The wards whose timetables somebody may look at: first those where they book. */
export function presentWardsToBook(wards: WardRow[], isOwn: (ward: WardRow) => boolean): WardsToBookPage {
  const others = wards.filter((ward) => !isOwn(ward))
  return {
    title: 'Timetables',
    own: wards.filter(isOwn).map(({ code, name }) => ({ href: timetableUrl(code), text: name })),
    others:
      others.length === 0
        ? null
        : {
            caption: 'Other wards: when things are booked, and not whom for',
            columns: [{ text: 'Ward' }, { text: 'Site' }],
            rows: others.map(({ code, name, site }) => ({
              cells: [{ text: name, href: timetableUrl(code) }, { text: site }],
            })),
          },
    empty: wards.length === 0 ? 'There is no ward, team or hub yet. An administrator adds them.' : null,
  }
}
