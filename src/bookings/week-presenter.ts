import { addDays, formatLongDate, formatTime, londonToday, parseInstant } from '../lib/dates.ts'
import { listUrl } from '../lib/keyset.ts'
import type { DataTable, Link, Page, TableCell } from '../lib/view-model.ts'
import { modelName } from '../models/rules.ts'
import { addMinutes, bookingUrl, dayOf, forWhom, overlaps, timetableUrl } from './rules.ts'
import type { PlanRow, WardItem, WardRow } from './timetable-queries.ts'

export interface WeekShown {
  ward: WardRow
  item: WardItem
  plans: PlanRow[]
  monday: string
  now: Date
  mayBook: boolean
}

export type WeekPage = Page & {
  caption: string
  days: { previous: Link; next: Link }
  table: DataTable
}

const DAYS = [0, 1, 2, 3, 4, 5, 6]

/** One thing of a ward, day by day for a week: when it is taken, and where its free times are. */
export function presentWeek({ ward, item, plans, monday, now, mayBook }: WeekShown): WeekPage {
  const today = londonToday(now)
  const rows = DAYS.map((at) => addDays(monday, at)).flatMap((date) => {
    const day = dayOf(date)
    const onDay = plans.filter((plan) => overlaps(spanOf(plan), day))
    const link = {
      text: formatLongDate(date),
      href: timetableUrl(ward.code, date),
      ...(date === today && { hint: 'Today' }),
    }
    if (onDay.length === 0) return [{ cells: [link, { text: 'Free all day' }, { text: '' }] }]
    return onDay.map((plan) => ({ cells: [link, { text: timesOn(plan) }, whomCell(plan, mayBook)] }))
  })
  return {
    title: `${item.tag}: week of ${formatLongDate(monday)}`,
    caption: `${ward.name}, ${modelName({ maker: item.maker, name: item.model })}`,
    back: { href: timetableUrl(ward.code), text: 'Timetable' },
    days: {
      previous: { href: weekUrl(ward, item, addDays(monday, -7)), text: 'Week before' },
      next: { href: weekUrl(ward, item, addDays(monday, 7)), text: 'Next week' },
    },
    table: {
      caption: 'When it is taken',
      captionHidden: true,
      columns: [{ text: 'Day' }, { text: 'Time' }, { text: 'For' }],
      rows,
    },
  }
}

export function weekUrl(ward: { code: string }, item: { id: number }, date: string): string {
  return listUrl(`/wards/${ward.code}/week`, { item: item.id, on: date })
}

function spanOf({ starts_at, ends_at }: PlanRow) {
  return { from: parseInstant(starts_at), until: parseInstant(ends_at) }
}

function timesOn(plan: PlanRow): string {
  const { from, until } = spanOf(plan)
  if (plan.kind !== 'booking') return 'On loan'
  return `${formatTime(from)} to ${formatTime(addMinutes(until, -(plan.cleaning_minutes ?? 0)))}`
}

function whomCell(plan: PlanRow, mayBook: boolean): TableCell {
  if (plan.kind !== 'booking') return { text: '' }
  const text = plan.booking_id !== null ? forWhom(plan) : 'Booked'
  return mayBook && plan.booking_id !== null ? { text, href: bookingUrl({ id: plan.booking_id }) } : { text }
}
