import { breakdownOf } from '../caseload-counts/rules.ts'
import { formatShortDate } from '../lib/dates.ts'
import type { CountPlan, PlannedCount } from './count-plan-rules.ts'
import { inWords } from './counting-rules.ts'
import { count, listOf, type PlanShown } from './plan-presenter.ts'
import type { Place } from './words-rules.ts'

/** What a file of caseload counts would do, in words and tables. */
export function presentCountPlan({ created, updated, unchanged }: CountPlan, places: readonly Place[]): PlanShown {
  const changes = created.length + updated.length
  return {
    summary: [
      { key: 'New counts', value: count(created.length) },
      { key: 'Counts that change', value: count(updated.length) },
      { key: 'Rows that change nothing', value: count(unchanged.length) },
    ],
    notes: ['Counts that are here and not in the spreadsheet stay as they are.'],
    table: null,
    lists: [
      listOf('New counts', created, (rows) => ({
        columns: columns('People'),
        rows: rows.map((row) => ({ cells: [...cells(row, places), { text: count(row.people), numeric: true }] })),
      })),
      listOf('Counts that change', updated, (rows) => ({
        columns: columns('From and to'),
        rows: rows.map((row) => ({
          cells: [...cells(row, places), { text: `${count(row.was ?? 0)} to ${count(row.people)}`, numeric: true }],
        })),
      })),
    ],
    button: changes === 0 ? null : `Import ${inWords(changes, 'count')}`,
    nothingToDo: 'We have all of these counts already. There is nothing to import.',
  }
}

const columns = (last: string) => [
  { text: 'Counted on' },
  { text: 'Place' },
  { text: 'Group' },
  { text: last, numeric: true },
]

function cells({ countedOn, wardId, ...count }: PlannedCount, places: readonly Place[]) {
  const place = wardId === null ? undefined : places.find(({ id }) => id === wardId)
  return [
    { text: formatShortDate(countedOn) },
    { text: place?.name ?? 'The whole organisation' },
    { text: groupName(count.breakdown, count.group) },
  ]
}

function groupName(breakdownId: string, group: string): string {
  const breakdown = breakdownOf(breakdownId)
  const name = breakdown?.groups.find(({ id }) => id === group)?.name ?? group
  return breakdown?.groups.length === 1 ? name : `${breakdown?.name}: ${name}`
}
