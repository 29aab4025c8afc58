import { formatShortDate } from '../lib/dates.ts'
import { downloadsOf } from '../lib/downloads.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import { formatNhsNumber, parseNhsNumber } from '../lib/nhs-number.ts'
import type { DataTable, Downloads, Link, Page, Pagination, SearchField } from '../lib/view-model.ts'
import type { ServiceUserRow } from './queries.ts'
import { fewestDigits, readSearchText } from './search-text.ts'

export type ServiceUsersPage = Page & {
  search: SearchField
  lead: string | null
  add: Link | null
  bring: Link[]
  /** Where those are who are not in this list. */
  beyond: Link | null
  table: DataTable | null
  pagination: Pagination
  downloads: Downloads | null
  empty: { text: string; hint?: string; link?: Link } | null
}

const bringIn: Link[] = [
  { href: '/service-users/import', text: 'Bring in a spreadsheet' },
  { href: '/caseload-counts', text: 'Caseload counts: how many people there are, by group' },
]

/** What whoever looks may do beyond reading. */
interface Links {
  mayAdd: boolean
  caseloads: boolean
  /** They see their own people only, and may open another record with a reason. */
  open: boolean
  bring: boolean
}

export function presentServiceUsers(
  list: PageOf<ServiceUserRow>,
  { mayAdd, caseloads, open, bring }: Links,
): ServiceUsersPage {
  const pageUrl = (cursor: { after?: string; before?: string }) => listUrl('/service-users', cursor)
  const isEmpty = list.rows.length === 0
  return {
    title: 'Service users',
    bring: bring ? bringIn : [],
    search: searchField(''),
    lead: open ? 'You see the people on your caseload.' : null,
    add: mayAdd && !isEmpty ? addLink : null,
    beyond: open ? openAnother : caseloads ? { href: '/caseloads', text: 'Caseloads: who looks after whom' } : null,
    table: isEmpty ? null : { ...peopleTable(list.rows), caption: 'Service users by name', captionHidden: true },
    pagination: {
      label: 'Service users',
      ...(list.previous && { previous: pageUrl({ before: list.previous }) }),
      ...(list.next && { next: pageUrl({ after: list.next }) }),
    },
    downloads: isEmpty ? null : downloadsOf('/service-users'),
    empty: isEmpty
      ? {
          text: open ? 'Nobody is on your caseload yet.' : 'There are no service users yet.',
          hint: 'Add the first person you want to lend something to.',
          ...(mayAdd && { link: addLink }),
        }
      : null,
  }
}

export interface SearchShown {
  text: string
  people: ServiceUserRow[]
  /** Nobody has the name as it was typed; these are close. */
  areSimilar: boolean
  limit: number
  mayAdd: boolean
  open: boolean
}

/** What a search found. The words looked for stand in the page and not in its title, which browsers keep. */
export function presentSearch({ text, people, areSimilar, limit, mayAdd, open }: SearchShown): ServiceUsersPage {
  const isEmpty = people.length === 0
  return {
    title: 'Service users found',
    bring: [],
    back: { href: '/service-users', text: 'All service users' },
    search: searchField(text),
    lead: people.length === limit ? `Only the first ${limit} are shown. Type more of the name to find fewer.` : null,
    add: mayAdd && !isEmpty ? addLink : null,
    beyond: open ? openAnother : null,
    table: isEmpty ? null : { ...peopleTable(people), caption: foundCaption(text, people.length, areSimilar) },
    pagination: {},
    // the words looked for stay in the session: they may not stand in an address
    downloads: isEmpty || areSimilar ? null : downloadsOf('/service-users', { found: 'yes' }),
    empty: isEmpty
      ? { text: `Nobody here fits “${text}”.`, hint: emptyHint(text), ...(mayAdd && { link: addLink }) }
      : null,
  }
}

const openAnother: Link = { href: '/open-record', text: 'Open another record' }
const addLink: Link = { href: '/service-users/new', text: 'Add a service user' }

function searchField(value: string): SearchField {
  return { id: 'search', name: 'search', label: 'Find by name, NHS number or phone number', value }
}

function foundCaption(text: string, count: number, areSimilar: boolean): string {
  if (areSimilar) return `Nobody here fits “${text}”. ${count === 1 ? 'This name is' : 'These names are'} close to it`
  return `${count === 1 ? '1 person fits' : `${count} people fit`} “${text}”`
}

function emptyHint(text: string): string {
  const search = readSearchText(text)
  if (search.kind === 'too-short') return `Type part of a name, or at least ${fewestDigits} digits of a number.`
  if (search.kind === 'name') return 'Check how the name is spelt, or look for the NHS number or phone number.'
  const reading = search.digits.length === 10 ? parseNhsNumber(search.digits) : null
  if (reading?.error?.reason === 'wrong-check-digit') return 'If this is an NHS number, one of its digits is wrong.'
  return 'Type a whole NHS number, or a phone number from its beginning.'
}

function peopleTable(people: ServiceUserRow[]): Omit<DataTable, 'caption'> {
  return {
    columns: [{ text: 'Name' }, { text: 'Date of birth' }, { text: 'NHS number' }, { text: 'Phone' }],
    rows: people.map((person) => ({
      cells: [
        { text: person.name, href: `/service-users/${person.id}` },
        { text: person.date_of_birth === null ? 'Not known' : formatShortDate(person.date_of_birth) },
        { text: person.nhs_number === null ? 'Not known' : formatNhsNumber(person.nhs_number) },
        { text: person.phone || 'None' },
      ],
    })),
  }
}
