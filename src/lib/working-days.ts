import { isBankHoliday } from './bank-holidays.ts'
import { addDays, weekdayOf } from './calendar.ts'

/** True from Monday to Friday, except on the bank holidays of England. */
export function isWorkingDay(date: string): boolean {
  const weekday = weekdayOf(date)
  return weekday !== 0 && weekday !== 6 && !isBankHoliday(date)
}

/** This day if it is a working day, or else the first one after it: where a due date lands. */
export function nextWorkingDay(date: string): string {
  let day = date
  while (!isWorkingDay(day)) day = addDays(day, 1)
  return day
}

/**
 * The working day this many after the date, or before it when the number is negative: from a Friday, 1 is the Monday
 * and -1 the Thursday. From a Saturday 1 is the Monday as well. With 0 it is the day itself or the next working day.
 */
export function addWorkingDays(date: string, workingDays: number): string {
  if (!Number.isInteger(workingDays)) throw new RangeError('Working days are counted in whole days')
  if (workingDays === 0) return nextWorkingDay(date)
  const step = Math.sign(workingDays)
  let day = date
  for (let left = Math.abs(workingDays); left > 0; ) {
    day = addDays(day, step)
    if (isWorkingDay(day)) left -= 1
  }
  return day
}
