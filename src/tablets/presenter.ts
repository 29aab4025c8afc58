import { formatDate, formatInstant, londonDate } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import { type CodePicture, qrCode } from '../lib/qr-code.ts'
import type {
  DataTable,
  InputField,
  Link,
  Page,
  Pagination,
  SelectField,
  StateTag,
  SummaryRow,
} from '../lib/view-model.ts'
import type { TabletFilter, TabletRow } from './queries.ts'
import { tabletState, tabletStates } from './rules.ts'

export type TabletsPage = Page & {
  tabs: (Link & { current: boolean })[]
  add: string
  table: DataTable | null
  pagination: Pagination
  empty: { text: string; hint?: string }
}

const filterNames: Record<TabletFilter, string> = { open: 'In use or waiting', revoked: 'Taken off' }

export function presentTablets(list: PageOf<TabletRow>, filter: TabletFilter, now: Date): TabletsPage {
  const pageUrl = (cursor: { after?: string; before?: string }) => urlOf(filter, cursor)
  return {
    title: 'Ward tablets',
    back: { href: '/admin/staff', text: 'Staff' },
    tabs: (Object.keys(filterNames) as TabletFilter[]).map((name) => ({
      href: urlOf(name),
      text: filterNames[name],
      current: name === filter,
    })),
    add: '/admin/tablets/new',
    table: list.rows.length === 0 ? null : tabletTable(list.rows, filter, now),
    pagination: {
      label: 'Ward tablets',
      ...(list.previous && { previous: pageUrl({ before: list.previous }) }),
      ...(list.next && { next: pageUrl({ after: list.next }) }),
    },
    empty:
      filter === 'revoked'
        ? { text: 'No tablet was taken off.' }
        : {
            text: 'No tablet is enrolled yet.',
            hint: 'On an enrolled tablet the ward’s staff sign in with a PIN or a badge, for one task at a time.',
          },
  }
}

function urlOf(filter: TabletFilter, cursor: { after?: string; before?: string } = {}): string {
  return listUrl('/admin/tablets', { ...(filter !== 'open' && { show: filter }), ...cursor })
}

export function tabletUrl({ id }: { id: number }): string {
  return `/admin/tablets/${id}`
}

function tabletTable(rows: TabletRow[], filter: TabletFilter, now: Date): DataTable {
  return {
    caption: `${filterNames[filter]}, by name`,
    captionHidden: true,
    columns: [{ text: 'Tablet' }, { text: 'Ward' }, { text: 'Enrolled' }, { text: 'Last used' }, { text: 'State' }],
    rows: rows.map((tablet) => ({
      cells: [
        { text: tablet.name, href: tabletUrl(tablet) },
        { text: tablet.ward },
        tablet.enrolled_at === null
          ? { text: 'Not yet' }
          : { text: formatDate(londonDate(tablet.enrolled_at)), hint: `by ${tablet.enrolled_by}` },
        { text: tablet.last_used_at === null ? 'Never' : formatInstant(tablet.last_used_at) },
        { tag: tabletStates[tabletState(tablet, now)] },
      ],
    })),
  }
}

export type NewTabletPage = Page & { key: string; name: InputField; ward: SelectField }

export function presentNewTablet(
  shown: FormShown & { key: string; wards: { id: number; name: string }[] },
): NewTabletPage {
  const field = formFields(shown)
  const wards = shown.wards.map(({ id, name }) => ({ value: id, text: name }))
  return {
    title: 'Enrol a tablet',
    back: { href: '/admin/tablets', text: 'Ward tablets' },
    errors: shown.errors,
    key: shown.key,
    name: field.input('name', 'What do you call it?', {
      hint: 'Like “Ash Ward, nurses’ station”. It stands beside the name of whoever did something in the audit.',
      autocomplete: 'off',
    }),
    ward: field.select('ward', 'Which ward is it for?', [{ value: '', text: 'Choose a ward' }, ...wards], {
      hint: 'This cannot be changed. The ward’s own staff sign in on it, and see that ward only.',
    }),
  }
}

export type TabletPage = Page & {
  caption: string
  state: StateTag
  about: SummaryRow[]
  /** For whoever made it, until the tablet is enrolled. */
  code: { text: string; picture: CodePicture; address: string; until: string } | null
  newCode: { action: string; lead: string } | null
  revocation: string | null
}

export interface TabletShown {
  tablet: TabletRow
  code: string | null
  publicUrl: string
  now: Date
}

export function presentTablet({ tablet, code, publicUrl, now }: TabletShown): TabletPage {
  const state = tabletState(tablet, now)
  const url = tabletUrl(tablet)
  const isWaiting = state === 'waiting' || state === 'late'
  return {
    title: tablet.name,
    caption: tablet.ward,
    back: { href: '/admin/tablets', text: 'Ward tablets' },
    state: tabletStates[state],
    about: aboutRows(tablet),
    code: state === 'waiting' && code !== null ? codeShown(code, publicUrl, tablet.code_until ?? '') : null,
    newCode: isWaiting
      ? {
          action: `${url}/code`,
          lead:
            state === 'late'
              ? 'The code was not typed in time. Make a new one.'
              : 'The code is only shown to whoever made it. If it is lost, make a new one: the one before works no more.',
        }
      : null,
    revocation: state === 'revoked' ? null : `${url}/revocation`,
  }
}

function codeShown(text: string, publicUrl: string, until: string): NonNullable<TabletPage['code']> {
  const drawn = qrCode(`${publicUrl}/tablet?code=${text.replaceAll(' ', '')}`, 'M')
  if (drawn === null) throw new Error('No QR code could be made')
  return { text, picture: drawn.picture, address: `${publicUrl}/tablet`, until: formatInstant(until) }
}

function aboutRows(tablet: TabletRow): SummaryRow[] {
  return [
    { key: 'Ward', value: tablet.ward },
    tablet.enrolled_at === null
      ? { key: 'Enrolled', value: `Not yet. Added ${formatInstant(tablet.made_at)}` }
      : { key: 'Enrolled', lines: [formatInstant(tablet.enrolled_at), `with a code made by ${tablet.enrolled_by}`] },
    { key: 'Last used', value: tablet.last_used_at === null ? 'Never' : formatInstant(tablet.last_used_at) },
    ...(tablet.revoked_at === null
      ? []
      : [{ key: 'Taken off', lines: [formatInstant(tablet.revoked_at), `by ${tablet.revoked_by}`] }]),
  ]
}
