import { addDays, formatLongDate, formatShortDay } from '../lib/dates.ts'
import type { DataTable, Link, Page, TableCell } from '../lib/view-model.ts'
import { worksOn } from './hours-rules.ts'
import { diaryUrl } from './links-rules.ts'
import { type DiaryTab, diaryTabs } from './tabs-rules.ts'
import type { TeamRow } from './team-queries.ts'
import { daysFrom } from './week-rules.ts'

export type TeamPage = Page & {
  tabs: DiaryTab[]
  around: { previous: Link; next: Link; today: string }
  table: DataTable
}

export interface TeamShown {
  rows: TeamRow[]
  monday: string
  today: string
  championId: number
}

/** A week of everybody: who is here on which day, and how much they have planned. */
export function presentTeam({ rows, monday, today, championId }: TeamShown): TeamPage {
  const days = daysFrom(monday, 7).map((day) => ({ day, short: formatShortDay(day) }))
  const url = (on: string) => diaryUrl({ show: 'team', on })
  return {
    title: `The team, week of ${formatLongDate(monday)}`,
    tabs: diaryTabs({ show: 'team', championId, on: monday }),
    around: {
      previous: { href: url(addDays(monday, -7)), text: 'Week before' },
      next: { href: url(addDays(monday, 7)), text: 'Next week' },
      today: url(today),
    },
    table: {
      caption: 'Who is here, and how much they have planned',
      captionHidden: true,
      columns: [{ text: 'Champion' }, ...days.map(({ short }) => ({ text: short }))],
      rows: rows.map((row) => {
        const planned = new Map(row.planned.map(({ day, count }) => [day, count]))
        const week = diaryUrl({ show: 'week', championId: row.id, on: monday })
        return {
          cells: [{ text: row.name, href: week }, ...days.map((day) => dayCell(row, day, planned.get(day.day) ?? 0))],
        }
      }),
    },
  }
}

function dayCell(row: TeamRow, { day, short }: { day: string; short: string }, planned: number): TableCell {
  const hint = worksOn(row, day)
  if (planned === 0) return { text: hint }
  const href = diaryUrl({ show: 'day', championId: row.id, on: day })
  return { text: `${planned} planned`, href, visuallyHiddenText: `for ${row.name} on ${short}`, hint }
}
