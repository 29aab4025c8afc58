import { londonDate } from '../lib/dates.ts'
import { type SheetColumn, sheetColumn } from '../lib/sheet-column.ts'
import type { StaffRow } from '../staff/queries.ts'
import { accountState, accountStates, roleWords } from '../staff/rules.ts'

export const staffColumns: SheetColumn<StaffRow>[] = [
  sheetColumn('Name', (staff) => staff.name, { width: 28 }),
  sheetColumn('Email', (staff) => staff.email, { width: 32 }),
  sheetColumn('What they do', (staff) => roleWords(staff), { width: 32 }),
  sheetColumn('Wards and teams', (staff) => staff.wards.map(({ name }) => name).join(', '), { width: 40 }),
  sheetColumn('Account', (staff) => accountStates[accountState(staff)].text),
  sheetColumn('Invited', (staff) => londonDate(staff.created_at), { kind: 'date' }),
  sheetColumn('Last signed in', (staff) => dayOf(staff.last_signed_in_at), { kind: 'date' }),
  sheetColumn('Phone set up for the second step', (staff) => dayOf(staff.second_step_at), { kind: 'date', width: 32 }),
  sheetColumn('Account closed', (staff) => dayOf(staff.disabled_at), { kind: 'date' }),
]

function dayOf(at: string | null): string | null {
  return at === null ? null : londonDate(at)
}
