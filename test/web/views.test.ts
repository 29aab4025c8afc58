import { describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { findHtmlMistakes } from '../support/html.ts'
import { appWith, champion, formPage, LONG, NAUGHTY, recordPage, type Sample, visitor } from './samples/pages.ts'

async function show(sample: Sample) {
  const response = await request(appWith({ '/': sample })).get('/')
  return { status: response.status, html: response.text }
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
