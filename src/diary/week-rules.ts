import { addDays, isDate, londonMidnight, londonMidnightAfter, weekdayOf } from '../lib/dates.ts'

/** Further from today than this, nobody looks into a diary; a typed address stays within it. */
const MOST_DAYS_AWAY = 731

/** The Monday of the week that a day is in. */
export function mondayOf(date: string): string {
  return addDays(date, -((weekdayOf(date) + 6) % 7))
}

export function daysFrom(date: string, count: number): string[] {
  return Array.from({ length: count }, (_, ahead) => addDays(date, ahead))
}

/** From the first moment of one day to the last of another, as the clocks show them in London. */
export function spanOfDays(first: string, last: string): { from: Date; until: Date } {
  return { from: londonMidnight(first), until: londonMidnightAfter(last) }
}

/** A day from an address: what is no day, or too far away, counts as today. */
export function dayAsked(text: string, today: string): string {
  if (!isDate(text)) return today
  return text >= addDays(today, -MOST_DAYS_AWAY) && text <= addDays(today, MOST_DAYS_AWAY) ? text : today
}
