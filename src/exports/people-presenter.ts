import { type SheetColumn, sheetColumn } from '../lib/sheet-column.ts'
import { stateText } from '../service-users/words-rules.ts'
import type { ExportedPerson } from './queries.ts'

export const personColumns: SheetColumn<ExportedPerson>[] = [
  sheetColumn('Full name', (person) => person.name, { width: 28 }),
  sheetColumn('Date of birth', (person) => person.date_of_birth, { kind: 'date' }),
  sheetColumn('NHS number', (person) => person.nhs_number),
  sheetColumn('Phone', (person) => person.phone),
  sheetColumn('Email', (person) => person.email, { width: 28 }),
  sheetColumn('State', (person) => stateText(person.state), { width: 20 }),
]
