import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { type Restored, restoreBackup } from '../../src/database/backup/restore-backup.ts'
import { listTables, measure, readAlike } from '../../src/database/backup/tables.ts'
import { writeBackup } from '../../src/database/backup/write-backup.ts'
import { APP_ROLE } from '../../src/database/embedded.ts'
import { migrateQueue } from '../../src/database/jobs.ts'
import { emailOrder, queued } from '../messages/orders.ts'
import { makeRecords } from '../security/records.ts'
import { startApp, startOfTest, type TestApp } from '../support/app.ts'
import type { TestDatabase } from '../support/database.ts'
import { doAllJobs } from '../support/jobs.ts'
import { signInOver } from '../web/over-http.ts'
import { startServer, untilReady } from '../web/server-process.ts'
import { createEmptyDatabase, migrateTo, migrationNames } from './migrating.ts'

const root = new URL('../../', import.meta.url).pathname

let app: TestApp
let folder: string
let copy: string
let copied: Awaited<ReturnType<typeof contents>>
let organisations: number
const databases: TestDatabase[] = []

beforeAll(async () => {
  app = await startApp()
  folder = await mkdtemp(join(tmpdir(), 'loans-backup-'))
  copy = join(folder, 'monday.backup')
  const by = app.people.actors.champion
  await makeRecords(app.db, { by, ward: app.people.ward, mark: 'mine' })
  await queued(app, emailOrder({ subject: 'sent before the copy' }))
  await doAllJobs(app)
  await queued(app, emailOrder({ body: 'Ångström “tab\there”\n\\.\n\\N 💡\r\n\\.\\\\' }))
  await app.signedInAs('champion')
  await writeBackup(app.ownerUrl, copy, startOfTest)
  copied = await contents(app.ownerUrl)
  organisations = (await rowsIn(app.ownerUrl)) ?? 0
})
afterAll(async () => {
  for (const database of databases) await database.drop()
  await rm(folder, { recursive: true, force: true })
  await app.close()
})

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await createEmptyDatabase()
  databases.push(database)
  return database
}

const restore = ({ ownerUrl }: TestDatabase, file = copy): Promise<Restored> =>
  restoreBackup({ ownerUrl, appRole: APP_ROLE }, file)

async function ask<T extends object>(url: string, question: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<T>(question)).rows
  } finally {
    await client.end()
  }
}

async function contents(ownerUrl: string) {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await readAlike(client)
    const all: Record<string, unknown> = {}
    for (const table of await listTables(client)) all[table.name] = await measure(client, table)
    return all
  } finally {
    await client.end()
  }
}

/** The copy with its text changed, whole again as far as gzip can tell. */
async function changed(name: string, change: (text: string) => string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, gzipSync(change(gunzipSync(await readFile(copy)).toString('utf8'))))
  return path
}

const rowsIn = async (url: string) =>
  (await ask<{ count: number }>(url, 'select count(*)::int as count from organisations'))[0]?.count

describe('A copy', () => {
  it('is read by nobody but its owner, leaves nothing beside it, and is never written over', async () => {
    expect((await stat(copy)).mode & 0o777).toBe(0o600)
    await expect(writeBackup(app.ownerUrl, copy, startOfTest)).rejects.toThrow(/^There is a file .*monday\.backup/)
    await expect(writeBackup(app.ownerUrl, join(folder, 'no/where'), startOfTest)).rejects.toThrow(/no folder/)
    expect(await readdir(folder)).toEqual(['monday.backup'])
  })

  it('is of one moment, though people work', async () => {
    const path = join(folder, 'busy.backup')
    let isDone = false
    const writing = writeBackup(app.ownerUrl, path, startOfTest).finally(() => {
      isDone = true
    })
    while (!isDone) {
      await app.changeAs('administrator', async (change) => change.audit({ verb: 'staff:reviewed' }))
    }
    await writing
    const { tables } = await restore(await emptyDatabase(), path)
    expect(tables.length).toBeGreaterThan(40)
  })

  it('holds no session: who signed out since is not signed in by it', async () => {
    expect(gunzipSync(await readFile(copy)).toString()).not.toContain('public.sessions')
  })
})

describe('A copy that is restored', () => {
  let restored: TestDatabase

  beforeAll(async () => {
    restored = await emptyDatabase()
    await restore(restored)
  })

  it('has the same rows in every table', async () => {
    expect(await contents(restored.ownerUrl)).toEqual(copied)
  })

  it('has the same schema as before, with every trigger and reference at work', async () => {
    const shape = `select (select count(*) from pg_constraint where contype = 'f' and convalidated) as checked,
      (select count(*) from pg_trigger where not tgisinternal and tgenabled = 'O') as triggers`
    expect(await ask(restored.ownerUrl, shape)).toEqual(await ask(app.ownerUrl, shape))
    await expect(ask(restored.ownerUrl, `update audit_events set verb = 'a:b'`)).rejects.toThrow(/only grows/)
    await expect(ask(restored.appUrl, 'delete from loans')).rejects.toThrow(/permission denied/)
  })

  it('is what the app runs on: people sign in, new records get new ids', async () => {
    const server = await startServer({
      DATABASE_URL: restored.appUrl,
      DEMO_DATA: 'no',
      DATA_DIR: folder,
      RUN_JOBS: 'no',
    })
    try {
      await untilReady(server)
      const visitor = await signInOver(server.address, app.people.actors.champion.email)
      const made = await visitor.post('/models', {
        category: 'tablet',
        name: 'After the fire',
        key: crypto.randomUUID(),
      })
      expect(made.status).toBe(303)
      expect((await visitor.get('/loans')).status).toBe(200)
    } finally {
      server.child.kill('SIGTERM')
      expect(await server.ended).toBe(0)
    }
  })

  it('sends what was waiting, and nothing that was sent', async () => {
    const jobs = `select job.id from graphile_worker._private_jobs as job`
    expect(await ask(restored.appUrl, jobs)).toHaveLength(1)
    expect(await ask(restored.appUrl, `select from deliveries where outcome = 'kept'`)).toHaveLength(1)
  })
})

describe('A copy is refused, and nothing is changed,', () => {
  it('when a byte of it is wrong, or its end is missing', async () => {
    const bytes = await readFile(copy)
    const database = await emptyDatabase()
    const flipped = Buffer.from(bytes)
    flipped[Math.floor(bytes.length / 2)]! ^= 0x10
    const parts = {
      flipped,
      cut: bytes.subarray(0, bytes.length - 40),
      none: Buffer.alloc(0),
      other: Buffer.from('a,b\n1,2'),
    }
    for (const [name, part] of Object.entries(parts)) {
      const path = join(folder, `damaged-${name}`)
      await writeFile(path, part)
      await expect(restore(database, path)).rejects.toThrow(/^The file is damaged, was cut short, or is no copy/)
    }
    expect((await rowsIn(database.ownerUrl).catch(() => 0)) ?? 0).toBe(0)
    await restore(database)
    expect(await rowsIn(database.ownerUrl)).toBe(organisations)
  })

  it('when a row was changed, or left out, by somebody who knows gzip', async () => {
    const database = await emptyDatabase()
    const other = await changed('other-row', (text) => text.replace('nadia@here.example', 'nadja@here.example'))
    await expect(restore(database, other)).rejects.toThrow(/^public\.message_contents came out with/)
    const less = await changed('less-rows', (text) => text.replace(/\n\d+\tHERE\t[^\n]*\n/, '\n'))
    await expect(restore(database, less)).rejects.toThrow(
      `public.organisations came out with ${organisations - 1} rows, and should have ${organisations}`,
    )
    expect(await rowsIn(database.ownerUrl)).toBe(0)
  })

  it('when it is of a newer version', async () => {
    const names = await migrationNames()
    const newer = await changed('newer', (text) =>
      text.replace(`"${names.at(-1)}"]`, `"${names.at(-1)}","29991231000000-time-travel"]`),
    )
    const database = await emptyDatabase()
    await expect(restore(database, newer)).rejects.toThrow(/newer version of this service .*29991231000000-time-travel/)
  })

  it('when the database has rows', async () => {
    const before = await contents(app.ownerUrl)
    const into = { ownerUrl: app.ownerUrl, appRole: APP_ROLE }
    await expect(restoreBackup(into, copy)).rejects.toThrow(/^The database is not empty/)
    expect(await contents(app.ownerUrl)).toEqual(before)
  })
})

describe('A copy of an older version', () => {
  it('is restored as it was and then brought up to date; not into newer tables', async () => {
    const names = await migrationNames()
    const older = await emptyDatabase()
    await migrateTo(older.ownerUrl, names.at(-2)!)
    const path = join(folder, 'older.backup')
    await migrateQueue(older.ownerUrl)
    await ask(older.ownerUrl, `insert into organisations (code, name, created_at) values ('OLD', 'Old', '2026-01-01')`)
    await writeBackup(older.ownerUrl, path, startOfTest)

    const database = await emptyDatabase()
    const { manifest } = await restore(database, path)
    expect(manifest.migrations.at(-1)).toBe(names.at(-2))
    expect(await ask(database.appUrl, 'select code from organisations')).toEqual([{ code: 'OLD' }])
    const [newest] = await ask<{ name: string }>(database.ownerUrl, 'select max(name) as name from kysely_migration')
    expect(newest?.name).toBe(names.at(-1))

    const current = await emptyDatabase()
    await migrateTo(current.ownerUrl, names.at(-1)!)
    await expect(restore(current, path)).rejects.toThrow(/tables of a newer version than the copy/)
  })
})

describe('The drill', () => {
  it('restores into a server of its own, says by its exit code how it went, and leaves nothing', async () => {
    const left = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('loans-drill-'))
    const before = await left()
    const environment = { DATABASE_URL: app.appUrl, MIGRATION_DATABASE_URL: app.ownerUrl }
    const good = await run('backup', ['--drill'], environment)
    expect(good.said).toMatch(new RegExp(`public\\.organisations +${organisations} +${organisations} +the same`))
    expect([good.code, good.said]).toEqual([0, expect.stringContaining('The drill went well')])
    const bad = await run('restore', [join(folder, 'less-rows'), '--drill'], environment)
    expect([bad.code, bad.said]).toEqual([
      1,
      expect.stringContaining(`public.organisations came out with ${organisations - 1} rows`),
    ])
    expect(await left()).toEqual(before)
    const alone = await run('backup', [join(folder, 'x')], { DATABASE_URL: app.appUrl })
    expect([alone.code, alone.said]).toEqual([1, expect.stringMatching(/^MIGRATION_DATABASE_URL: /)])
  })
})

async function run(command: string, args: string[], environment: Record<string, string>) {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, ...environment }
  const child = spawn(process.execPath, [`src/commands/${command}.ts`, ...args], { cwd: root, env })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  const [code] = await once(child, 'close')
  return { code, said }
}
