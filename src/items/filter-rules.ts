import type { InputField, SelectField } from '../lib/view-model.ts'
import { categories, type ItemState, isCategory, isItemState, itemStates } from './rules.ts'

/** What of the stock somebody wants to see, or to print labels for. */
export interface ItemFilter {
  state?: ItemState
  category?: string
  modelId?: number
  wardId?: number
  /** Part of a tag, serial, IMEI or SIM number, or of a model's name. */
  search?: string
}

/** Reads the filters of a list, from its address or from a form that carries them on. What is none of ours counts as not asked. */
export function readItemFilter(textOf: (name: string) => string): ItemFilter {
  const state = textOf('state')
  const category = textOf('category')
  return {
    search: textOf('search') || undefined,
    state: isItemState(state) ? state : undefined,
    category: isCategory(category) ? category : undefined,
    wardId: idOf(textOf('ward')),
    modelId: idOf(textOf('model')),
  }
}

function idOf(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}

/** The filters as they stand in an address. */
export function filterParameters(filter: ItemFilter): Record<string, string | number | undefined> {
  return {
    search: filter.search,
    state: filter.state,
    category: filter.category,
    ward: filter.wardId,
    model: filter.modelId,
  }
}

export function isFiltered(filter: ItemFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined && value !== '')
}

export interface FilterFields {
  search: InputField
  state: SelectField
  category: SelectField
  ward: SelectField
}

/** The boxes of the filters. A model is only ever chosen by a link. */
export function filterFields(filter: ItemFilter, wards: { id: number; name: string }[]): FilterFields {
  const all = { value: '', text: 'All' }
  const options = (table: Record<string, string>) => Object.entries(table).map(([value, text]) => ({ value, text }))
  return {
    search: {
      id: 'search',
      name: 'search',
      label: 'Tag, number or model',
      value: filter.search,
      width: 20,
      spellcheck: 'false',
    },
    state: {
      id: 'state',
      name: 'state',
      label: 'State',
      value: filter.state ?? '',
      items: [all, ...Object.entries(itemStates).map(([value, { text }]) => ({ value, text }))],
    },
    category: {
      id: 'category',
      name: 'category',
      label: 'Category',
      value: filter.category ?? '',
      items: [all, ...options(categories)],
    },
    ward: {
      id: 'ward',
      name: 'ward',
      label: 'Place',
      value: filter.wardId ?? '',
      items: [all, ...wards.map(({ id, name }) => ({ value: id, text: name })), ...placeAsked(filter, wards)],
    },
  }
}

/** A place that is closed, or none of theirs, is not offered, but a link may ask for it: the filter says that it is set. */
function placeAsked({ wardId }: ItemFilter, wards: { id: number }[]) {
  const isElsewhere = wardId !== undefined && !wards.some(({ id }) => id === wardId)
  return isElsewhere ? [{ value: wardId, text: 'Another place' }] : []
}
