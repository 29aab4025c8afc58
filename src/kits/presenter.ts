import { itemState, itemStates, leftAs } from '../items/rules.ts'
import { itemUrl } from '../items/tag-rules.ts'
import { formatDue } from '../lib/dates.ts'
import { downloadsOf } from '../lib/downloads.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type {
  DataTable,
  Downloads,
  InputField,
  Link,
  Page,
  Pagination,
  SelectField,
  StateTag,
  SummaryRow,
} from '../lib/view-model.ts'
import { modelName } from '../models/rules.ts'
import type { KitDetail, KitFilter, KitItemRow, KitRow } from './queries.ts'
import { type KitCounts, kitState, kitStates } from './rules.ts'

export type KitsPage = Page & {
  action: Link | null
  filter: SelectField
  clear: string | null
  table: DataTable | null
  pagination: Pagination
  downloads: Downloads | null
  empty: { text: string; hint?: string; link?: Link } | null
}

export interface KitsShown {
  list: PageOf<KitRow>
  filter: KitFilter
  mayChange: boolean
}

export function presentKits({ list, filter, mayChange }: KitsShown): KitsPage {
  const state = filter.isReady ? 'ready' : ''
  const pageUrl = (cursor: { after?: string; before?: string }) => listUrl('/kits', { state, ...cursor })
  const add = mayChange ? { href: '/kits/new', text: 'Add a kit' } : null
  return {
    title: 'Kits',
    action: add,
    filter: formFields({ values: { state } }).select('state', 'State', [
      { value: '', text: 'All' },
      { value: 'ready', text: 'Ready to lend' },
    ]),
    clear: filter.isReady ? '/kits' : null,
    table: list.rows.length === 0 ? null : kitsTable(list.rows),
    pagination: {
      label: 'Kits',
      ...(list.previous && { previous: pageUrl({ before: list.previous }) }),
      ...(list.next && { next: pageUrl({ after: list.next }) }),
    },
    downloads: list.rows.length === 0 ? null : downloadsOf('/kits', { state }),
    empty: list.rows.length > 0 ? null : presentEmpty(filter, add),
  }
}

function presentEmpty(filter: KitFilter, link: Link | null): KitsPage['empty'] {
  if (filter.isReady) return { text: 'No kit is ready to lend now.', link: { href: '/kits', text: 'See all kits' } }
  const hint = 'A kit is a set of items that are lent together, such as a tablet, its charger and a headset.'
  return { text: 'There are no kits yet.', hint, ...(link && { link }) }
}

function kitsTable(rows: KitRow[]): DataTable {
  return {
    caption: 'Kits',
    captionHidden: true,
    columns: [{ text: 'Tag' }, { text: 'Name' }, { text: 'State' }, { text: 'Items', numeric: true }],
    rows: rows.map((kit) => ({
      cells: [
        { text: kit.tag, href: `/kits/${kit.id}` },
        { text: kit.name },
        { tag: stateTag(kit), hint: countHint(kit) },
        { text: String(kit.item_count), numeric: true },
      ],
    })),
  }
}

function stateTag(kit: KitCounts): StateTag {
  return kitStates[kitState(kit)]
}

function countHint(kit: KitCounts): string | undefined {
  const state = kitState(kit)
  if (state === 'not-ready') return `${kit.free_count} of ${kit.item_count} available`
  return state === 'incomplete' ? `${kit.gone_count} of ${kit.item_count} no longer ours` : undefined
}

export type KitPage = Page & {
  caption: string
  state: StateTag
  stateSentence: string
  actions: (Link & { isMain: boolean })[]
  items: KitItem[]
  hidden: string | null
  about: SummaryRow[]
  add: { url: string; code: InputField } | null
}

interface KitItem {
  tag: string
  href: string
  what: string
  state: StateTag
  more: string
  /** Where taking it out is sent; empty for those who may not. */
  removeUrl: string
}

export interface KitShown extends FormShown {
  kit: KitDetail
  items: KitItemRow[]
  today: string
  may: { change: boolean; lend: boolean }
  /** Whether something was just added, so that the next may be scanned at once. */
  isAdding?: boolean
  /** Whether the page begins with a message, which is then read out with the box. */
  hasMessage?: boolean
}

export function presentKit({ kit, items, today, may, isAdding, hasMessage, ...form }: KitShown): KitPage {
  const unseen = kit.item_count - items.length
  return {
    title: kit.name,
    caption: kit.tag,
    errors: form.errors,
    back: { href: '/kits', text: 'Kits' },
    state: stateTag(kit),
    stateSentence: stateSentence(kit),
    actions: actionsFor(kit, may),
    items: items.map((item) => presentItem(item, kit.id, today, may.change)),
    hidden:
      unseen === 0
        ? null
        : `${unseen} more ${unseen === 1 ? 'item of this kit is' : 'items of this kit are'} kept elsewhere.`,
    about: kit.notes === '' ? [] : [{ key: 'Notes', lines: kit.notes.split('\n') }],
    add: may.change
      ? {
          url: `/kits/${kit.id}/items`,
          code: formFields(form).input('code', 'Add an item', {
            hint: 'Scan or type its asset tag, serial number, IMEI or SIM number.',
            code: true,
            width: 20,
            spellcheck: 'false',
            autocapitalize: 'none',
            autocomplete: 'off',
            autofocus: isAdding,
            describedBy: hasMessage ? 'done-text' : undefined,
          }),
        }
      : null,
  }
}

function stateSentence(kit: KitCounts): string {
  const { item_count: all, free_count: free, gone_count: gone } = kit
  switch (kitState(kit)) {
    case 'empty':
      return 'There is nothing in it yet.'
    case 'incomplete':
      return `${gone} of its ${all} items ${gone === 1 ? 'is' : 'are'} no longer ours. Take ${gone === 1 ? 'it' : 'them'} out, and add what replaces ${gone === 1 ? 'it' : 'them'}.`
    case 'ready':
      return all === 1 ? 'Its only item is available.' : `All ${all} items are available.`
    case 'out':
      return all === 1 ? 'Its only item is out.' : `All ${all} items are out.`
    case 'not-ready':
      if (all === 1) return 'Its only item is not available.'
      return `${free} of its ${all} items ${free === 1 ? 'is' : 'are'} available.`
  }
}

function actionsFor(kit: KitDetail, may: KitShown['may']): KitPage['actions'] {
  const actions: KitPage['actions'] = []
  const isReady = kitState(kit) === 'ready'
  if (may.lend && kit.free_count > 0) {
    actions.push({ href: listUrl('/loans/new', { kit: kit.id }), text: 'Lend this kit', isMain: isReady })
  }
  if (may.change) actions.push({ href: `/kits/${kit.id}/edit`, text: 'Change details', isMain: false })
  return actions
}

function presentItem(item: KitItemRow, kitId: number, today: string, mayChange: boolean): KitItem {
  const state = itemState(item, today)
  const { text, colour } = itemStates[state]
  const isOut = item.due_on !== null && (state === 'overdue' || state === 'on-loan' || state === 'on-ward')
  const place = item.placed_with ?? item.kept_at
  return {
    tag: item.tag,
    href: itemUrl(item.tag),
    what: modelName({ maker: item.maker, name: item.model }),
    state: { text: item.left_as === null ? text : (leftAs[item.left_as] ?? text), colour },
    more: [isOut && dueText(item.due_on ?? '', today), place].filter(Boolean).join(', '),
    removeUrl: mayChange ? `/kits/${kitId}/items/${item.id}/remove` : '',
  }
}

function dueText(dueOn: string, today: string): string {
  return dueOn < today ? formatDue(dueOn, today) : `due ${formatDue(dueOn, today)}`
}
