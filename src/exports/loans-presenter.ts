import type { Places } from '../imports/words-rules.ts'
import { londonDate } from '../lib/dates.ts'
import { type SheetColumn, sheetColumn } from '../lib/sheet-column.ts'
import { agreementWays, isAgreementWay, lineState, lineStates } from '../loans/rules.ts'
import { modelOf } from '../models/rules.ts'
import type { ExportedLine } from './queries.ts'

/** The columns of the list of loans, where each row is one item of a loan. */
export function loanColumns(places: Places, today: string): SheetColumn<ExportedLine>[] {
  return [
    sheetColumn('Asset tag', (line) => line.tag),
    sheetColumn('Full name', (line) => line.name, { width: 28 }),
    sheetColumn('Date of birth', (line) => line.date_of_birth, { kind: 'date' }),
    sheetColumn('NHS number', (line) => line.nhs_number),
    sheetColumn('Ward', (line) => places.written(line.ward_id), { width: 24 }),
    sheetColumn('Staff email', (line) => line.staff_email, { width: 28 }),
    sheetColumn('Lent on', (line) => londonDate(line.from_at), { kind: 'date' }),
    sheetColumn('Review date', (line) => line.due_on, { kind: 'date' }),
    sheetColumn('Agreement', (line) => agreementOf(line), { width: 22 }),
    sheetColumn('Witness', (line) => line.agreement_witness, { width: 22 }),
    sheetColumn('Why with old software', (line) => line.unsupported_reason, { width: 28 }),
    sheetColumn('Loan notes', (line) => line.notes, { width: 40 }),
    sheetColumn('Lent by', (line) => line.lent_by, { width: 28 }),
    sheetColumn('Ended on', (line) => endOf(line), { kind: 'date' }),
    sheetColumn('State', (line) => lineStates[lineState(line, today)].text),
    sheetColumn('What it is', (line) => modelOf(line), { width: 28 }),
    sheetColumn('Serial number', (line) => line.serial, { width: 20 }),
    sheetColumn('Loan', (line) => line.loan_id, { kind: 'number', width: 10 }),
  ]
}

function agreementOf({ agreement_how }: ExportedLine): string {
  return agreement_how !== null && isAgreementWay(agreement_how) ? agreementWays[agreement_how] : ''
}

function endOf({ ended_at, cancelled_at }: ExportedLine): string | null {
  const end = ended_at ?? cancelled_at
  return end === null ? null : londonDate(end)
}
