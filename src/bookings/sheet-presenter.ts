import { addDays, formatInstant, formatLongDate, formatTime, parseInstant } from '../lib/dates.ts'
import { listUrl } from '../lib/keyset.ts'
import type { Page } from '../lib/view-model.ts'
import { categoryName, modelName } from '../models/rules.ts'
import { waitInWords } from './offered-rules.ts'
import { addMinutes, forWhom, isProtected, purposeName, timetableUrl } from './rules.ts'
import type { PlanRow, WardItem, WardRow } from './timetable-queries.ts'
import type { WaitRow } from './waiting-queries.ts'

/** Empty lines under each thing, for what is written by hand. */
const LINES_TO_WRITE = 3

export type SheetPage = Page & {
  organisation: string
  heading: string
  printed: string
  other: { href: string; text: string }
  items: { tag: string; what: string; now: string; rows: SheetRow[] }[]
  /** Who waits for what: whoever is free first is asked by hand. */
  waits: { who: string; what: string; when: string }[]
  empty: string | null
}

interface SheetRow {
  times: string
  whom: string
}

export interface SheetShown {
  ward: WardRow
  items: WardItem[]
  plans: PlanRow[]
  date: string
  now: Date
  organisation: string
  /** Who waits for something on this day, in their order. */
  waits: WaitRow[]
}

export function sheetUrl(code: string, date: string): string {
  return listUrl(`/wards/${code}/sheet`, { on: date })
}

/** A ward's day on paper, for when the network is down: what is booked, and room to write what is handed out and comes back. */
export function presentSheet({ ward, items, plans, date, now, organisation, waits }: SheetShown): SheetPage {
  const planned = Map.groupBy(plans, ({ item_id }) => item_id)
  return {
    title: `${ward.name}: sheet for ${formatLongDate(date)}`,
    back: { href: timetableUrl(ward.code, date), text: 'Timetable' },
    organisation,
    heading: `${ward.name}, ${formatLongDate(date)}`,
    printed: `Printed on ${formatInstant(now)}. What was booked after that is not on it.`,
    other: { href: sheetUrl(ward.code, addDays(date, 1)), text: `Sheet for ${formatLongDate(addDays(date, 1))}` },
    items: items.map((item) => ({
      tag: item.tag,
      what: `${categoryName(item.category)}, ${modelName({ maker: item.maker, name: item.model })}`,
      now: nowOnPaper(item),
      rows: [...(planned.get(item.id) ?? []).map(sheetRow), ...emptyRows],
    })),
    waits: waits.map(waitInWords),
    empty: items.length === 0 ? 'Nothing is kept on this ward or on loan to it.' : null,
  }
}

const emptyRows: SheetRow[] = Array.from({ length: LINES_TO_WRITE }, () => ({ times: '', whom: '' }))

function sheetRow(plan: PlanRow): SheetRow {
  const from = parseInstant(plan.starts_at)
  const until = addMinutes(parseInstant(plan.ends_at), -(plan.cleaning_minutes ?? 0))
  if (plan.kind !== 'booking') return { times: 'All day', whom: 'On loan' }
  const why =
    plan.may_see && plan.purpose && isProtected(plan.purpose) ? ` (${purposeName(plan.purpose)}: keep it)` : ''
  const whom = plan.may_see && plan.booking_id !== null ? forWhom(plan) : 'Booked'
  return { times: `${formatTime(from)} to ${formatTime(until)}`, whom: `${whom}${why}` }
}

function nowOnPaper(item: WardItem): string {
  if (item.hold_kind === null) return 'Here'
  if (item.hold_kind === 'turnaround') return 'Being made ready'
  if (item.hold_kind === 'repair') return 'In repair'
  if (item.hold_kind === 'loan') return 'On loan'
  return item.may_see ? `With ${forWhom(item)}` : 'In use'
}
