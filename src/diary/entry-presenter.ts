import { formatInstant, formatTime, londonDate } from '../lib/dates.ts'
import type { Link, Page, StateTag, SummaryRow } from '../lib/view-model.ts'
import { groupUrl } from '../training/links-rules.ts'
import type { EntryDetail } from './entry-queries.ts'
import { type EntryKind, type EntryState, type EntryWay, entryState, entryWayNames, kindNames } from './entry-rules.ts'
import { diaryUrl, entryUrl } from './links-rules.ts'

export type EntryPage = Page & {
  caption: string
  state: StateTag
  instructions: string[]
  summary: SummaryRow[]
  links: Link[]
  cancelling: { action: string; version: number } | null
}

const stateTags: Readonly<Record<EntryState, StateTag>> = {
  cancelled: { text: 'Cancelled', colour: 'grey' },
  over: { text: 'Over', colour: 'grey' },
  'under-way': { text: 'Now', colour: 'purple' },
  'to-come': { text: 'To come', colour: 'blue' },
}

/** One entry of a diary: what, when, with whom, and what one has to know before one rings. */
export function presentEntry(entry: EntryDetail, now: Date): EntryPage {
  const state = entryState(entry, now)
  const back: Link = {
    href: diaryUrl({ show: 'day', championId: entry.champion_id, on: londonDate(entry.starts_at) }),
    text: 'Back to the diary',
  }
  return {
    title: kindNames[entry.kind as EntryKind],
    caption: entry.service_user ?? '',
    back,
    state: stateTags[state],
    instructions: (entry.contact_instruction ?? '').split('\n').filter((line) => line !== ''),
    summary: summaryOf(entry),
    links: [
      ...(state === 'to-come' && entry.group_entry_id === null
        ? [{ href: entryUrl(entry.id, 'move'), text: 'Move it' }]
        : []),
      { href: entryUrl(entry.id, 'calendar'), text: 'Calendar file' },
    ],
    cancelling:
      state === 'to-come' || state === 'under-way'
        ? { action: entryUrl(entry.id, 'cancellation'), version: entry.version }
        : null,
  }
}

function summaryOf(entry: EntryDetail): SummaryRow[] {
  const travel = entry.travel_minutes
  return [
    { key: 'When', value: `${formatInstant(entry.starts_at)}, until ${formatTime(entry.ends_at)}` },
    { key: 'How', value: entryWayNames[entry.way as EntryWay] },
    ...(travel > 0 ? [{ key: 'Travel', value: `${travel} minutes to get there, and back` }] : []),
    { key: 'Who does it', value: entry.champion },
    ...(entry.service_user_id !== null && entry.service_user !== null
      ? [{ key: 'With', value: entry.service_user, href: `/service-users/${entry.service_user_id}` }]
      : []),
    ...(entry.appointment_id !== null
      ? [{ key: 'Before', value: 'Their appointment', href: `/appointments/${entry.appointment_id}` }]
      : []),
    ...(entry.kind === 'trial-run-call' && entry.appointment_id !== null
      ? [{ key: 'How it goes', value: 'The steps of the call', href: `/trial-calls/${entry.id}` }]
      : []),
    ...(entry.is_group ? [{ key: 'The group', value: 'Who is invited, and who came', href: groupUrl(entry.id) }] : []),
    ...(entry.note !== '' ? [{ key: 'Note', value: entry.note }] : []),
  ]
}
