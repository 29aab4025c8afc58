import { appointmentFields, appointmentTemplate } from './appointment-fields-rules.ts'
import { appointmentHeadings } from './appointment-headings-rules.ts'
import { countFields, countTemplate } from './count-fields-rules.ts'
import { countHeadings } from './count-headings-rules.ts'
import type { FieldTable } from './fields-rules.ts'
import type { HeadingRules } from './headings-rules.ts'
import { itemFields, itemTemplate } from './item-fields-rules.ts'
import { itemHeadings } from './item-headings-rules.ts'
import { loanFields, loanTemplate } from './loan-fields-rules.ts'
import { loanHeadings } from './loan-headings-rules.ts'
import { personFields, personTemplate } from './person-fields-rules.ts'
import { personHeadings } from './person-headings-rules.ts'
import { readingFields, readingHeadings, readingTemplate } from './reading-fields-rules.ts'
import { stockFields, stockHeadings, stockTemplate } from './stock-fields-rules.ts'

export type ImportKind = 'items' | 'loans' | 'people' | 'counts' | 'appointments' | 'data-stock' | 'data-readings'

/** A kind of spreadsheet that can be brought in: what it may say, and how that is recognised. */
export interface FileKind {
  kind: ImportKind
  /** Where it is brought in. */
  path: string
  fields: FieldTable
  /** The columns of the empty spreadsheet. */
  template: readonly string[]
  headings: HeadingRules
  /** What is still to be said about which column is what. */
  missing(chosen: ReadonlySet<string>): string[]
  /** Where words stand that may have to be matched with ours. */
  words: { category?: string; place?: string }
  /** The field that holds codes nobody may read: they are sealed before the file is kept. */
  sealedField?: string
  mostRows: number
}

export const fileKinds: Readonly<Record<ImportKind, FileKind>> = {
  items: {
    kind: 'items',
    path: '/items/import',
    fields: itemFields,
    template: itemTemplate,
    headings: itemHeadings,
    missing: (chosen) => (chosen.has('tag') ? [] : ['Choose which column holds the asset tag']),
    words: { category: 'category', place: 'keptAt' },
    mostRows: 50_000,
  },
  loans: {
    kind: 'loans',
    path: '/loans/import',
    fields: loanFields,
    template: loanTemplate,
    headings: loanHeadings,
    missing: (chosen) => [
      ...(chosen.has('tag') ? [] : ['Choose which column holds the asset tag']),
      ...(['name', 'nhsNumber', 'ward', 'staff'].some((field) => chosen.has(field))
        ? []
        : ['Choose which column says who has the item: the name, the NHS number, the ward or the staff email']),
      ...(chosen.has('lentOn') ? [] : ['Choose which column holds the day it was lent']),
      ...(chosen.has('reviewOn') ? [] : ['Choose which column holds the review date']),
    ],
    words: { place: 'ward' },
    mostRows: 5_000,
  },
  people: {
    kind: 'people',
    path: '/service-users/import',
    fields: personFields,
    template: personTemplate,
    headings: personHeadings,
    missing: (chosen) => [
      ...(chosen.has('name') ? [] : ['Choose which column holds the full name']),
      ...(chosen.has('dateOfBirth') ? [] : ['Choose which column holds the date of birth']),
    ],
    words: {},
    mostRows: 5_000,
  },
  counts: {
    kind: 'counts',
    path: '/caseload-counts/import',
    fields: countFields,
    template: countTemplate,
    headings: countHeadings,
    missing: (chosen) => [
      ...(chosen.has('countedOn') ? [] : ['Choose which column holds the day on which people were counted']),
      ...(chosen.has('breakdown') ? [] : ['Choose which column holds the breakdown']),
      ...(chosen.has('people') ? [] : ['Choose which column holds how many people']),
    ],
    words: { place: 'place' },
    mostRows: 5_000,
  },
  appointments: {
    kind: 'appointments',
    path: '/appointments/import',
    fields: appointmentFields,
    template: appointmentTemplate,
    headings: appointmentHeadings,
    missing: (chosen) => [
      ...(['name', 'nhsNumber'].some((field) => chosen.has(field))
        ? []
        : ['Choose which column says who it is for: the name or the NHS number']),
      ...(chosen.has('day') ? [] : ['Choose which column holds the day']),
      ...(chosen.has('time') ? [] : ['Choose which column holds the time']),
      ...(chosen.has('way') ? [] : ['Choose which column says how they meet']),
      ...(chosen.has('first') ? [] : ['Choose which column says whether it is the first']),
    ],
    words: {},
    mostRows: 5_000,
  },
  'data-stock': {
    kind: 'data-stock',
    path: '/data-allowances/stock/import',
    fields: stockFields,
    template: stockTemplate,
    headings: stockHeadings,
    missing: (chosen) => [
      ...(['simNumber', 'code'].some((field) => chosen.has(field))
        ? []
        : ['Choose which column holds the SIM number, or the voucher code']),
      ...(chosen.has('what') ? [] : ['Choose which column says what it is']),
      ...(chosen.has('provider') ? [] : ['Choose which column holds the provider']),
      ...(chosen.has('amount') ? [] : ['Choose which column holds the amount of data']),
    ],
    words: {},
    sealedField: 'code',
    mostRows: 5_000,
  },
  'data-readings': {
    kind: 'data-readings',
    path: '/data-allowances/readings/import',
    fields: readingFields,
    template: readingTemplate,
    headings: readingHeadings,
    missing: (chosen) => [
      ...(chosen.has('simNumber') ? [] : ['Choose which column holds the SIM number']),
      ...(chosen.has('left') ? [] : ['Choose which column holds how much is left']),
      ...(chosen.has('readAt') ? [] : ['Choose which column holds the day it was read']),
    ],
    words: {},
    mostRows: 50_000,
  },
}

/** How much of a spreadsheet is taken. */
export const mostBytes = 10_000_000

export function isImportKind(text: string): text is ImportKind {
  return Object.hasOwn(fileKinds, text)
}
