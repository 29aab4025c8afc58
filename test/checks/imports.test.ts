import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

type Tree = Record<string, string>

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** A small service in which every layer imports all that it may. */
const good: Tree = {
  'src/lib/days.ts': `export const days = 1`,
  'src/lib/dates.ts': `import { days } from './days.ts'\nexport const dates = days`,
  'src/config.ts': `export const config = 1`,
  'src/database/connection.ts': `import { config } from '../config.ts'\nimport { days } from '../lib/days.ts'\nexport const db = config + days`,
  'src/web/session.ts': `import { db } from '../database/connection.ts'\nexport const session = db`,
  'src/items/rules.ts': `import { dates } from '../lib/dates.ts'\nexport type Rule = number\nexport const rule = dates`,
  'src/items/queries.ts': `import { db } from '../database/connection.ts'\nimport type { Rule } from './rules.ts'\nexport type Row = Rule\nexport const query = db`,
  'src/items/actions.ts': `import { query } from './queries.ts'\nimport type { Form } from './form.ts'\nexport type Change = Form\nexport const action = query`,
  'src/items/form.ts': `import { rule } from './rules.ts'\nexport type Form = number\nexport const form = rule`,
  'src/items/presenter.ts': `import { heading } from './headings.ts'\nimport type { Row } from './queries.ts'\nimport type { Form } from './form.ts'\nexport const present = (row: Row & Form) => row + heading`,
  'src/items/headings.ts': `import { rule } from './rules.ts'\nexport const heading = rule`,
  'src/items/routes.ts': `import { action } from './actions.ts'\nimport { form } from './form.ts'\nimport { present } from './presenter.ts'\nexport const itemRoutes = [action, form, present]`,
  'src/loans/rules/dates.ts': `import { rule } from '../../items/rules.ts'\nexport const dueOn = rule`,
  'src/loans/loan-rules.ts': `import { dueOn } from './rules/dates.ts'\nexport const due = dueOn`,
  'src/loans/queries.ts': `import { query } from '../items/queries.ts'\nexport const loanQuery = query`,
  'src/loans/actions.ts': `import { loanQuery } from './queries.ts'\nimport { action } from '../items/actions.ts'\nimport { due } from './loan-rules.ts'\nexport const lend = action + due + loanQuery`,
  'src/loans/routes.ts': `import { query } from '../items/queries.ts'\nimport { session } from '../web/session.ts'\nimport { lend } from './actions.ts'\nexport const loanRoutes = [query, session, lend]`,
  'src/loans/tasks.ts': `import { db } from '../database/connection.ts'\nimport { lend } from './actions.ts'\nexport const loanTasks = [db, lend]`,
  'src/features.ts': `import { itemRoutes } from './items/routes.ts'\nimport { loanRoutes } from './loans/routes.ts'\nimport { loanTasks } from './loans/tasks.ts'\nexport const features = [itemRoutes, loanRoutes, loanTasks]`,
  'src/app.ts': `import { features } from './features.ts'\nexport const app = features`,
  'src/server.ts': `import { people } from '../seeds/people.ts'\nimport { app } from './app.ts'\nexport const server = [app, people]`,
  'src/commands/import.ts': `import { action } from '../items/actions.ts'\nexport const command = action`,
  'src/imports/csv-worker.ts': `import { days } from '../lib/days.ts'\nexport const worker = days`,
  'seeds/people.ts': `import { lend } from '../src/loans/actions.ts'\nexport const people = lend`,
  'migrations/20260101-first.ts': `export const up = 1`,
  'test/loans/routes.test.ts': `import { loanRoutes } from '../../src/loans/routes.ts'\nexport const tested = loanRoutes`,
}

/** One line each: the rule, the file that breaks it, and what that file imports. */
const bad: [rule: string, file: string, statement: string][] = [
  ['lib-stands-alone', 'src/lib/days.ts', `import '../config.ts'`],
  ['config-stands-alone', 'src/config.ts', `import './lib/days.ts'`],
  ['database-imports', 'src/database/connection.ts', `import '../items/rules.ts'`],
  ['web-imports', 'src/web/session.ts', `import '../items/actions.ts'`],
  ['rules-imports', 'src/items/rules.ts', `import '../config.ts'`],
  ['rules-imports', 'src/loans/loan-rules.ts', `import type { Row } from '../items/queries.ts'`],
  ['rules-imports', 'src/loans/rules/dates.ts', `import '../../database/connection.ts'`],
  ['form-imports', 'src/items/form.ts', `import './queries.ts'`],
  ['queries-imports', 'src/items/queries.ts', `import '../config.ts'`],
  ['queries-take-types-of-rules', 'src/items/queries.ts', `import { rule } from './rules.ts'`],
  ['presenter-imports', 'src/items/presenter.ts', `import type { lend } from '../loans/actions.ts'`],
  ['presenter-takes-types-of-queries', 'src/items/presenter.ts', `import { query } from './queries.ts'`],
  ['actions-imports', 'src/loans/actions.ts', `import '../web/session.ts'`],
  ['actions-imports', 'src/loans/actions.ts', `import '../items/form.ts'`],
  ['actions-take-types-of-forms', 'src/items/actions.ts', `import { form } from './form.ts'`],
  ['routes-imports', 'src/loans/routes.ts', `import '../items/presenter.ts'`],
  ['routes-imports', 'src/loans/routes.ts', `import '../items/form.ts'`],
  ['routes-imports', 'src/loans/routes.ts', `import '../items/routes.ts'`],
  ['tasks-imports', 'src/loans/tasks.ts', `import '../items/presenter.ts'`],
  ['other-files-imports', 'src/items/headings.ts', `import '../database/connection.ts'`],
  ['other-files-imports', 'src/imports/csv-worker.ts', `import '../items/queries.ts'`],
  ['features-imports', 'src/features.ts', `import './items/queries.ts'`],
  ['app-imports', 'src/app.ts', `import './items/queries.ts'`],
  ['commands-imports', 'src/commands/import.ts', `import '../items/form.ts'`],
  ['only-features-imports-routes', 'src/app.ts', `import './items/routes.ts'`],
  ['only-features-imports-routes', 'seeds/people.ts', `import '../src/items/routes.ts'`],
  ['server-is-imported-by-nothing', 'test/loans/routes.test.ts', `import '../../src/server.ts'`],
  ['seeds-stay-outside', 'src/app.ts', `import '../seeds/people.ts'`],
  ['migrations-stand-alone', 'migrations/20260101-first.ts', `import { days } from '../src/lib/days.ts'`],
  ['rules-are-pure', 'src/items/rules.ts', `import { sql } from 'kysely'`],
  ['rules-read-nothing', 'src/items/rules.ts', `import { readFileSync } from 'node:fs'`],
  ['queries-know-no-web', 'src/items/queries.ts', `import express from 'express'`],
  ['routes-hold-no-sql', 'src/items/routes.ts', `import { sql } from 'kysely'`],
  ['only-what-is-installed-to-run', 'src/items/actions.ts', `import 'jest'`],
  ['imports-exist', 'src/items/actions.ts', `import './nowhere.ts'`],
]

function withBadImports(): Tree {
  const tree: Tree = {
    ...good,
    'src/items/forgotten.ts': `import '../lib/days.ts'\nexport const forgotten = 1`,
    'src/lib/hen.ts': `import type { Egg } from './egg.ts'\nexport type Hen = Egg`,
    'src/lib/egg.ts': `import type { Hen } from './hen.ts'\nexport type Egg = Hen`,
  }
  for (const [, file, statement] of bad) tree[file] = `${statement}\n${tree[file]}`
  return tree
}

function check(tree: Tree): { passed: boolean; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'imports-'))
  folders.push(folder)
  for (const [file, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), `${text}\n`)
  }
  writeFileSync(
    join(folder, 'package.json'),
    '{"type":"module","dependencies":{"kysely":"*","express":"*"},"devDependencies":{"jest":"*"}}',
  )
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  const { status, stdout, stderr } = spawnSync(process.execPath, ['checks/imports.ts', folder], { encoding: 'utf8' })
  return { passed: status === 0, output: stderr + stdout }
}

describe('Who may import whom', () => {
  let output = ''
  let passed = true

  beforeAll(() => {
    ;({ passed, output } = check(withBadImports()))
  })

  it('lets every layer import what it may', () => {
    expect(check(good)).toEqual({ passed: true, output: '26 files read, 0 problems\n' })
  })

  it('fails a service that breaks a rule', () => {
    expect(passed).toBe(false)
  })

  it.each(bad)('catches %s in %s: %s', (rule, file, statement) => {
    const imported = statement.replace(/^.*['"](?:[./]*)(.*)['"]$/, '$1').replace(/^node:/, '')
    const lines = output.split('\n').filter((line) => line.startsWith(`${file} → `) && line.includes(`: ${rule}: `))

    expect(lines.join('\n')).toContain(imported)
  })

  it('catches two files that need each other, if only for their types', () => {
    expect(output).toMatch(/^src\/lib\/(?:hen|egg)\.ts → .*: no-cycles: /m)
  })

  it('catches a file that neither the server nor a command reaches', () => {
    expect(output).toContain('src/items/forgotten.ts: no-orphans: ')
  })

  it('fails when there is nothing to read', () => {
    const nothing = check({ 'src/readme.txt': 'nothing here' })

    expect(nothing.passed).toBe(false)
    expect(nothing.output).toContain('There is no TypeScript file here')
  })
})
