import { waysOfMeeting } from '../conversations/question-rules.ts'
import { reviewDay } from '../conversations/review-rules.ts'
import { formatDate, formatInstant, londonDate } from '../lib/dates.ts'
import type { Typed } from '../lib/fields.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type {
  CheckboxesField,
  DateField,
  InputField,
  Page,
  RadiosField,
  SelectField,
  SummaryRow,
  TextareaField,
} from '../lib/view-model.ts'
import { type KnownPlatform, platformNote } from '../platforms/rules.ts'
import {
  cameras,
  frequencies,
  lengths,
  type Preference,
  preferencesUrl,
  purposes,
  textOf,
  timesOfDay,
  waysText,
} from './rules.ts'

export type PreferencesPage = Page & { caption: string; rows: SummaryRow[]; notes: string[] }

export interface PreferencesShown {
  person: { id: number; name: string }
  preferences: Preference[]
  today: string
  mayChange: boolean
}

/** How one person wants to meet, for each purpose of an appointment. */
export function presentPreferences({ person, preferences, today, mayChange }: PreferencesShown): PreferencesPage {
  const url = preferencesUrl(person.id)
  return {
    title: 'How they want to meet',
    caption: person.name,
    back: { href: `/service-users/${person.id}`, text: 'Back to the record' },
    rows: purposes.map(({ value, text }) => {
      const said = preferences.find(({ purpose }) => purpose === value)
      const change = { href: `${url}/${value}`, text: said ? 'Change' : 'Ask', visuallyHiddenText: text.toLowerCase() }
      return {
        key: text,
        lines: said ? preferenceLines(said, today) : ['Not asked yet. Face to face is always one of the ways'],
        ...(mayChange && { actions: [change] }),
      }
    }),
    notes: notesOf(preferences.flatMap(({ platforms }) => platforms)),
  }
}

function preferenceLines(said: Preference, today: string): string[] {
  const { ways, camera, length, frequency, times, joins, notes, platforms, review_on, at, staff_member } = said
  const lines = [
    waysText(ways),
    textOf(cameras, camera),
    length === null ? '' : `Length: ${textOf(lengths, length).toLowerCase()}`,
    frequency === null ? '' : `How often: ${textOf(frequencies, frequency).toLowerCase()}`,
    times.length === 0 ? '' : `Best in the ${times.map((time) => textOf(timesOfDay, time).toLowerCase()).join(' or ')}`,
    joins === '' ? '' : `Joined by ${joins}`,
    platforms.length === 0 ? '' : `Knows ${platforms.map(({ name }) => name).join(', ')}`,
    ...notes.split('\n'),
    `Said on ${formatDate(londonDate(at))} to ${staff_member}. ${review_on <= today ? 'Ask again: it was to be asked on' : 'To be asked again on'} ${formatDate(review_on)}`,
  ]
  return lines.filter((line) => line !== '')
}

function notesOf(platforms: KnownPlatform[]): string[] {
  const known = [...new Map(platforms.map((platform) => [platform.id, platform])).values()]
  return known
    .map((platform) => platformNote(platform, (at) => formatDate(londonDate(at))))
    .filter((note) => note !== '')
}

export type PreferencePage = Page & {
  caption: string
  lead: string | null
  action: string
  version: number
  ways: SelectField[]
  camera: RadiosField
  length: RadiosField
  frequency: RadiosField
  times: CheckboxesField
  platforms: CheckboxesField | null
  platformNotes: string[]
  joins: InputField
  notes: TextareaField
  also: CheckboxesField
  reviewOn: DateField
  cancel: string
}

export interface PreferenceShown extends FormShown {
  person: { id: number; name: string }
  purpose: string
  preferences: Preference[]
  platforms: KnownPlatform[]
  today: string
  version?: number
  isOvertaken?: boolean
}

const ranks = ['The way they like best', 'If that cannot be', 'After that', 'Then', 'Last of all']

/** How somebody wants to meet for one purpose, to be asked. */
export function presentPreference(shown: PreferenceShown): PreferencePage {
  const { person, purpose, preferences, platforms, today, version, isOvertaken, ...form } = shown
  const saved = preferences.find((one) => one.purpose === purpose)
  const values = form.values ?? savedValues(saved, today)
  const fields = formFields({ values, errors: form.errors ?? [] })
  const optional = (list: readonly { value: string; text: string }[]) => [...list, { value: '', text: 'Not asked' }]
  const ticked = (name: string) => (values[name] ?? '').split(' ')
  return {
    title: `How they want to meet: ${textOf(purposes, purpose).toLowerCase()}`,
    caption: person.name,
    errors: isOvertaken && saved ? [{ text: overtaken(saved) }] : form.errors,
    back: { href: preferencesUrl(person.id), text: 'How they want to meet' },
    lead:
      purpose === 'first-meeting' || purpose === 'assessment'
        ? 'Offer face to face first: first meetings and assessments are the hardest to hold remotely.'
        : null,
    action: `${preferencesUrl(person.id)}/${purpose}`,
    version: version ?? saved?.id ?? 0,
    ways: ranks.map((rank, at) =>
      fields.select(`way-${at + 1}`, at === 0 ? rank : `${rank} (optional)`, [
        { value: '', text: at === 0 ? 'Choose a way' : 'No other way' },
        ...waysOfMeeting,
      ]),
    ),
    camera: fields.radios('camera', 'On a video call', optional(cameras)),
    length: fields.radios('length', 'How long?', optional(lengths)),
    frequency: fields.radios('frequency', 'How often?', optional(frequencies)),
    times: {
      id: 'times',
      name: 'times',
      label: 'Which time of day is best? (optional)',
      items: [...timesOfDay],
      values: ticked('times'),
      small: true,
    },
    platforms:
      platforms.length === 0
        ? null
        : {
            ...{ id: 'platforms', name: 'platforms', label: 'Which of these do they know? (optional)', small: true },
            items: platforms.map(({ id, name }) => ({ value: id, text: name })),
            values: ticked('platforms'),
          },
    platformNotes: notesOf(platforms.filter(({ id }) => ticked('platforms').includes(String(id)))),
    joins: fields.input('joins', 'Who joins? (optional)', {
      autocomplete: 'off',
      spellcheck: 'false',
      hint: 'For example, my sister, or an advocate',
    }),
    notes: fields.textarea('notes', 'Anything else? (optional)', {
      rows: 3,
      maxlength: 1000,
      hint: 'Never write why they want to meet in person',
    }),
    also: {
      ...{ id: 'also', name: 'also', label: 'For what else is it the same? (optional)', small: true },
      items: purposes.filter(({ value }) => value !== purpose).map(({ value, text }) => ({ value, text })),
      values: ticked('also'),
    },
    reviewOn: fields.date('review-on', 'When to ask again?'),
    cancel: preferencesUrl(person.id),
  }
}

function overtaken({ staff_member, at, ways }: Preference): string {
  return `${staff_member} wrote this down on ${formatInstant(at)}, after you opened it: “${waysText(ways)}”. What you chose is not saved yet. Saving again replaces it.`
}

function savedValues(saved: Preference | undefined, today: string): Typed {
  if (!saved) return dateFieldValues('review-on', reviewDay(today))
  return {
    ...Object.fromEntries(saved.ways.map((way, at) => [`way-${at + 1}`, way])),
    ...{ camera: saved.camera ?? '', length: saved.length ?? '', frequency: saved.frequency ?? '' },
    ...{ times: saved.times.join(' '), joins: saved.joins, notes: saved.notes },
    platforms: saved.platforms.map(({ id }) => id).join(' '),
    ...dateFieldValues('review-on', reviewDay(today)),
  }
}
