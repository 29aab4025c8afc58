import { formatDue } from '../lib/dates.ts'
import { downloadsOf } from '../lib/downloads.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type { DataTable, Downloads, Link, Page, Pagination } from '../lib/view-model.ts'
import { modelOf } from '../models/rules.ts'
import { type FilterFields, filterFields, filterParameters, type ItemFilter, isFiltered } from './filter-rules.ts'
import type { ItemRow } from './list-queries.ts'
import { stateTag } from './presenter.ts'
import { categories, isCategory, itemState } from './rules.ts'
import { itemUrl } from './tag-rules.ts'

export type ItemsPage = Page & {
  filters: FilterFields
  table: DataTable | null
  pagination: Pagination
  downloads: Downloads | null
  empty: { text: string; hint?: string; link?: Link } | null
  actions: Link[]
  clear: string | null
}

export interface ItemsShown {
  list: PageOf<ItemRow>
  filter: ItemFilter
  wards: { id: number; name: string }[]
  today: string
  mayChange: boolean
  mayCheck: boolean
}

export function presentItems({ list, filter, wards, today, mayChange, mayCheck }: ItemsShown): ItemsPage {
  const pageUrl = (cursor: { after?: string; before?: string }) =>
    listUrl('/items', { ...filterParameters(filter), ...cursor })
  return {
    title: 'Items',
    filters: filterFields(filter, wards),
    table: list.rows.length === 0 ? null : itemsTable(list.rows, today),
    pagination: {
      label: 'Items',
      ...(list.previous && { previous: pageUrl({ before: list.previous }) }),
      ...(list.next && { next: pageUrl({ after: list.next }) }),
    },
    downloads: list.rows.length === 0 ? null : downloadsOf('/items', filterParameters(filter)),
    empty: list.rows.length > 0 ? null : presentEmpty(isFiltered(filter), mayChange),
    actions: [
      ...(mayChange ? changeLinks(filter) : []),
      ...(mayCheck ? [{ href: '/stock-checks', text: 'Check the stock' }] : []),
    ],
    clear: isFiltered(filter) ? '/items' : null,
  }
}

function changeLinks(filter: ItemFilter): Link[] {
  return [
    { href: '/items/new', text: 'Add an item' },
    { href: '/items/import', text: 'Bring in a spreadsheet' },
    { href: listUrl('/items/labels', filterParameters(filter)), text: 'Print labels' },
    { href: '/models', text: 'See the models' },
  ]
}

function presentEmpty(hasFilter: boolean, mayChange: boolean) {
  if (hasFilter) return { text: 'No items fit these filters.', link: { href: '/items', text: 'See all items' } }
  if (!mayChange) return { text: 'There are no items on your wards yet.' }
  return {
    text: 'There are no items yet.',
    hint: 'Bring in the spreadsheet you keep today, or add the first item by hand.',
    link: { href: '/items/import', text: 'Bring in a spreadsheet' },
  }
}

function itemsTable(rows: ItemRow[], today: string): DataTable {
  return {
    caption: 'Items',
    captionHidden: true,
    columns: [{ text: 'Asset tag' }, { text: 'What it is' }, { text: 'State' }, { text: 'Place' }],
    rows: rows.map((item) => ({
      cells: [
        { text: item.tag, href: itemUrl(item.tag) },
        { text: modelOf(item), hint: isCategory(item.category) ? categories[item.category] : item.category },
        { tag: stateTag(item, today), hint: dueHint(item, today) },
        { text: item.placed_with ?? item.kept_at ?? '' },
      ],
    })),
  }
}

function dueHint(item: ItemRow, today: string): string | undefined {
  const state = itemState(item, today)
  const isOut = state === 'overdue' || state === 'on-loan' || state === 'on-ward'
  return isOut && item.due_on !== null ? formatDue(item.due_on, today) : undefined
}
