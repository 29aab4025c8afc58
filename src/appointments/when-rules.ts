import { formatInstant, formatTime } from '../lib/dates.ts'

/** Monday 3 August 2026 at 2:30pm, until 3:20pm */
export function whenInWords({ starts_at, ends_at }: { starts_at: string; ends_at: string }): string {
  return `${formatInstant(starts_at)}, until ${formatTime(ends_at)}`
}
