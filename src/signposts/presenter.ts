import { factors } from '../conversations/factor-rules.ts'
import { type Flag, whatShutsOut } from '../conversations/flag-rules.ts'
import { talkUrl } from '../conversations/links-rules.ts'
import { addWeeks, formatDate, formatShortDate } from '../lib/dates.ts'
import type { Typed } from '../lib/fields.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import { safeUrl } from '../lib/safe-url.ts'
import type {
  CheckboxesField,
  DateField,
  InputField,
  Link,
  Page,
  SelectField,
  TextareaField,
} from '../lib/view-model.ts'
import { kinds, MONTHS_UNTIL_OLD, type Signpost, signpostsFor, signpostUrl } from './rules.ts'

export type SignpostsPage = Page & {
  filter: SelectField
  add: Link | null
  groups: { title: string; entries: EntryShown[] }[]
}

interface EntryShown {
  name: string
  lines: string[]
  website: Link | null
  helps: string
  checked: string
  isOld: boolean
  edit: Link | null
  checkAction: string | null
}

export interface SignpostsShown {
  signposts: Signpost[]
  kind: string
  today: string
  mayChange: boolean
}

export function presentSignposts({ signposts, kind, today, mayChange }: SignpostsShown): SignpostsPage {
  return {
    title: 'Help nearby and elsewhere',
    filter: formFields({ values: { kind } }).select('kind', 'What it is', [{ value: '', text: 'All' }, ...kindOptions]),
    add: mayChange ? { href: '/signposts/new', text: 'Add an entry' } : null,
    groups: groupsOf(signposts).map(({ title, entries }) => ({
      title,
      entries: entries.map((entry) => entryShown(entry, today, mayChange)),
    })),
  }
}

const kindOptions = Object.entries(kinds).map(([value, text]) => ({ value, text }))

function groupsOf(signposts: Signpost[]): { title: string; entries: Signpost[] }[] {
  return Object.entries(kinds)
    .map(([kind, title]) => ({ title, entries: signposts.filter((entry) => entry.kind === kind) }))
    .filter(({ entries }) => entries.length > 0)
}

function entryShown(entry: Signpost, today: string, mayChange: boolean): EntryShown {
  const isOld = entry.checked_on < addWeeks(today, -4 * MONTHS_UNTIL_OLD)
  return {
    name: entry.name,
    lines: linesOf(entry),
    website: websiteOf(entry),
    helps: helpsText(entry.helps),
    checked: `Checked on ${formatShortDate(entry.checked_on)}`,
    isOld,
    edit: mayChange ? { href: `${signpostUrl(entry.id)}/edit`, text: 'Change', visuallyHiddenText: entry.name } : null,
    checkAction: mayChange ? `${signpostUrl(entry.id)}/checked` : null,
  }
}

function linesOf({ about, phone, address, area }: Signpost): string[] {
  return [...about.split('\n'), phone, ...address.split('\n'), area].filter((line) => line !== '')
}

function websiteOf({ website, name }: Signpost): Link | null {
  const href = safeUrl(website)
  return website === '' || href === undefined ? null : { href, text: website, visuallyHiddenText: `(${name})` }
}

function helpsText(helps: string[]): string {
  const names = factors.filter(({ id }) => helps.includes(id)).map(({ name }) => name.toLowerCase())
  return names.length === 0 ? 'Printed for everybody' : `Helps with: ${names.join(', ')}`
}

export type SignpostFormPage = Page & {
  action: string
  key?: string
  version?: number
  kind: SelectField
  name: InputField
  about: TextareaField
  phone: InputField
  website: InputField
  address: TextareaField
  area: InputField
  helps: CheckboxesField
  checkedOn: DateField
  cancel: string
  endAction: string | null
}

export interface SignpostFormShown extends FormShown {
  signpost?: Signpost
  key?: string
  version?: number
}

/** An entry to be added, or changed. */
export function presentSignpostForm({ signpost, key, version, ...form }: SignpostFormShown): SignpostFormPage {
  const values = form.values ?? (signpost ? savedValues(signpost) : {})
  const fields = formFields({ values, errors: form.errors ?? [] })
  const off = { autocomplete: 'off' }
  return {
    title: signpost ? 'Change an entry' : 'Add an entry',
    errors: form.errors,
    back: { href: '/signposts', text: 'Help nearby and elsewhere' },
    action: signpost ? signpostUrl(signpost.id) : '/signposts',
    ...(signpost ? { version: version ?? signpost.version } : { key: key ?? '' }),
    kind: fields.select('kind', 'What it is', [{ value: '', text: 'Choose what it is' }, ...kindOptions]),
    name: fields.input('name', 'Name', {
      ...off,
      hint: 'It is printed and lies about at home. Where you can, choose words that do not name mental health',
    }),
    about: fields.textarea('about', 'What it offers (optional)', {
      rows: 3,
      maxlength: 1000,
      hint: 'In words for whoever gets the printed list',
    }),
    phone: fields.input('phone', 'Phone (optional)', { ...off, width: 20 }),
    website: fields.input('website', 'Web address (optional)', { ...off, type: 'url', spellcheck: 'false' }),
    address: fields.textarea('address', 'Address (optional)', { rows: 3 }),
    area: fields.input('area', 'Area (optional)', { ...off, hint: 'For example, the town, or “anywhere in England”' }),
    helps: {
      ...{ id: 'helps', name: 'helps', label: 'What does it help with?', small: true },
      hint: 'It is printed for people whom one of these shuts out. Leave them all empty to print it for everybody',
      items: factors.map(({ id, name }) => ({ value: id, text: name })),
      values: (values.helps ?? '').split(' '),
    },
    checkedOn: fields.date('checked-on', 'When was this checked? (optional)', {
      hint: 'Leave this empty if it was today',
    }),
    cancel: '/signposts',
    endAction: signpost ? `${signpostUrl(signpost.id)}/ended` : null,
  }
}

function savedValues({ kind, name, about, phone, website, address, area, helps, checked_on }: Signpost): Typed {
  return {
    kind,
    name,
    about,
    phone,
    website,
    address,
    area,
    helps: helps.join(' '),
    ...dateFieldValues('checked-on', checked_on),
  }
}

export type SignpostPrintPage = Page & {
  intro: string
  groups: { title: string; entries: { name: string; lines: string[] }[] }[]
  otherPrint: Link
  printedOn: string
}

export interface SignpostPrint {
  person: { id: number }
  signposts: Signpost[]
  flags: Flag[]
  today: string
  isLarge: boolean
}

/**
 * The list for one person, chosen by what shuts them out. It names neither the person nor us: whoever finds it learns nothing, and
 * what stands in somebody's way is not on it.
 */
export function presentSignpostPrint({ person, signposts, flags, today, isLarge }: SignpostPrint): SignpostPrintPage {
  const url = `/service-users/${person.id}/signposts`
  const chosen = signpostsFor(signposts, new Set(whatShutsOut(flags).map(({ factor }) => factor.id)))
  return {
    title: 'Places that can help',
    back: { href: talkUrl(person.id), text: 'Conversation' },
    largePrint: isLarge,
    intro:
      chosen.length === 0
        ? 'There is nothing on the list that helps with what was said.'
        : 'You can ask each of these by yourself, or together with us.',
    groups: groupsOf(chosen).map(({ title, entries }) => ({
      title,
      entries: entries.map((entry) => ({
        name: entry.name,
        lines: [...linesOf(entry), entry.website].filter((line) => line !== ''),
      })),
    })),
    otherPrint: isLarge
      ? { href: url, text: 'Print at the usual size' }
      : { href: `${url}?print=large`, text: 'Print in large letters' },
    printedOn: formatDate(today),
  }
}
