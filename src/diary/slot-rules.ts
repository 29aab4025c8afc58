import { addDays, londonDate, londonInstant, weekdayOf } from '../lib/dates.ts'
import { isWorkingDay } from '../lib/working-days.ts'
import {
  type Broken,
  bitOf,
  type Condition,
  conditionsIn,
  type Diary,
  type Slot,
  type SlotQuestion,
  type Span,
} from './slot-conditions-rules.ts'

const MINUTE = 60_000
const HOUR = 60
/** Nobody is called before 8 in the morning or after 8 in the evening, whatever is loosened. No clock changes in between. */
const DAY_BEGINS = 8 * HOUR
const DAY_ENDS = 20 * HOUR
/** Calls begin on the quarter of an hour. */
const STEP = 15
const MOST_SLOTS = 3

/** What would be possible without some of the conditions. */
export interface Loosening {
  conditions: Condition[]
  slot: Slot
}

export interface SlotAnswer {
  /** The earliest that fit and do not overlap one another, three at most. */
  slots: Slot[]
  /** Where none fits: the fewest conditions to loosen, and the earliest that each such loosening would give. */
  loosenings: Loosening[]
}

/**
 * The earliest times for a call at which everything fits, or what stands in the way. It looks at every quarter of an hour from
 * 8am to 8pm on each of the days, for each champion. Knows nothing of the clock and of the database.
 */
export function findSlots(question: SlotQuestion): SlotAnswer {
  const slots: Slot[] = []
  const earliest = new Map<Broken, Slot>()
  const length = question.minutes * MINUTE
  walkTimes(question, (broken, championId, at) => {
    const last = slots.at(-1)
    const isWanted = broken === 0 ? !last || at >= last.endsAt.getTime() : !last && !earliest.has(broken)
    if (!isWanted) return true
    const slot = { championId, startsAt: new Date(at), endsAt: new Date(at + length) }
    if (broken === 0) slots.push(slot)
    else earliest.set(broken, slot)
    return slots.length < MOST_SLOTS
  })
  return { slots, loosenings: slots.length > 0 ? [] : fewestToLoosen(earliest) }
}

/** Every time there is, the earliest first, with the conditions that it breaks; at each the champions in their order. */
export function everyTime(question: SlotQuestion): { slot: Slot; broken: Broken }[] {
  const times: { slot: Slot; broken: Broken }[] = []
  const length = question.minutes * MINUTE
  walkTimes(question, (broken, championId, at) => {
    times.push({ slot: { championId, startsAt: new Date(at), endsAt: new Date(at + length) }, broken })
    return true
  })
  return times
}

/**
 * Goes through all times until `visit` says no. It is told numbers: an object for each of 100,000 times took twice as long as
 * working them out.
 */
function walkTimes(
  question: SlotQuestion,
  visit: (broken: Broken, championId: number, startsAt: number) => boolean,
): void {
  const first = londonDate(question.from)
  const begins = question.from.getTime()
  const ends = question.appointment?.startsAt.getTime() ?? Number.POSITIVE_INFINITY
  for (let ahead = 0; ahead < question.days; ahead += 1) {
    const day = dayOf(addDays(first, ahead), question)
    for (let minute = DAY_BEGINS; minute + question.minutes <= DAY_ENDS; minute += STEP) {
      const startsAt = day.opens + (minute - DAY_BEGINS) * MINUTE
      if (startsAt < begins) continue
      if (startsAt + question.minutes * MINUTE > ends) return
      const shared = day.broken | brokenByPerson(question, minute, startsAt)
      for (const champion of day.champions) {
        const broken = shared | brokenByChampion(champion, question, minute, startsAt)
        if (!visit(broken, champion.championId, startsAt)) return
      }
    }
  }
}

function fewestToLoosen(earliest: Map<Broken, Slot>): Loosening[] {
  const all = [...earliest].map(([broken, slot]) => ({ conditions: conditionsIn(broken), slot }))
  const fewest = Math.min(...all.map((one) => one.conditions.length))
  return all
    .filter((one) => one.conditions.length === fewest)
    .sort((one, other) => one.slot.startsAt.getTime() - other.slot.startsAt.getTime())
}

/** A range of minutes after midnight. */
interface Range {
  from: number
  until: number
}

interface ChampionDay {
  championId: number
  isOnLeave: boolean
  works: Range[]
  away: Range[]
  busy: Span[]
}

interface Day {
  /** The moment at which the clocks show when the day begins. */
  opens: number
  /** What every time of this day breaks. */
  broken: Broken
  champions: ChampionDay[]
}

function dayOf(date: string, question: SlotQuestion): Day {
  const opening = londonInstant(date, `${String(DAY_BEGINS / HOUR).padStart(2, '0')}:00`)
  if (opening.error) throw new RangeError(`No 8am on ${date}`)
  const opens = opening.value.getTime()
  const weekday = weekdayOf(date) || 7
  const { interpreterFrom, appointment, safeTimes } = question
  const broken =
    (isWorkingDay(date) ? 0 : bitOf['working-day']) |
    (interpreterFrom !== undefined && date < interpreterFrom ? bitOf.interpreter : 0) |
    (appointment && date > appointment.lastOn ? bitOf['before-appointment'] : 0) |
    (safeTimes && safeTimes.days.length > 0 && !safeTimes.days.includes(weekday) ? bitOf['safe-times'] : 0)
  const champions = question.diaries.map((diary) => championOn(diary, question, { date, weekday, opens }))
  return { opens, broken, champions }
}

function championOn(
  diary: Diary,
  { travelMinutes, breakMinutes }: SlotQuestion,
  { date, weekday, opens }: { date: string; weekday: number; opens: number },
): ChampionDay {
  const here = diary.exceptions.filter(({ firstOn, lastOn }) => firstOn <= date && date <= lastOn)
  const ranges = (kind: 'away' | 'extra') =>
    here.flatMap((one) => (one.kind === kind ? [{ from: one.from ?? 0, until: one.until ?? 24 * HOUR }] : []))
  const weekly = diary.hours.filter((hours) => hours.weekday === weekday)
  // what is planned in the night is in nobody's way, except for a time that somebody types
  const around = (12 * HOUR + travelMinutes + breakMinutes) * MINUTE
  const closes = opens + (DAY_ENDS - DAY_BEGINS) * MINUTE
  return {
    championId: diary.championId,
    isOnLeave: here.some(({ kind }) => kind === 'leave'),
    works: joined([...weekly, ...ranges('extra')]),
    away: ranges('away'),
    busy: diary.busy.filter(({ from, until }) => from < closes + around && until > opens - around),
  }
}

/** Ranges that touch or overlap are one: nobody is between two of them. */
function joined(ranges: Range[]): Range[] {
  const sorted = ranges.map(({ from, until }) => ({ from, until })).sort((one, other) => one.from - other.from)
  const out: Range[] = []
  for (const range of sorted) {
    const last = out.at(-1)
    if (last && range.from <= last.until) last.until = Math.max(last.until, range.until)
    else out.push(range)
  }
  return out
}

function brokenByPerson(question: SlotQuestion, minute: number, startsAt: number): Broken {
  const { safeTimes, device, trainedBy, personBusy, minutes } = question
  const endsAt = startsAt + minutes * MINUTE
  const begins = (safeTimes?.fromHour ?? 0) * HOUR
  const ends = (safeTimes?.untilHour ?? 24) * HOUR
  return (
    (minute < begins || minute + minutes > ends ? bitOf['safe-times'] : 0) |
    (isBefore(startsAt, device) ? bitOf.device : 0) |
    (isBefore(startsAt, trainedBy) ? bitOf.training : 0) |
    (touchesAny(personBusy, startsAt, endsAt) ? bitOf['person-busy'] : 0)
  )
}

/** Whether something that has to be over is not; null: nobody knows when it will be. */
function isBefore(startsAt: number, moment: Date | null | undefined): boolean {
  if (moment === undefined) return false
  return moment === null || startsAt < moment.getTime()
}

function brokenByChampion(champion: ChampionDay, question: SlotQuestion, minute: number, startsAt: number): Broken {
  const { travelMinutes: travel, breakMinutes, minutes } = question
  const from = minute - travel
  const until = minute + minutes + travel
  const isAtWork = champion.works.some((range) => range.from <= from && until <= range.until)
  const isAway = champion.away.some((range) => range.from < until && from < range.until)
  const leaves = startsAt - travel * MINUTE
  const back = startsAt + (minutes + travel) * MINUTE
  const pause = breakMinutes * MINUTE
  const isBusy = touchesAny(champion.busy, leaves, back)
  return (
    (isAtWork ? 0 : bitOf.hours) |
    (isAway || champion.isOnLeave ? bitOf.leave : 0) |
    (isBusy ? bitOf.busy : 0) |
    (!isBusy && touchesAny(champion.busy, leaves - pause, back + pause) ? bitOf.break : 0)
  )
}

function touchesAny(spans: Span[], from: number, until: number): boolean {
  for (const span of spans) if (span.from < until && from < span.until) return true
  return false
}

/** Whether a time of one champion's fits: it was offered before, and somebody may have been quicker. */
export function fitsAt(
  question: SlotQuestion,
  { championId, startsAt }: Pick<Slot, 'championId' | 'startsAt'>,
): boolean {
  const endsAt = startsAt.getTime() + question.minutes * MINUTE
  const isTooLate = question.appointment !== undefined && endsAt > question.appointment.startsAt.getTime()
  return startsAt >= question.from && !isTooLate && brokenAt(question, { championId, startsAt })?.length === 0
}

/** The conditions that any time of one champion's breaks, on the quarter of an hour or not; undefined: they have no diary. */
export function brokenAt(
  question: SlotQuestion,
  { championId, startsAt }: Pick<Slot, 'championId' | 'startsAt'>,
): Condition[] | undefined {
  const diaries = question.diaries.filter((diary) => diary.championId === championId)
  const day = dayOf(londonDate(startsAt), { ...question, diaries })
  const [champion] = day.champions
  if (!champion) return undefined
  const at = startsAt.getTime()
  const minute = DAY_BEGINS + (at - day.opens) / MINUTE
  return conditionsIn(
    day.broken | brokenByPerson(question, minute, at) | brokenByChampion(champion, question, minute, at),
  )
}
