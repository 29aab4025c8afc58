import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { exampleNow, insertAll, ward } from '../../seeds/factories.ts'
import { makeIccid } from '../../seeds/identifiers.ts'
import { makeChange } from '../../src/database/change.ts'
import { applyImport, fileKinds, openImport, stageImport } from '../../src/imports/actions.ts'
import { emptyMeanings } from '../../src/imports/mapping-rules.ts'
import { planImport, printOf } from '../../src/imports/planning-actions.ts'
import { guessMapping, readSheet } from '../../src/imports/sheet-actions.ts'
import { manyItems, runImport } from '../imports/command.ts'
import { startApp, type TestApp } from '../support/app.ts'

let app: TestApp
let folder: string

beforeAll(async () => {
  app = await startApp()
  folder = await mkdtemp(join(tmpdir(), 'loans-import-'))
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

async function bringIn(name: string, lines: string[]) {
  const path = join(folder, name)
  await writeFile(path, `${lines.join('\n')}\n`)
  return await runImport(['items', path, '--organisation', 'HERE'], { DATABASE_URL: app.appUrl })
}

it('brings in 10,000 rows with less than 20 seconds of work, and 150 MB more than a small file takes', async () => {
  const small = await bringIn('small.csv', manyItems(2))
  const { code, last, kilobytes, seconds } = await bringIn('many.csv', manyItems(10_000))
  expect([code, last]).toEqual([0, '9998 created, 0 updated, 2 unchanged, 0 errors'])
  expect(seconds).toBeLessThan(20)
  expect(kilobytes - small.kilobytes).toBeLessThan(150 * 1024)
  expect((await bringIn('again.csv', manyItems(10_000))).last).toBe('0 created, 0 updated, 10000 unchanged, 0 errors')
})

it('brings in 20,000 readings with less than 20 seconds of work, the preview among them', async () => {
  const by = app.people.actors.champion
  const place = await ward(app.db, { organisation_id: by.organisationId })
  const sims = Array.from({ length: 20_000 }, (_, nth) => makeIccid(100_000 + nth))
  const given = {
    ...{ organisation_id: by.organisationId, kind: 'sim', provider: 'Databank', megabytes: 20_000, period: 'month' },
    ...{
      starts_on: '2026-07-01',
      ward_id: place.id,
      made_at: exampleNow,
      made_by: by.staffId,
      network: '',
      funder: '',
    },
  }
  await insertAll(
    app.db,
    'data_allowances',
    sims.map((sim_number) => ({ ...given, version: 1, sim_number })),
  )
  const kind = fileKinds['data-readings']
  const text = `ICCID,Left,Read on\n${sims.map((sim, nth) => `${sim},${nth % 90} GB,2/8/2026`).join('\n')}\n`
  const changing = { db: app.db, by, clock: app.clock }
  const began = process.hrtime.bigint()
  const file = { kind: kind.kind, name: 'readings.csv', bytes: Buffer.from(text), format: 'csv', sheet: null } as const
  const id = await makeChange(changing, (change) => stageImport(change, file))
  const staged = await openImport(app.db, by, kind.kind, id)
  const { value: sheet } = await readSheet(staged.bytes, kind)
  if (!sheet) throw new Error('The file could not be read')
  const mapping = { columns: guessMapping(sheet, kind), meanings: emptyMeanings() }
  const plan = await planImport(app.db, by, { kind, sheet, mapping }, { now: app.clock() })
  const counts = await makeChange(changing, (change) => applyImport(change, kind, id, printOf(plan)))
  const seconds = Number(process.hrtime.bigint() - began) / 1e9
  expect(counts).toEqual({ created: 20_000, updated: 0, unchanged: 0, errors: 0 })
  expect(seconds).toBeLessThan(20)
})
