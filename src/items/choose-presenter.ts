import { formFields } from '../lib/form-fields.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type { DataTable, InputField, Link, Page, Pagination, SelectField } from '../lib/view-model.ts'
import type { ModelFilter, ModelRow } from '../models/queries.ts'
import { categoryName, categoryOptions, countInWords, modelName } from '../models/rules.ts'

export type ChooseModelPage = Page & {
  lead: string
  action: string
  kept: { name: string; value: string }[]
  filters: { search: InputField; category: SelectField }
  clear: string | null
  table: DataTable | null
  pagination: Pagination
  empty: { text: string; link?: Link } | null
  addModel: Link
}

export interface ChooseModelShown {
  list: PageOf<ModelRow>
  filter: ModelFilter
  title: string
  back: Link
  /** Where the list itself is, and where a chosen model leads. */
  here: string
  there: string
  /** What goes along, such as the tag that was scanned. */
  kept: Record<string, string>
}

/** The models to choose from. A list with a search, since a choice of hundreds is no use in a drop-down. */
export function presentChooseModel({
  list,
  filter,
  title,
  back,
  here,
  there,
  kept,
}: ChooseModelShown): ChooseModelPage {
  const pageUrl = (cursor: { after?: string; before?: string }) => listUrl(here, { ...kept, ...filter, ...cursor })
  const field = formFields({ values: { search: filter.search ?? '', category: filter.category ?? '' } })
  return {
    title,
    back,
    lead: 'Which model is it?',
    action: here,
    kept: Object.entries(kept).map(([name, value]) => ({ name, value })),
    filters: {
      search: field.input('search', 'Maker or name', { width: 20, spellcheck: 'false' }),
      category: field.select('category', 'Category', [{ value: '', text: 'All' }, ...categoryOptions]),
    },
    clear: filter.search || filter.category ? listUrl(here, kept) : null,
    table: list.rows.length === 0 ? null : choicesTable(list.rows, (id) => listUrl(there, { model: id, ...kept })),
    pagination: {
      label: 'Models',
      ...(list.previous && { previous: pageUrl({ before: list.previous }) }),
      ...(list.next && { next: pageUrl({ after: list.next }) }),
    },
    empty: list.rows.length > 0 ? null : { text: 'No models fit. Add the model first, then its items.' },
    addModel: { href: listUrl('/models/new', { category: filter.category }), text: 'Add a model that is not here' },
  }
}

function choicesTable(rows: ModelRow[], hrefOf: (modelId: number) => string): DataTable {
  return {
    caption: 'Models to choose from',
    captionHidden: true,
    columns: [{ text: 'Model' }, { text: 'Category' }, { text: 'Items so far', numeric: true }],
    rows: rows.map((model) => ({
      cells: [
        { text: modelName(model), href: hrefOf(model.id) },
        { text: categoryName(model.category) },
        { text: countInWords(model.item_count), numeric: true },
      ],
    })),
  }
}
