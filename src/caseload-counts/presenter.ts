import { formatDate, formatShortDate } from '../lib/dates.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type { DataTable, Link, Page, Pagination } from '../lib/view-model.ts'
import type { CountSet, CountsOfSet } from './queries.ts'
import { breakdowns, type CaseloadCount, countSetUrl, countsUrl, EVERYBODY } from './rules.ts'

export type CountSetsPage = Page & {
  bring: Link | null
  table: DataTable | null
  pagination: Pagination
}

const WHOLE = 'The whole organisation'
const number = (people: number) => people.toLocaleString('en-GB')

/** Which places and days there are counts of. */
export function presentCountSets(list: PageOf<CountSet>, mayWrite: boolean): CountSetsPage {
  return {
    title: 'Caseload counts',
    bring: mayWrite ? { href: `${countsUrl}/import`, text: 'Bring in a spreadsheet' } : null,
    table: list.rows.length === 0 ? null : setsTable(list.rows),
    pagination: {
      label: 'Caseload counts',
      ...(list.previous && { previous: listUrl(countsUrl, { before: list.previous }) }),
      ...(list.next && { next: listUrl(countsUrl, { after: list.next }) }),
    },
  }
}

function setsTable(rows: CountSet[]): DataTable {
  return {
    caption: 'Caseload counts, newest first',
    captionHidden: true,
    columns: [{ text: 'Counted on' }, { text: 'Place' }, { text: 'People', numeric: true }, { text: 'Counted by' }],
    rows: rows.map((set) => ({
      cells: [
        { text: formatShortDate(set.countedOn), href: countSetUrl(set), visuallyHiddenText: set.place ?? WHOLE },
        { text: set.place ?? WHOLE },
        { text: set.everybody === null ? 'Not counted' : number(set.everybody), numeric: true },
        { text: countedBy(set) },
      ],
    })),
  }
}

function countedBy({ breakdowns: ids }: CountSet): string {
  const names = breakdowns.filter(({ id }) => id !== EVERYBODY && ids.includes(id)).map(({ name }) => name)
  return names.join(', ') || 'Nothing else'
}

export type CountSetPage = Page & {
  lead: string
  tables: DataTable[]
  removal: string | null
}

/** Every count of one place and day, with what each group is of everybody. */
export function presentCountSet({ place, counts }: CountsOfSet, mayWrite: boolean): CountSetPage {
  const [first] = counts as [CaseloadCount]
  const everybody = counts.find(({ breakdown }) => breakdown === EVERYBODY)?.people
  return {
    title: `${place ?? WHOLE}, ${formatDate(first.countedOn)}`,
    back: { href: countsUrl, text: 'Caseload counts' },
    lead:
      everybody === undefined
        ? 'Nobody has said how many people there are in all.'
        : `${number(everybody)} ${everybody === 1 ? 'person is' : 'people are'} on the caseload. A small number may point to somebody: these are not for publication.`,
    tables: breakdowns.flatMap(({ id, name, groups }) => {
      const of = counts.filter(({ breakdown }) => breakdown === id)
      if (id === EVERYBODY || of.length === 0) return []
      return [
        {
          caption: name,
          columns: [{ text: 'Group' }, { text: 'People', numeric: true }],
          rows: groups.flatMap((group) => {
            const people = of.find((count) => count.group === group.id)?.people
            if (people === undefined) return []
            return [{ cells: [{ text: group.name }, { text: number(people), numeric: true }] }]
          }),
        },
      ]
    }),
    removal: mayWrite ? countSetUrl(first, '/removal') : null,
  }
}
