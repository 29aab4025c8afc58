import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import Handlebars from 'handlebars'
import {
  itemBookedLater,
  itemInTurnaround,
  overdueLoan,
  partlyReturnedLoan,
  placement,
  serviceUser,
} from '../../seeds/factories.ts'
import { compileTemplates, type Show } from '../../src/web/templates.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { champion, formPage, LONG, NAUGHTY, recordPage } from './samples/pages.ts'

const eq = (a: unknown, b: unknown) => a !== undefined && a !== null && String(a) === String(b)
const helpers = {
  eq,
  includes: (list: unknown, value: unknown) => (list as unknown[]).some((entry) => eq(entry, value)),
}

/** The same templates with the code that Handlebars makes of them. */
function handlebarsOf(sources: Map<string, string>): Show {
  const handlebars = Handlebars.create()
  const options = {
    knownHelpers: { eq: true, includes: true },
    knownHelpersOnly: true,
    explicitPartialContext: true,
    preventIndent: true,
  }
  handlebars.registerHelper(helpers)
  for (const [name, source] of sources) {
    handlebars.registerPartial(name, handlebars.compile(source.trim(), options))
  }
  const inherited = { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false }
  return (view, root) => (handlebars.partials[view] as Handlebars.TemplateDelegate)(root, inherited)
}

function sourcesIn(folder: string): [string, string][] {
  return globSync(`${folder}/**/*.hbs`).map((path) => [path.slice(folder.length + 1, -4), readFileSync(path, 'utf8')])
}

const sources = new Map([...sourcesIn('views'), ...sourcesIn('test/web/samples')])
const theirs = handlebarsOf(sources)

/** What both make of one template and others it may use. */
function both(template: string, model: object, others: Record<string, string> = {}) {
  const all = new Map(Object.entries({ ...others, page: template }))
  return { ours: compileTemplates(all, helpers)('page', model), theirs: handlebarsOf(all)('page', model) }
}

const compile = (template: string) => () => compileTemplates(new Map([['page', template]]), helpers)

describe('a view is shown as Handlebars itself would show it', () => {
  const ours = compileTemplates(sources, helpers)

  it.each([
    ['a form with nothing in it', 'form', formPage()],
    ['a form that is wrong everywhere', 'form', formPage({ text: 'typed', error: 'Enter it' })],
    ['a form with naughty text', 'form', formPage({ text: NAUGHTY, error: NAUGHTY })],
    ['a form with long text', 'form', formPage({ text: LONG, error: LONG })],
    ['a record', 'record', recordPage('')],
    ['a record with naughty text', 'record', recordPage(NAUGHTY)],
    ['a list with no rows', 'record', recordPage('', 0)],
  ])('%s', (_name, view, page) => {
    const model = { frame: champion, page, hasErrors: 'errors' in page && page.errors !== undefined }
    const body = ours(view, model)
    expect(body).toBe(theirs(view, model))
    for (const layout of ['layouts/main', 'layouts/print']) {
      expect(ours(layout, { ...model, body })).toBe(theirs(layout, { ...model, body }))
    }
  })

  it('for the pages of a service that is in use', async () => {
    const service = await startApp()
    try {
      await fillService(service)
      const show = service.app.locals.show as Show
      const shown = new Set<string>()
      service.app.locals.show = (view: string, model: object) => {
        shown.add(view)
        const html = show(view, model)
        expect(html).toBe(theirs(view, model))
        return html
      }
      const visitor = await service.signedInAs('champion')
      for (const path of await pagesToVisit(visitor))
        expect([path, (await visitor.get(path)).status]).toEqual([path, 200])
      expect(shown.size).toBeGreaterThan(12)
    } finally {
      await service.close()
    }
  })
})

async function fillService({ db, people }: TestApp): Promise<void> {
  const here = { organisation_id: people.organisationId }
  await overdueLoan(db, { serviceUser: await serviceUser(db, { ...here, name: NAUGHTY.slice(0, 90) }) })
  await partlyReturnedLoan(db, { serviceUser: await serviceUser(db, here) })
  await placement(db, { ward: { id: people.ward.id, ...here } })
  await itemBookedLater(db, { item: await itemInTurnaround(db, here) })
}

const lists = [
  '/',
  '/items',
  '/loans',
  '/loans?show=closed',
  '/kits',
  '/models',
  '/turnaround',
  '/service-users',
  '/loans/new',
  '/help',
]

/** The lists, and every record that they lead to. */
async function pagesToVisit(visitor: Visitor): Promise<string[]> {
  const pages = new Set(lists)
  for (const list of lists) {
    const { text } = await visitor.get(list)
    const links = text.matchAll(/href="(\/(?:items|loans|kits|models|turnaround|service-users)\/[^"?]+)"/g)
    for (const [, path = ''] of links) pages.add(path)
  }
  return [...pages]
}

describe('the language', () => {
  const row = {
    text: '<b>',
    list: [
      { name: 'a', n: 1 },
      { name: '', n: 0 },
    ],
    none: [],
    zero: 0,
    no: false,
    deep: { er: 'x' },
  }

  it.each([
    ['values', '{{text}}|{{zero}}|{{no}}|{{missing}}|{{deep.er}}|{{deep.missing.more}}|{{list.length}}'],
    ['what is there', '{{#if text}}a{{/if}}{{#if none}}b{{else}}c{{/if}}{{#if zero}}d{{else if no}}e{{else}}f{{/if}}'],
    [
      'what is not',
      '{{#unless none}}a{{/unless}}{{#unless text}}b{{else}}c{{/unless}}{{#if zero includeZero=true}}d{{/if}}',
    ],
    [
      'lists',
      '{{#each list}}{{@index}}{{@first}}{{@last}}{{name}}{{../text}}{{@root.zero}}{{else}}none{{/each}}{{#each none}}x{{else}}none{{/each}}',
    ],
    [
      'named rows',
      '{{#each list as |row at|}}{{#each ../list as |other|}}{{row.name}}{{other.n}}{{at}}{{@index}}{{/each}}{{/each}}',
    ],
    ['one thing', '{{#with deep}}{{er}}{{../zero}}{{/with}}{{#with missing}}a{{else}}b{{/with}}'],
    ['helpers', '{{#if (eq zero "0")}}a{{/if}}{{#if (includes none 1)}}b{{/if}}{{lookup (lookup list 0) "name"}}'],
    [
      'white space',
      'a\n  {{#if text}}\n  b\n  {{~/if~}}\n  c {{!-- note --}}\n{{#each list}}\n  {{name}},\n{{/each}}\n',
    ],
    [
      'what every object inherits',
      '{{constructor}}{{deep.toString}}{{text.link}}{{#if text.big}}a{{/if}}{{lookup deep "valueOf"}}',
    ],
  ])('knows %s', (_name, template) => {
    const { ours, theirs } = both(template, row)
    expect(ours).toBe(theirs)
  })

  it('knows partials: what they are given, what stands inside them, how they stand on their line', () => {
    const others = {
      line: '<li>{{name}}{{extra}}{{missing}}</li>\n',
      box: '<div>\n  {{> @partial-block @root}}\n</div>',
    }
    const template = `{{#each list as |row|}}
  {{> line row extra="!"}}
  {{> line name=../text}}
  {{#> box}}
    {{text}} {{row.name}}
    {{> line this}}
  {{/box}}
{{/each}}`
    const { ours, theirs } = both(template, row, others)
    expect(ours).toBe(theirs)
    expect(ours).toContain('&lt;b&gt; a')
  })

  it('escapes everything that could end a text or an attribute', () => {
    const value = `<>&"'\`=`
    expect(both('{{value}}', { value })).toEqual({
      ours: '&lt;&gt;&amp;&quot;&#x27;&#x60;&#x3D;',
      theirs: '&lt;&gt;&amp;&quot;&#x27;&#x60;&#x3D;',
    })
  })

  it.each([
    ['a helper there is none of', '{{shout text}}', 'shout'],
    ['a block there is none of', '{{#repeat list}}{{/repeat}}', 'repeat'],
    ['a partial there is none of', '{{> missing}}', 'missing'],
    ['a decorator', '{{* inline}}', 'Decorator'],
    ['data it does not keep', '{{#each list}}{{@key}}{{/each}}', '@key'],
    ['two subjects', '{{#if text zero}}{{/if}}', 'if'],
  ])('refuses %s when the service starts, and says where', (_name, template, what) => {
    expect(compile(template)).toThrow(new RegExp(`The view page: .*${what}`))
  })

  it('refuses to go through what is no list, and a view there is none of', () => {
    expect(() => both('{{#each text}}{{/each}}', row)).toThrow('lists and nothing else')
    expect(() => compile('a')()('other', {})).toThrow('There is no view other')
  })
})
