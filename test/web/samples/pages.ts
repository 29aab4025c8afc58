import { fileURLToPath } from 'node:url'
import express, { type Express } from 'express'
import type {
  CheckboxesField,
  DataTable,
  DateField,
  Field,
  InputField,
  Page,
  RadiosField,
  SelectField,
  SummaryRow,
  TaskListItem,
  TextareaField,
  TimelineEntry,
} from '../../../src/lib/view-model.ts'
import { assetVersion, staticFiles } from '../../../src/web/static.ts'
import { createViews, type Layout, type LayoutModel, renderPage } from '../../../src/web/views.ts'

export const NAUGHTY = `"><script>alert('1')</script> & {{page}}`
export const LONG = `${'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch'.repeat(3)} ${'many words '.repeat(40)}`

export const champion: LayoutModel = {
  serviceName: 'Manage digital inclusion loans',
  csrfToken: 'token-of-this-session',
  assetVersion,
  navigation: [
    { href: '/', text: 'Worklist' },
    { href: '/loans', text: 'Loans', current: true },
  ],
  account: { name: 'Amara Okafor', role: 'Digital champion', organisation: 'Northshire', href: '/account' },
  scan: true,
  banner: null,
  tablet: null,
  minutesUntilSignOut: 30,
}
export const visitor: LayoutModel = {
  ...champion,
  navigation: [],
  account: null,
  scan: false,
  minutesUntilSignOut: null,
}

export interface Sample {
  view?: string
  page: Page
  layout?: Layout
  status?: number
  frame?: LayoutModel
}

/** An app that has nothing but views, the look, and one sample at each address. */
export function appWith(samples: Record<string, Sample>): Express {
  const app = express()
  createViews(app, [fileURLToPath(new URL('.', import.meta.url))])
  app.use((_req, res, next) => {
    res.set('Content-Security-Policy', "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'")
    next()
  })
  app.use(staticFiles())
  for (const [path, { view = 'form', page, layout, status, frame = champion }] of Object.entries(samples)) {
    app.get(path, (_req, res) => {
      res.locals.layoutModel = () => frame
      renderPage(res, view, page, { status, layout })
    })
  }
  return app
}

interface Filling {
  text?: string
  error?: string
}

export function formPage({ text = '', error }: Filling = {}) {
  const fields = {
    email: { id: 'email', name: 'email', label: 'Email', value: text, type: 'email' } satisfies InputField,
    reason: { id: 'reason', name: 'reason', label: 'Reason', value: text } satisfies TextareaField,
    note: { id: 'note', name: 'note', label: 'Note', value: text, maxlength: 200 } satisfies TextareaField,
    shelf: { id: 'shelf', name: 'shelf', label: 'Shelf', value: text, prefix: 'No.', width: 5 } satisfies InputField,
    file: { id: 'file', name: 'file', label: 'Spreadsheet' } satisfies Field,
    password: { id: 'password', name: 'password', label: 'Password' } satisfies Field,
    ward: {
      id: 'ward',
      name: 'ward',
      label: 'Ward',
      value: '3',
      items: [
        { value: '', text: 'Choose a ward' },
        { value: 3, text: text || 'Aspen' },
      ],
    } satisfies SelectField,
    agreement: {
      id: 'agreement',
      name: 'agreement',
      label: 'How was the agreement accepted?',
      value: 'spoken',
      items: [
        { value: 'paper', text: 'On paper', hint: 'Signed and dated' },
        { divider: 'or' },
        {
          value: 'spoken',
          text: 'Spoken, with a witness',
          conditional: { input: { id: 'witness', name: 'witness', label: 'Witness', value: text } },
        },
      ],
    } satisfies RadiosField,
    items: {
      id: 'items',
      name: 'items',
      label: 'Items to return',
      values: ['2'],
      items: [
        { value: 1, text: text || 'IPAD-014' },
        { value: 2, text: 'CHG-100' },
      ],
    } satisfies CheckboxesField,
    due: { id: 'due', name: 'due', label: 'Review date', day: '26', month: '', year: '2026' } satisfies DateField,
  }
  const asked: Record<string, Field> = fields
  if (error) for (const field of Object.values(asked)) Object.assign(field, { hint: text || 'A hint', error })
  const errors = error ? Object.keys(asked).map((field) => ({ field, text: error })) : undefined
  return { title: 'Lend items', errors, key: 'one-time', version: 0, fields }
}

export function recordPage(text: string, rows = 2) {
  const tag = { text: text || 'Overdue', colour: 'red' as const }
  const table: DataTable = {
    caption: text || 'Loans',
    columns: [{ text: 'Tag' }, { text: 'State' }, { text: 'Cost', numeric: true }],
    rows: Array.from({ length: rows }, (_, row) => ({
      cells: [
        { text: text || `IPAD-${row}`, href: `/items/${row}`, hint: text || 'Serial 1' },
        { tag },
        { text: '£329.00', numeric: true },
      ],
    })),
  }
  const summary: SummaryRow[] = [
    {
      key: 'Lent to',
      value: text || 'Sam Patel',
      href: '/service-users/1',
      actions: [{ href: '/change', text: 'Change' }],
    },
    { key: 'Address', lines: ['1 High Street', text] },
    { key: 'State', tag },
  ]
  const tasks: TaskListItem[] = [
    { id: 'who', text: text || 'Choose who it is for', href: '/who', hint: text || 'A person', status: 'To do', tag },
    { id: 'agreement', text: 'Agreement', status: 'Cannot start yet' },
  ]
  const history: TimelineEntry[] = [
    { at: 'Monday 3 August 2026 at 2:30pm', datetime: '2026-08-03T14:30:00+01:00', text, lines: [text], tag },
  ]
  return {
    title: text || 'Loans',
    caption: text || 'Kit 12',
    breadcrumbs: [{ href: '/', text: text || 'Worklist' }],
    filter: { id: 'q', name: 'q', label: 'Search', value: text, type: 'search' } satisfies InputField,
    table,
    pagination: rows === 0 ? {} : { previous: '/loans?before=1', next: '/loans?after=50', summary: '50 of 612 loans' },
    actions: [{ href: '/extend', text: 'Extend', visuallyHiddenText: text }],
    summary,
    lines: ['first', 'second'],
    tasks,
    history,
  }
}
