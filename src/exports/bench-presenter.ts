import { londonDate } from '../lib/dates.ts'
import { type SheetColumn, sheetColumn } from '../lib/sheet-column.ts'
import { borrowerName } from '../loans/borrowers-rules.ts'
import { modelOf } from '../models/rules.ts'
import type { Repair } from '../repairs/queries.ts'
import { repairState, repairStates } from '../repairs/rules.ts'
import type { TurnaroundRow } from '../turnaround/queries.ts'
import { remaining, stepsFor, stepsInSentence } from '../turnaround/rules.ts'

/** Whoever may not see names reads what kind of borrower waits for an item. */
export function turnaroundColumns(maySeeNames: boolean): SheetColumn<TurnaroundRow>[] {
  return [
    sheetColumn('Asset tag', (row) => row.tag),
    sheetColumn('What it is', (row) => modelOf(row), { width: 28 }),
    sheetColumn('Came back', (row) => londonDate(row.taken_at), { kind: 'date' }),
    sheetColumn('Left to do', (row) => stepsInSentence(remaining(stepsFor(row.category, row.has_data), row.done)), {
      width: 40,
    }),
    sheetColumn('Wanted by', (row) => wantedBy(row, maySeeNames), { width: 28 }),
    sheetColumn('Wanted from', (row) => (row.wanted_at === null ? null : londonDate(row.wanted_at)), { kind: 'date' }),
  ]
}

function wantedBy(row: TurnaroundRow, maySeeNames: boolean): string {
  if (row.wanted_at === null) return ''
  return borrowerName(row, maySeeNames) || 'Somebody who booked it'
}

export function repairColumns(today: string): SheetColumn<Repair>[] {
  return [
    sheetColumn('Asset tag', (repair) => repair.tag),
    sheetColumn('What it is', (repair) => modelOf(repair), { width: 28 }),
    sheetColumn('What is wrong', (repair) => repair.reason, { width: 40 }),
    sheetColumn('Where', (repair) => repair.place, { width: 24 }),
    sheetColumn('Sent on', (repair) => londonDate(repair.taken_at), { kind: 'date' }),
    sheetColumn('Sent by', (repair) => repair.sent_by, { width: 24 }),
    sheetColumn('Expected back', (repair) => repair.expected_back_on, { kind: 'date' }),
    sheetColumn('Ended on', (repair) => (repair.ended_at === null ? null : londonDate(repair.ended_at)), {
      kind: 'date',
    }),
    sheetColumn('State', (repair) => repairStates[repairState(repair, today)].text, { width: 22 }),
    sheetColumn('Cost', (repair) => (repair.cost_pence === null ? null : repair.cost_pence / 100), {
      kind: 'pounds',
      width: 10,
    }),
  ]
}
