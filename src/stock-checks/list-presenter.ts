import { formatShortInstant } from '../lib/dates.ts'
import { downloadsOf } from '../lib/downloads.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type { DataTable, Downloads, Link, Page, Pagination, SelectField } from '../lib/view-model.ts'
import type { StockCheckRow } from './queries.ts'
import { checkUrl, itemsCounted } from './rules.ts'

export type StockChecksPage = Page & {
  lead: string
  start: Link | null
  open: DataTable | null
  finished: DataTable | null
  pagination: Pagination
  downloads: Downloads | null
  empty: { text: string; hint: string }
}

export interface StockChecksShown {
  open: StockCheckRow[]
  finished: PageOf<StockCheckRow>
  mayCheck: boolean
  mayExport: boolean
}

/** What is under way, and what is finished. */
export function presentStockChecks({ open, finished, mayCheck, mayExport }: StockChecksShown): StockChecksPage {
  return {
    title: 'Stock checks',
    back: { href: '/items', text: 'Items' },
    lead: 'Go round a place with a scanner and see what is there, what is missing and what belongs elsewhere.',
    start: mayCheck ? { href: '/stock-checks/new', text: 'Check a place' } : null,
    open: open.length === 0 ? null : openTable(open),
    finished: finished.rows.length === 0 ? null : finishedTable(finished.rows),
    pagination: {
      label: 'Finished checks',
      ...(finished.previous && { previous: listUrl('/stock-checks', { before: finished.previous }) }),
      ...(finished.next && { next: listUrl('/stock-checks', { after: finished.next }) }),
    },
    downloads: mayExport && open.length + finished.rows.length > 0 ? downloadsOf('/stock-checks', {}) : null,
    empty: {
      text: 'No place was checked yet.',
      hint: 'You can stop at any time and go on later, and colleagues can scan with you.',
    },
  }
}

function openTable(rows: StockCheckRow[]): DataTable {
  return {
    caption: 'Under way',
    columns: [{ text: 'Place' }, { text: 'Begun' }, { text: 'So far' }],
    rows: rows.map((row) => ({
      cells: [
        { text: row.ward, href: checkUrl(row.id) },
        { text: formatShortInstant(row.started_at), hint: `by ${row.starter}` },
        { text: `${row.scanned} of ${itemsCounted(row.expected)} found` },
      ],
    })),
  }
}

function finishedTable(rows: StockCheckRow[]): DataTable {
  return {
    caption: 'Finished',
    columns: [{ text: 'Place' }, { text: 'Finished' }, { text: 'Result' }],
    rows: rows.map((row) => ({
      cells: [
        { text: row.ward, href: checkUrl(row.id) },
        { text: formatShortInstant(row.finished_at ?? ''), hint: `by ${row.finisher}` },
        { text: resultInWords(row) },
      ],
    })),
  }
}

function resultInWords({ expected, scanned, missing, unexpected }: StockCheckRow): string {
  const differences = [missing > 0 && `${missing} missing`, unexpected > 0 && `${unexpected} unexpected`]
  const found = `${scanned} of ${itemsCounted(expected)} found`
  return [found, ...differences.filter((text) => text !== false)].join(', ')
}

export type StartPage = Page & { key: string; ward: SelectField; hint: string; hasPlaces: boolean }

export interface StartShown {
  wards: { id: number; name: string }[]
  key: string
  values: Typed
  errors?: FieldError[]
}

export function presentStart({ wards, key, values, errors = [] }: StartShown): StartPage {
  const field = formFields({ values, errors })
  const [only] = wards.length === 1 ? wards : []
  const options = wards.map(({ id, name }) => ({ value: id, text: name }))
  return {
    title: 'Check the stock of a place',
    back: { href: '/stock-checks', text: 'Stock checks' },
    errors,
    key,
    hasPlaces: wards.length > 0,
    ward: field.select('ward', 'Which place?', [...(only ? [] : [{ value: '', text: 'Choose a place' }]), ...options]),
    hint: 'The list of what should be there is made when you begin: what is kept or placed there, and is not lent, being made ready or in repair. Scan everything you find. If somebody has begun already, you go on together.',
  }
}
