import { addDays, londonInstant } from '../../src/lib/dates.ts'
import { isWorkingDay } from '../../src/lib/working-days.ts'
import type { Random } from './random.ts'

/** Later than any day: what has not ended yet, ends then. */
export const never = '9999-12-31'

/** This day if it is a working day, or else the last one before it. */
export function lastWorkingDay(date: string): string {
  let day = date
  while (!isWorkingDay(day)) day = addDays(day, -1)
  return day
}

export function laterOf(one: string, other: string): string {
  return one > other ? one : other
}

/** A moment of that day between nine and five in London. The clocks never change in office hours. */
export function officeTime(date: string, random: Random): Date {
  return timeOn(date, random.between(9, 16), random.below(60))
}

export function timeOn(date: string, hour: number, minute: number): Date {
  const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
  const { value } = londonInstant(date, time)
  if (value === undefined) throw new RangeError(`${time} on ${date} is not one moment`)
  return value
}

export function minutesAfter(instant: Date, minutes: number): Date {
  return new Date(instant.getTime() + minutes * 60_000)
}
