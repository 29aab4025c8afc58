import { londonDate } from '../lib/dates.ts'
import { type SheetColumn, sheetColumn } from '../lib/sheet-column.ts'
import type { StockCheckRow } from '../stock-checks/queries.ts'
import type { WardInFull } from '../wards/admin-queries.ts'
import { wardKindName, wardState, wardStates } from '../wards/rules.ts'

export const wardColumns: SheetColumn<WardInFull>[] = [
  sheetColumn('Site', (ward) => ward.site, { width: 28 }),
  sheetColumn('Name', (ward) => ward.name, { width: 28 }),
  sheetColumn('Code', (ward) => ward.code),
  sheetColumn('Kind', (ward) => wardKindName(ward.kind)),
  sheetColumn('State', (ward) => wardStates[wardState(ward)].text, { width: 10 }),
  sheetColumn('Items kept there', (ward) => ward.kept, { kind: 'number' }),
  sheetColumn('Items on loan to it', (ward) => ward.placed, { kind: 'number', width: 18 }),
  sheetColumn('Staff', (ward) => ward.staff, { kind: 'number', width: 10 }),
  sheetColumn('Ward tablets', (ward) => ward.tablets, { kind: 'number' }),
  sheetColumn('Closed', (ward) => dayOf(ward.closed_at), { kind: 'date' }),
]

export const stockCheckColumns: SheetColumn<StockCheckRow>[] = [
  sheetColumn('Check', (check) => check.id, { kind: 'number', width: 10 }),
  sheetColumn('Place', (check) => check.ward, { width: 28 }),
  sheetColumn('Begun', (check) => dayOf(check.started_at), { kind: 'date' }),
  sheetColumn('Begun by', (check) => check.starter, { width: 24 }),
  sheetColumn('Finished', (check) => dayOf(check.finished_at), { kind: 'date' }),
  sheetColumn('Finished by', (check) => check.finisher, { width: 24 }),
  sheetColumn('Should be there', (check) => check.expected, { kind: 'number' }),
  sheetColumn('Found', (check) => check.scanned, { kind: 'number', width: 10 }),
  sheetColumn('Missing', (check) => decided(check, check.missing), { kind: 'number', width: 10 }),
  sheetColumn('Unexpected', (check) => decided(check, check.unexpected), { kind: 'number', width: 12 }),
]

/** What is missing, and what belongs elsewhere, is only known when a check is finished. */
function decided({ finished_at }: StockCheckRow, count: number): number | null {
  return finished_at === null ? null : count
}

function dayOf(at: string | null): string | null {
  return at === null ? null : londonDate(at)
}
