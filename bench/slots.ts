import type { Diary, SlotQuestion } from '../src/diary/slot-conditions-rules.ts'
import { findSlots } from '../src/diary/slot-rules.ts'

const CHAMPIONS = 40
const DAYS = 60
const RUNS = 101
const BAR = 150
const HOUR = 3_600_000
const MONDAY = new Date('2026-10-05T07:00:00Z')

/**
 * How long it takes to find times for a call in the diaries of 40 champions over 60 days, five things a day in each: where the
 * first day has some, and where none is left in any, so that every quarter of an hour is looked at and what to loosen is
 * worked out. The clocks change within these days.
 */
export function measureSlots(): { text: string; missed: string[] } {
  const cases = { 'a time on the first day': question(DAYS), 'no time in 60 days': { ...question(DAYS), device: null } }
  const rows = Object.entries(cases).map(([name, asked]) => ({ name, ...timesOf(asked) }))
  const lines = rows.map(
    ({ name, median, slowest }) => `${name}: median ${median.toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms`,
  )
  const text = [`Finding a time: ${CHAMPIONS} champions, ${DAYS} days, ${RUNS} runs`, ...lines].join('\n')
  const missed = rows.filter(({ median }) => median > BAR).map(({ name }) => `finding a time, ${name}: ${BAR} ms`)
  return { text, missed }
}

function timesOf(asked: SlotQuestion): { median: number; slowest: number } {
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now()
    findSlots(asked)
    return performance.now() - start
  }).sort((one, other) => one - other)
  return { median: times[Math.floor(RUNS / 2)] ?? 0, slowest: times.at(-1) ?? 0 }
}

function question(days: number): SlotQuestion {
  return {
    ...{ from: MONDAY, days, minutes: 30, travelMinutes: 0, breakMinutes: 15, personBusy: [] },
    safeTimes: { fromHour: 9, untilHour: 17, days: [1, 2, 3, 4, 5] },
    diaries: Array.from({ length: CHAMPIONS }, (_, at) => diary(at + 1, days)),
  }
}

function diary(championId: number, days: number): Diary {
  const hours = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: 9 * 60, until: 17 * 60 }))
  const busy = Array.from({ length: days * 5 }, (_, nth) => {
    const from =
      MONDAY.getTime() + Math.floor(nth / 5) * 24 * HOUR + (1 + (nth % 5) * 1.5 + (championId % 4) / 4) * HOUR
    return { from, until: from + HOUR / 2 }
  })
  const leave = { kind: 'leave' as const, firstOn: '2026-11-02', lastOn: '2026-11-06', from: null, until: null }
  return { championId, hours, exceptions: championId % 5 === 0 ? [leave] : [], busy }
}
