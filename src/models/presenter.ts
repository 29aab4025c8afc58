import { support } from '../items/rules.ts'
import { formatDate, formatShortDate } from '../lib/dates.ts'
import { downloadsOf } from '../lib/downloads.ts'
import { formFields } from '../lib/form-fields.ts'
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
  TableCell,
} from '../lib/view-model.ts'
import type { ModelFilter, ModelRow } from './queries.ts'
import {
  categoryName,
  categoryOptions,
  connectorName,
  countInWords,
  hasOperatingSystem,
  MOST_COUNTED,
  modelName,
  noConnector,
} from './rules.ts'

export type ModelsPage = Page & {
  action: Link | null
  filters: { search: InputField; category: SelectField }
  clear: string | null
  table: DataTable | null
  pagination: Pagination
  downloads: Downloads | null
  empty: { text: string; hint?: string; link?: Link } | null
}

export interface ModelsShown {
  list: PageOf<ModelRow>
  filter: ModelFilter
  today: string
  mayChange: boolean
}

export function presentModels({ list, filter, today, mayChange }: ModelsShown): ModelsPage {
  const pageUrl = (cursor: { after?: string; before?: string }) => listUrl('/models', { ...filter, ...cursor })
  const addFirst = mayChange ? { href: newModelUrl(filter), text: 'Add a model' } : null
  return {
    title: 'Models',
    back: { href: '/items', text: 'Items' },
    action: addFirst,
    filters: presentFilters(filter),
    clear: isFiltered(filter) ? '/models' : null,
    table: list.rows.length === 0 ? null : modelsTable(list.rows, today),
    pagination: {
      label: 'Models',
      ...(list.previous && { previous: pageUrl({ before: list.previous }) }),
      ...(list.next && { next: pageUrl({ after: list.next }) }),
    },
    downloads: list.rows.length === 0 ? null : downloadsOf('/models', { ...filter }),
    empty: list.rows.length > 0 ? null : presentEmpty(filter, addFirst),
  }
}

export function presentFilters({ search = '', category = '' }: ModelFilter): ModelsPage['filters'] {
  const field = formFields({ values: { search, category } })
  return {
    search: field.input('search', 'Maker or name', { width: 20, spellcheck: 'false' }),
    category: field.select('category', 'Category', [{ value: '', text: 'All' }, ...categoryOptions]),
  }
}

function isFiltered({ search, category }: ModelFilter): boolean {
  return Boolean(search || category)
}

function presentEmpty(filter: ModelFilter, link: Link | null): ModelsPage['empty'] {
  if (isFiltered(filter)) {
    return { text: 'No models fit these filters.', link: { href: '/models', text: 'See all models' } }
  }
  const hint = 'A model is what an item is a copy of, such as "Apple iPad 10th generation".'
  return { text: 'There are no models yet.', hint, ...(link && { link }) }
}

function newModelUrl(filter: ModelFilter): string {
  return listUrl('/models/new', { category: filter.category })
}

function modelsTable(rows: ModelRow[], today: string): DataTable {
  return {
    caption: 'Models',
    captionHidden: true,
    columns: [
      { text: 'Model' },
      { text: 'Category' },
      { text: 'Security updates until' },
      { text: 'Connector' },
      { text: 'Items', numeric: true },
    ],
    rows: rows.map((model) => ({
      cells: [
        { text: modelName(model), href: `/models/${model.id}` },
        { text: categoryName(model.category) },
        supportCell(model, today),
        { text: connectorName(model.connector), hint: cableText(model) },
        itemsCell(model),
      ],
    })),
  }
}

function itemsCell(model: ModelRow): TableCell {
  if (model.item_count === 0) return { text: '0', numeric: true }
  const href = itemsUrl(model)
  const text = capitalised(countInWords(model.item_count))
  return { text, href, visuallyHiddenText: `of ${modelName(model)}`, numeric: true }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function allItems(count: number): string {
  if (count > MOST_COUNTED) return `See all items, ${countInWords(count)}`
  return count === 1 ? 'See the 1 item' : `See all ${count} items`
}

function itemsUrl(model: ModelRow): string {
  return listUrl('/items', { model: model.id })
}

function supportCell(model: ModelRow, today: string): TableCell {
  if (model.support_ends_on === null) return { text: hasOperatingSystem(model.category) ? 'Not known' : '' }
  return { text: formatShortDate(model.support_ends_on), tag: supportTag(model.support_ends_on, today) }
}

/** Nothing to say while updates go on for long: only what needs somebody stands out. */
export function supportTag(endsOn: string | null, today: string): StateTag | undefined {
  const state = support(endsOn, today)
  if (state === 'ended') return { text: 'Ended', colour: 'red' }
  return state === 'ending' ? { text: 'Ends soon', colour: 'orange' } : undefined
}

function cableText(model: ModelRow): string | undefined {
  return model.cable_length_cm === null ? undefined : `${model.cable_length_cm} cm cable`
}

function videoText({ is_suitable_for_video: isSuitable }: ModelRow): string {
  return isSuitable === null ? '' : isSuitable ? 'Yes' : 'No'
}

export type ModelPage = Page & {
  caption: string
  rows: SummaryRow[]
  items: { text: string; link: Link | null }
  actions: { main: Link; other: Link } | null
}

export function presentModel(model: ModelRow, today: string, mayChange: boolean): ModelPage {
  const count = model.item_count
  return {
    title: modelName(model),
    caption: categoryName(model.category),
    back: { href: '/models', text: 'Models' },
    rows: aboutRows(model, today),
    items: {
      text: count === 0 ? 'There are no items of this model yet.' : '',
      link: count === 0 ? null : { href: itemsUrl(model), text: allItems(count) },
    },
    actions: mayChange
      ? {
          main: { href: listUrl('/items/new', { model: model.id }), text: 'Add an item of this model' },
          other: { href: `/models/${model.id}/edit`, text: 'Change details' },
        }
      : null,
  }
}

function aboutRows(model: ModelRow, today: string): SummaryRow[] {
  const notKnown = 'Not known'
  return [
    { key: 'Category', value: categoryName(model.category) },
    { key: 'Maker', value: model.maker || notKnown },
    { key: 'Name', value: model.name },
    { key: 'Operating system', value: model.operating_system || notKnown },
    {
      key: 'Security updates until',
      value: model.support_ends_on === null ? notKnown : formatDate(model.support_ends_on),
      tag: supportTag(model.support_ends_on, today),
    },
    { key: 'Connector', value: connectorName(model.connector) || noConnector },
    { key: 'Cable length', value: model.cable_length_cm === null ? notKnown : `${model.cable_length_cm} cm` },
    { key: 'Good for video calls', value: videoText(model) || notKnown },
  ].filter(({ key }) => hasOperatingSystem(model.category) || !softwareRows.has(key) || hasSoftware(model))
}

/** Left out where they mean nothing: a charger has no operating system. */
const softwareRows = new Set(['Operating system', 'Security updates until'])

function hasSoftware(model: ModelRow): boolean {
  return model.operating_system !== '' || model.support_ends_on !== null
}
