import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import pg from 'pg'
import { drill } from '../../src/database/backup/drill.ts'
import { writeBackup } from '../../src/database/backup/write-backup.ts'
import { startApp, startOfTest, type TestApp } from '../support/app.ts'

const EVENTS = 1_000_000

let app: TestApp
let folder: string

beforeAll(async () => {
  app = await startApp()
  folder = await mkdtemp(join(tmpdir(), 'loans-backup-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await app.close()
})

it('copies and restores a million rows of audit, in little memory', async () => {
  const { organisationId } = app.people
  const owner = new pg.Client({ connectionString: app.ownerUrl })
  await owner.connect()
  await owner.query(
    `insert into audit_events (at, organisation_id, verb)
     select $1::timestamptz - number * interval '1 minute', $2, 'loan:viewed' from generate_series(1, $3) as number`,
    [startOfTest, organisationId, EVENTS],
  )
  await owner.end()

  const path = join(folder, 'large.backup')
  const before = process.memoryUsage().rss
  const manifest = await writeBackup(app.ownerUrl, path, startOfTest)
  const { tables } = await drill(path)
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
  expect(tables).toEqual(manifest.tables)
  expect(tables.find(({ name }) => name === 'public.audit_events')?.rows).toBeGreaterThanOrEqual(EVENTS)
})
