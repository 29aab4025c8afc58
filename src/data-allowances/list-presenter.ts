import { formatShortDate } from '../lib/dates.ts'
import { formFields } from '../lib/form-fields.ts'
import { listUrl } from '../lib/keyset.ts'
import type { DataTable, InputField, Link, Page, Pagination } from '../lib/view-model.ts'
import type { DataRates } from './contacts-rules.ts'
import { forecast } from './forecast-rules.ts'
import { balanceInWords, forecastInWords, statusTags } from './forecast-words-rules.ts'
import type { AllowanceFilter, AllowanceRow, Allowances } from './list-queries.ts'
import type { Held } from './queries.ts'
import { allowanceUrl, amountInWords, type Kind, kindNames } from './words-rules.ts'

export type AllowancesPage = Page & {
  lead: string
  tabs: (Link & { current: boolean })[]
  filters: { sim: InputField; show: string; person: string; loan: string }
  add: Link
  links: Link[]
  table: DataTable | null
  pagination: Pagination
  empty: { text: string; hint?: string }
}

export interface AllowancesShown {
  list: Allowances
  filter: AllowanceFilter
  sim: string
  serviceUserId: number | null
  loanId: number | null
  now: Date
  mayImport: boolean
}

const tabs: Readonly<Record<AllowanceFilter, string>> = { live: 'Running', over: 'Over' }

export function isAllowanceFilter(text: string): text is AllowanceFilter {
  return Object.hasOwn(tabs, text)
}

/** What was given, with whether it lasts. */
export function presentAllowances(shown: AllowancesShown): AllowancesPage {
  const { list, filter, sim, serviceUserId, loanId, now } = shown
  const only = { person: serviceUserId ?? '', loan: loanId ?? '', sim }
  const urlOf = (show: AllowanceFilter, cursor: { after?: string; before?: string } = {}) =>
    listUrl('/data-allowances', { ...(show !== 'live' && { show }), ...only, ...cursor })
  return {
    title: 'Data allowances',
    ...(serviceUserId !== null && { back: { href: `/service-users/${serviceUserId}`, text: 'Back to the record' } }),
    ...(loanId !== null && { back: { href: `/loans/${loanId}`, text: `Loan ${loanId}` } }),
    lead: 'SIMs, vouchers and hotspot plans that we gave, and whether the data lasts until the next call.',
    tabs: (Object.keys(tabs) as AllowanceFilter[]).map((name) => ({
      href: urlOf(name),
      text: tabs[name],
      current: name === filter,
    })),
    filters: {
      sim: formFields({ values: { sim } }).input('sim', 'Last digits of the SIM number', {
        ...{ type: 'search', width: 10, inputmode: 'numeric', code: true, autocomplete: 'off' },
      }),
      show: filter,
      person: String(only.person),
      loan: String(only.loan),
    },
    add: {
      href: listUrl('/data-allowances/new', { person: only.person }),
      text: serviceUserId === null ? 'Give data to a ward or staff' : 'Give data',
    },
    links: [
      { href: '/data-allowances/stock', text: 'Stock' },
      ...(shown.mayImport ? [{ href: '/data-allowances/readings/import', text: 'Bring in readings' }] : []),
    ],
    table: list.rates === null || list.rows.length === 0 ? null : allowancesTable(list.rows, list.rates, now),
    pagination: {
      label: 'Data allowances',
      ...(list.previous && { previous: urlOf(filter, { before: list.previous }) }),
      ...(list.next && { next: urlOf(filter, { after: list.next }) }),
    },
    empty: {
      text: sim === '' ? 'Nothing was given yet.' : 'No SIM number ends in these digits.',
      hint: 'To give data to a person, open their record or their loan.',
    },
  }
}

function allowancesTable(rows: AllowanceRow[], rates: DataRates, now: Date): DataTable {
  return {
    caption: 'Data allowances',
    captionHidden: true,
    columns: [{ text: 'What' }, { text: 'Who has it' }, { text: 'Left' }, { text: 'Last day' }, { text: 'Enough?' }],
    rows: rows.map((row) => {
      const told = forecast(row, row.contacts, rates, now)
      return {
        cells: [
          { text: whatInWords(row), href: allowanceUrl(row.id), hint: simHint(row) },
          { text: holderInWords(row), ...(row.tag !== null && { hint: `With ${row.tag}` }) },
          { text: balanceInWords(row, told), hint: amountInWords(row) },
          { text: row.ends_on === null ? 'None' : formatShortDate(row.ends_on) },
          { tag: statusTags[told.status], hint: forecastInWords(told) },
        ],
      }
    }),
  }
}

export function whatInWords({ kind, provider }: Pick<AllowanceRow, 'kind' | 'provider'>): string {
  return `${kindNames[kind as Kind]}, ${provider}`
}

export function holderInWords({
  service_user,
  ward,
  staff_member,
}: Pick<Held, 'service_user' | 'ward' | 'staff_member'>): string {
  return service_user ?? ward ?? staff_member ?? 'Somebody out of reach'
}

function simHint({ sim_number }: Pick<AllowanceRow, 'sim_number'>): string {
  return sim_number === null ? '' : `SIM ending ${sim_number.slice(-4)}`
}
