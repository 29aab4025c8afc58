import { addWeeks } from '../lib/dates.ts'
import { nextWorkingDay } from '../lib/working-days.ts'

/** About six months, on the same day of the week. */
const WEEKS_TO_REVIEW = 26

/** When to talk again, unless somebody chooses another day: a working day. */
export function reviewDay(today: string): string {
  return nextWorkingDay(addWeeks(today, WEEKS_TO_REVIEW))
}
