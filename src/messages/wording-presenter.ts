import { formatDate, formatInstant, londonToday } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type {
  DataTable,
  Field as FormField,
  InputField,
  Link,
  Page,
  StateTag,
  SummaryRow,
  TextareaField,
  TimelineEntry,
} from '../lib/view-model.ts'
import { codesOf, type Warning } from '../lib/warnings.ts'
import { isWorded, oursFor, type WordedKind } from './ours-rules.ts'
import { fieldsFor } from './wording-check-rules.ts'
import { formsOf, ruleInWords, type SettledKind, settledKinds } from './wording-kinds-rules.ts'
import { knownOf } from './wording-known-rules.ts'
import { type MessagePreview, noOwn, previewsOf } from './wording-preview-rules.ts'
import type { MessageSetting } from './wording-queries.ts'
import {
  type Field,
  fieldMeanings,
  type WordingForm,
  type WordingPart,
  wordingForms,
  wordingParts,
} from './wording-rules.ts'

const LIST = '/admin/messages'
export const settingUrl = (kind: string, rest = '') => `${LIST}/${kind}${rest}`

export type SettingsPage = Page & { table: DataTable }

const always: StateTag = { text: 'Always sent', colour: 'blue' }
const on: StateTag = { text: 'On', colour: 'green' }
const off: StateTag = { text: 'Off', colour: 'grey' }

/** Every rule by which something is written by itself, and what this organisation decided about it. */
export function presentSettings(settings: readonly MessageSetting[]): SettingsPage {
  const rows = settledKinds.map((kind) => {
    const setting = settings.find((one) => one.kind === kind)
    const { name, when, how, alwaysOn } = ruleInWords(kind)
    const isOwn = setting !== undefined && wordingParts.some((part) => setting[part] !== null)
    return {
      cells: [
        { text: name, href: settingUrl(kind) },
        { text: when },
        { text: how },
        { text: isWorded(kind) ? (isOwn ? 'Yours' : 'Ours') : 'None' },
        { tag: alwaysOn === null ? tagOf(setting) : always },
      ],
    }
  })
  return {
    title: 'Messages that go out by themselves',
    back: { href: '/admin/settings', text: 'Settings' },
    table: {
      ...{ caption: 'Each kind of message', captionHidden: true, rows },
      columns: [{ text: 'Message' }, { text: 'When' }, { text: 'How' }, { text: 'Words' }, { text: 'State' }],
    },
  }
}

const tagOf = (setting: Pick<MessageSetting, 'is_on'> | undefined) => (setting?.is_on === false ? off : on)

export interface SettingShown {
  kind: SettledKind
  /** The newest first. */
  versions: readonly MessageSetting[]
  organisation: string
  /** The names that must not be said. */
  quiet: readonly string[]
  now: Date
}

export type SettingPage = Page & {
  caption: string
  state: StateTag
  rule: SummaryRow[]
  alwaysOn: string | null
  change: { action: string; version: number; text: string; isOn: string; hint: string } | null
  forms: {
    heading: string
    whose: string
    edit: Link
    print: Link | null
    previews: MessagePreview[]
  }[]
  history: TimelineEntry[]
}

export const formNames: Readonly<Record<WordingForm, string>> = { email: 'Email', text: 'Text', letter: 'Letter' }

export function presentSetting({ kind, versions, organisation, quiet, now }: SettingShown): SettingPage {
  const rule = ruleInWords(kind)
  const [current] = versions
  const isOn = current?.is_on ?? true
  return {
    title: rule.name,
    caption: 'Messages that go out by themselves',
    back: { href: LIST, text: 'All of them' },
    state: rule.alwaysOn === null ? tagOf(current) : always,
    rule: [
      { key: 'Who gets it', value: rule.who },
      { key: 'When', value: rule.when },
      { key: 'How', value: rule.how },
      { key: 'Quiet hours', value: rule.quiet },
      { key: 'Not sent when', lines: rule.stops },
      { key: 'When it may not be sent', value: rule.otherwise },
    ],
    alwaysOn: rule.alwaysOn,
    change:
      rule.alwaysOn === null
        ? {
            ...{ action: settingUrl(kind, '/switch'), version: current?.version ?? 0, isOn: isOn ? 'no' : 'yes' },
            text: isOn ? 'Stop sending it' : 'Send it again',
            hint: isOn
              ? 'If you stop it, nobody in your organisation gets it any more, also where it waits to be sent.'
              : 'Nobody gets it just now. From the day you send it again, what falls due goes out.',
          }
        : null,
    forms: isWorded(kind)
      ? formsOf(kind).map((form) => formShown({ kind, form, current, organisation, quiet, now }))
      : [],
    history: versions.map((version, index) => historyOf(version, versions[index + 1])),
  }
}

interface Shown {
  kind: WordedKind
  form: WordingForm
  current: MessageSetting | undefined
  organisation: string
  quiet: readonly string[]
  now: Date
}

function formShown({ kind, form, current, organisation, quiet, now }: Shown): SettingPage['forms'][number] {
  const isOwn = wordingForms[form].some((part) => (current?.[part] ?? null) !== null)
  const known = knownOf(current ?? noOwn, quiet)
  return {
    heading: formNames[form],
    whose: isOwn ? 'In your own words.' : 'In our words.',
    edit: {
      ...{ href: settingUrl(kind, `/${form}`), text: 'Change the words' },
      visuallyHiddenText: `of the ${formNames[form].toLowerCase()}`,
    },
    print: form === 'letter' ? { href: settingUrl(kind, '/letter/print'), text: 'See it as it prints' } : null,
    previews: previewsOf({ kind, form, known, organisation, now }),
  }
}

function historyOf(version: MessageSetting, before: MessageSetting | undefined): TimelineEntry {
  const changed = wordingParts.filter((part) => version[part] !== (before?.[part] ?? null))
  const isSwitched = version.is_on !== (before?.is_on ?? true)
  const did = [
    ...(isSwitched ? [version.is_on ? 'switched it on again' : 'switched it off'] : []),
    ...changed.map((part) =>
      version[part] === null ? `went back to our ${partWords[part]}` : `changed the ${partWords[part]}`,
    ),
  ]
  return {
    at: formatInstant(version.changed_at),
    datetime: new Date(version.changed_at).toISOString(),
    text: `${version.changed_by} ${did.length === 0 ? 'saved it as it was' : did.join(' and ')}.`,
    lines: changed.flatMap((part) => (version[part] ?? '').split('\n')).filter((line) => line !== ''),
  }
}

const partWords: Readonly<Record<WordingPart, string>> = {
  subject: 'subject',
  body: 'email',
  text: 'text',
  letter: 'letter',
}

export type WordingPage = Page & {
  caption: string
  action: string
  preview: string
  version: number
  subject: InputField | null
  words: TextareaField
  fields: { typed: string; means: string }[]
  notInSubject: boolean
  warnings: string[]
  anyway: string
  previews: MessagePreview[]
  ours: { action: string } | null
  cancel: string
}

export interface WordingShown extends FormShown {
  kind: WordedKind
  form: WordingForm
  current: MessageSetting | undefined
  version?: number
  warnings?: readonly Warning[]
  previews?: MessagePreview[]
}

/** Where one form of a message is worded. */
export function presentWording({
  kind,
  form,
  current,
  version,
  warnings = [],
  previews = [],
  ...shown
}: WordingShown): WordingPage {
  const ours = oursFor(kind)
  const parts: readonly WordingPart[] = wordingForms[form]
  const saved = Object.fromEntries(parts.map((part) => [part, current?.[part] ?? ours[part]]))
  const fields = formFields({ values: shown.values ?? saved, errors: shown.errors })
  const name = formNames[form].toLowerCase()
  const words: Partial<FormField> & { rows: number } = { rows: form === 'text' ? 5 : 14 }
  const isOwn = parts.some((part) => (current?.[part] ?? null) !== null)
  return {
    title: `Words of the ${name}`,
    caption: ruleInWords(kind).name,
    back: { href: settingUrl(kind), text: ruleInWords(kind).name },
    errors: shown.errors,
    action: settingUrl(kind, `/${form}`),
    preview: settingUrl(kind, `/${form}/preview`),
    version: version ?? current?.version ?? 0,
    subject: form === 'email' ? fields.input('subject', 'Subject', { hint: SUBJECT_HINT }) : null,
    words: fields.textarea(parts.at(-1) ?? 'body', form === 'email' ? 'Email' : formNames[form], {
      ...words,
      hint: wordsHint(form),
    }),
    fields: fieldsFor(kind, parts.at(-1) ?? 'body').map(fieldShown),
    notInSubject: form === 'email',
    warnings: warnings.map(({ text }) => text),
    anyway: codesOf(warnings),
    previews,
    ours: isOwn ? { action: settingUrl(kind, `/${form}/ours`) } : null,
    cancel: settingUrl(kind),
  }
}

const SUBJECT_HINT =
  'One line. It stands on a locked screen, so it never names you, a ward or a team, and says nothing about health.'

function wordsHint(form: WordingForm): string {
  if (form === 'text')
    return 'At most 3 texts long. Whoever is near the phone can read it, so it never says who you are but by {{signed}}.'
  return 'An empty line begins a new paragraph. A sentence is left out where what it names is not known.'
}

const fieldShown = (field: Field) => ({ typed: `{{${field}}}`, means: fieldMeanings[field] })

export type MessageLetterPage = Page & { to: string[]; date: string; paragraphs: MessagePreview['paragraphs'] }

/** The letter of one kind as it prints, to somebody who does not exist. */
export function presentLetterPreview(shown: Omit<Shown, 'form'>, namesService: boolean): MessageLetterPage {
  const { kind, now } = shown
  const form = 'letter'
  const known = knownOf(shown.current ?? noOwn, shown.quiet)
  const previews = previewsOf({ kind, form, known, organisation: shown.organisation, now })
  const preview = previews.find(({ agreed }) => agreed === namesService) ?? previews[0]
  return {
    title: preview?.subject ?? '',
    back: { href: settingUrl(kind), text: 'Back' },
    to: ['Kim Example', '1 Invented Street', 'Sampleton'],
    date: formatDate(londonToday(now)),
    paragraphs: preview?.paragraphs ?? [],
  }
}
