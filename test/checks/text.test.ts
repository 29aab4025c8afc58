import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

function check(files: Record<string, string>): { passed: boolean; problems: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'text-'))
  folders.push(folder)
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  const { status, stderr } = spawnSync(process.execPath, ['checks/text.ts', folder], { encoding: 'utf8' })
  return { passed: status === 0, problems: stderr.trim().split('\n').filter(Boolean) }
}

/** Said in two halves, so that this file itself has none of what it looks for. */
const halves = (first: string, second: string) => `${first}${second}`

describe('What may not be written', () => {
  it('lets a page through that prints everything escaped and quoted', () => {
    const view = `{{!-- <a href=x> --}}
<a
  href="{{url "a" b=c}}" class="one {{#if page.two}}two{{/if}}"
  {{#if page.current}}aria-current="page"{{/if}} title='{{page.title}}'>{{page.text}} = {{page.sum}}</a>
{{#> components/details summary=page.summary}}<p>a < b</p>{{/components/details}}
<script src="/app.js" type="module"></script>`

    expect(check({ 'views/items/list.hbs': view, 'views/layouts/main.hbs': '<main>{{{body}}}</main>' })).toEqual({
      passed: true,
      problems: [],
    })
  })

  it.each([
    ['views/a.hbs', '<p>{{{page.text}}}</p>', 'only a layout prints raw, and only its body'],
    ['views/a.hbs', '<p>{{& page.text}}</p>', 'only a layout prints raw, and only its body'],
    ['views/layouts/a.hbs', '<p>{{{page.text}}}</p>', 'only a layout prints raw, and only its body'],
    ['views/a.hbs', '<p>{{{body}}}</p>', 'the body is printed raw by a layout only'],
    ['views/a.hbs', '<a href="/" id={{page.id}}>a</a>', 'attributes are quoted'],
    ['views/a.hbs', '<input id="a" type=text>', 'attributes are quoted'],
    ['views/a.hbs', '<p style="color: red">a</p>', 'no script, style or event handler inside a page'],
    ['views/a.hbs', '<p onclick="go()">a</p>', 'no script, style or event handler inside a page'],
    ['views/a.hbs', '<script>go()</script>', 'no script, style or event handler inside a page'],
    ['views/a.hbs', '<style>p { color: red }</style>', 'no script, style or event handler inside a page'],
    ['src/a.ts', halves('// TO', 'DO: later'), 'nothing is left to do'],
    ['test/a.test.ts', halves('it.on', 'ly("works")'), 'no test is left out, and none is run alone'],
    ['test/a.test.ts', halves('describe.sk', 'ip("works")'), 'no test is left out, and none is run alone'],
    ['src/items/actions.ts', 'res.render("a", { ...req.body })', 'what a caller sent is never spread'],
    ['src/items/presenter.ts', 'new Handlebars.SafeString(name)', 'text is marked safe by the views module only'],
    ['src/loans/rules.ts', 'const now = new Date()', 'rules, forms, presenters and queries are told the time'],
    ['src/loans/loan-rules.ts', 'const now = Date.now()', 'rules, forms, presenters and queries are told the time'],
    ['src/loans/rules/dates.ts', 'DateTime.now()', 'rules, forms, presenters and queries are told the time'],
    ['src/loans/queries.ts', 'sql`select now()`', 'PostgreSQL is told the time'],
    ['package-lock.json', halves('"https://registry.npm', 'js.org/a.tgz"'), 'no address of a package registry'],
  ])('finds in %s: %s', (file, text, rule) => {
    expect(check({ [file]: `\n${text}\n` })).toEqual({ passed: false, problems: [`${file}:2: ${rule}`] })
  })

  it('says on which line a tag with several lines began', () => {
    const { problems } = check({ 'views/a.hbs': '<p>\n<a\n  href="/"\n  id={{page.id}}>a</a>\n<b id=c>\n' })

    expect(problems).toEqual(['views/a.hbs:2: attributes are quoted', 'views/a.hbs:5: attributes are quoted'])
  })

  it('lets an action read its clock, and a rule be told the time', () => {
    expect(
      check({
        'src/loans/actions.ts': 'const lentAt = change.now()',
        'src/loans/rules.ts': 'isLate(loan, now: Date) => new Date(now.getTime() + 1)',
      }).passed,
    ).toBe(true)
  })
})
