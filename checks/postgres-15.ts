/**
 * The oldest PostgreSQL that is promised, 15 as Debian has it: are the migrations taken, twice; does the app's role get
 * to every table; are loans in every state written and read; does the database refuse what it must? On a machine that
 * does not have it this says so, and leaves with the status that is not counted.
 */
import { deepEqual, equal, match, rejects } from 'node:assert/strict'
import { chownSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { closedLoan, giftLoan, itemBookedLater, loanTo, overdueLoan, partlyReturnedLoan } from '../seeds/factories.ts'
import { type Database, openDatabase, openPool } from '../src/database/connection.ts'
import { chooseAccount, run } from '../src/database/embedded/account.ts'
import { APP_ROLE, OWNER_ROLE, prepareDatabase } from '../src/database/embedded/roles.ts'
import { migrate } from '../src/database/migrate.ts'

const programs = '/usr/lib/postgresql/15/bin'
const NOT_HERE = 77

if (existsSync(join(programs, 'initdb'))) {
  await withCluster(smokeTest)
} else {
  console.log(`There is no PostgreSQL 15 in ${programs}: not tried`)
  process.exitCode = NOT_HERE
}

/** A server of its own, as an account that is not root, that only this folder's socket leads to. */
async function withCluster(work: (urlOf: (role: string, database: string) => string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-15-'))
  const data = join(folder, 'data')
  const account = await chooseAccount()
  if (account) chownSync(folder, account.uid, account.gid)

  const log = openSync(join(folder, 'log'), 'w')
  const pgCtl = async (...args: string[]) => {
    const outcome = await run(join(programs, 'pg_ctl'), ['-D', data, '-w', ...args], { account, outputTo: log })
    if (!outcome.succeeded) throw new Error(`pg_ctl ${args[0]}: ${readFileSync(join(folder, 'log'), 'utf8')}`)
  }

  try {
    const initdb = ['-D', data, '-U', 'admin', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
    const made = await run(join(programs, 'initdb'), initdb, { account })
    if (!made.succeeded) throw new Error(`initdb: ${made.output}`)
    await pgCtl('start', '-o', `-c listen_addresses='' -c unix_socket_directories='${folder}' -c fsync=off`)
    try {
      await work((role, database) => `postgres://${role}@localhost/${database}?host=${encodeURIComponent(folder)}`)
    } finally {
      await pgCtl('stop', '-m', 'immediate')
    }
  } finally {
    closeSync(log)
    rmSync(folder, { recursive: true, force: true })
  }
}

async function smokeTest(urlOf: (role: string, database: string) => string): Promise<void> {
  const admin = new pg.Client({ connectionString: urlOf('admin', 'postgres') })
  await admin.connect()
  await prepareDatabase(admin, 'loans', { admin: '', owner: 'owner', app: 'app', retention: 'retention' })
  await admin.end()

  const migrated: string[] = []
  const again: string[] = []
  await migrate(urlOf(OWNER_ROLE, 'loans'), { appRole: APP_ROLE, log: (line) => migrated.push(line) })
  await migrate(urlOf(OWNER_ROLE, 'loans'), { appRole: APP_ROLE, log: (line) => again.push(line) })
  equal(migrated.length > 0, true, 'no migration was made')
  deepEqual(again, [], 'a second run migrated something')

  const db = openDatabase(openPool({ url: urlOf(APP_ROLE, 'loans'), applicationName: 'postgres-15' }))
  try {
    const version = await sql<{ server_version: string }>`show server_version`.execute(db)
    match(version.rows[0]?.server_version ?? '', /^15\./)
    const tables = await readEveryTable(db)
    await lendAndRefuse(db)
    console.log(`PostgreSQL ${version.rows[0]?.server_version}: ${migrated.length} migrations, ${tables} tables`)
  } finally {
    await db.destroy()
  }
}

async function readEveryTable(db: Database): Promise<number> {
  const tables = await db.introspection.getTables()
  for (const { schema = 'public', name } of tables) {
    await sql`select * from ${sql.id(schema, name)} limit 1`.execute(db)
  }
  return tables.length
}

async function lendAndRefuse(db: Database): Promise<void> {
  const loans = [
    await loanTo(db),
    await overdueLoan(db),
    await closedLoan(db),
    await partlyReturnedLoan(db),
    await giftLoan(db),
  ]
  const { item, hold } = await itemBookedLater(db)

  const lines = await db
    .selectFrom('loan_lines')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirst()
  equal(lines?.count, loans.flatMap((loan) => loan.lines).length)

  const twice = { organisation_id: item.organisation_id, item_id: item.id, kind: 'booking', plan: hold.plan }
  await rejects(db.insertInto('item_holds').values(twice).execute(), { code: '23P01' })
  await rejects(
    db
      .insertInto('item_holds')
      .values({ ...twice, plan: 'empty' })
      .execute(),
    { code: '23514' },
  )
  await rejects(db.updateTable('items').set({ imei: '490154203237519' }).execute(), { code: '23514' })
  await rejects(db.deleteFrom('audit_events').execute(), { code: '42501' })
  await rejects(sql`truncate loans cascade`.execute(db), { code: '42501' })
  await rejects(sql`create table mine (id bigint)`.execute(db), { code: '42501' })
}
