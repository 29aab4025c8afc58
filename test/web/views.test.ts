import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import express from 'express'
import request from 'supertest'
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
} from '../../src/lib/view-model.ts'
import { createViews, type Layout, type LayoutModel, renderPage } from '../../src/web/views.ts'
import { findHtmlMistakes } from '../support/html.ts'

const NAUGHTY = `"><script>alert('1')</script> & {{page}}`
const LONG = `${'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch'.repeat(3)} ${'many words '.repeat(40)}`

const champion: LayoutModel = {
  serviceName: 'Manage digital inclusion loans',
  csrfToken: 'token-of-this-session',
  assetVersion: 'v1',
  navigation: [
    { href: '/', text: 'Worklist' },
    { href: '/loans', text: 'Loans', current: true },
  ],
  account: { name: 'Amara Okafor', role: 'Digital champion', organisation: 'Northshire' },
  scan: true,
  banner: null,
  minutesUntilSignOut: 30,
}
const visitor: LayoutModel = { ...champion, navigation: [], account: null, scan: false, minutesUntilSignOut: null }

interface Shown {
  view?: string
  page: Page
  layout?: Layout
  status?: number
  frame?: LayoutModel
}

/** The page as a browser gets it: through createViews on an app that has nothing else. */
async function show({ view = 'form', page, layout, status, frame = champion }: Shown) {
  const app = express()
  createViews(app, { views: [fileURLToPath(new URL('./samples', import.meta.url))] })
  app.get('/', (_req, res) => {
    res.locals.layoutModel = () => frame
    renderPage(res, view, page, { status, layout })
  })
  const response = await request(app).get('/')
  return { status: response.status, html: response.text }
}

interface Filling {
  text?: string
  error?: string
}

function formPage({ text = '', error }: Filling = {}) {
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

function recordPage(text: string, rows = 2) {
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

function idsIn(html: string): string[] {
  return [...html.matchAll(/ id="([^"]*)"/g)].map((match) => match[1] ?? '')
}

describe('whatever a page is given', () => {
  it.each([
    ['a form', 'form', formPage({ text: NAUGHTY, error: NAUGHTY })],
    ['a record', 'record', recordPage(NAUGHTY)],
  ])('stays text in %s: no element comes of it', async (_name, view, page) => {
    const { html } = await show({ view, page: { ...page, title: NAUGHTY } })
    expect(html).not.toContain('<script>alert')
    expect(html).toContain('&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;')
  })

  it.each([
    ['a form with nothing in it', 'form', formPage()],
    ['a form that is wrong everywhere', 'form', formPage({ text: 'typed', error: 'Enter it' })],
    ['a form with long text', 'form', formPage({ text: LONG, error: LONG })],
    ['a form with naughty text', 'form', formPage({ text: NAUGHTY, error: NAUGHTY })],
    ['a record', 'record', recordPage('')],
    ['a record with long text', 'record', recordPage(LONG)],
    ['a list with no rows', 'record', recordPage('', 0)],
    ['a confirmation', 'panel', { title: 'Kit lent' }],
  ])('is valid HTML: %s', async (_name, view, page) => {
    const { html } = await show({ view, page })
    expect(await findHtmlMistakes(html)).toEqual([])
  })

  it('keeps the line ends and spaces of a note exactly', async () => {
    const { html } = await show({ page: formPage({ text: '\n  second line\n' }) })
    // HTML drops one line end after the tag, so the first of the two is ours
    expect(html).toContain('rows="5">\n\n  second line\n</textarea>')
  })
})

describe('a form that is wrong', () => {
  const page = formPage({ text: 'typed', error: 'Enter it' })

  it('says so in the title, and answers with the status it is given', async () => {
    const { html, status } = await show({ page, status: 422 })
    expect(html).toContain('<title>Error: Lend items - Manage digital inclusion loans</title>')
    expect(status).toBe(422)
  })

  it('lists each error with a link to its field', async () => {
    const { html } = await show({ page })
    const links = [...html.matchAll(/<li><a href="#([^"]*)">Enter it<\/a><\/li>/g)].map((match) => match[1])
    expect(links).toEqual(Object.keys(page.fields))
    expect(idsIn(html)).toEqual(expect.arrayContaining(links))
  })

  it('ties each message and hint to its field', async () => {
    const { html } = await show({ page })
    for (const id of Object.keys(page.fields)) {
      expect(html).toMatch(new RegExp(`aria-describedby="[^"]*${id}-hint ${id}-error"`))
      expect(html).toContain(
        `<span class="nhsuk-error-message" id="${id}-error"><span class="nhsuk-u-visually-hidden">Error: </span>Enter it</span>`,
      )
    }
  })

  it('points at nothing that is not there, and uses no id twice', async () => {
    const { html } = await show({ page })
    const ids = idsIn(html)
    const pointedAt = [...html.matchAll(/(?:aria-describedby|aria-labelledby|for)="([^"]*)"/g)].flatMap((match) =>
      (match[1] ?? '').split(' '),
    )
    expect(ids).toEqual(expect.arrayContaining(pointedAt))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('still has what was typed and chosen', async () => {
    const { html } = await show({ page })
    expect(html).toContain('name="email" type="email" value="typed"')
    expect(html).toContain('<option value="3" selected>')
    expect(html).toMatch(/type="radio" value="spoken" checked/)
    expect(html).toMatch(/type="checkbox" value="2" checked/)
    expect(html).not.toMatch(/type="checkbox" value="1" checked/)
  })
})

describe('a form that is right', () => {
  it('has neither error in the title nor a summary', async () => {
    const { html } = await show({ page: { ...formPage(), errors: [] } })
    expect(html).toContain('<title>Lend items - ')
    expect(html).not.toContain('There is a problem')
  })

  it('carries the token of the session in every form that posts', async () => {
    const { html } = await show({ page: formPage() })
    const forms = [...html.matchAll(/<form [^>]*method="post"[\s\S]*?<\/form>/g)].map(([form]) => form)
    expect(forms).toHaveLength(2)
    for (const form of forms) expect(form).toContain('<input type="hidden" name="_csrf" value="token-of-this-session">')
  })

  it('carries its key, and its version when that is 0', async () => {
    const { html } = await show({ page: formPage() })
    expect(html).toContain('<input type="hidden" name="key" value="one-time">')
    expect(html).toContain('<input type="hidden" name="version" value="0">')
  })
})

describe('the frame of a page', () => {
  it('shows who is signed in and lets them sign out by a form', async () => {
    const { html } = await show({ page: formPage() })
    expect(html).toContain('Amara Okafor')
    expect(html).toContain('Digital champion, Northshire')
    expect(html).toMatch(/<form [^>]*action="\/sign-out" method="post"/)
    expect(html).toContain('href="/loans" aria-current="true"')
  })

  it('gives a visitor no account, no navigation, no scan box and no session to end', async () => {
    const { html } = await show({ page: formPage(), frame: visitor })
    expect(html).not.toMatch(/sign-out|nhsuk-header__navigation|action="\/scan"|data-minutes-until-sign-out/)
  })

  it('says once what was done', async () => {
    const { html } = await show({ page: formPage(), frame: { ...champion, banner: { text: 'Kit 12 is lent.' } } })
    expect(html).toMatch(/nhsuk-notification-banner--success[\s\S]*role="alert"[\s\S]*Kit 12 is lent\./)
  })

  it('has help in its footer and nothing inline', async () => {
    const { html } = await show({ page: recordPage(''), view: 'record' })
    expect(html).toMatch(/<footer[\s\S]*href="\/help"/)
    expect(html).not.toMatch(/<style| style="| on[a-z]+="|<script>/)
  })

  it('is bare for a letter, which may be in large print', async () => {
    const { html } = await show({ page: { ...formPage(), largePrint: true }, layout: 'print' })
    expect(html).toContain('class="app-print app-print--large"')
    expect(html).not.toContain('<header')
  })
})

describe('a caller', () => {
  it('cannot choose the layout, a helper or a file, whatever is in the page', async () => {
    const body = {
      title: 'Loans',
      layout: '../../package.json',
      partials: { 'components/header': () => 'replaced' },
      helpers: { eq: () => true },
      settings: { views: '/etc' },
      _locals: { layout: false },
      cache: false,
      body: '<script>alert(1)</script>',
    }
    const { html } = await show({ view: 'panel', page: body })
    expect(html).toContain('<title>Loans - Manage digital inclusion loans</title>')
    expect(html).not.toMatch(/replaced|<script>|"dependencies"/)
  })
})

describe('a container', () => {
  it('shows its content the page and the named row, and keeps its own values to itself', async () => {
    const { html } = await show({ view: 'record', page: recordPage('') })
    expect(html).toContain('<p>first in Loans, nothing of the container</p>')
    expect(html).toContain('<p>second in Loans, nothing of the container</p>')
  })
})
