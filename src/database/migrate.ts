import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import pg from 'pg'
import type { Database } from './connection.ts'
import { grantRetention, grantRights } from './grants.ts'
import { grantQueue, migrateQueue } from './jobs.ts'

const folder = new URL('../../migrations/', import.meta.url)
/** Any number will do, so long as every process of this app asks for the same one. */
const LOCK = 7_216_340
const ATTEMPTS = 10

export interface MigrateOptions {
  /** The role the app signs in to PostgreSQL with; it is given its rights and owns nothing. */
  appRole: string
  /** The role that empties what is kept no longer, where there is one. */
  retentionRole?: string | null
  log?: (message: string) => void
  /** The last migration to make, for a copy that is older than this version; without it, all of them. */
  until?: string | undefined
}

/** Brings the schema up to date, one process at a time. A lock that cannot be had is tried again, not waited for. */
export async function migrate(
  ownerUrl: string,
  { appRole, retentionRole, log = () => {}, until }: MigrateOptions,
): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'migrate' })
  await owner.connect()
  try {
    await owner.query('select pg_advisory_lock($1)', [LOCK])
    for (let attempt = 1; ; attempt += 1) {
      const error = await runMigrations(ownerUrl, log, until)
      if (error === undefined) break
      if (!isLockTimeout(error) || attempt === ATTEMPTS) throw error
      log(`A table is busy; trying the migration again (${attempt} of ${ATTEMPTS - 1})`)
      await pause(500 * attempt)
    }
    await migrateQueue(ownerUrl)
    // an older schema is nobody's to work with: it is filled and then brought up to date
    if (until !== undefined) return
    await grantRights(owner, appRole)
    if (retentionRole) await grantRetention(owner, retentionRole)
    await grantQueue(owner, appRole)
  } finally {
    await owner.end()
  }
}

async function runMigrations(ownerUrl: string, log: (message: string) => void, until?: string): Promise<unknown> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 2, lock_timeout: 3_000, application_name: 'migrate' })
  const db = new Kysely({ dialect: new PostgresDialect({ pool }) })
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: readMigrations } })
    const { error, results = [] } = await (until ? migrator.migrateTo(until) : migrator.migrateToLatest())
    for (const result of results) log(`${result.migrationName}: ${result.status}`)
    return error
  } finally {
    await db.destroy()
  }
}

/** Whether every migration this version brings has been run. The app's own role may ask. */
export async function isSchemaCurrent(db: Database): Promise<boolean> {
  const names = await migrationNames()
  try {
    const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db)
    const done = new Set(rows.map((row) => row.name))
    return names.every((name) => done.has(name))
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === '42P01') return false
    throw error
  }
}

/** Every migration that this version brings, oldest first. */
export async function migrationNames(): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql'))
  return files.map((name) => name.replace(/\.sql$/, '')).sort()
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const migrations: Record<string, Migration> = {}
  for (const name of await migrationNames()) {
    const text = await readFile(new URL(`${name}.sql`, folder), 'utf8')
    migrations[name] = { up: async (db) => void (await sql.raw(text).execute(db)) }
  }
  return migrations
}

function isLockTimeout(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '55P03'
}
