import { addDays, formatInstant, londonDate, londonMidnight } from '../lib/dates.ts'
import type { Diary, SlotQuestion } from './slot-conditions-rules.ts'
import { everyTime } from './slot-rules.ts'

/** How many days before and after the time that somebody typed another one is looked for. */
export const DAYS_BEFORE = 7
const DAYS_AFTER = 14

type Asked = Pick<SlotQuestion, 'minutes' | 'travelMinutes' | 'breakMinutes' | 'diaries' | 'safeTimes' | 'personBusy'>

/** The time nearest to one that does not fit, of which nothing is broken; the later one of two that are as near. */
export function nearestTime(asked: Asked, startsAt: Date, soonest: Date): Date | null {
  const first = londonMidnight(addDays(londonDate(startsAt), -DAYS_BEFORE))
  const from = first > soonest ? first : soonest
  const fitting = everyTime({ ...asked, from, days: DAYS_BEFORE + DAYS_AFTER }).filter(({ broken }) => broken === 0)
  const farOf = (at: Date) => Math.abs(at.getTime() - startsAt.getTime())
  let nearest: Date | null = null
  for (const { slot } of fitting) {
    if (nearest === null || farOf(slot.startsAt) <= farOf(nearest)) nearest = slot.startsAt
  }
  return nearest
}

/** In words, to stand after what is wrong; nothing where there is none in these weeks. */
export function nearestInWords(nearest: Date | null): string {
  return nearest === null ? '' : `. The nearest time that fits is ${formatInstant(nearest)}`
}

/** Somebody who works on every working day: where it is nobody's diary that decides. */
export const anybodysDiary: Diary = {
  championId: 0,
  hours: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: 8 * 60, until: 20 * 60 })),
  exceptions: [],
  busy: [],
}
