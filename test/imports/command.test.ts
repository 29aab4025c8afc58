import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, organisation, ward } from '../../seeds/factories.ts'
import { openDatabase } from '../../src/database/connection.ts'
import { APP_ROLE, removeEmbedded, startEmbedded } from '../../src/database/embedded.ts'
import { migrate } from '../../src/database/migrate.ts'
import { makeWorkbook, textRows } from '../lib/workbooks.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { openTestPool } from '../support/database.ts'
import { manyItems, runImport } from './command.ts'
import { fixture } from './fixtures.ts'
import { countOf, items } from './journey.ts'

let app: TestApp
let folder: string
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  app = await startApp()
  folder = await mkdtemp(join(tmpdir(), 'loans-import-'))
  env = { DATABASE_URL: app.appUrl }
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

const run = (args: string[], environment = env) => runImport(args, environment)

async function file(name: string, ...lines: string[]): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `${lines.join('\n')}\n`)
  return path
}

describe('npm run import', () => {
  const rows = [
    'Asset tag,Category,Model,Serial number,Kept at',
    'C-1,Tablet,Tab A9,S1,Ash Ward',
    'C-2,Tablet,Tab A9,S2,birch',
  ]

  it('says with --dry-run what would happen, and writes nothing', async () => {
    const before = await countOf(app, 'audit_events')
    const path = await file('good.csv', ...rows)
    const { code, lines, last } = await run(['items', path, '--organisation', 'HERE', '--dry-run'])
    expect([code, last]).toEqual([0, '2 created, 0 updated, 0 unchanged, 0 errors'])
    expect(lines).toContain('Dry run: nothing was written')
    expect(await countOf(app, 'items')).toBe(0)
    expect(await countOf(app, 'audit_events')).toBe(before)
  })

  it('brings a file in for an organisation, with nobody signed in', async () => {
    const { code, lines, last } = await run(['items', join(folder, 'good.csv'), '--organisation', 'here'])
    expect([code, last]).toEqual([0, '2 created, 0 updated, 0 unchanged, 0 errors'])
    expect(lines[0]).toBe(
      'Columns: Asset tag (Asset tag), Category (Category), Model (Model), Serial number (Serial number), Kept at (Kept at)',
    )
    expect((await items(app)).get('C-2')).toMatchObject({ serial: 'S2', ward: 'birch' })
    const events = await app.db
      .selectFrom('audit_events')
      .selectAll()
      .where('verb', 'in', ['import:applied', 'item:created'])
      .execute()
    expect(events.map(({ staff_id, organisation_id }) => [staff_id, organisation_id])).toEqual(
      events.map(() => [null, app.people.organisationId]),
    )
    expect(events).toHaveLength(3)
    const kept = await app.db.selectFrom('imports').selectAll().executeTakeFirstOrThrow()
    expect(kept).toMatchObject({ file_name: 'good.csv', staff_id: null, bytes: null })
  })

  it('changes nothing the second time', async () => {
    const { code, last } = await run(['items', join(folder, 'good.csv'), '--organisation', 'HERE'])
    expect([code, last]).toEqual([0, '0 created, 0 updated, 2 unchanged, 0 errors'])
    expect((await items(app)).get('C-1')?.version).toBe(1)
  })

  it('writes nothing at all when one row is wrong, and says which', async () => {
    const path = await file(
      'bad.csv',
      ...rows,
      'C-3,Tablet,Tab A9,S3,Nowhere',
      'C-4,Tablet,Tab A9,4.9E+12,',
      'C-1,Tablet,Tab A9,S9,',
    )
    const before = await countOf(app, 'audit_events')
    const { code, lines, last } = await run(['items', path, '--organisation', 'HERE'])
    expect(code).toBe(1)
    expect(last).toBe('0 created, 0 updated, 2 unchanged, 3 errors')
    expect(lines.slice(-4, -1)).toEqual([
      'Line 4, Kept at, "Nowhere": This is not one of our places. Match it to one, or write the name or code of a ward, team or hub',
      'Line 5, Serial number, "4.9E+12": Serial number 4.9E+12 is not complete: the spreadsheet shortened it. Change the format of the whole column to Text, type the full number again, then save the file',
      'Line 6, Asset tag, "C-1": Lines 2 and 6 have the same asset tag. Each row needs its own',
    ])
    expect(await countOf(app, 'items')).toBe(2)
    expect(await countOf(app, 'audit_events')).toBe(before)
    expect((await run(['items', path, '--organisation', 'HERE', '--dry-run'])).code).toBe(1)
  })

  it('reads an export of Snipe-IT with a map of its words', async () => {
    const path = join(folder, 'snipe.csv')
    await writeFile(path, await fixture('snipe-it-asset-list.csv'))
    const without = await run(['items', path, '--organisation', 'HERE'])
    expect([without.code, without.last]).toEqual([1, '0 created, 0 updated, 0 unchanged, 2 errors'])
    const map = await file(
      'map.json',
      JSON.stringify({
        columns: { Notes: null, 'Asset Name': 'notes' },
        categories: { 'Mobile Phones': 'smartphone' },
        places: { 'Store Room': 'birch' },
      }),
    )
    const { code, last } = await run(['items', path, '--organisation', 'HERE', '--map', map])
    expect([code, last]).toEqual([0, '3 created, 0 updated, 0 unchanged, 0 errors'])
    expect((await items(app)).get('SN-0101')?.notes).toBe('Loan iPad 1')
    expect((await items(app)).get('SN-0103')).toMatchObject({ ward: 'birch', category: 'smartphone' })
  })

  it.each<[string, (good: string) => string[], RegExp]>([
    ['no arguments', () => [], /^npm run import -- items FILE --organisation CODE/],
    ['no organisation', (good) => ['items', good], /^Say whose items they are, with --organisation CODE/],
    [
      'an option that is none',
      (good) => ['items', good, '--organisation', 'HERE', '--force'],
      /Unknown option '--force'/,
    ],
    ['wards in place of items', (good) => ['wards', good, '--organisation', 'HERE'], /^npm run import -- items FILE/],
    [
      'an organisation that is not there',
      (good) => ['items', good, '--organisation', 'NOPE'],
      /^No organisation has the code NOPE\. There is HERE, THERE/,
    ],
    [
      'a file that is not there',
      () => ['items', 'nowhere.csv', '--organisation', 'HERE'],
      /^There is no file nowhere\.csv/,
    ],
    ['a folder', () => ['items', 'src', '--organisation', 'HERE'], /^src is a folder/],
    [
      'a map that is not there',
      (good) => ['items', good, '--organisation', 'HERE', '--map', 'no.json'],
      /^There is no file no\.json/,
    ],
    [
      'a map that is no JSON',
      (good) => ['items', good, '--organisation', 'HERE', '--map', good],
      /^The map file cannot be used: it must be JSON/,
    ],
    ['a file that is no CSV', () => ['items', 'public/app.js', '--organisation', 'HERE'], /./],
  ])('stops at %s, and says so', async (_, args, message) => {
    const { code, last, err } = await run(args(join(folder, 'good.csv')))
    expect(err).toMatch(message)
    expect(err).not.toMatch(/^\s+at .*:\d+:\d+/m)
    expect([code, last]).toEqual([1, '0 created, 0 updated, 0 unchanged, 1 errors'])
  })

  it('reads a workbook, of one sheet or of the one that is named', async () => {
    const rows = textRows([
      ['Asset tag', 'Category', 'Model'],
      ['X-1', 'Tablet', 'Tab A9'],
    ])
    const [one, two] = [join(folder, 'one.xlsx'), join(folder, 'two.xlsx')]
    await writeFile(one, await makeWorkbook({ sheets: { Devices: rows } }))
    await writeFile(two, await makeWorkbook({ sheets: { Notes: textRows([['x']]), Devices: rows } }))
    const asked = (path: string, ...more: string[]) => run(['items', path, '--organisation', 'HERE', ...more])
    expect((await asked(one)).last).toBe('1 created, 0 updated, 0 unchanged, 0 errors')
    const unnamed = await asked(two)
    expect([unnamed.code, unnamed.err]).toEqual([1, expect.stringMatching(/--sheet.*Notes.*Devices/s)])
    expect((await asked(two, '--sheet', 'Devices')).last).toBe('0 created, 0 updated, 1 unchanged, 0 errors')
  })

  it('brings in open loans by the same rules, all or nothing, and twice changes nothing', async () => {
    await availableItem(app.db, { organisation_id: app.people.organisationId, category: 'charger', tag: 'LOAN-1' })
    const row = 'LOAN-1,Command Example,1/2/1990,1/7/2026,2/11/2026'
    const heading = 'Asset tag,Full name,Date of birth,Lent on,Review date'
    const good = await file('loans.csv', heading, row)
    const bad = await file('bad-loans.csv', heading, row, 'NOT-OURS,Command Example,1/2/1990,1/7/2026,2/11/2026')
    const asked = (path: string, ...more: string[]) => run(['loans', path, '--organisation', 'HERE', ...more])
    expect((await asked(good, '--dry-run')).last).toBe('1 created, 0 updated, 0 unchanged, 0 errors')
    expect(await asked(bad)).toMatchObject({ code: 1, last: '0 created, 0 updated, 0 unchanged, 1 errors' })
    expect(await app.db.selectFrom('loans').select('id').execute()).toEqual([])
    expect(await asked(good)).toMatchObject({ code: 0, last: '1 created, 0 updated, 0 unchanged, 0 errors' })
    expect((await asked(good)).last).toBe('0 created, 0 updated, 1 unchanged, 0 errors')
  })

  it('stops at a file without a column of tags', async () => {
    const path = await file('untagged.csv', 'Category,Model', 'Tablet,Tab A9')
    const { code, err } = await run(['items', path, '--organisation', 'HERE'])
    expect([code, err]).toEqual([1, expect.stringContaining('Choose which column holds the asset tag')])
  })

  it('brings in many rows, as many as come', async () => {
    const path = await file('many.csv', ...manyItems(1_000))
    const { code, last } = await run(['items', path, '--organisation', 'HERE'])
    expect([code, last]).toEqual([0, '1000 created, 0 updated, 0 unchanged, 0 errors'])
    expect((await run(['items', path, '--organisation', 'HERE'])).last).toBe(
      '0 created, 0 updated, 1000 unchanged, 0 errors',
    )
  })
})

describe('npm run import on the embedded database', () => {
  it('works while another process holds it, and when nobody does', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'loans-embedded-'))
    await chmod(dataDir, 0o711)
    const path = await file('embedded.csv', 'Asset tag,Category,Model,Kept at', 'E-1,Tablet,Tab A9,cedar')
    const args = ['items', path, '--organisation', 'EMBEDDED']
    try {
      const fresh = await run(args, { DATA_DIR: dataDir })
      expect(fresh.err).toContain('The database is not set up for this version yet')

      const held = await startEmbedded({ dataDir, settings: { fsync: 'off' } })
      await migrate(held.ownerUrl, { appRole: APP_ROLE })
      const db = openDatabase(openTestPool({ url: held.appUrl, applicationName: 'test' }))
      const { id: organisation_id } = await organisation(db, { code: 'EMBEDDED' })
      await ward(db, { organisation_id, code: 'cedar', name: 'Cedar Ward' })
      expect((await run(args, { DATA_DIR: dataDir })).last).toBe('1 created, 0 updated, 0 unchanged, 0 errors')
      expect(await db.selectFrom('items').select('tag').execute()).toEqual([{ tag: 'E-1' }])
      await db.destroy()
      await held.stop()

      expect((await run(args, { DATA_DIR: dataDir })).last).toBe('0 created, 0 updated, 1 unchanged, 0 errors')
    } finally {
      await removeEmbedded(dataDir)
      await rm(dataDir, { recursive: true, force: true })
    }
  })
})
