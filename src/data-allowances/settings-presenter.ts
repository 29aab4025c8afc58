import { digestOf } from '../lib/digest.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { DataTable, InputField, Page } from '../lib/view-model.ts'
import type { PlatformFigure } from './settings-queries.ts'
import { type DataSettings, settingsInOne } from './settings-rules.ts'

export type DataSettingsPage = Page & {
  shown: string
  figures: InputField[]
  suspendAfter: InputField
  platforms: DataTable | null
}

/** What calls are taken to use, with what each platform has of its own. */
export function presentDataSettings(
  { platforms, ...saved }: DataSettings & { platforms: PlatformFigure[] },
  { values, errors }: FormShown = {},
): DataSettingsPage {
  const asSaved = {
    ...{ video: String(saved.data_mb_video), phone: String(saved.data_mb_phone), text: String(saved.data_mb_text) },
    ...{ day: String(saved.data_mb_day), source: saved.data_mb_source },
    'suspend-after': saved.data_suspend_after_days === null ? '' : String(saved.data_suspend_after_days),
  }
  const field = formFields({ values: values ?? asSaved, errors })
  const number = { width: 5, inputmode: 'numeric', autocomplete: 'off' } as const
  return {
    title: 'Data allowances',
    back: { href: '/admin/settings', text: 'Settings' },
    errors,
    shown: digestOf(settingsInOne(saved)),
    figures: [
      field.input('video', 'A video call, in MB a minute', {
        ...number,
        hint: 'Published figures range from 2 to 20. Where you are not sure, take the larger: then nobody runs out.',
      }),
      field.input('phone', 'A phone call, in MB a minute', {
        ...number,
        hint: 'It uses none, unless it is made over the internet.',
      }),
      field.input('text', 'A chat in writing, in MB a minute', number),
      field.input('day', 'All that they do besides, in MB a day', {
        ...number,
        hint: 'It counts until two readings of theirs tell more.',
      }),
      field.input('source', 'Where are these figures from? (optional)', {
        autocomplete: 'off',
        hint: 'Such as: measured by our IT team in May 2026',
      }),
    ],
    suspendAfter: field.input('suspend-after', 'Ask after how many days? (optional)', {
      ...number,
      hint: 'Leave this empty and no data is suspended because an item is overdue.',
    }),
    platforms: platforms.length === 0 ? null : platformsTable(platforms),
  }
}

function platformsTable(platforms: PlatformFigure[]): DataTable {
  return {
    caption: 'Platforms with a figure of their own, which goes before these',
    captionSize: 'm',
    columns: [{ text: 'Platform' }, { text: 'MB a minute' }, { text: 'Where it is from' }],
    rows: platforms.map(({ id, name, mb_per_minute, mb_source }) => ({
      cells: [
        { text: name, href: `/platforms/${id}/edit` },
        { text: mb_per_minute === null ? 'As above' : String(mb_per_minute) },
        { text: mb_per_minute === null ? '' : mb_source || 'Not written down' },
      ],
    })),
  }
}
