import { addDays, daysBetween } from '../lib/dates.ts'

/**
 * Whether as much again is there from this day on. A plan that began on the 31st renews on the last day of a shorter month.
 */
export function renewsOn(day: string, { starts_on, period }: { starts_on: string; period: string }): boolean {
  if (day <= starts_on || period === 'once') return false
  if (period === 'day') return true
  if (period === 'week') return daysBetween(starts_on, day) % 7 === 0
  const isLastOfMonth = addDays(day, 1).slice(0, 7) !== day.slice(0, 7)
  const begun = starts_on.slice(8)
  return day.slice(8) === begun || (isLastOfMonth && begun > day.slice(8))
}

/** Whether it renewed after one day and up to another. */
export function renewedBetween(after: string, until: string, plan: { starts_on: string; period: string }): boolean {
  if (plan.period === 'once') return false
  for (let day = addDays(after, 1); day <= until; day = addDays(day, 1)) if (renewsOn(day, plan)) return true
  return false
}
