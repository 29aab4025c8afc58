import { detailLines } from '../audit/details-rules.ts'
import type { AuditRow } from '../audit/queries.ts'
import { auditSentence } from '../audit/rules.ts'
import { formatTime, londonDate } from '../lib/dates.ts'
import { type SheetColumn, sheetColumn } from '../lib/sheet-column.ts'

export const auditColumns: SheetColumn<AuditRow>[] = [
  sheetColumn('Entry', (event) => event.id, { kind: 'number', width: 10 }),
  sheetColumn('Day', (event) => londonDate(event.at), { kind: 'date' }),
  sheetColumn('Time', (event) => formatTime(event.at), { width: 10 }),
  sheetColumn('Who', (event) => event.staff_member, { width: 24 }),
  sheetColumn('Tablet', (event) => event.tablet, { width: 24 }),
  sheetColumn('What happened', (event) => auditSentence(event), { width: 60 }),
  sheetColumn('Service user', (event) => event.service_user_id, { kind: 'number', width: 14 }),
  sheetColumn('Details', (event) => detailLines(event.details).join('\n'), { width: 60 }),
]
