import type { DataTable, SummaryRow } from '../lib/view-model.ts'

/** What one kind of plan shows in the preview; the frame around it is the same for all. */
export interface PlanShown {
  summary: SummaryRow[]
  notes: string[]
  /** What stands above the button, since it should be looked at. */
  table: DataTable | null
  lists: (PlanList | null)[]
  /** null: there is nothing to do. */
  button: string | null
  nothingToDo: string
}

export interface PlanList {
  summary: string
  table: DataTable
}

/** More than these nobody reads. */
export const SHOWN = 20
const LONGEST_VALUE = 80

export function count(number: number): string {
  return number.toLocaleString('en-GB')
}

export function shorten(value: string): string {
  return value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value
}

export function firstRows<T>(rows: readonly T[]): readonly T[] {
  return rows.slice(0, SHOWN)
}

/** The first rows of a list, under how many there are. */
export function listOf<T>(
  name: string,
  all: readonly T[],
  table: (rows: readonly T[]) => Pick<DataTable, 'columns' | 'rows'>,
): PlanList | null {
  if (all.length === 0) return null
  const summary =
    all.length > SHOWN ? `${name}: the first ${SHOWN} of ${count(all.length)}` : `${name}: ${count(all.length)}`
  return { summary, table: { ...table(firstRows(all)), caption: summary, captionHidden: true } }
}

export function unchangedTable(items: readonly { line: number; tag: string }[]): Pick<DataTable, 'columns' | 'rows'> {
  return {
    columns: [{ text: 'Asset tag' }, { text: 'Line' }],
    rows: items.map(({ line, tag }) => ({ cells: [{ text: tag }, { text: String(line) }] })),
  }
}
