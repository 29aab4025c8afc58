import { addDays, daysBetween } from '../lib/dates.ts'

type Plan = { starts_on: string; period: string }

/**
 * The days after one day and up to another on which as much again is there. A plan that began on the 31st renews on the last
 * day of a shorter month. They are counted from the plan's first day and not tried one by one: a forecast asks for a year.
 */
export function renewalsBetween(after: string, until: string, plan: Plan): string[] {
  const { starts_on, period } = plan
  const from = after < starts_on ? starts_on : after
  if (period === 'once' || until <= from) return []
  if (period === 'month') return monthlyBetween(from, until, starts_on.slice(8))
  const every = period === 'week' ? 7 : 1
  const days: string[] = []
  const begun = Math.floor(daysBetween(starts_on, from) / every) + 1
  for (let day = addDays(starts_on, begun * every); day <= until; day = addDays(day, every)) days.push(day)
  return days
}

function monthlyBetween(from: string, until: string, begun: string): string[] {
  const days: string[] = []
  for (let month = `${from.slice(0, 8)}01`; month <= until; month = firstOfNext(month)) {
    const last = addDays(firstOfNext(month), -1)
    const day = begun < last.slice(8) ? `${month.slice(0, 8)}${begun}` : last
    if (day > from && day <= until) days.push(day)
  }
  return days
}

function firstOfNext(firstOfMonth: string): string {
  return `${addDays(firstOfMonth, 31).slice(0, 8)}01`
}
