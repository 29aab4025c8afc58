import { formatDate, formatInstant, formatShortDate } from '../lib/dates.ts'
import type { Typed } from '../lib/fields.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type {
  DataTable,
  DateField,
  InputField,
  Link,
  Page,
  RadiosField,
  SummaryRow,
  TextareaField,
  TimelineEntry,
} from '../lib/view-model.ts'
import type { listPlatforms, Platform } from './queries.ts'
import { approvals, platformUrl } from './rules.ts'

export type PlatformsPage = Page & { table: DataTable | null; add: Link | null }

export function presentPlatforms(rows: Awaited<ReturnType<typeof listPlatforms>>, mayChange: boolean): PlatformsPage {
  return {
    title: 'Platforms',
    add: mayChange ? { href: '/platforms/new', text: 'Add a platform' } : null,
    table:
      rows.length === 0
        ? null
        : {
            caption: 'Platforms for calls and messages',
            captionHidden: true,
            columns: [{ text: 'Platform' }, { text: 'Decided' }, { text: 'Data' }, { text: 'Risk accepted by' }],
            rows: rows.map(({ id, name, approval, decided_on, mb_per_minute, risk }) => ({
              cells: [
                { text: name, href: platformUrl(id) },
                {
                  ...(approvals[approval] && { tag: approvals[approval].tag }),
                  ...(decided_on !== null && { hint: formatShortDate(decided_on) }),
                },
                { text: dataText(mb_per_minute) },
                { text: risk?.staff_member ?? (approval === 'not-approved' ? 'Nobody yet' : 'Not needed') },
              ],
            })),
          },
  }
}

function dataText(megabytes: number | null): string {
  return megabytes === null ? 'Not known' : megabytes === 0 ? 'None' : `${megabytes} MB a minute`
}

export type PlatformPage = Page & {
  name: string
  rows: SummaryRow[]
  risks: TimelineEntry[]
  edit: Link | null
  accept: { action: string; key: string; risk: TextareaField } | null
}

export interface PlatformShown extends FormShown {
  platform: Platform
  mayChange: boolean
  key: string
}

export function presentPlatform({ platform, mayChange, key, ...form }: PlatformShown): PlatformPage {
  const {
    id,
    name,
    approval,
    decided_on,
    decided_by_words: by,
    settings,
    guidance,
    mb_per_minute,
    mb_source,
    risks,
  } = platform
  const decided = [by, decided_on === null ? '' : formatDate(decided_on)].filter((words) => words !== '').join(', ')
  const lines = (words: string) => (words === '' ? ['Nothing is written down'] : words.split('\n'))
  return {
    title: 'Platform',
    name,
    errors: form.errors,
    back: { href: '/platforms', text: 'Platforms' },
    rows: [
      { key: 'Decided', ...(approvals[approval] && { tag: approvals[approval].tag }), value: decided },
      { key: 'Settings', lines: lines(settings) },
      { key: 'Guidance', lines: lines(guidance) },
      {
        key: 'Data',
        value:
          mb_per_minute === null || mb_source === ''
            ? dataText(mb_per_minute)
            : `${dataText(mb_per_minute)} (${mb_source})`,
      },
    ],
    risks: risks.map((taken) => ({
      at: formatInstant(taken.accepted_at),
      text: `${taken.staff_member} accepted this risk.`,
      lines: taken.risk.split('\n'),
    })),
    edit: mayChange ? { href: `${platformUrl(id)}/edit`, text: 'Change this platform' } : null,
    accept: mayChange
      ? {
          action: `${platformUrl(id)}/risks`,
          key,
          risk: formFields(form).textarea('risk', 'Which risk do you accept, and why?', {
            hint: 'Your name and the day stand with it. Think of the risk of losing the person, too',
            rows: 3,
          }),
        }
      : null,
  }
}

export type PlatformFormPage = Page & {
  action: string
  key?: string
  version?: number
  name: InputField
  approval: RadiosField
  decidedBy: InputField
  decidedOn: DateField
  settings: TextareaField
  guidance: TextareaField
  data: InputField
  dataSource: InputField
  cancel: string
}

export interface PlatformFormShown extends FormShown {
  platform?: Platform
  key?: string
  version?: number
}

/** A platform to be added, or changed. */
export function presentPlatformForm({ platform, key, version, ...form }: PlatformFormShown): PlatformFormPage {
  const fields = formFields({
    values: form.values ?? (platform ? savedValues(platform) : {}),
    errors: form.errors ?? [],
  })
  const url = platform ? platformUrl(platform.id) : '/platforms'
  return {
    title: platform ? 'Change a platform' : 'Add a platform',
    errors: form.errors,
    back: { href: url, text: platform ? platform.name : 'Platforms' },
    action: url,
    ...(platform ? { version: version ?? platform.version } : { key: key ?? '' }),
    name: fields.input('name', 'Name', { autocomplete: 'off' }),
    approval: fields.radios(
      'approval',
      'What did the organisation decide?',
      Object.entries(approvals).map(([value, { text }]) => ({ value, text })),
    ),
    decidedBy: fields.input('decided-by', 'Who decided? (optional)', { autocomplete: 'off' }),
    decidedOn: fields.date('decided-on', 'When?', { hint: 'Leave this empty if it is not approved' }),
    settings: fields.textarea('settings', 'Which settings make it safe? (optional)', { rows: 4, maxlength: 2000 }),
    guidance: fields.textarea('guidance', 'What should staff and people know? (optional)', {
      rows: 4,
      maxlength: 2000,
    }),
    data: fields.input('data', 'Data it uses (optional)', {
      suffix: 'MB a minute',
      width: 3,
      inputmode: 'numeric',
      hint: 'About 10 for video, 1 for sound alone',
    }),
    dataSource: fields.input('data-source', 'Where is that figure from? (optional)', {
      autocomplete: 'off',
      hint: 'Such as: their own help page, or measured by our IT team',
    }),
    cancel: url,
  }
}

function savedValues(platform: Platform): Typed {
  const { name, approval, decided_by_words, decided_on, settings, guidance, mb_per_minute, mb_source } = platform
  return {
    ...{ name, approval, settings, guidance, 'decided-by': decided_by_words },
    data: mb_per_minute === null ? '' : String(mb_per_minute),
    'data-source': mb_source,
    ...dateFieldValues('decided-on', decided_on),
  }
}
