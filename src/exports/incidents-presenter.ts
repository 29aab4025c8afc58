import type { IncidentRow } from '../incidents/list-queries.ts'
import { taskTitle } from '../incidents/playbook-rules.ts'
import { incidentState, incidentStates, kindTag } from '../incidents/rules.ts'
import { londonDate } from '../lib/dates.ts'
import { type SheetColumn, sheetColumn } from '../lib/sheet-column.ts'
import { borrowerName } from '../loans/borrowers-rules.ts'

/** Whoever may not see names reads what kind of borrower it was. */
export function incidentColumns(maySeeNames: boolean): SheetColumn<IncidentRow>[] {
  return [
    sheetColumn('Incident', (row) => row.id, { kind: 'number', width: 10 }),
    sheetColumn('Items', (row) => row.tags.join(', '), { width: 24 }),
    sheetColumn('What happened', (row) => kindTag(row.kind).text, { width: 20 }),
    sheetColumn('Reported', (row) => londonDate(row.reported_at), { kind: 'date' }),
    sheetColumn('Who had it', (row) => borrowerName(row, maySeeNames) || 'Nobody', { width: 28 }),
    sheetColumn('State', (row) => incidentStates[incidentState(row)].text),
    sheetColumn('To do', (row) => row.open_tasks, { kind: 'number', width: 10 }),
    sheetColumn('To do next', (row) => nextTask(row), { width: 40 }),
    sheetColumn('Due', (row) => (row.due_at === null ? null : londonDate(row.due_at)), { kind: 'date' }),
    sheetColumn('Found again', (row) => row.found_count, { kind: 'number', width: 12 }),
    sheetColumn('Replaced by loan', (row) => row.replacement_loan_id, { kind: 'number' }),
  ]
}

function nextTask(row: IncidentRow): string {
  return row.task === null ? '' : taskTitle({ task: row.task, tag: row.task_tag }, row)
}
