import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import { admitOurRoles, OWNER_ROLE } from '../../src/database/embedded/roles.ts'
import { readCluster, type TestDatabase } from '../support/database.ts'

const folder = new URL('../../migrations/', import.meta.url)

/** The migrations there are, in the order they are made. */
export async function migrationNames(): Promise<string[]> {
  const files = await readdir(folder)
  return files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.replace('.sql', ''))
    .sort()
}

/** A database in which nothing was ever made. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const cluster = readCluster()
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const within = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href
  await asAdmin(cluster.adminUrl, async (admin) => {
    await admin.query(`CREATE DATABASE ${name} OWNER ${OWNER_ROLE}`)
    await admitOurRoles(admin, name)
  })
  return {
    appUrl: within(cluster.appUrl),
    retentionUrl: within(cluster.retentionUrl),
    ownerUrl: within(cluster.ownerUrl),
    adminUrl: within(cluster.adminUrl),
    drop: () =>
      asAdmin(cluster.adminUrl, async (admin) => void (await admin.query(`DROP DATABASE ${name} WITH (FORCE)`))),
  }
}

async function asAdmin(url: string, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  try {
    await work(admin)
  } finally {
    await admin.end()
  }
}

/** Makes the migrations up to and with the one named, as an older version of the service did. */
export async function migrateTo(ownerUrl: string, name: string): Promise<void> {
  const db = new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: ownerUrl }) }) })
  const names = (await migrationNames()).filter((other) => other <= name)
  const texts = await Promise.all(names.map((each) => readFile(new URL(`${each}.sql`, folder), 'utf8')))
  const migrations = names.map((each, at) => {
    const up = async (trx: Kysely<unknown>) => void (await sql.raw(texts[at] ?? '').execute(trx))
    return [each, { up }] as const
  })
  try {
    const provider = { getMigrations: async () => Object.fromEntries(migrations) }
    const { error } = await new Migrator({ db, provider }).migrateTo(name)
    if (error) throw error
  } finally {
    await db.destroy()
  }
}
