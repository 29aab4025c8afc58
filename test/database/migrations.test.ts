import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { seedDemo } from '../../seeds/demo.ts'
import { type Database, openDatabase } from '../../src/database/connection.ts'
import { APP_ROLE, RETENTION_ROLE } from '../../src/database/embedded/roles.ts'
import { isSchemaCurrent, migrate } from '../../src/database/migrate.ts'
import { verdict } from '../holds/by-sql.ts'
import { brokenRules } from '../holds/invariants.ts'
import { createTestDatabase, openTestPool, type TestDatabase } from '../support/database.ts'
import { createEmptyDatabase, migrateTo, migrationNames } from './migrating.ts'

const program = fileURLToPath(new URL('../../src/commands/migrate.ts', import.meta.url))
const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await createEmptyDatabase()
  cleanups.push(() => database.drop())
  return database
}

async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  cleanups.push(() => client.end())
  return client
}

function appDatabase({ appUrl }: TestDatabase): Database {
  const db = openDatabase(openTestPool({ url: appUrl, applicationName: 'test' }))
  cleanups.push(() => db.destroy())
  return db
}

async function migrateAndListen({ ownerUrl }: TestDatabase): Promise<string[]> {
  const said: string[] = []
  await migrate(ownerUrl, { appRole: APP_ROLE, retentionRole: RETENTION_ROLE, log: (line) => said.push(line) })
  return said
}

/** The schema as PostgreSQL sees it: every column, rule, index, function and trigger. */
async function describeSchema(owner: pg.Client): Promise<string[]> {
  const { rows } = await owner.query(`
    select format('%s.%s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull) as line
      from pg_attribute join pg_class on pg_class.oid = attrelid
      where relnamespace = 'public'::regnamespace and attnum > 0 and not attisdropped
    union all select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
      where connamespace = 'public'::regnamespace
    union all select indexdef from pg_indexes where schemaname = 'public'
    union all select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    union all select format('%s %s', oid::regprocedure, prosrc) from pg_proc where pronamespace = 'public'::regnamespace
    union all select format('%s may %s %s', grantee, privilege_type, table_name) from information_schema.table_privileges
      where table_schema = 'public'
    order by 1`)
  return rows.map((row) => row.line)
}

async function countRows(owner: pg.Client): Promise<Record<string, number>> {
  const { rows } = await owner.query(`select tablename from pg_tables where schemaname = 'public' order by 1`)
  const counts: Record<string, number> = {}
  for (const { tablename } of rows) {
    const counted = await owner.query(`select count(*)::int as count from ${tablename}`)
    counts[tablename] = counted.rows[0].count
  }
  return counts
}

describe('the migrations', () => {
  it('are named by the time they were written, so that they sort by it', async () => {
    for (const name of await migrationNames()) expect(name).toMatch(/^20\d{12}(-[a-z0-9]+)+$/)
  })

  it('make an empty database the one that every test gets a copy of', async () => {
    const database = await emptyDatabase()
    const said = await migrateAndListen(database)
    expect(said).toEqual((await migrationNames()).map((name) => `${name}: Success`))

    const template = await createTestDatabase()
    cleanups.push(() => template.drop())
    const made = await describeSchema(await connectTo(database.ownerUrl))
    expect(made).toEqual(await describeSchema(await connectTo(template.ownerUrl)))
    expect(made.length).toBeGreaterThan(500)
  })

  it('run a second time, change nothing', async () => {
    const database = await emptyDatabase()
    await migrateAndListen(database)
    const owner = await connectTo(database.ownerUrl)
    const before = await describeSchema(owner)
    expect(await migrateAndListen(database)).toEqual([])
    expect(await describeSchema(owner)).toEqual(before)
  })

  it('run on the whole demo, change nothing and lose nothing', async () => {
    const database = await createTestDatabase()
    cleanups.push(() => database.drop())
    await seedDemo(appDatabase(database), new Date('2026-08-03T09:30:00Z'))
    const owner = await connectTo(database.ownerUrl)
    const before = await countRows(owner)
    expect(await migrateAndListen(database)).toEqual([])
    expect(await countRows(owner)).toEqual(before)
  })

  it('are made once, whoever else makes them at the same moment', async () => {
    const database = await emptyDatabase()
    const processes = [startProcess(database), startProcess(database), startProcess(database)]
    const results = await Promise.all(processes.map(ending))
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0])
    const made = results.flatMap(({ said }) => said.match(/^\S+: Success$/gm) ?? [])
    expect(made).toEqual((await migrationNames()).map((name) => `${name}: Success`))
    for (const { said } of results) expect(said).toContain('The schema is up to date')
  })

  it('are made whole or not at all: killed in the middle, the next run makes them', async () => {
    const database = await emptyDatabase()
    const names = await migrationNames()
    const last = names.at(-1) as string
    await migrateTo(database.ownerUrl, names.at(-2) as string)
    const owner = await connectTo(database.ownerUrl)
    const before = await describeSchema(owner)

    // whoever reads the list of migrations keeps the run from finishing, and it is killed while it waits to
    const reader = await connectTo(database.ownerUrl)
    await reader.query('begin')
    await reader.query('lock table kysely_migration in share mode')
    const killed = startProcess(database)
    await waitUntilBlocked(owner)
    killed.kill('SIGKILL')
    await once(killed, 'close')
    await reader.query('rollback')
    await waitUntilAlone(owner)
    expect(await describeSchema(owner)).toEqual(before)

    expect(await migrateAndListen(database)).toEqual([`${last}: Success`])
  })

  it('do not wait long for a table that is in use, and so keep nobody waiting behind them: they try again', async () => {
    const database = await emptyDatabase()
    await migrateTo(database.ownerUrl, (await migrationNames()).at(-2) as string)
    const reader = await connectTo(database.ownerUrl)
    await reader.query('begin')
    await reader.query('lock table kysely_migration in share mode')
    const said: string[] = []
    const log = (line: string) => {
      said.push(line)
      if (line.includes('busy')) void reader.query('rollback')
    }
    await migrate(database.ownerUrl, { appRole: APP_ROLE, retentionRole: RETENTION_ROLE, log })
    expect(said.at(0)).toMatch(/: Error$|busy/)
    expect(said.filter((line) => line.includes('A table is busy; trying the migration again')).length).toBe(1)
    expect(said.at(-1)).toMatch(/: Success$/)
  })

  it('tell the app’s own role whether all of them were made', async () => {
    const database = await emptyDatabase()
    expect(await isSchemaCurrent(appDatabase(database))).toBe(false)
    await migrateTo(database.ownerUrl, (await migrationNames()).at(-2) as string)
    const owner = await connectTo(database.ownerUrl)
    await owner.query(`grant select on kysely_migration to ${APP_ROLE}`)
    expect(await isSchemaCurrent(appDatabase(database))).toBe(false)
    await migrateAndListen(database)
    expect(await isSchemaCurrent(appDatabase(database))).toBe(true)
  })
})

/**
 * Databases as older versions left them. Each file of `fills/` is named for the newest migration there was, and holds rows
 * in every state that a later one has to live with. migrations/README.md says when to add one.
 */
const fills: { after: string; isWell(owner: pg.Client): Promise<void> }[] = [
  {
    after: '20261122090500-imports',
    isWell: async (owner) => {
      const turnarounds = await owner.query(
        `select tag, ended_as, array_agg(step order by step) as steps from turnaround_steps
         join item_holds on item_holds.id = hold_id join items on items.id = item_id group by 1, 2 order by 1`,
      )
      const steps = ['inspected', 'wiped']
      expect(turnarounds.rows).toEqual([
        { tag: 'BACK', ended_as: null, steps },
        { tag: 'READY', ended_as: 'ready', steps },
      ])
      const end = `update item_holds set ended_at = '2026-08-03', ended_as = 'ready' where kind = 'turnaround' and ended_at is null`
      expect(await verdict(owner.query(end))).toBe('23514 turnaround_has_all_its_steps')
      // what was ticked before anybody was asked for the method counts as it stands
      await owner.query(
        `insert into turnaround_steps (organisation_id, hold_id, step, done_at, done_by)
         select 1, item_holds.id, rule.step, '2026-08-03', 1
         from item_holds join items on items.id = item_id join turnaround_step_rules rule using (category)
         where kind = 'turnaround' and ended_at is null and rule.step not in ('inspected', 'wiped')`,
      )
      expect(await verdict(owner.query(end))).toBe('accepted')
      // a process of the version before goes on writing the audit, which names no tablet
      await owner.query(`select record_audit('2026-08-03', 1, 1, null, '[{"verb":"item:updated"}]')`)
      expect((await owner.query('select from audit_events where tablet_id is not null')).rows).toEqual([])
      expect((await owner.query('select from wards where closed_at is not null or version <> 1')).rows).toEqual([])
    },
  },
]

it('says which wards have the same name before it makes names unique, and goes on when they have not', async () => {
  const database = await emptyDatabase()
  const closing = (await migrationNames()).findIndex((name) => name.endsWith('-closed-wards'))
  await migrateTo(database.ownerUrl, (await migrationNames())[closing - 1] ?? '')
  const owner = await connectTo(database.ownerUrl)
  await owner.query(`
    insert into organisations (code, name, created_at) values ('TWO', 'Two of a name', '2026-08-03');
    insert into sites (organisation_id, name) values (1, 'House');
    insert into wards (organisation_id, site_id, code, name, kind)
      values (1, 1, 'one', 'Ash Ward', 'hub'), (1, 1, 'two', 'ASH WARD', 'hub');`)
  await expect(migrateAndListen(database)).rejects.toThrow(/have the same name.*organisation 1: 'A.*'A/)
  await owner.query("update wards set name = 'Birch Ward' where code = 'two'")
  expect(await migrateAndListen(database)).toContainEqual(expect.stringMatching(/closed-wards: Success$/))
})

describe.each(fills)('a database in use since $after', ({ after, isWell }) => {
  const fill = new URL(`fills/${after}.sql`, import.meta.url)

  it('is brought up to date with every row still there, no rule broken, and its old rows well', async () => {
    const database = await emptyDatabase()
    await migrateTo(database.ownerUrl, after)
    const owner = await connectTo(database.ownerUrl)
    await owner.query(await readFile(fill, 'utf8'))
    const before = await countRows(owner)

    const later = (await migrationNames()).filter((name) => name > after)
    expect(await migrateAndListen(database)).toEqual(later.map((name) => `${name}: Success`))
    const counts = await countRows(owner)
    for (const [table, count] of Object.entries(before)) {
      if (!table.startsWith('kysely_')) expect([table, counts[table]]).toEqual([table, count])
    }
    expect(Object.values(before).filter((count) => count === 0).length).toBeLessThan(6)
    const broken = await brokenRules(appDatabase(database))
    // the fill writes one audit row by hand, and its turnarounds begin on the day and not the moment
    expect(Object.keys(broken)).toEqual(['a loan that nobody in the audit lent'])
    await isWell(owner)
  })

  it('gives the app’s role the same rights and the same schema as a new one', async () => {
    const database = await emptyDatabase()
    await migrateTo(database.ownerUrl, after)
    const owner = await connectTo(database.ownerUrl)
    await owner.query(await readFile(fill, 'utf8'))
    await migrateAndListen(database)
    const template = await createTestDatabase()
    cleanups.push(() => template.drop())
    expect(await describeSchema(owner)).toEqual(await describeSchema(await connectTo(template.ownerUrl)))
  })
})

function startProcess({ appUrl, ownerUrl }: TestDatabase): ChildProcess {
  const env = { ...process.env, NODE_ENV: 'test', DATABASE_URL: appUrl, MIGRATION_DATABASE_URL: ownerUrl }
  return spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] })
}

async function ending(child: ChildProcess): Promise<{ code: number | null; said: string }> {
  let said = ''
  child.stdout?.on('data', (chunk) => {
    said += chunk
  })
  const [code] = await once(child, 'close')
  return { code, said }
}

const inThisDatabase = `from pg_stat_activity where datname = current_database() and application_name = 'migrate'`

async function waitUntilBlocked(owner: pg.Client): Promise<void> {
  const question = `select count(*)::int as count ${inThisDatabase} and wait_event_type = 'Lock'`
  while ((await owner.query(question)).rows[0].count === 0) await pause(10)
}

async function waitUntilAlone(owner: pg.Client): Promise<void> {
  while ((await owner.query(`select count(*)::int as count ${inThisDatabase}`)).rows[0].count > 0) await pause(10)
}
