import { breakdowns } from '../caseload-counts/rules.ts'
import { formatInstant } from '../lib/dates.ts'
import type { DataTable, FileField, Page, RadiosField } from '../lib/view-model.ts'
import { inWords } from './counting-rules.ts'
import { importPath, type Step } from './field-names.ts'
import type { FileKind, ImportKind } from './kinds-rules.ts'
import { countsInWords } from './plan-rules.ts'
import type { ImportResult, RecentImport } from './queries.ts'

export type UploadPage = Page & {
  key: string
  action: string
  lead: string
  file: FileField
  help: { summary: string; text: string }[]
  template: string
  contents: DataTable
  recent: DataTable | null
}

export interface UploadShown {
  kind: FileKind
  key: string
  error?: string
  recent: RecentImport[]
}

/** What the pages of one kind of import say. */
const words: Record<
  ImportKind,
  { title: string; back: { href: string; text: string }; lead: string; help: UploadPage['help'] }
> = {
  items: {
    title: 'Bring in items from a spreadsheet',
    back: { href: '/items', text: 'Items' },
    lead: 'Items with a new asset tag are added. Items with an asset tag we know are changed where the spreadsheet says something else. You see what will happen before anything is saved.',
    help: [
      {
        summary: 'If your list is in Snipe-IT, Shelf or another program',
        text: 'Export your assets from it as CSV, with all columns, and choose that file. We know the headings of Snipe-IT and Shelf, and most that people write by hand. You can check them on the next page.',
      },
      {
        summary: 'If IMEIs or SIM numbers look like 3.5E+14',
        text: 'Excel shortens long numbers and loses their last digits. Set the column to the format Text, then type or paste the numbers again, then save the file.',
      },
    ],
  },
  loans: {
    title: 'Bring in open loans from a spreadsheet',
    back: { href: '/loans', text: 'Loans' },
    lead: 'Each row is one item that somebody has now. Rows with the same person, dates and notes become one loan. Loans we have already stay as they are. You see what will happen before anything is saved.',
    help: [
      {
        summary: 'How we find the person',
        text: 'By the NHS number, or by the full name together with the date of birth. Somebody we do not have yet is added if the row has both the full name and the date of birth. If the name is close to one we have, we ask you to look first.',
      },
      {
        summary: 'What must be there first',
        text: 'The items, and the wards. Bring in the items before their loans. An item that somebody has already, or that is being made ready, is an error that says so.',
      },
    ],
  },
  people: {
    title: 'Bring in service users from a spreadsheet',
    back: { href: '/service-users', text: 'Service users' },
    lead: 'Each row is one person. Somebody we have already stays as they are. You see what will happen before anything is saved.',
    help: [
      {
        summary: 'How we know that somebody is here already',
        text: 'By the NHS number, or by the full name together with the date of birth. If somebody of the same birthday has a name close to it, we ask you to look first. Nobody is added twice when the same file comes again.',
      },
    ],
  },
  appointments: {
    title: 'Bring in appointments from a spreadsheet',
    back: { href: '/appointments', text: 'Appointments' },
    lead: 'Each row is one appointment of somebody who is here already. You see what would happen before anything is saved.',
    help: [
      {
        summary: 'What is checked',
        text: 'That we have the person and the clinician, that the time is to come and on the clock, that nobody is in two places at once, and that the link begins with https://. All rows come in, or none. An appointment that is here already stays as it is.',
      },
    ],
  },
  'data-stock': {
    title: 'Bring in SIMs and vouchers from a spreadsheet',
    back: { href: '/data-allowances/stock', text: 'Stock' },
    lead: 'Each row is one SIM or one voucher. They are handed out one by one, and the ones that have to be started soonest go first. You see what would happen before anything is saved.',
    help: [
      {
        summary: 'What becomes of voucher codes',
        text: 'They are encrypted as the file arrives. Nobody sees them again until one is handed out, and then only whoever hands it out. Delete the file afterwards, and the message it came with.',
      },
      {
        summary: 'What is checked',
        text: 'The check digit of each SIM number, that no number and no code comes in twice, that nobody has the SIM already, and that each row says its unit. All rows come in, or none. What is here already stays as it is.',
      },
    ],
  },
  'data-readings': {
    title: 'Bring in how much data is left from a spreadsheet',
    back: { href: '/data-allowances', text: 'Data allowances' },
    lead: 'Each row is one SIM and how much is left on it, as the provider’s website gives it. You see what would happen before anything is saved.',
    help: [
      {
        summary: 'What is checked',
        text: 'That somebody has data from us on each SIM, that each row says MB or GB, and that no reading is older than the last. All rows come in, or none. A reading that is here already stays as it is.',
      },
    ],
  },
  counts: {
    title: 'Bring in caseload counts from a spreadsheet',
    back: { href: '/caseload-counts', text: 'Caseload counts' },
    lead: 'Each row is one number: how many people of a group are on the caseload of a place, on a day. Reports work out from them whom the service reaches. Nobody is named in them.',
    help: [
      {
        summary: 'Which breakdowns and groups there are',
        text: countGroups(),
      },
      {
        summary: 'What is checked',
        text: 'The groups of a breakdown may come to fewer people than Everybody of that place and day, and never to more. A count that is here already is changed where the spreadsheet says something else.',
      },
    ],
  },
}

function countGroups(): string {
  return breakdowns.map(({ name, groups }) => `${name}: ${groups.map((group) => group.name).join(', ')}.`).join(' ')
}

export function presentUpload({ kind, key, error, recent }: UploadShown): UploadPage {
  const { title, back, lead, help } = words[kind.kind]
  return {
    title,
    errors: error === undefined ? [] : [{ field: 'file', text: error }],
    back,
    key,
    action: kind.path,
    lead,
    file: {
      id: 'file',
      name: 'file',
      label: 'Choose a CSV or Excel file',
      labelSize: 'm',
      hint: `Up to 10 MB and ${kind.mostRows.toLocaleString('en-GB')} rows: .csv or .xlsx`,
      accept: '.csv,.txt,.xlsx,.xlsm,text/csv',
      error,
    },
    help,
    template: `${kind.path}/template.csv`,
    contents: contentsTable(kind),
    recent: recent.length === 0 ? null : recentTable(kind, recent),
  }
}

function contentsTable({ template, fields }: FileKind): DataTable {
  return {
    caption: 'What the file can hold',
    columns: [{ text: 'Heading' }, { text: 'What to put under it' }, { text: 'Example' }],
    rows: template.map((field) => {
      const { label = '', write = '', example = '' } = fields[field] ?? {}
      return { cells: [{ text: label }, { text: write }, { text: example }] }
    }),
  }
}

function recentTable(kind: FileKind, recent: RecentImport[]): DataTable {
  return {
    caption: 'Imports so far',
    columns: [{ text: 'File' }, { text: 'When' }, { text: 'Who' }, { text: 'What came of it' }],
    rows: recent.map((entry) => ({
      cells: [
        { text: entry.file_name, href: importPath(kind, entry.id, stepOf(entry)) },
        { text: formatInstant(entry.applied_at ?? entry.created_at) },
        { text: entry.staff_member ?? 'A command' },
        { text: whatCame(entry) },
      ],
    })),
  }
}

/** A file whose job came to nothing says why first. */
function stepOf({ applied_at, run_id }: RecentImport): Step {
  if (applied_at !== null) return '/result'
  return run_id === null ? '' : '/progress'
}

function whatCame({ result, run_id, run_ended_at }: RecentImport): string {
  if (result !== null) return countsInWords(result as unknown as ImportResult)
  if (run_id === null) return 'Not finished'
  return run_ended_at === null ? 'Being brought in' : 'Nothing was imported'
}

export type SheetPage = Page & { caption: string; action: string; discard: string; choice: RadiosField }

export interface SheetShown {
  kind: FileKind
  id: number
  fileName: string
  sheets: readonly { name: string; rows: number }[]
  /** The place of the one that was chosen. */
  value?: string
  error?: string
}

/** Which sheet of a workbook is the one. */
export function presentSheet({ kind, id, fileName, sheets, value, error }: SheetShown): SheetPage {
  return {
    title: 'Choose the sheet',
    errors: error === undefined ? [] : [{ field: 'sheet', text: error }],
    back: { href: kind.path, text: 'Choose another file' },
    caption: fileName,
    action: importPath(kind, id, '/sheet'),
    discard: importPath(kind, id, '/discard'),
    choice: {
      id: 'sheet',
      name: 'sheet',
      label: 'Your workbook has several sheets. Which one is it?',
      labelSize: 'm',
      error,
      value,
      items: sheets.map(({ name, rows }, at) => ({ value: String(at), text: name, hint: rowsInWords(rows, kind) })),
    },
  }
}

function rowsInWords(rows: number, { mostRows }: FileKind): string {
  return rows > mostRows + 1 ? `More than ${inWords(mostRows, 'row')}` : inWords(rows, 'row')
}
