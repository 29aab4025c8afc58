import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { type DatabaseOptions, openPool } from '../../src/database/connection.ts'
import { admitOurRoles, OWNER_ROLE } from '../../src/database/embedded/roles.ts'

/** The migrated database that the others are copied from. Nobody can sign in to it. */
export const TEMPLATE = 'test_template'

const VARIABLE = 'TEST_CLUSTER'

interface Cluster {
  dataDir: string
  adminUrl: string
  ownerUrl: string
  appUrl: string
  retentionUrl: string
}

export interface TestDatabase {
  /** The app's own role. */
  appUrl: string
  /** The role that empties what is kept no longer. */
  retentionUrl: string
  /** The role that owns the tables. */
  ownerUrl: string
  /** The superuser, in this database. */
  adminUrl: string
  drop(): Promise<void>
}

/** Tells the processes that run the tests where the server is; they inherit the environment. */
export function announceCluster(cluster: Cluster): void {
  process.env[VARIABLE] = JSON.stringify(cluster)
}

export function readCluster(): Cluster {
  const announced = process.env[VARIABLE]
  if (announced === undefined) throw new Error('There is no test database server: run the tests with npm test')
  return JSON.parse(announced) as Cluster
}

/** A new database with the whole schema and no rows but those the migrations add: one for each test file. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const cluster = readCluster()
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await asAdmin(cluster, async (admin) => {
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} OWNER ${OWNER_ROLE}`)
    await admitOurRoles(admin, name)
  })
  return {
    appUrl: inDatabase(cluster.appUrl, name),
    retentionUrl: inDatabase(cluster.retentionUrl, name),
    ownerUrl: inDatabase(cluster.ownerUrl, name),
    adminUrl: inDatabase(cluster.adminUrl, name),
    drop: () => asAdmin(cluster, async (admin) => void (await admin.query(`DROP DATABASE ${name} WITH (FORCE)`))),
  }
}

/** The app's own pool, but for its patience: a busy machine may take long over anything, and no test is about that. */
export function openTestPool(options: DatabaseOptions): pg.Pool {
  return openPool({ connectWithinMs: 60_000, statementTimeoutMs: 60_000, lockTimeoutMs: 60_000, ...options })
}

async function asAdmin(cluster: Cluster, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: cluster.adminUrl })
  await admin.connect()
  try {
    await work(admin)
  } finally {
    await admin.end()
  }
}

function inDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
