import { addDays, formatClock, formatTime, londonClock, londonInstant, weekdayOf } from '../lib/dates.ts'
import { remember } from '../lib/memo.ts'
import { dayOf, MINUTE, type Span, STEP_MINUTES } from './rules.ts'

/** More things than a ward has, and as many as a page shows well. */
export const MOST_ITEMS = 80

/** What is wanted by its kind is chosen from many more than a timetable shows. */
export const MOST_TO_CHOOSE_FROM = 500

/** A day is looked at in parts, so that it fits a tablet; or all of it, for paper. */
export const parts = {
  night: { text: 'Night', from: 0, until: 6 },
  morning: { text: 'Morning', from: 6, until: 12 },
  afternoon: { text: 'Afternoon', from: 12, until: 18 },
  evening: { text: 'Evening', from: 18, until: 24 },
  day: { text: 'All day', from: 0, until: 24 },
} as const

export type Part = keyof typeof parts

export function isPart(text: string): text is Part {
  return Object.hasOwn(parts, text)
}

/** The part a page begins with: the one that is under way, or on another day the morning. */
export function partAt(date: string, now: Date): Part {
  const clock = londonClock(now)
  if (clock.date !== date) return 'morning'
  const names = ['night', 'morning', 'afternoon', 'evening'] as const
  return names.find((name) => clock.hour < parts[name].until) ?? 'evening'
}

/** The Monday of the week in which a day is. */
export function mondayOf(date: string): string {
  return addDays(date, -((weekdayOf(date) + 6) % 7))
}

/** A quarter of an hour of a day: a column. */
export interface Slot extends Span {
  /** As a clock shows it: "2:15pm". */
  text: string
  /** As a form takes it: "14:15"; null for an hour that comes twice, which no form can tell apart. */
  time: string | null
  hour: number
  /** When it ends, as a clock shows it. */
  ends: string
}

/**
 * The quarters of an hour of a part of a day, as they pass: on the two days on which the clocks change the night is an hour
 * shorter, or an hour longer and one hour stands there twice.
 */
export function slotsOf(date: string, part: Part): readonly Slot[] {
  return slotsOfPart(`${part} ${date}`)
}

/** A few days, each in its parts, are what everybody looks at. */
const PARTS_KEPT = 60

const slotsOfPart = remember(PARTS_KEPT, (key: string): readonly Slot[] => {
  const [part, date] = key.split(' ') as [Part, string]
  const { from, until } = dayOf(date)
  const slots: Slot[] = []
  for (let at = from.getTime(); at < until.getTime(); at += STEP_MINUTES * MINUTE) {
    const slot = slotAt(date, new Date(at))
    if (slot.hour >= parts[part].from && slot.hour < parts[part].until) slots.push(slot)
  }
  return slots
})

function slotAt(date: string, from: Date): Slot {
  const { hour, minute } = londonClock(from)
  const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
  const isOnce = londonInstant(date, time).error === undefined
  const until = new Date(from.getTime() + STEP_MINUTES * MINUTE)
  return {
    ...{ from, until, ends: formatTime(until) },
    text: formatClock(hour, minute),
    time: isOnce ? time : null,
    hour,
  }
}

/** The part of a day in which this moment is. */
export function partOf(at: Date): Exclude<Part, 'day'> {
  const { hour } = londonClock(at)
  if (hour < 6) return 'night'
  if (hour < 12) return 'morning'
  return hour < 18 ? 'afternoon' : 'evening'
}

/** Hours as they stand over the columns, each with how many columns it has. */
export function hoursOf(slots: readonly Slot[]): { text: string; first: Slot; span: number }[] {
  const hours: { text: string; first: Slot; span: number }[] = []
  for (const slot of slots) {
    const last = hours.at(-1)
    if (last && !isHourStart(slot)) last.span += 1
    else hours.push({ text: formatClock(slot.hour, 0), first: slot, span: 1 })
  }
  const isTwice = (text: string) => hours.filter((hour) => hour.text === text).length > 1
  const seen = new Set<string>()
  return hours.map((hour) => {
    if (!isTwice(hour.text)) return hour
    const which = seen.has(hour.text) ? 'again' : 'first'
    seen.add(hour.text)
    return { ...hour, text: `${hour.text} (${which})` }
  })
}

const STEP = STEP_MINUTES * MINUTE

const isHourStart = ({ from }: Slot) => from.getTime() % (60 * MINUTE) === 0

export type Cell<T> =
  /** What is planned then: more than one thing only where several fall into one quarter of an hour. */
  | { kind: 'busy'; slots: Slot[]; plans: T[] }
  /** Free within one hour: one thing to tap. */
  | { kind: 'free'; slots: Slot[] }
  /** Gone by, or an hour that comes twice: nothing to tap. */
  | { kind: 'shut'; slots: Slot[] }

/**
 * One row of a timetable. Each plan is one cell across its columns, and what is free is one cell an hour, so that a tablet
 * shows something to tap and forty rows of 24 hours are no 3,840 forms. Plans come in the order of their beginning.
 */
export function cellsOf<T extends Span>(slots: readonly Slot[], plans: T[], now: Date): Cell<T>[] {
  const cells: Cell<T>[] = []
  const start = slots[0]?.from.getTime() ?? 0
  let next = 0
  for (const plan of plans) {
    // the quarters of an hour of a part follow each other, also on the days on which the clocks change
    const first = Math.max(0, Math.floor((plan.from.getTime() - start) / STEP))
    const end = Math.min(slots.length, Math.ceil((plan.until.getTime() - start) / STEP))
    if (end <= first) continue
    cells.push(...openCells(slots.slice(next, first), now))
    const own = slots.slice(Math.max(first, next), end)
    const last = cells.at(-1)
    if (own.length > 0) cells.push({ kind: 'busy', slots: own, plans: [plan] })
    // it begins and ends in a quarter of an hour that has something in it already
    else if (last?.kind === 'busy') last.plans.push(plan)
    next = Math.max(next, end)
  }
  return [...cells, ...openCells(slots.slice(next), now)]
}

function openCells(slots: readonly Slot[], now: Date): Cell<never>[] {
  const cells: Cell<never>[] = []
  for (const slot of slots) {
    const kind = slot.until.getTime() > now.getTime() && slot.time !== null ? 'free' : 'shut'
    const last = cells.at(-1)
    if (last?.kind === kind && (kind === 'shut' || !isHourStart(slot))) last.slots.push(slot)
    else cells.push({ kind, slots: [slot] })
  }
  return cells
}
