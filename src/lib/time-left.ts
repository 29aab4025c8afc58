import { type Instant, parseInstant } from './london-time.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/**
 * How far off something is that is due to the minute: "now", "in 25 minutes", "in 3 hours", "in 2 days", and once it has
 * gone by "25 minutes late", "3 hours late", "2 days late". To the nearest whole number, of time that really passes: the
 * night the clocks change is as long as it is.
 */
export function formatTimeLeft(due: Instant, now: Date): string {
  const left = (typeof due === 'string' ? parseInstant(due) : due).getTime() - now.getTime()
  const words = inWords(Math.abs(left))
  if (words === '') return 'now'
  return left > 0 ? `in ${words}` : `${words} late`
}

/** Hours up to two days: "in 30 hours" says more than "in 1 day". */
function inWords(time: number): string {
  const minutes = Math.round(time / MINUTE)
  const hours = Math.round(time / HOUR)
  if (minutes === 0) return ''
  if (minutes < 60) return counted(minutes, 'minute')
  return hours < 48 ? counted(hours, 'hour') : counted(Math.round(time / DAY), 'day')
}

function counted(count: number, name: string): string {
  return count === 1 ? `1 ${name}` : `${count} ${name}s`
}
