import { formatLongDate, formatShortInstant } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import type { DataTable, DateField, InputField, Page, RadiosField } from '../lib/view-model.ts'
import { type EntryKind, kindNames } from './entry-rules.ts'
import type { ChampionHours, ExceptionRow } from './hours-queries.ts'
import {
  exceptionNames,
  fromField,
  hoursInWords,
  minuteTyped,
  rangeInWords,
  untilField,
  weekdayNames,
} from './hours-rules.ts'
import { championUrl, diaryUrl, entryUrl } from './links-rules.ts'
import type { EntryRow } from './queries.ts'

export interface HoursShown {
  champion: ChampionHours
  mayChange: boolean
  today: string
  key: string
  hours?: { values: Typed; errors?: FieldError[] }
  exception?: { values: Typed; errors?: FieldError[] }
  /** What is booked while they want to be away. */
  inTheWay?: EntryRow[]
}

export type HoursPage = Page & {
  caption: string
  lines: string[]
  exceptions: { text: string; action: string | null; what: string }[]
  form: {
    action: string
    seen: string
    isOpen: boolean
    days: { id: string; label: string; from: InputField; until: InputField }[]
  } | null
  add: {
    action: string
    key: string
    kind: RadiosField
    first: DateField
    last: DateField
    from: InputField
    until: InputField
  } | null
  /** What would have to be rearranged; the second press means it. */
  inTheWay: { lead: string; table: DataTable } | null
}

/** When a champion works: every week, and what is otherwise. */
export function presentHours(shown: HoursShown): HoursPage {
  const { champion, mayChange, today, hours, exception } = shown
  return {
    title: 'Hours and leave',
    caption: champion.name,
    back: { href: diaryUrl({ show: 'week', championId: champion.id, on: today }), text: 'Back to the diary' },
    errors: hours?.errors ?? exception?.errors,
    lines: hoursInWords(champion.hours),
    exceptions: champion.exceptions.map((row) => ({
      text: exceptionInWords(row),
      what: exceptionInWords(row),
      action: mayChange ? `/diary/exceptions/${row.id}/cancellation` : null,
    })),
    form: mayChange ? hoursForm(shown) : null,
    add: mayChange ? exceptionForm(shown) : null,
    inTheWay: shown.inTheWay && shown.inTheWay.length > 0 ? rearranged(shown.inTheWay) : null,
  }
}

export function exceptionInWords({ kind, first_on, last_on, from_minute, until_minute }: ExceptionRow): string {
  if (kind === 'leave') {
    const days =
      first_on === last_on ? formatLongDate(first_on) : `${formatLongDate(first_on)} to ${formatLongDate(last_on)}`
    return `Leave: ${days}`
  }
  const what = kind === 'away' ? 'Away' : 'Works more'
  return `${what}: ${formatLongDate(first_on)}, ${rangeInWords(from_minute ?? 0, until_minute ?? 0)}`
}

function hoursForm({ champion, hours }: HoursShown): HoursPage['form'] {
  const saved = Object.fromEntries(
    champion.hours.flatMap(({ weekday, from, until }) => [
      [fromField(weekday), minuteTyped(from)],
      [untilField(weekday), minuteTyped(until)],
    ]),
  )
  const field = formFields({ values: hours?.values ?? saved, errors: hours?.errors })
  return {
    action: `${championUrl(champion.id)}`,
    seen: hoursInWords(champion.hours).join('; '),
    isOpen: hours?.errors !== undefined || champion.hours.length === 0,
    days: weekdayNames.map((name, at) => ({
      id: `day-${at + 1}`,
      label: name,
      from: field.input(fromField(at + 1), `${name} from`, { width: 5 }),
      until: field.input(untilField(at + 1), `${name} until`, { width: 5 }),
    })),
  }
}

function exceptionForm({ champion, exception, key }: HoursShown): HoursPage['add'] {
  const field = formFields(exception ?? {})
  const items = Object.entries(exceptionNames).map(([value, text]) => ({ value, text }))
  return {
    action: `${championUrl(champion.id)}/exceptions`,
    key,
    kind: field.radios('kind', 'What is otherwise?', items),
    first: field.date('first', 'First day'),
    last: field.date('last', 'Last day (of leave of several days)'),
    from: field.input('from', 'From (for some hours)', { width: 5, hint: 'Such as 09:00' }),
    until: field.input('until', 'Until (for some hours)', { width: 5 }),
  }
}

function rearranged(entries: EntryRow[]): HoursPage['inTheWay'] {
  const count = entries.length === 1 ? '1 entry is' : `${entries.length} entries are`
  return {
    lead: `${count} booked then. If you go on, they stay in the diary until somebody moves each of them or hands it to a colleague.`,
    table: {
      caption: 'What has to be rearranged',
      captionSize: 's',
      columns: [{ text: 'When' }, { text: 'What' }, { text: 'With' }],
      rows: entries.map((entry) => ({
        cells: [
          { text: formatShortInstant(entry.starts_at), ...(entry.is_in_reach && { href: entryUrl(entry.id) }) },
          { text: entry.is_in_reach ? kindNames[entry.kind as EntryKind] : 'Busy' },
          { text: entry.is_in_reach ? (entry.service_user ?? entry.note) : '' },
        ],
      })),
    },
  }
}
