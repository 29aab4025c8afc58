import { bankHolidays } from '../lib/bank-holidays.ts'
import { formatClock, londonClock, weekdayOf } from '../lib/dates.ts'
import { remember } from '../lib/memo.ts'

export const exceptionNames = {
  leave: 'Leave, or another whole day away',
  away: 'Away for some hours',
  extra: 'Works some more hours',
} as const

export type ExceptionKind = keyof typeof exceptionNames

export const weekdayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

/** The fields of a form in which the hours of a weekday are typed. */
export const fromField = (weekday: number) => `from-${weekday}`
export const untilField = (weekday: number) => `until-${weekday}`

/** What somebody works on a weekday, 1 for Monday, in minutes after midnight. */
export interface WeekdayHours {
  weekday: number
  from: number
  until: number
}

export interface NewException {
  kind: ExceptionKind
  firstOn: string
  lastOn: string
  from: number | null
  until: number | null
}

/** 9am to 5pm */
export function rangeInWords(from: number, until: number): string {
  return `${minuteInWords(from)} to ${minuteInWords(until)}`
}

const MINUTES_OF_A_DAY = 1_441

/** A week of a team asks for the same few minutes some hundred times. */
const minuteInWords = remember(MINUTES_OF_A_DAY, (minute: number) =>
  formatClock(Math.floor(minute / 60) % 24, minute % 60),
)

/** 09:30, as it is typed. */
export function minuteTyped(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/** Minutes after midnight of a time like 9:30 or 17:00; null where it is none. */
export function minuteFrom(typed: string): number | null {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(typed.trim()) ?? []
  return hour === undefined ? null : Number(hour) * 60 + Number(minute)
}

/** A champion says when they work, and a lead champion says it for the others too. */
export function mayKeepHoursOf(by: { staffId: number; isLeadChampion: boolean }, championId: number): boolean {
  return by.staffId === championId || by.isLeadChampion
}

/** The hours of each day in words; what the form was shown with, so that nobody overwrites what they did not see. */
export function hoursInWords(hours: readonly WeekdayHours[]): string[] {
  return hours.map(({ weekday, from, until }) => `${weekdayNames[weekday - 1]} ${rangeInWords(from, until)}`)
}

/** Whether an entry of one of the days touches the hours that somebody is away; leave is the whole day. */
export function isDuring(
  { starts_at, ends_at }: { starts_at: string; ends_at: string },
  { from, until }: Pick<NewException, 'from' | 'until'>,
): boolean {
  if (from === null || until === null) return true
  return minuteOfDay(starts_at) < until && minuteOfDay(ends_at) > from
}

function minuteOfDay(at: string): number {
  const { hour, minute } = londonClock(at)
  return hour * 60 + minute
}

interface Worked {
  hours: readonly WeekdayHours[]
  exceptions: readonly {
    kind: string
    first_on: string
    last_on: string
    from_minute: number | null
    until_minute: number | null
  }[]
}

/** When a champion works on a day, in words, with what is otherwise on it. */
export function workInWords({ hours, exceptions }: Worked, day: string): string[] {
  const holiday = bankHolidays(Number(day.slice(0, 4))).find(({ date }) => date === day)
  const here = exceptions.filter(({ first_on, last_on }) => first_on <= day && day <= last_on)
  if (here.some(({ kind }) => kind === 'leave')) return ['On leave']
  const weekday = weekdayOf(day) || 7
  const works = hours.filter((one) => one.weekday === weekday).map(({ from, until }) => rangeInWords(from, until))
  const otherwise = here.map(({ kind, from_minute, until_minute }) => {
    const range = rangeInWords(from_minute ?? 0, until_minute ?? 0)
    return kind === 'away' ? `Away ${range}` : `Works ${range} too`
  })
  return [
    ...(holiday ? [`Bank holiday: ${holiday.name}`] : []),
    works.length > 0 ? `Works ${works.join(' and ')}` : 'Does not work',
    ...otherwise,
  ]
}

/** The same in a word or two, for the cell of a table. */
export function worksOn(worked: Worked, day: string): string {
  const [first = ''] = workInWords(worked, day)
  if (first.startsWith('Bank holiday')) return 'Bank holiday'
  return first === 'On leave' ? 'Leave' : first.replace('Works ', '').replace('Does not work', 'Not here')
}
