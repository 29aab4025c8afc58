import { type LoanField, loanFields } from '../imports/loan-fields-rules.ts'
import type { Places } from '../imports/words-rules.ts'
import type { Cell } from '../lib/csv-writer.ts'
import { londonDate } from '../lib/dates.ts'
import { type SheetColumn, sheetColumn } from '../lib/sheet-column.ts'
import type { ColumnKind } from '../lib/xlsx-writer.ts'
import { agreementWays, isAgreementWay, lineState, lineStates } from '../loans/rules.ts'
import { modelOf } from '../models/rules.ts'
import type { ExportedLine } from './queries.ts'

type How = { cell: (line: ExportedLine, places: Places) => Cell; kind?: ColumnKind; width?: number }

/**
 * What an import of loans reads, under its own headings: what is exported and brought in again changes nothing. (A phone
 * number is only for people we do not have yet.)
 */
const importable: Partial<Record<LoanField, How>> = {
  tag: { cell: (line) => line.tag },
  name: { cell: (line) => line.name, width: 28 },
  dateOfBirth: { cell: (line) => line.date_of_birth, kind: 'date' },
  nhsNumber: { cell: (line) => line.nhs_number },
  ward: { cell: (line, places) => places.written(line.ward_id), width: 24 },
  staff: { cell: (line) => line.staff_email, width: 28 },
  lentOn: { cell: (line) => londonDate(line.from_at), kind: 'date' },
  reviewOn: { cell: (line) => line.due_on, kind: 'date' },
  agreement: { cell: (line) => agreementOf(line), width: 22 },
  witness: { cell: (line) => line.agreement_witness, width: 22 },
  unsupportedReason: { cell: (line) => line.unsupported_reason, width: 28 },
  notes: { cell: (line) => line.notes, width: 40 },
  lentBy: { cell: (line) => line.lent_by, width: 28 },
  endedOn: { cell: (line) => endOf(line), kind: 'date' },
}

/** The columns of the list of loans, where each row is one item of a loan: what an import reads, and what else the list shows. */
export function loanColumns(places: Places, today: string): SheetColumn<ExportedLine>[] {
  return [
    ...(Object.entries(importable) as [LoanField, How][]).map(([field, { cell, ...how }]) =>
      sheetColumn<ExportedLine>(loanFields[field].label, (line) => cell(line, places), how),
    ),
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
