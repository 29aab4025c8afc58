import { londonClock, londonDate } from '../lib/dates.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type { DateField, InputField, Link, Page, RadiosField, SelectField } from '../lib/view-model.ts'
import { codesOf, type Warning } from '../lib/warnings.ts'
import type { EntryDetail } from './entry-queries.ts'
import { callLengths, entryWayNames, kindNames, takesTravel, travelChoices } from './entry-rules.ts'
import { minuteTyped } from './hours-rules.ts'
import { diaryUrl, entryUrl } from './links-rules.ts'

export interface EntryFormShown extends FormShown {
  champions: { championId: number; name: string }[]
  /** What speaks against it; the next press means it. */
  warnings?: Warning[]
  instructions: string[]
}

export type EntryFormPage = Page & {
  caption: string
  action: string
  key?: string
  version?: number
  instructions: string[]
  warnings: string[]
  /** What was seen, to be sent again with the next press. */
  anyway: string
  person: number | null
  what: { kind: RadiosField; way: RadiosField; note: InputField } | null
  champion: SelectField
  day: DateField
  at: InputField
  length: SelectField
  travel: SelectField | null
  button: string
  cancel: string
}

export interface NewEntryShown extends EntryFormShown {
  person: { id: number; name: string } | null
  on: string
  championId: number
  key: string
}

export function presentNewEntry(shown: NewEntryShown): EntryFormPage {
  const { person, on, championId, key, values } = shown
  const back = diaryUrl({ show: 'day', championId, on })
  const start = { champion: String(championId), length: '30', travel: '0', ...dateFieldValues('on', on) }
  const field = formFields({ values: values ?? start, errors: shown.errors })
  const kinds = (['visit', 'other'] as const).map((value) => ({ value, text: kindNames[value] }))
  const ways = Object.entries(entryWayNames).map(([value, text]) => ({ value, text }))
  return {
    ...commonOf(shown, field),
    title: 'Add to the diary',
    caption: person?.name ?? '',
    back: { href: back, text: 'Back to the diary' },
    action: '/diary/entries',
    key,
    person: person?.id ?? null,
    what: {
      kind: field.radios('kind', 'What is it?', kinds, {
        hint: 'Training has a page of its own, and a trial-run call is arranged for its appointment.',
      }),
      way: field.radios('way', 'How do you meet?', ways),
      note: field.input('note', 'Note (optional)', { hint: 'It is never in a calendar file.' }),
    },
    travel: travelField(field),
    button: 'Save',
    cancel: back,
  }
}

export function presentMove(shown: EntryFormShown & { entry: EntryDetail }): EntryFormPage {
  const { entry, values } = shown
  const field = formFields({ values: values ?? valuesOf(entry), errors: shown.errors })
  const back: Link = { href: entryUrl(entry.id), text: 'Back to the entry' }
  return {
    ...commonOf(shown, field),
    title: 'Move it',
    caption: entry.service_user ?? entry.note,
    back,
    action: entryUrl(entry.id, 'move'),
    version: entry.version,
    person: null,
    what: null,
    travel: takesTravel(entry.way) ? travelField(field) : null,
    button: 'Move',
    cancel: back.href,
  }
}

function commonOf(
  { errors, warnings = [], instructions, champions }: EntryFormShown,
  field: ReturnType<typeof formFields>,
) {
  const items = champions.map(({ championId, name }) => ({ value: championId, text: name }))
  return {
    ...{ errors, instructions, warnings: warnings.map(({ text }) => text), anyway: codesOf(warnings) },
    champion: field.select('champion', 'Who does it?', items),
    day: field.date('on', 'Day'),
    at: field.input('at', 'Time', { width: 5, hint: 'Such as 09:30 or 14:00' }),
    length: field.select('length', 'How long', callLengths.map(option)),
  }
}

const option = (minutes: number) => ({ value: minutes, text: `${minutes} minutes` })

function travelField(field: ReturnType<typeof formFields>): SelectField {
  const items = travelChoices.map((minutes) => (minutes === 0 ? { value: 0, text: 'None' } : option(minutes)))
  return field.select('travel', 'Travel each way', items)
}

function valuesOf(entry: EntryDetail) {
  const { hour, minute } = londonClock(entry.starts_at)
  return {
    ...{ champion: String(entry.champion_id), travel: String(entry.travel_minutes) },
    ...dateFieldValues('on', londonDate(entry.starts_at)),
    at: minuteTyped(hour * 60 + minute),
    length: String((Date.parse(entry.ends_at) - Date.parse(entry.starts_at)) / 60_000),
  }
}
