import { addDays, formatLongDate, formatTime, londonDate } from '../lib/dates.ts'
import { listUrl } from '../lib/keyset.ts'
import type { DataTable, Link, Page, SelectField, TableCell } from '../lib/view-model.ts'
import { type EntryKind, type EntryWay, entryWayNames, kindNames } from './entry-rules.ts'
import type { ChampionHours } from './hours-queries.ts'
import { workInWords } from './hours-rules.ts'
import { championUrl, type DiaryView, diaryUrl, entryUrl } from './links-rules.ts'
import type { Champion, EntryRow } from './queries.ts'
import { diaryTabs } from './tabs-rules.ts'
import { daysFrom, mondayOf } from './week-rules.ts'

export interface DiaryShown {
  show: 'day' | 'week'
  champion: ChampionHours
  champions: Champion[]
  entries: EntryRow[]
  on: string
  today: string
}

interface DayShown {
  heading: string
  /** When they work, and why they do not. */
  lines: string[]
  table: DataTable | null
}

export type DiaryPage = Page & {
  caption: string
  tabs: (Link & { current: boolean })[]
  show: DiaryView
  on: string
  champion: SelectField
  hours: Link
  add: Link
  around: { previous: Link; next: Link; today: string }
  days: DayShown[]
}

/** What a champion has planned, for a day or from Monday to Sunday. */
export function presentDiary(shown: DiaryShown): DiaryPage {
  const { show, champion, champions, on, today } = shown
  const first = show === 'week' ? mondayOf(on) : on
  const length = show === 'week' ? 7 : 1
  const url = (day: string) => diaryUrl({ show, championId: champion.id, on: day })
  return {
    title: show === 'week' ? `Week of ${formatLongDate(first)}` : formatLongDate(on),
    caption: `Diary of ${champion.name}`,
    tabs: diaryTabs({ show, championId: champion.id, on }),
    show,
    on,
    champion: championField(champions, champion.id),
    add: { href: listUrl('/diary/new', { champion: champion.id, on }), text: 'Add to the diary' },
    hours: { href: championUrl(champion.id), text: 'Hours and leave' },
    around: {
      previous: { href: url(addDays(first, -length)), text: show === 'week' ? 'Week before' : 'Day before' },
      next: { href: url(addDays(first, length)), text: show === 'week' ? 'Next week' : 'Next day' },
      today: url(today),
    },
    days: daysFrom(first, length).map((day) => dayShown(day, shown)),
  }
}

export function championField(champions: Champion[], value: number): SelectField {
  const items = champions.map(({ id, name }) => ({ value: id, text: name }))
  return { id: 'champion', name: 'champion', label: 'Whose diary', value, items }
}

function dayShown(day: string, { entries, show, champion }: DiaryShown): DayShown {
  const own = entries.filter(({ starts_at }) => londonDate(starts_at) === day)
  return {
    heading: show === 'week' ? formatLongDate(day) : 'What is planned',
    lines: workInWords(champion, day),
    table:
      own.length === 0
        ? null
        : {
            caption: `Planned on ${formatLongDate(day)}`,
            captionHidden: true,
            columns: [{ text: 'Time' }, { text: 'What' }, { text: 'With' }],
            rows: own.map((entry) => ({ cells: entryCells(entry) })),
          },
  }
}

function entryCells(entry: EntryRow): TableCell[] {
  const time = { text: `${formatTime(entry.starts_at)} to ${formatTime(entry.ends_at)}`, ...travelHint(entry) }
  if (!entry.is_in_reach) return [time, { text: 'Busy' }, { text: '' }]
  return [
    { ...time, href: entryUrl(entry.id) },
    { text: kindNames[entry.kind as EntryKind], hint: entryWayNames[entry.way as EntryWay] },
    { text: entry.service_user ?? entry.note },
  ]
}

function travelHint({ travel_minutes }: EntryRow): { hint?: string } {
  return travel_minutes === 0 ? {} : { hint: `${travel_minutes} minutes to get there, and back` }
}
